import type { JournalListener } from './journal.ts';
import type { JournalEntry, OpenExchange, StepRecord } from './journal-entry.ts';

type Opened = OpenExchange & { steps: readonly StepRecord[] };

/**
 * Exchanges of clients that are watched, at whichever replica. The journal numbers exchanges as
 * they end; these have the numbers of their arrivals, so that their order is that of one simulator.
 */
export class WatchedExchanges {
  readonly #open = new Map<string, Opened>();
  readonly #listeners = new Set<JournalListener>();
  /** What listeners were given, by the journal's numbers. */
  readonly #given = new Map<number, JournalEntry>();

  /** @returns removes the listener */
  listen(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#given.clear();
    };
  }

  /** @param name of the exchange, among those of all replicas */
  arrive(name: string, exchange: OpenExchange): void {
    if (this.#listeners.size === 0) return;
    this.#open.set(name, exchange);
    for (const { onOpen } of this.#listeners) onOpen?.(exchange);
  }

  /** Its answer has begun. */
  begin(name: string): void {
    const exchange = this.#open.get(name);
    if (exchange === undefined) return;
    exchange.steps = [...exchange.steps, { name: 'reply', microseconds: 0, refused: false }];
  }

  /** @param name undefined: its arrival was not announced */
  end(name: string | undefined, entry: JournalEntry): void {
    if (this.#listeners.size === 0) return;
    const order = (name === undefined ? undefined : this.#open.get(name)?.number) ?? entry.number;
    if (name !== undefined) this.#open.delete(name);
    const given = { ...entry, number: order, arrival: { ...entry.arrival, order } };
    this.#given.set(entry.number, given);
    for (const { onClose } of this.#listeners) onClose?.(given);
  }

  /** The exchange that listeners have instead of that one of the journal. */
  at(number: number): JournalEntry | undefined {
    return this.#given.get(number);
  }
}
