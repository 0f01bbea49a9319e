import { randomBytes } from 'node:crypto';
import { summarizeExchange } from '../journal/exchange-json.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';

/** An event for the subscribers. */
interface HubEvent {
  readonly sequence: number;
  readonly name: string;
  /** The client that it concerns; undefined: all clients. */
  readonly clientId: string | undefined;
  /** Its data, called for once; or the number of its exchange in the journal. */
  readonly data: (() => unknown) | number;
  /** The event as sent, built for its first subscriber. */
  text?: string | undefined;
}

/** What happened at one replica, for the subscribers of all. */
export type SharedEvent = Pick<HubEvent, 'name' | 'clientId'> & { readonly data: () => unknown };

/** Text for a subscriber, and the sequence number that it reaches. */
export interface EventBatch {
  readonly text: string;
  readonly reached: number;
}

/** Events that can be sent again after a lost connection. */
const ringSize = 2000;

/** A subscriber that lags gets batches of about this many characters. */
const batchLength = 64 * 1024;

/** Keeps the latest events in a ring; exchanges are looked up in the journal when they are sent. */
export class EventHub {
  readonly #journal: Journal;
  readonly #ring: HubEvent[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #onEmit: (event: SharedEvent) => void;
  /** Distinguishes this run's event ids from those of earlier runs. */
  readonly #run = randomBytes(4).toString('hex');
  #newest = 0;

  /** @param onEmit called with what other replicas should show, too */
  constructor(journal: Journal, onEmit: (event: SharedEvent) => void = () => {}) {
    this.#journal = journal;
    this.#onEmit = onEmit;
    journal.listen({
      onClose: (entry) => this.#emitExchange('exchange', entry),
      onDiagnosis: (entry) => this.#emitExchange('diagnosis', entry),
    });
  }

  get newest(): number {
    return this.#newest;
  }

  get readers(): number {
    return this.#listeners.size;
  }

  /** Shows what happened to the subscribers of all replicas. */
  emit(name: string, clientId: string | undefined, data: () => unknown): void {
    this.show(name, clientId, data);
    this.#onEmit({ name, clientId, data });
  }

  /** Shows it to the subscribers here alone. */
  show(name: string, clientId: string | undefined, data: HubEvent['data']): void {
    const sequence = ++this.#newest;
    this.#ring[sequence % ringSize] = { sequence, name, clientId, data };
    for (const listener of this.#listeners) listener();
  }

  #emitExchange(name: string, { number, clientId }: JournalEntry): void {
    // By number alone: of 2,000 exchanges nearly none has a reader.
    this.show(name, clientId, number);
  }

  /** Undefined when the journal has evicted the exchange. */
  #readData(data: HubEvent['data']): unknown {
    if (typeof data !== 'number') return data();
    const entry = this.#journal.at(data);
    return entry === undefined ? undefined : summarizeExchange(entry);
  }

  /** Calls back after each new event. @returns a function that stops it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The sequence number of an event id; undefined for an id of another run. */
  parseEventId(eventId: string): number | undefined {
    const [run, sequence] = eventId.split('-');
    return run === this.#run && /^\d{1,15}$/.test(sequence ?? '')
      ? Math.min(Number(sequence), this.#newest)
      : undefined;
  }

  /** The first event of a connection. */
  formatHello(now: number, sequence: number): string {
    return this.#format('hello', sequence, { run: this.#run, number: this.#journal.newest, now });
  }

  formatGap(missed: number, sequence: number): string {
    return this.#format('gap', sequence, { missed });
  }

  /** The events after a sequence number; evicted ones become a gap. */
  readAfter(after: number, clientId: string | undefined): EventBatch {
    const oldest = Math.max(1, this.#newest - ringSize + 1);
    let missed = Math.max(0, oldest - 1 - after);
    let reached = Math.max(after, oldest - 1);
    let text = '';
    while (reached < this.#newest && text.length < batchLength) {
      const event = this.#ring[++reached % ringSize];
      if (
        event === undefined ||
        (clientId !== undefined && event.clientId !== undefined && event.clientId !== clientId)
      )
        continue;
      const formatted = this.#formatOnce(event);
      if (formatted === undefined) missed++;
      else text += formatted;
    }
    return {
      text: missed === 0 ? text : this.formatGap(missed, Math.min(after, reached)) + text,
      reached,
    };
  }

  #formatOnce(event: HubEvent): string | undefined {
    if (event.text === undefined) {
      const data = this.#readData(event.data);
      if (data === undefined) return undefined;
      event.text = this.#format(event.name, event.sequence, data);
    }
    return event.text;
  }

  #format(name: string, sequence: number, data: unknown): string {
    return `id: ${this.#run}-${sequence}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  }
}
