import { useState } from 'preact/hooks';
import { AdminError, askAdmin } from '../api/admin.ts';
import { keepToken } from '../api/admin-token.ts';
import { Failed } from '../pieces/notice.tsx';
import { useWords } from '../words/use-words.ts';

/** Asked for when the admin API does not let the page in. */
export const TokenForm = ({ onToken }: { onToken(): void }) => {
  const t = useWords();
  const [text, setText] = useState('');
  const [error, setError] = useState<AdminError | undefined>();
  const enter = async (event: Event): Promise<void> => {
    event.preventDefault();
    keepToken(text);
    try {
      await askAdmin('/clock');
      onToken();
    } catch (problem) {
      setError(problem instanceof AdminError ? problem : new AdminError(0, String(problem)));
    }
  };
  return (
    <form class="empty token" onSubmit={(event) => void enter(event)}>
      <h1>{t.token.title}</h1>
      <p>{t.token.more}</p>
      <label class="labelled">
        <span>{t.token.label}</span>
        <input
          class="field mono"
          type="password"
          autocomplete="off"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <button type="submit" class="button primary" disabled={text.trim() === ''}>
        {t.token.enter}
      </button>
      {error !== undefined && <Failed error={error} />}
    </form>
  );
};
