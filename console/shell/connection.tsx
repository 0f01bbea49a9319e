import { useWords } from '../words/use-words.ts';
import { useFeed } from './feed-context.ts';

/** Whether what one sees is still being told. */
export const Connection = () => {
  const t = useWords();
  const { status } = useFeed().state;
  return (
    <span class={`connection ${status}`} role="status" title={t.connectionMeaning[status]}>
      <span class="connection-dot" aria-hidden="true" />
      <span class="connection-word">{t.connection[status]}</span>
    </span>
  );
};
