import { useState } from 'preact/hooks';
import { callAdmin, storeToken } from '../api/admin-client.ts';
import { useAction } from '../api/use-admin.ts';
import { ErrorNotice } from '../components/notice.tsx';
import { useMessages } from '../i18n/use-messages.ts';
import { useTitle } from './route.ts';

/** Shown when the admin API requires a token. */
export const TokenForm = ({ onToken }: { onToken(): void }) => {
  const t = useMessages();
  const [text, setText] = useState('');
  const { run, error, isBusy, clear } = useAction();
  useTitle([t.token.title]);
  const enter = (event: Event): void => {
    event.preventDefault();
    storeToken(text);
    run(async () => {
      await callAdmin('/clock');
      onToken();
    });
  };
  return (
    <form class="empty token" onSubmit={enter}>
      <h1>{t.token.title}</h1>
      <p>{t.token.more}</p>
      <label class="labelled">
        <span>{t.token.label}</span>
        <input
          class="field mono"
          type="password"
          autocomplete="off"
          value={text}
          aria-invalid={error !== undefined}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            clear();
          }}
        />
      </label>
      <button type="submit" class="button primary" disabled={isBusy || text.trim() === ''}>
        {t.token.enter}
      </button>
      {error !== undefined &&
        (error.status === 401 || error.status === 403 ? (
          <p class="notice bad" role="alert">
            {t.token.wrong}
          </p>
        ) : (
          <ErrorNotice error={error} />
        ))}
    </form>
  );
};
