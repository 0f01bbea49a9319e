import { useState } from 'preact/hooks';
import { askAdmin, askJson } from '../api/admin.ts';
import { useAsked } from '../api/use-asked.ts';
import { Confirm } from '../pieces/confirm.tsx';
import { Failed, Loading } from '../pieces/notice.tsx';
import { useAction } from '../pieces/use-action.ts';
import { useWords } from '../words/use-words.ts';
import { type Key, KeyTable } from './key-table.tsx';
import { OnceShown } from './once-shown.tsx';

const overlaps = { none: 0, hour: 3_600_000, day: 86_400_000 } as const;
type Overlap = keyof typeof overlaps;

/** A client's key versions; a new one can be added, and one can be ended now. */
export const ClientKeys = ({
  clientId,
  onChange,
}: {
  readonly clientId: string;
  onChange(): void;
}) => {
  const t = useWords();
  const path = `/clients/${encodeURIComponent(clientId)}/keys`;
  const { value, error, reload } = useAsked<{ readonly keys: readonly Key[] }>(path);
  const [overlap, setOverlap] = useState<Overlap>('hour');
  const [privateKey, setPrivateKey] = useState<string | undefined>();
  const [ending, setEnding] = useState<Key | undefined>();
  const { run, error: refused, isBusy } = useAction();
  const change = (work: () => Promise<void>): void =>
    run(async () => {
      await work();
      reload();
      onChange();
    });
  const rotate = (): void =>
    change(async () => {
      const made = await askJson<{ readonly privateKey?: string }>(path, {
        method: 'POST',
        body: { overlapMs: overlaps[overlap] },
      });
      setPrivateKey(made.privateKey);
    });
  const retire = ({ algorithm, version }: Key): void =>
    change(async () => {
      await askAdmin(`${path}/${algorithm}/${version}`, { method: 'DELETE' });
    });
  if (error !== undefined) return <Failed error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  return (
    <>
      <KeyTable
        keys={value.keys}
        actions={(key) =>
          key.state === 'active' && (
            <button
              type="button"
              class="button small danger"
              disabled={isBusy}
              onClick={() => setEnding(key)}
            >
              {t.keys.retire}
            </button>
          )
        }
      />
      <div class="bar">
        <label class="labelled">
          <span>{t.keys.overlap}</span>
          <select
            class="field"
            value={overlap}
            onChange={({ currentTarget }) => setOverlap(currentTarget.value as Overlap)}
          >
            {(Object.keys(overlaps) as Overlap[]).map((name) => (
              <option key={name} value={name}>
                {t.keys.overlaps[name]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="button" disabled={isBusy} onClick={rotate}>
          {t.keys.rotate}
        </button>
      </div>
      {refused !== undefined && <Failed error={refused} />}
      {ending !== undefined && (
        <Confirm
          title={t.keys.endTitle(`${ending.algorithm} v${ending.version}`)}
          action={t.keys.endConfirm}
          onConfirm={() => retire(ending)}
          onClose={() => setEnding(undefined)}
        >
          {t.keys.endMore(clientId)}
        </Confirm>
      )}
      {privateKey !== undefined && <OnceShown privateKey={privateKey} />}
    </>
  );
};
