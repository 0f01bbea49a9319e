import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { ExchangeSummary } from '../../server/admin/types.gen.ts';

/** `denied`: a token is needed. `lost`: reconnecting. */
export type StreamStatus = 'connecting' | 'live' | 'lost' | 'denied';

export interface JournalCounts {
  readonly held: number;
  /** How many the journal has evicted. */
  readonly evicted: number;
  /** Number of the oldest exchange in the journal. */
  readonly oldest: number | undefined;
}

/** A row of the list. */
export interface Row extends ExchangeSummary {
  /** From 2 on: how often the list has seen its request id by then. */
  readonly attempt?: number;
}

/** The loaded part of the journal, oldest first, and the state of the event stream. */
export interface FeedState {
  readonly rows: readonly Row[];
  /**
   * Increases with every change of the rows. The array is mutated: copying it a thousand times a
   * second would be slow.
   */
  readonly version: number;
  /** Increases when rows were changed or removed, not when rows were appended. */
  readonly epoch: number;
  readonly counts: JournalCounts;
  readonly status: StreamStatus;
  /** Number of rows that are held back while the list is paused. */
  readonly waiting: number;
  readonly isPaused: boolean;
  /** Whether the journal was loaded. */
  readonly isRead: boolean;
  /** Id of the simulator's run that the rows belong to. */
  readonly run: string | undefined;
  /** Whether the simulator restarted and the notice was not yet closed. */
  readonly hasRestarted: boolean;
}

/** Maximum number of rows in the list. */
export const maxRows = 10_000;

/** Interval of page updates: short enough to look continuous, long enough to batch a burst. */
const notifyIntervalMs = 100;

const noCounts: JournalCounts = { held: 0, evicted: 0, oldest: undefined };

/** Holds the rows, and notifies the page of changes at most ten times a second. */
export class Feed {
  readonly #rows: Row[] = [];
  #waiting: Row[] = [];
  readonly #attempts = new AttemptCounter();
  #counts = noCounts;
  #status: StreamStatus = 'connecting';
  #isPaused = false;
  #isRead = false;
  #version = 0;
  #epoch = 0;
  #limit = maxRows;
  #run: string | undefined;
  #hasRestarted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #eventListeners = new Set<(name: string) => void>();

