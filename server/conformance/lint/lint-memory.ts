import type { MessageAttempt } from '../messages/attempt.ts';
import type { ClientMessage } from '../messages/client-message.ts';

/** A map that drops the entry which was used longest ago, so that state has a bound. */
export class BoundedMap<V> {
  readonly #map = new Map<string, V>();
  readonly #limit: number;
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#map.size;
  }

  /** How many were dropped to keep the bound. */
  get dropped(): number {
    return this.#dropped;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  /** The value of a key, made if it is missing. */
  obtain(key: string, make: () => V): V {
    const known = this.#map.get(key);
    if (known !== undefined) {
      // Order matters only once something may have to go.
      if (this.#map.size > this.#limit / 2) {
        this.#map.delete(key);
        this.#map.set(key, known);
      }
      return known;
    }
    const value = make();
    this.#map.set(key, value);
    if (this.#map.size > this.#limit) {
      const [oldest] = this.#map.keys();
      this.#map.delete(oldest ?? '');
      this.#dropped++;
    }
    return value;
  }

  deleteWhere(isMeant: (key: string) => boolean): void {
    for (const key of this.#map.keys()) if (isMeant(key)) this.#map.delete(key);
  }

  values(): Iterable<V> {
    return this.#map.values();
  }
}

/** What is remembered of one order, account, binding or card of a client. */
export interface Thing {
  readonly key: string;
  /** Messages that may still be open, and the newest one; oldest first. */
  readonly messages: ClientMessage[];
  /** requestId or digest → event time of messages about it: what is in here is not new. */
  readonly seen: Map<string, number>;
  /** Greatest event time of those that are not remembered: up to it, a message may be repeated. */
  dropped: number;
  /** The message with the greatest event time that may have been applied. */
  newest: ClientMessage | undefined;
  constants: Readonly<Record<string, string>> | undefined;
  /** Status → the attempt whose refusal said that it cannot go there. */
  readonly refusedStates: Map<string, MessageAttempt>;
  /** A message of this status was lost, so one repetition is right. */
  lostState: string | undefined;
  /** Attempts that may still be in flight when the next one arrives. */
  readonly recent: MessageAttempt[];
  isSealed: boolean | undefined;
}

export const newThing = (key: string): Thing => ({
  key,
  messages: [],
  seen: new Map(),
  dropped: -Infinity,
  newest: undefined,
  constants: undefined,
  refusedStates: new Map(),
  lostState: undefined,
  recent: [],
  isSealed: undefined,
});

/** Whether a message about it is the first of its requestId, as far as is remembered. */
export const isNewOf = ({ seen }: Thing, message: ClientMessage): boolean =>
  message.count === 1 && !seen.has(seenKey(message));

export const seenKey = ({ requestId, content }: ClientMessage): string =>
  requestId ?? content.digest;

/** What is remembered of a client. */
export interface ClientFacts {
  readonly clientId: string;
  /** Request-Time minus arrival of the newest messages, milliseconds. */
  readonly clockOffsets: number[];
  /** Messages in a row with one Request-Time. */
  sameTime: { readonly time: string; readonly sinceUs: number; messages: number } | undefined;
  /** Attempts that the client ended while the answer was only delayed. */
  impatient: { count: number; shortestUs: number };
  /** Requests in a row, each on a new connection. */
  newConnections: number;
  lastEndedUs: number;
  /** Numeric ids in a row that rise by little. */
  rising: { last: bigint; count: number } | undefined;
  newestKey: { version: number; sinceUs: number } | undefined;
  /** Refusals in a row for the signature, by cause. */
  refusals: { cause: string; count: number } | undefined;
  /** When a traffic limit was known, and attempts of other messages since; by operation. */
  readonly limits: Map<string, TrafficLimit>;
  /** Digest of a symmetric key → key of the message. */
  readonly symmetricKeys: Map<string, string>;
  /** Odd things that have been reported, each once. */
  readonly reported: Set<string>;
}

export interface TrafficLimit {
  readonly knownUs: number;
  readonly attempt: MessageAttempt;
  readonly message: string;
  others: number;
}

export const newClientFacts = (clientId: string): ClientFacts => ({
  clientId,
  clockOffsets: [],
  sameTime: undefined,
  impatient: { count: 0, shortestUs: Infinity },
  newConnections: 0,
  lastEndedUs: -Infinity,
  rising: undefined,
  newestKey: undefined,
  refusals: undefined,
  limits: new Map(),
  symmetricKeys: new Map(),
  reported: new Set(),
});

/** Bounds of what lint remembers. */
export const lintLimits = {
  clients: 2000,
  things: 4000,
  requestIds: 4000,
  findings: 2000,
  messagesOfThing: 8,
  seenOfThing: 32,
  symmetricKeys: 64,
} as const;

/** Everything that the rules remember, bounded. */
export class LintMemory {
  readonly things = new BoundedMap<Thing>(lintLimits.things);
  readonly clients = new BoundedMap<ClientFacts>(lintLimits.clients);
  /** Client and requestId → operation. */
  readonly requestIds = new BoundedMap<{ readonly operation: string; readonly id: string }>(
    lintLimits.requestIds,
  );

  get dropped(): number {
    return this.things.dropped + this.clients.dropped;
  }

  thing(message: ClientMessage): Thing {
    const key = thingKey(message.clientId, message.operation, message.identity);
    return this.things.obtain(key, () => newThing(key));
  }

  client(clientId: string): ClientFacts {
    return this.clients.obtain(clientId, () => newClientFacts(clientId));
  }

  forget(clientId?: string): void {
    const prefix = clientId === undefined ? '' : `${clientId} `;
    this.things.deleteWhere((key) => key.startsWith(prefix));
    this.requestIds.deleteWhere((key) => key.startsWith(prefix));
    this.clients.deleteWhere((key) => clientId === undefined || key === clientId);
  }
}

const thingKey = (clientId: string, operation: string, identity: string): string =>
  `${clientId} ${operation} ${identity}`;
