import type { StreamStatus } from '../api/event-stream.ts';
import type { ExchangeRow, JournalCounts } from '../api/journal.ts';

/** What the page knows of the journal: rows oldest first, and whether more come. */
export interface FeedState {
  readonly rows: readonly ExchangeRow[];
  /** Rises with every change of the rows: the array itself stays the same, copying it a thousand times a second would be felt. */
  readonly version: number;
  readonly counts: JournalCounts;
  readonly status: StreamStatus;
  /** Rows that wait because someone paused. */
  readonly waiting: number;
  readonly isPaused: boolean;
  /** Whether the journal has been read once. */
  readonly isRead: boolean;
}

/** As many rows as anyone scrolls through; the oldest go first, a tenth at a time. */
export const mostRows = 10_000;

/** Between two updates of the page: below what an eye takes for a stutter, above what a burst needs. */
const restMs = 100;

/** Keeps the rows and tells the page of changes, at most ten times a second however fast they come. */
export class Feed {
  readonly #rows: ExchangeRow[] = [];
  #waiting: ExchangeRow[] = [];
  #counts: JournalCounts = { held: 0, evicted: 0 };
  #status: StreamStatus = 'connecting';
  #isPaused = false;
  #isRead = false;
  #version = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  get state(): FeedState {
    return {
      rows: this.#rows,
      version: this.#version,
      counts: this.#counts,
      status: this.#status,
      waiting: this.#waiting.length,
      isPaused: this.#isPaused,
      isRead: this.#isRead,
    };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The journal as it stands; rows that came over the stream in the meantime stay. */
  replace(rows: readonly ExchangeRow[], counts: JournalCounts): void {
    const newest = rows.at(-1)?.number ?? -1;
    const since = this.#rows.filter(({ number }) => number > newest);
    this.#rows.splice(0, this.#rows.length, ...rows, ...since);
    this.#waiting = this.#waiting.filter(({ number }) => number > newest);
    this.#counts = counts;
    this.#isRead = true;
    this.#changed();
  }

  add(rows: readonly ExchangeRow[]): void {
    const newest = this.#waiting.at(-1)?.number ?? this.#rows.at(-1)?.number ?? -1;
    const fresh = rows.filter(({ number }) => number > newest);
    if (fresh.length === 0) return;
    (this.#isPaused ? this.#waiting : this.#rows).push(...fresh);
    this.#trim();
    this.#changed();
  }

  count(counts: JournalCounts): void {
    this.#counts = counts;
    this.#changed();
  }

  /** The journal was emptied, wholly or of one client's entries. */
  forget(clientId?: string): void {
    const kept = clientId === undefined ? [] : this.#rows.filter((row) => row.clientId !== clientId);
    this.#rows.splice(0, this.#rows.length, ...kept);
    this.#waiting = clientId === undefined ? [] : this.#waiting.filter((row) => row.clientId !== clientId);
    this.#changed();
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (!isPaused) this.#rows.push(...this.#waiting.splice(0));
    this.#trim();
    this.#changed();
  }

  setStatus(status: StreamStatus): void {
    this.#status = status;
    this.#changed();
  }

  #trim(): void {
    for (const rows of [this.#rows, this.#waiting]) if (rows.length > mostRows) rows.splice(0, rows.length - mostRows * 0.9);
  }

  #changed(): void {
    this.#version++;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const listener of this.#listeners) listener();
    }, restMs);
  }
}
