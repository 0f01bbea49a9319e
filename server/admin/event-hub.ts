import { randomBytes } from 'node:crypto';
import { type Response, Router } from 'express';
import { summarizeExchange } from '../journal/exchange-views.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { validatedQuery } from './admin-contract.ts';
import { AdminRequestError } from './middleware.ts';

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
interface EventBatch {
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

const maxSubscribers = 50;
const keepAliveMs = 15_000;
/** A subscriber that reads nothing for so long is disconnected. */
const stallTimeoutMs = 30_000;
/** Events within this time are sent together. */
const batchDelayMs = 20;

/** The open streams, so that they can be ended when the simulator stops. */
export class EventStreams {
  readonly #open = new Set<Response>();

  get size(): number {
    return this.#open.size;
  }

  add(res: Response): void {
    this.#open.add(res);
    res.once('close', () => this.#open.delete(res));
  }

  endAll(): void {
    for (const res of this.#open) res.end();
  }
}

export const createEventsRouter = (
  hub: EventHub,
  streams: EventStreams,
  now: () => number,
): Router => {
  const router = Router();
  router.get('/events', (req, res) => {
    if (streams.size >= maxSubscribers)
      throw new AdminRequestError(503, [
        {
          where: '/events',
          message: `has ${maxSubscribers} subscribers already, the maximum`,
          remedy: 'Close one: a page needs one only.',
        },
      ]);
    const { clientId, lastEventId } = validatedQuery(req, 'events');
    streams.add(res);
    res.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    res.flushHeaders();
    startStream(res, hub, {
      clientId,
      lastEventId: req.get('last-event-id') ?? lastEventId,
      now: now(),
    });
  });
  return router;
};

interface Subscriber {
  readonly clientId: string | undefined;
  readonly lastEventId: string | undefined;
  readonly now: number;
}

/** Writes new events as fast as the subscriber reads them; nothing is buffered but the ring. */
const startStream = (
  res: Response,
  hub: EventHub,
  { clientId, lastEventId, now }: Subscriber,
): void => {
  const known = lastEventId === undefined ? hub.newest : hub.parseEventId(lastEventId);
  let sequence = known ?? hub.newest;
  let blockedSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const write = (text: string): void => {
    if (text !== '' && !res.write(text)) blockedSince = performance.now();
  };
  const pump = (): void => {
    timer = undefined;
    while (blockedSince === undefined && sequence < hub.newest) {
      const batch = hub.readAfter(sequence, clientId);
      sequence = batch.reached;
      write(batch.text);
    }
  };
  const stop = hub.listen(() => {
    timer ??= setTimeout(pump, batchDelayMs);
  });
  const heartbeat = setInterval(() => {
    if (blockedSince === undefined) write(': still here\n\n');
    else if (performance.now() - blockedSince > stallTimeoutMs) res.destroy();
  }, keepAliveMs).unref();
  res.on('drain', () => {
    blockedSince = undefined;
    pump();
  });
  res.once('close', () => {
    stop();
    clearTimeout(timer);
    clearInterval(heartbeat);
  });
  write(`retry: 1000\n\n${hub.formatHello(now, sequence)}`);
  // The id is of another run, whose events are lost.
  if (known === undefined) write(hub.formatGap(hub.newest, sequence));
  pump();
};
