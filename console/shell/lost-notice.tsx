import { useWords } from '../words/use-words.ts';
import { useFeed } from './feed-context.ts';

/** Stands across the page while nothing new can come: what one looks at may no longer be true. */
export const LostNotice = () => {
  const t = useWords();
  const { status } = useFeed().state;
  return (
    <div class="lost-notice" role="status">
      {status === 'lost' && <p>{t.connectionMeaning.lost}</p>}
    </div>
  );
};
