import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Key } from '../../../server/admin/types.gen.ts';
import { callAdmin, fetchJson } from '../../api/admin-client.ts';
import { useAction, useQuery } from '../../api/use-admin.ts';
import { CodeBlock, CopyButton } from '../../components/code-block.tsx';
import { ConfirmDialog } from '../../components/controls.tsx';
import { formatDateTime } from '../../components/format.ts';
import { ErrorNotice, Loading } from '../../components/notice.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { useDraft } from '../../shell/use-draft.ts';

const overlaps = { none: 0, hour: 3_600_000, day: 86_400_000 } as const;
type Overlap = keyof typeof overlaps;

/** Key versions of a client: add one, retire one. */
export const ClientKeyList = ({
  clientId,
  onChange,
}: {
  readonly clientId: string;
  onChange(): void;
}) => {
  const t = useMessages();
  const path = `/clients/${encodeURIComponent(clientId)}/keys`;
  const { value, error, reload } = useQuery<{ readonly keys: readonly Key[] }>(path);
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
      const made = await fetchJson<{ readonly privateKey?: string }>(path, {
        method: 'POST',
        body: { overlapMs: overlaps[overlap] },
      });
      setPrivateKey(made.privateKey);
    });
  const retire = ({ algorithm, version }: Key): void =>
    change(async () => {
      await callAdmin(`${path}/${algorithm}/${version}`, { method: 'DELETE' });
    });
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />;
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
      {refused !== undefined && <ErrorNotice error={refused} />}
      {ending !== undefined && (
        <ConfirmDialog
          title={t.keys.retireTitle(`${ending.algorithm} v${ending.version}`)}
          action={t.keys.retireConfirm}
          onConfirm={() => retire(ending)}
          onClose={() => setEnding(undefined)}
        >
          {t.keys.retireMore(clientId)}
        </ConfirmDialog>
      )}
      {privateKey !== undefined && <SecretShownOnce privateKey={privateKey} />}
    </>
  );
};

interface ClientResponse {
  readonly clientId: string;
  readonly privateKey?: string;
}

/** Creates a client, with the merchant's public key or with a generated key pair. */
export const NewClientForm = ({ onMade }: { onMade(clientId: string): void }) => {
  const t = useMessages();
  const draft = useDraft('new-client', { clientId: '', publicKey: '' });
  const { clientId, publicKey } = draft.value;
  // Read once, so that the form stays open after the draft is discarded.
  const [wasBegun] = useState(draft.isUnsaved);
  const [made, setMade] = useState<ClientResponse | undefined>();
  const { run, error, isBusy } = useAction();
  const make = (event: Event): void => {
    event.preventDefault();
    const body = {
      ...(clientId === '' ? {} : { clientId }),
      ...(publicKey.trim() === '' ? {} : { publicKey }),
    };
    run(async () => {
      const answer = await fetchJson<ClientResponse>('/clients', { method: 'POST', body });
      draft.discard();
      setMade(answer);
      onMade(answer.clientId);
    });
  };
  return (
    <details class="new-client" open={wasBegun}>
      <summary>{t.keys.newClient}</summary>
      <form class="form" onSubmit={make}>
        <label class="labelled">
          <span>Client-Id</span>
          <input
            class="field mono"
            value={clientId}
            placeholder={t.keys.generatedHint}
            onInput={({ currentTarget }) =>
              draft.edit({ clientId: currentTarget.value, publicKey })
            }
          />
        </label>
        <label class="labelled">
          <span>{t.keys.ownPublicKey}</span>
          <textarea
            class="field json"
            rows={4}
            spellcheck={false}
            value={publicKey}
            placeholder={t.keys.ownPublicKeyHint}
            onInput={({ currentTarget }) =>
              draft.edit({ clientId, publicKey: currentTarget.value })
            }
          />
        </label>
        <button type="submit" class="button" disabled={isBusy}>
          {t.keys.create}
        </button>
      </form>
      {error !== undefined && <ErrorNotice error={error} />}
      {made !== undefined && (
        <>
          <p class="notice good">{t.keys.createdClient(made.clientId)}</p>
          {made.privateKey !== undefined && <SecretShownOnce privateKey={made.privateKey} />}
        </>
      )}
    </details>
  );
};

/** The one-line form that SDKs take: PEM without boundaries and line ends. */
const toBase64Line = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');

/** Key versions with their validity. Public keys can be copied as PEM or base64. */
export const KeyTable = ({
  keys,
  actions,
}: {
  readonly keys: readonly Key[];
  actions?: (key: Key) => ComponentChildren;
}) => {
  const t = useMessages();
  return (
    <div class="table-box">
      <table class="keys-table">
        <thead>
          <tr>
            <th scope="col">{t.keys.version}</th>
            <th scope="col">{t.keys.state}</th>
            <th scope="col">{t.keys.validity}</th>
            <th scope="col">{t.keys.fingerprint}</th>
            <th scope="col">{t.keys.publicKey}</th>
          </tr>
        </thead>
        <tbody>
          {sortKeys(keys).map((key) => (
            <tr key={`${key.algorithm}${key.version}`}>
              <th scope="row">
                {key.algorithm} v{key.version}
              </th>
              <td>
                <span class={`chip key-${key.state.replaceAll(' ', '-')}`}>
                  {t.keys.states[key.state]}
                </span>
                {key.privateKeyHeld && key.state === 'active' && (
                  <span class="quiet"> {t.keys.canSign}</span>
                )}
              </td>
              <td class="nowrap validity" data-label={t.keys.validity}>
                {formatValidity(key, t.keys.always)}
              </td>
              <td class="mono fingerprint" title={key.fingerprint}>
                {key.fingerprint}
              </td>
              <td>
                <div class="row-actions">
                  <CopyButton text={key.publicKey}>{t.keys.pem}</CopyButton>
                  <CopyButton text={toBase64Line(key.publicKey)}>{t.keys.base64}</CopyButton>
                  {actions?.(key)}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

/** RSA first, as the most used algorithm; newest versions first. */
const sortKeys = (keys: readonly Key[]): readonly Key[] =>
  keys.toSorted((a, b) => b.algorithm.localeCompare(a.algorithm) || b.version - a.version);

const formatValidity = ({ from, until }: Key, always: string): string =>
  from === undefined && until === undefined
    ? always
    : [from, until].map((at) => (at === undefined ? '…' : formatDateTime(at))).join(' – ');

/** A generated private key, which the simulator returns only once. */
export const SecretShownOnce = ({ privateKey }: { readonly privateKey: string }) => {
  const t = useMessages();
  return (
    <div class="notice">
      <p class="notice-title">{t.keys.secretTitle}</p>
      <p>{t.keys.secretMore}</p>
      <CodeBlock code={privateKey.trim()} label={t.keys.secretTitle} />
    </div>
  );
};
