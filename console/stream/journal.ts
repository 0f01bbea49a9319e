import { AdminApiError } from '../../sdk/admin/admin-client.ts';
import { readEvents, type ServerEvent } from '../../sdk/admin/event-stream.ts';
import type { ExchangeSummary, JournalPage } from '../../server/admin/types.gen.ts';
import {
  announceRecovery,
  clearRunCaches,
  fetchJson,
  openAdminClient,
  readSettings,
} from '../api/admin.ts';
import { type Feed, type JournalCounts, maxRows, type StreamStatus } from './feed.ts';

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

/** Reads pages of the journal, newest first, until `maxRows` rows or the end. */
const readPages = async (
  query: Readonly<Record<string, string>>,
  maxRows: number,
  signal?: AbortSignal,
) => {
  const rows: ExchangeSummary[] = [];
  let page: JournalPage | undefined;
  let newest: number | undefined;
  do {
    const before = page?.next === undefined ? {} : { before: String(page.next) };
    page = await fetchJson<JournalPage>(
      `/journal?${new URLSearchParams({ ...query, ...before, limit: '1000' })}`,
      signal && { signal },
    );
    newest ??= page.newest;
    rows.push(...page.entries);
  } while (page.next !== undefined && rows.length < maxRows);
  return { rows, newest, held: page.kept, evicted: page.evicted };
};

/** The newest exchanges of the journal, oldest first. */
export const readJournal = async (
  maxRows: number,
): Promise<{
  readonly rows: readonly ExchangeSummary[];
  readonly counts: Omit<JournalCounts, 'oldest'>;
}> => {
  const { rows, held, evicted } = await readPages({}, maxRows);
  return { rows: rows.reverse(), counts: { held, evicted } };
};

/** Current size of the journal. */
const readCounts = async (): Promise<JournalCounts> => {
  const { kept, evicted, entries } = await fetchJson<JournalPage>('/journal?limit=1&order=oldest');
  return { held: kept, evicted, oldest: entries[0]?.number };
};

export interface Found {
  readonly numbers: readonly number[];
  /** Number of the last exchange that was searched. */
  readonly upTo: number;
}

/** Searches exchanges after a number, including their bodies. */
export const searchJournal = async (
  search: string,
  since: number,
  signal: AbortSignal,
): Promise<Found> => {
  const { rows, newest } = await readPages({ search, since: String(since) }, Infinity, signal);
  return { numbers: rows.map(({ number }) => number), upTo: newest };
};

export interface StreamListener {
  /** All events of one chunk, so that a burst causes one update. */
  onEvents(events: readonly ServerEvent[]): void;
  onStatus(status: StreamStatus): void;
}

const maxRetryDelayMs = 8000;

/**
 * Reads server-sent events with fetch: EventSource cannot send an Authorization header. Reconnects
 * with Last-Event-ID.
 * @returns what ends it
 */
const followEvents = (path: string, listener: StreamListener): (() => void) => {
  const leaving = new AbortController();
  const run = async (): Promise<void> => {
    let lastId: string | undefined;
    let waitMs = 500;
    listener.onStatus('connecting');
    while (!leaving.signal.aborted) {
      const ended = await readStream(path, lastId, leaving.signal, {
        onStatus: (status) => {
          if (status === 'live') waitMs = 500;
          listener.onStatus(status);
        },
        onEvents: (events) => {
          lastId = events.findLast(({ id }) => id !== undefined)?.id ?? lastId;
          listener.onEvents(events);
        },
      });
      if (leaving.signal.aborted) return;
      listener.onStatus(ended);
      if (ended === 'denied') return;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      waitMs = Math.min(waitMs * 2, maxRetryDelayMs);
    }
  };
  void run();
  return () => leaving.abort();
};

const readStream = async (
  path: string,
  lastId: string | undefined,
  signal: AbortSignal,
  listener: StreamListener,
): Promise<'lost' | 'denied'> => {
  try {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (lastId !== undefined) headers['last-event-id'] = lastId;
    const response = await openAdminClient().send('GET', path, { headers, signal });
    listener.onStatus('live');
    for await (const events of readEvents(response.body)) listener.onEvents(events);
  } catch (error) {
    if (error instanceof AdminApiError && [401, 403].includes(error.httpStatus)) return 'denied';
    // Any other error leads to a new attempt.
  }
  return 'lost';
};
