import type { ServerEvent } from '../../sdk/admin/event-stream.ts';
import type { ExchangeSummary } from '../../server/admin/types.gen.ts';
import { followEvents } from '../api/event-stream.ts';
import { readCounts, readJournal } from '../api/journal.ts';
import { announceRecovery, clearRunCaches, readSettings } from '../api/simulator-run.ts';

import { type Feed, maxRows } from './feed.ts';

/**
 * The stream has no event for evictions, so the counts are requested after a burst of exchanges.
 */
const countAfterMs = 500;
const readAgainMs = 2000;

/**
 * Fills the feed from the journal and the event stream, and reloads the journal after a gap.
 * @returns a function that stops it
 */
export const followJournal = (feed: Feed): (() => void) => {
  let isReading = false;
  let isOutdated = false;
  let isOver = false;
  let counter: ReturnType<typeof setTimeout> | undefined;
  const read = async (): Promise<void> => {
    isOutdated = true;
    if (isReading) return;
    isReading = true;
    try {
      while (isOutdated && !isOver) {
        isOutdated = false;
        const { run } = feed.state;
        const [{ rows, counts }, settings] = await Promise.all([
          readJournal(maxRows),
          readSettings(),
        ]);
        // Discards a response of the previous run.
        if (!isOver && feed.state.run === run)
          feed.replace(rows, counts, Number(settings.get('journal.entries')));
      }
    } catch {
      // The connection status shows the error. The first load is repeated, because the list waits
      // for it.
      if (!isOver && !feed.state.isRead) setTimeout(() => void read(), readAgainMs);
    } finally {
      isReading = false;
    }
  };
  const countSoon = (): void => {
    counter ??= setTimeout(() => {
      counter = undefined;
      if (!isOver) void refreshCounts(feed);
    }, countAfterMs);
  };
  const handle = (event: ServerEvent): void => {
    if (event.name === 'hello') {
      if (feed.enterRun(parseRun(event))) clearRunCaches();
      void read();
    } else if (event.name === 'gap') void read();
    else if (event.name === 'reset') applyReset(feed, event);
    if (event.name === 'exchange' || event.name === 'reset') countSoon();
    if (event.name !== 'exchange') feed.announceEvent(event.name);
  };
  const stop = followEvents('/events', {
    onStatus: (status) => {
      const isRecovered = status === 'live' && feed.state.status !== 'live';
      feed.setStatus(status);
      if (isRecovered) announceRecovery();
    },
    onEvents: (events) => {
      // Events are handled in order, so that a reset does not remove exchanges that came after it.
      let exchanges: ExchangeSummary[] = [];
      for (const event of events) {
        // The event of a later diagnosis carries the complete row.
        if (event.name === 'exchange' || event.name === 'diagnosis')
          exchanges.push(parseRow(event));
        else if (exchanges.length > 0) exchanges = addRows(feed, exchanges);
        handle(event);
      }
      if (exchanges.length > 0) addRows(feed, exchanges);
    },
  });
  return () => {
    isOver = true;
    clearTimeout(counter);
    stop();
  };
};

const addRows = (feed: Feed, rows: readonly ExchangeSummary[]): ExchangeSummary[] => {
  feed.add(rows);
  return [];
};

// The server validates its responses against openapi/admin.yaml.
const parseRow = ({ data }: ServerEvent): ExchangeSummary => JSON.parse(data) as ExchangeSummary;
const parseRun = ({ data }: ServerEvent): string =>
  (JSON.parse(data) as { readonly run: string }).run;

const refreshCounts = async (feed: Feed): Promise<void> => {
  const { run, counts: before } = feed.state;
  const counts = await readCounts().catch(() => before);
  if (feed.state.run === run) feed.setCounts(counts);
};

const emptiesJournal = ['journal', 'client', 'everything'];

const applyReset = (feed: Feed, { data }: ServerEvent): void => {
  const { what, clientId } = JSON.parse(data) as {
    readonly what: string;
    readonly clientId?: string;
  };
  if (emptiesJournal.includes(what)) feed.removeRows(clientId);
};
