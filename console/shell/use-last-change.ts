import { useContext, useEffect, useState } from 'preact/hooks';
import { FeedContext } from './feed-context.ts';

const restMs = 1000;

/** Rises when an exchange has come, at most once a second: what shows the state asks again. */
export const useLastChange = (): number => {
  const feed = useContext(FeedContext);
  // A row that is added, changed or taken out changes one of the two.
  const newest = (): number => (feed.state.rows.at(-1)?.number ?? 0) + feed.state.epoch;
  const [change, show] = useState(newest);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = feed.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        show(newest());
      }, restMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [feed]);
  return change;
};
