import { useState } from 'preact/hooks';
import { askJson } from '../api/admin.ts';
import { Failed } from '../pieces/notice.tsx';
import { useAction } from '../pieces/use-action.ts';
import { useDraft } from '../settings/drafts.ts';
import { useWords } from '../words/use-words.ts';
import { OnceShown } from './once-shown.tsx';

interface Made {
  readonly clientId: string;
  readonly privateKey?: string;
}

/** A client with a world of its own: with the merchant's public key, or with a pair made here. */
export const NewClient = ({ onMade }: { onMade(clientId: string): void }) => {
  const t = useWords();
  const draft = useDraft('new-client', { clientId: '', publicKey: '' });
  const { clientId, publicKey } = draft.value;
  // Once: what is shown after creating must not fold away with the draft.
  const [wasBegun] = useState(draft.isUnsaved);
  const [made, setMade] = useState<Made | undefined>();
  const { run, error, isBusy } = useAction();
  const make = (event: Event): void => {
    event.preventDefault();
    const body = {
      ...(clientId === '' ? {} : { clientId }),
      ...(publicKey.trim() === '' ? {} : { publicKey }),
    };
    run(async () => {
      const answer = await askJson<Made>('/clients', { method: 'POST', body });
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
            placeholder={t.keys.madeUp}
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
          {t.keys.make}
        </button>
      </form>
      {error !== undefined && <Failed error={error} />}
      {made !== undefined && (
        <>
          <p class="notice good">{t.keys.made(made.clientId)}</p>
          {made.privateKey !== undefined && <OnceShown privateKey={made.privateKey} />}
        </>
      )}
    </details>
  );
};
