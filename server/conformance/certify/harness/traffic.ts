import type { JournalEntry, OpenExchange } from '../../../journal/journal-entry.ts';
import type { Separation } from '../types.ts';
import type { Sandbox } from './sandbox.ts';

/** How the traffic of a case is recognised. */
export interface TrafficKey {
  readonly separation: Separation;
  readonly clientId: string;
  readonly token: string;
}

/** The traffic of one case, from its start to its end. */
export class CaseTraffic {
  readonly key: TrafficKey;
  readonly #entries: JournalEntry[] = [];
  readonly #open = new Map<number, OpenExchange>();
  readonly #waiting = new Set<() => void>();
  hasStray = false;
  isOver = false;
  /** When the last request arrived or ended, microseconds. */
  lastUs = 0;

  constructor(key: TrafficKey) {
    this.key = key;
  }

  /** It was of another case. */
  remove(entry: JournalEntry): void {
    this.#open.delete(entry.number);
  }

  /** In the order of arrival. */
  get entries(): readonly JournalEntry[] {
    return this.#entries.toSorted((a, b) => a.number - b.number);
  }

  get open(): readonly OpenExchange[] {
    return [...this.#open.values()];
  }

  /** Requests that have arrived, whether they are over or not. */
  get arrived(): readonly (JournalEntry | OpenExchange)[] {
    return [...this.#entries, ...this.#open.values()].toSorted((a, b) => a.number - b.number);
  }

  addOpen(exchange: OpenExchange): void {
    this.#open.set(exchange.number, exchange);
    this.#touch(exchange.arrival.atUs);
  }

  add(entry: JournalEntry): void {
    this.#open.delete(entry.number);
    this.#entries.push(entry);
    this.#touch(entry.delivery.endedUs);
  }

  /** Resolves at the next request that arrives or ends. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  #touch(atUs: number): void {
    this.lastUs = Math.max(this.lastUs, atUs);
    for (const done of this.#waiting) done();
  }
}

/**
 * Gives every exchange to the case that it belongs to. What belongs to none is stray: late retries
 * of a case that is over, or requests with another Client-Id.
 */
export class TrafficSorter {
  readonly stray: JournalEntry[] = [];
  readonly #running = new Set<CaseTraffic>();
  /** Of cases that are over, by Client-Id. */
  readonly #over = new Map<string, CaseTraffic>();
  /** What serial cases that are over were about. */
  readonly #pastIdentities = new Set<string>();
  readonly #stop: () => void;

  constructor({ listen, isOwn = () => true }: Pick<Sandbox, 'listen' | 'isOwn'>) {
    this.#stop = listen({
      onOpen: (exchange) => isOwn(exchange) && this.#find(exchange)?.addOpen(exchange),
      onClose: (entry) => isOwn(entry) && this.#sort(entry),
    });
  }

  start(key: TrafficKey): CaseTraffic {
    const traffic = new CaseTraffic(key);
    this.#running.add(traffic);
    return traffic;
  }

  end(traffic: CaseTraffic): void {
    traffic.isOver = true;
    this.#running.delete(traffic);
    const { separation, clientId } = traffic.key;
    if (separation === 'client') this.#over.set(clientId, traffic);
    if (separation === 'serial')
      for (const { identity } of traffic.entries)
        if (identity !== undefined) this.#pastIdentities.add(identity);
  }

  close(): void {
    this.#stop();
  }

  #sort(entry: JournalEntry): void {
    const traffic = this.#find(entry);
    if (traffic?.key.separation === 'serial' && this.#isPast(entry)) {
      traffic.remove(entry);
      this.stray.push(entry);
      return;
    }
    if (traffic !== undefined) {
      traffic.add(entry);
      return;
    }
    this.stray.push(entry);
    // A late retry says something about its own case only.
    const late = this.#over.get(entry.clientId ?? '');
    if (late !== undefined) late.hasStray = true;
    else for (const running of this.#running) running.hasStray = true;
  }

  /** A late retry: without it, the running case would seem to have two messages. */
  #isPast({ identity }: JournalEntry): boolean {
    return identity !== undefined && this.#pastIdentities.has(identity);
  }

  #find(exchange: OpenExchange | JournalEntry): CaseTraffic | undefined {
    for (const traffic of this.#running) if (belongsTo(exchange, traffic)) return traffic;
    return undefined;
  }
}

const belongsTo = (exchange: OpenExchange | JournalEntry, { key, open }: CaseTraffic): boolean => {
  if (key.separation === 'serial') return true;
  if (exchange.clientId !== key.clientId) return false;
  if (key.separation === 'client') return true;
  // Of one in flight the body is not known yet; when it ends, it is.
  if (!('request' in exchange)) return false;
  if (open.some(({ number }) => number === exchange.number)) return true;
  const { plain, body } = exchange.request;
  return (plain ?? body).includes(key.token);
};
