import { useWords } from '../words/use-words.ts';
import { useFeed } from './feed-context.ts';

/** Says that what the page showed belonged to a run of the simulator that is over. */
export const RestartNotice = () => {
  const t = useWords();
  const { feed, state } = useFeed();
  return (
    <div class="restart-notice" role="status">
      {state.hasRestarted && (
        <div class="restart-line">
          <p>{t.connectionMeaning.restarted}</p>
          <button type="button" class="button small" onClick={() => feed.acknowledgeRestart()}>
            {t.pieces.close}
          </button>
        </div>
      )}
    </div>
  );
};
