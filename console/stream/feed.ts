import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { ExchangeSummary } from '../../server/admin/types.gen.ts';
import type { StreamStatus } from '../api/event-stream.ts';
import type { JournalCounts } from '../api/journal.ts';

/** What the page knows of the journal: rows oldest first, and whether more come. */
export interface FeedState {
  readonly rows: readonly ExchangeSummary[];
  /**
   * Rises with every change of the rows: the array itself stays the same, copying it a thousand
   * times a second would be felt.
   */
  readonly version: number;
  /** Rises when rows were changed or taken out. While it stays, rows were only added at the end. */
  readonly epoch: number;
  readonly counts: JournalCounts;
  readonly status: StreamStatus;
  /** Rows that wait because the list is paused. */
  readonly waiting: number;
  readonly isPaused: boolean;
  /** Whether the journal has been read once. */
  readonly isRead: boolean;
  /** Id of the simulator's run that the rows are of. */
  readonly run: string | undefined;
  /** Whether the simulator was restarted while the page was open, and no one has taken note yet. */
  readonly hasRestarted: boolean;
}

/** As many rows as anyone scrolls through. */
export const maxRows = 10_000;

/**
 * Between two updates of the page: below what an eye takes for a stutter, above what a burst needs.
 */
const notifyIntervalMs = 100;

const noCounts: JournalCounts = { held: 0, evicted: 0, oldest: undefined };

/**
 * Keeps the rows and notifies the page of changes, at most ten times a second however fast they
 * come.
 */
export class Feed {
  readonly #rows: ExchangeSummary[] = [];
  #waiting: ExchangeSummary[] = [];
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

  /** @returns whether it is another run than before: then everything of the one before is gone */
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

  /** The notice of the restart was read. */
  acknowledgeRestart(): void {
    this.#hasRestarted = false;
    this.#notify({ isAppended: true });
  }

  /** The journal as it stands; rows that came over the stream in the meantime stay. */
  replace(
    rows: readonly ExchangeSummary[],
    counts: Omit<JournalCounts, 'oldest'>,
    limit = maxRows,
  ): void {
    const newest = rows.at(-1)?.number ?? -1;
    const since = this.#rows.filter(({ number }) => number > newest);
    this.#rows.splice(0, this.#rows.length, ...rows, ...since);
    this.#waiting = this.#waiting.filter(({ number }) => number > newest);
    this.#counts = { ...counts, oldest: undefined };
    this.#limit = Math.min(limit, maxRows);
    this.#isRead = true;
    this.#trim();
    this.#notify({ isAppended: false });
  }

  /** Rows that are new, or that say more of an exchange than before. */
  add(rows: readonly ExchangeSummary[]): void {
    const newest = this.#waiting.at(-1)?.number ?? this.#rows.at(-1)?.number ?? -1;
    const fresh = rows.filter(({ number }) => number > newest);
    const again = rows.filter(({ number }) => number <= newest);
    const isUpdated = again
      .map((row) => replaceRow(this.#rows, row) || replaceRow(this.#waiting, row))
      .includes(true);
    if (fresh.length === 0 && !isUpdated) return;
    (this.#isPaused ? this.#waiting : this.#rows).push(...fresh);
    this.#trim();
    this.#notify({ isAppended: !isUpdated });
  }

  /** What the journal no longer has leaves the list, too. */
  setCounts(counts: JournalCounts): void {
    this.#counts = counts;
    this.#trim();
    this.#notify({ isAppended: true });
  }

  /** The journal was emptied, wholly or of one client's entries. */
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

  /** A paused list stays as it is, whatever the journal evicts. */
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

/** @returns whether the row was there; rows are in the order of their numbers */
const replaceRow = (rows: ExchangeSummary[], row: ExchangeSummary): boolean => {
  const at = rows.findLastIndex(({ number }) => number <= row.number);
  const known = rows[at];
  if (known?.number !== row.number || JSON.stringify(known) === JSON.stringify(row)) return false;
  rows[at] = row;
  return true;
};

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

const refreshIntervalMs = 1000;

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
      }, refreshIntervalMs);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [feed]);
  return change;
};