  get state(): FeedState {
    return {
      rows: this.#rows,
      version: this.#version,
      epoch: this.#epoch,
      counts: this.#counts,
      status: this.#status,
      waiting: this.#waiting.length,
      isPaused: this.#isPaused,
      isRead: this.#isRead,
      run: this.#run,
      hasRestarted: this.#hasRestarted,
    };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls back with the name of each event that is not about an exchange. */
  onEvent(listener: (name: string) => void): () => void {
    this.#eventListeners.add(listener);
    return () => void this.#eventListeners.delete(listener);
  }

  announceEvent(name: string): void {
    for (const listener of this.#eventListeners) listener(name);
  }

  /** @returns whether the run changed; then all rows were removed */
  enterRun(run: string): boolean {
    const isOther = this.#run !== undefined && this.#run !== run;
    this.#run = run;
    if (!isOther) return false;
    this.#rows.length = 0;
    this.#waiting = [];
    this.#counts = noCounts;
    this.#isRead = false;
    this.#hasRestarted = true;
    this.#notify({ isAppended: false });
    return true;
  }

  /** Closes the notice of the restart. */
  acknowledgeRestart(): void {
    this.#hasRestarted = false;
    this.#notify({ isAppended: true });
  }

  /** Replaces the rows by the journal; newer rows from the stream stay. */
  replace(
    rows: readonly ExchangeSummary[],
    counts: Omit<JournalCounts, 'oldest'>,
    limit = maxRows,
  ): void {
    const newest = rows.at(-1)?.number ?? -1;
    const since = this.#rows.filter(({ number }) => number > newest);
    this.#attempts.clear();
    const counted = [...rows, ...since].map((row) => this.#attempts.count(row));
    this.#rows.splice(0, this.#rows.length, ...counted);
    this.#waiting = this.#waiting.filter(({ number }) => number > newest);
    this.#counts = { ...counts, oldest: undefined };
    this.#limit = Math.min(limit, maxRows);
    this.#isRead = true;
    this.#trim();
    this.#notify({ isAppended: false });
  }

  /** Adds new rows, and updates rows that are already in the list. */
  add(rows: readonly ExchangeSummary[]): void {
    const newest = this.#waiting.at(-1)?.number ?? this.#rows.at(-1)?.number ?? -1;
    const fresh = rows.filter(({ number }) => number > newest);
    const again = rows.filter(({ number }) => number <= newest);
    const isUpdated = again
      .map((row) => replaceRow(this.#rows, row) || replaceRow(this.#waiting, row))
      .includes(true);
    if (fresh.length === 0 && !isUpdated) return;
    const counted = fresh.map((row) => this.#attempts.count(row));
    (this.#isPaused ? this.#waiting : this.#rows).push(...counted);
    this.#trim();
    this.#notify({ isAppended: !isUpdated });
  }

  /** Updates the counts, and removes rows that the journal has evicted. */
  setCounts(counts: JournalCounts): void {
    this.#counts = counts;
    this.#trim();
    this.#notify({ isAppended: true });
  }

  /** Removes all rows, or those of one client, after a reset of the journal. */
  removeRows(clientId?: string): void {
    const kept =
      clientId === undefined ? [] : this.#rows.filter((row) => row.clientId !== clientId);
    this.#rows.splice(0, this.#rows.length, ...kept);
    this.#waiting =
      clientId === undefined ? [] : this.#waiting.filter((row) => row.clientId !== clientId);
    this.#notify({ isAppended: false });
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (!isPaused) this.#rows.push(...this.#waiting.splice(0));
    this.#trim();
    this.#notify({ isAppended: true });
  }

  setStatus(status: StreamStatus): void {
    this.#status = status;
    this.#notify({ isAppended: true });
  }

  /** Removes evicted rows; a paused list is not changed. */
  #trim(): void {
    const evicted = this.#isPaused ? [this.#waiting] : [this.#rows];
    for (const rows of evicted) {
      const { oldest = 0 } = this.#counts;
      const stale = rows.findIndex(({ number }) => number >= oldest);
      const gone = Math.max(stale < 0 ? rows.length : stale, rows.length - this.#limit);
      if (gone === 0) continue;
      rows.splice(0, gone);
      if (rows === this.#rows) this.#epoch++;
    }
  }

  #notify({ isAppended }: { readonly isAppended: boolean }): void {
    this.#version++;
    if (!isAppended) this.#epoch++;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const listener of this.#listeners) listener();
    }, notifyIntervalMs);
  }
}

/**
 * Identifies a message: its attempts have the same client, operation and request id; in the other
 * direction, the same id of the message.
 */
export const messageKey = ({ clientId, operation, requestId, outbound }: ExchangeSummary): string =>
  JSON.stringify([clientId, outbound?.call ?? operation, outbound?.messageId ?? requestId]);

/** Counts how often each request id was used. */
class AttemptCounter {
  readonly #counts = new Map<string, number>();

  clear(): void {
    this.#counts.clear();
  }

  count(row: ExchangeSummary): Row {
    if (row.requestId === undefined) return row;
    // Counting restarts rather than growing without bound in a page that is open for days.
    if (this.#counts.size > 10 * maxRows) this.#counts.clear();
    const key = messageKey(row);
    const attempt = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, attempt);
    return attempt === 1 ? row : { ...row, attempt };
  }
}

/** @returns whether the row was found and differs; rows are ordered by number */
const replaceRow = (rows: Row[], row: ExchangeSummary): boolean => {
  const at = rows.findLastIndex(({ number }) => number <= row.number);
  const known = rows[at];
  if (known?.number !== row.number) return false;
  const next = known.attempt === undefined ? row : { ...row, attempt: known.attempt };
  if (JSON.stringify(known) === JSON.stringify(next)) return false;
  rows[at] = next;
  return true;
};

/** One feed for the page: it is updated while another view is open. */
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

/** Follows changes of a list at most so often; another list is followed at once. */
export const useSlowVersion = (
  version: number,
  rows: readonly Row[],
  intervalMs: number,
): unknown => {
  const [shown, show] = useState({ version, rows });
  const latest = useRef({ version, rows });
  latest.current = { version, rows };
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    if (shown.rows !== rows) {
      show(latest.current);
      return;
    }
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      show(latest.current);
    }, intervalMs);
  }, [version, rows]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return shown;
};

const eventDelayMs = 150;

/** Increases after events of these names, so that a view reads what they changed. */
export const useEventCount = (names: readonly string[]): number => {
  const feed = useContext(FeedContext);
  const [count, show] = useState(0);
  const key = names.join(' ');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wanted = key.split(' ');
    const stop = feed.onEvent((name) => {
      if (!wanted.includes(name)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        show((last) => last + 1);
      }, eventDelayMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [feed, key]);
  return count;
};

const refreshIntervalMs = 1000;

/** Increases at most once a second after new exchanges, so that views reload the state. */
export const useLastChange = (): number => {
  const feed = useContext(FeedContext);
  // An added row changes the number, a changed or removed row the epoch.
  const newest = (): number => (feed.state.rows.at(-1)?.number ?? 0) + feed.state.epoch;
  const [change, show] = useState(newest);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = feed.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        show(newest());
      }, refreshIntervalMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [feed]);
  return change;
};

/** Changes when the state may have: by an exchange, or by an import or a reset. */
export const useStateVersion = (): number => useLastChange() + useEventCount(['state', 'reset']);
