import { randomBytes } from 'node:crypto';
import { summarizeExchange } from '../journal/exchange-json.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';

/** Something that happened, for those who listen. */
interface HubEvent {
  readonly place: number;
  readonly name: string;
  /** Whom it concerns; undefined: everybody. */
  readonly clientId: string | undefined;
  /** What there is to say; undefined: it is gone. Asked once. */
  readonly data: () => unknown;
  /** As it goes over the wire, once somebody wanted it. */
  text?: string | undefined;
}

/** What a reader gets at once: text, how far it reaches, and whether there is more. */
export interface Batch {
  readonly text: string;
  readonly reached: number;
}

/** How many events can be sent again after a lost connection. */
const kept = 2000;

/** A reader that lags behind is served in portions of about this size. */
const portionLength = 64 * 1024;

/**
 * Keeps the latest events in a ring. Exchanges stay in the journal and are looked up there, so the
 * ring holds no bodies.
 */
export class EventHub {
  readonly #journal: Journal;
  readonly #ring: HubEvent[] = [];
  readonly #wakers = new Set<() => void>();
  /** Tells this run's events from those of the one before. */
  readonly #run = randomBytes(4).toString('hex');
  #newest = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
    journal.listen({
      closed: (entry) => this.#emitExchange('exchange', entry),
      diagnosed: (entry) => this.#emitExchange('diagnosis', entry),
    });
  }

  get newest(): number {
    return this.#newest;
  }

  get readers(): number {
    return this.#wakers.size;
  }

  emit(name: string, clientId: string | undefined, data: () => unknown): void {
    const place = ++this.#newest;
    this.#ring[place % kept] = { place, name, clientId, data };
    for (const wake of this.#wakers) wake();
  }

  #emitExchange(name: string, { number, clientId }: JournalEntry): void {
    this.emit(name, clientId, () => {
      const entry = this.#journal.at(number);
      return entry === undefined ? undefined : summarizeExchange(entry);
    });
  }

  /** @param wake called whenever there is something new @returns how to stop */
  listen(wake: () => void): () => void {
    this.#wakers.add(wake);
    return () => this.#wakers.delete(wake);
  }

  /** Where a reader was when it last heard something; undefined when that was in another run. */
  placeOf(eventId: string): number | undefined {
    const [run, place] = eventId.split('-');
    return run === this.#run && /^\d{1,15}$/.test(place ?? '')
      ? Math.min(Number(place), this.#newest)
      : undefined;
  }

  /** The first event of a connection. */
  hello(now: number, place: number): string {
    return this.#textOf('hello', place, { run: this.#run, number: this.#journal.newest, now });
  }

  gap(missed: number, place: number): string {
    return this.#textOf('gap', place, { missed });
  }

  /** What comes after a place; what is gone by now becomes a gap. */
  portionAfter(after: number, clientId: string | undefined): Batch {
    const oldest = Math.max(1, this.#newest - kept + 1);
    let missed = Math.max(0, oldest - 1 - after);
    let place = Math.max(after, oldest - 1);
    let text = '';
    while (place < this.#newest && text.length < portionLength) {
      const event = this.#ring[++place % kept];
      if (
        event === undefined ||
        (clientId !== undefined && event.clientId !== undefined && event.clientId !== clientId)
      )
        continue;
      const told = this.#tell(event);
      if (told === undefined) missed++;
      else text += told;
    }
    return {
      text: missed === 0 ? text : this.gap(missed, Math.min(after, place)) + text,
      reached: place,
    };
  }

  #tell(event: HubEvent): string | undefined {
    if (event.text === undefined) {
      const data = event.data();
      if (data === undefined) return undefined;
      event.text = this.#textOf(event.name, event.place, data);
    }
    return event.text;
  }

  #textOf(name: string, place: number, data: unknown): string {
    return `id: ${this.#run}-${place}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  }
}
