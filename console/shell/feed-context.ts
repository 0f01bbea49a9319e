import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { Feed, type FeedState } from '../live/feed.ts';

/** One feed for the whole page: the list keeps filling while another view is open. */
export const FeedContext = createContext(new Feed());

export const useFeed = (): { readonly feed: Feed; readonly state: FeedState } => {
  const feed = useContext(FeedContext);
  const [state, show] = useState(feed.state);
  useEffect(() => {
    show(feed.state);
    return feed.subscribe(() => show(feed.state));
  }, [feed]);
  return { feed, state };
};
