import { followEvents, type StreamEvent } from '../api/event-stream.ts';
import { type ExchangeRow, readCounts, readJournal } from '../api/journal.ts';
import { type Feed, mostRows } from './feed.ts';

/** How long counts may be old: the stream tells of every exchange, but not of how many had to go. */
const countsEveryMs = 3000;
const readAgainMs = 2000;

/**
 * Fills the feed: the journal as it stands, then every exchange as it comes, and the journal anew whenever something was missed.
 * @returns what ends it
 */
export const followJournal = (feed: Feed): (() => void) => {
  let isReading = false;
  let isOver = false;
  const read = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    try {
      const { rows, counts } = await readJournal(mostRows);
      if (!isOver) feed.replace(rows, counts);
    } catch {
      // The connection shows it. A first reading is what the list waits for, so it is tried again.
      if (!isOver && !feed.state.isRead) setTimeout(() => void read(), readAgainMs);
    } finally {
      isReading = false;
    }
  };
  const counter = setInterval(() => {
    if (document.visibilityState === 'visible' && feed.state.status === 'live') void recount(feed);
  }, countsEveryMs);
  const stop = followEvents('/events', {
    onStatus: (status) => feed.setStatus(status),
    onEvents: (events) => {
      const exchanges = events.filter(({ name }) => name === 'exchange').map(readRow);
      if (exchanges.length > 0) feed.add(exchanges);
      if (events.some(({ name }) => name === 'hello' || name === 'gap')) void read();
      for (const event of events.filter(({ name }) => name === 'reset')) forget(feed, event);
    },
  });
  return () => {
    isOver = true;
    clearInterval(counter);
    stop();
  };
};

// The admin API checks its answers against openapi/admin.yaml; so the shape is as promised.
const readRow = ({ data }: StreamEvent): ExchangeRow => JSON.parse(data) as ExchangeRow;

const recount = async (feed: Feed): Promise<void> => {
  const before = feed.state.counts;
  const counts = await readCounts().catch(() => before);
  if (counts.evicted !== before.evicted || counts.held !== before.held) feed.count(counts);
};

const emptiesJournal = ['journal', 'client', 'everything'];

const forget = (feed: Feed, { data }: StreamEvent): void => {
  const { what, clientId } = JSON.parse(data) as { readonly what: string; readonly clientId?: string };
  if (emptiesJournal.includes(what)) feed.forget(clientId);
};
