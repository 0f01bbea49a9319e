import type { ExchangeSummary } from '../../server/admin/types.gen.ts';
import { followEvents, type StreamEvent } from '../api/event-stream.ts';
import { readCounts, readJournal } from '../api/journal.ts';
import { readSettings } from '../api/settings.ts';
import { announceRecovery, clearRunCaches } from '../api/simulator-run.ts';
import { type Feed, maxRows } from './feed.ts';

/**
 * The stream shows every exchange, but not what was evicted: that is asked for soon after, once for
 * many exchanges.
 */
const countAfterMs = 500;
const readAgainMs = 2000;

/**
 * Fills the feed: the journal as it stands, then every exchange as it comes, and the journal again
 * whenever something was missed.
 * @returns what ends it
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
        // What another run held must not come back into the list.
        if (!isOver && feed.state.run === run)
          feed.replace(rows, counts, Number(settings.get('journal.entries')));
      }
    } catch {
      // The connection shows it. A first reading is what the list waits for, so it is tried again.
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
  const handle = (event: StreamEvent): void => {
    if (event.name === 'hello') {
      if (feed.enterRun(parseRun(event))) clearRunCaches();
      void read();
    } else if (event.name === 'gap') void read();
    else if (event.name === 'reset') applyReset(feed, event);
    if (event.name === 'exchange' || event.name === 'reset') countSoon();
  };
  const stop = followEvents('/events', {
    onStatus: (status) => {
      const isRecovered = status === 'live' && feed.state.status !== 'live';
      feed.setStatus(status);
      if (isRecovered) announceRecovery();
    },
    onEvents: (events) => {
      // In their order: what comes after a restart or a reset must not be dropped with what was
      // before it.
      let exchanges: ExchangeSummary[] = [];
      for (const event of events) {
        // A diagnosis that came later is the row again, with its finding.
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

// The admin API checks its answers against openapi/admin.yaml; so the shape is as promised.
const parseRow = ({ data }: StreamEvent): ExchangeSummary => JSON.parse(data) as ExchangeSummary;
const parseRun = ({ data }: StreamEvent): string =>
  (JSON.parse(data) as { readonly run: string }).run;

const refreshCounts = async (feed: Feed): Promise<void> => {
  const { run, counts: before } = feed.state;
  const counts = await readCounts().catch(() => before);
  if (feed.state.run === run) feed.setCounts(counts);
};

const emptiesJournal = ['journal', 'client', 'everything'];

const applyReset = (feed: Feed, { data }: StreamEvent): void => {
  const { what, clientId } = JSON.parse(data) as {
    readonly what: string;
    readonly clientId?: string;
  };
  if (emptiesJournal.includes(what)) feed.removeRows(clientId);
};
