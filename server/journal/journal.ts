import type { JournalEntry } from './journal-entry.ts';

export interface JournalLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** What was received and answered, and why; bounded in entries and bytes, the oldest goes first and is counted. */
export class Journal {
  readonly #limits: JournalLimits;
  readonly #entries: JournalEntry[] = [];
  #bytes = 0;
  #evicted = 0;

  constructor(limits: JournalLimits) {
    this.#limits = limits;
  }

  /** Oldest first. */
  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many entries had to go. A view or an assertion that could be missing some must say so. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Takes out the entries of one client, or all. Nobody will look for them, so they do not count as evicted. */
  forget(clientId?: string): void {
    const kept = clientId === undefined ? [] : this.#entries.filter((entry) => entry.clientId !== clientId);
    this.#entries.splice(0, this.#entries.length, ...kept);
    this.#bytes = kept.reduce((sum, entry) => sum + sizeOf(entry), 0);
  }

  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    this.#bytes += sizeOf(entry);
    let gone = 0;
    for (const oldest of this.#entries) {
      if (this.#entries.length - gone <= this.#limits.entries && this.#bytes <= this.#limits.bytes) break;
      this.#bytes -= sizeOf(oldest);
      gone++;
    }
    if (gone > 0) this.#entries.splice(0, gone);
    this.#evicted += gone;
  }
}

/** Bodies and headers, and a flat kilobyte for the rest. */
const sizeOf = ({ request, reply, target }: JournalEntry): number => 1024 + target.length + messageSize(request) + messageSize(reply);

const messageSize = ({ headers, body }: JournalEntry['request']): number =>
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length, body.length);
