export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** S success, F failed for good, U unknown: call again. */
export type ResultStatus = 'S' | 'F' | 'U';

/** What a client is answered: the result and, next to it, the operation's own fields. */
export interface Answer {
  readonly code: string;
  readonly status: ResultStatus;
  /** The text of the result table's row. */
  readonly message: string;
  /** What exactly is wrong, for people. */
  readonly detail?: string;
  readonly fields: JsonObject;
}

/**
 * What a client reported (an order, a card): its last accepted message is all that is held.
 */
export interface Entity {
  readonly fields: JsonObject;
  /** Orders its updates; null where the operation has no event time (register O-02). */
  readonly eventTime: number | null;
  /** How many messages were accepted, the first included. */
  readonly updates: number;
}

export interface RememberedRequest {
  readonly fingerprint: string;
  /** Fingerprint of what the JSON says, where `idempotency.compare` asks for it. */
  readonly content?: string;
  /** A short hash of each field, to say what a repeat with another body has changed. */
  readonly fieldHashes?: string;
  readonly answer: Answer;
}

export const entityCollections = ['accounts', 'linkages', 'payments', 'orders', 'cards'] as const;
export type EntityCollection = (typeof entityCollections)[number];
const entityCollectionNames: ReadonlySet<string> = new Set(entityCollections);
export const isEntityCollection = (name: string): name is EntityCollection =>
  entityCollectionNames.has(name);

/** A rule that answers a number of calls and is then deleted. */
export interface OneShotRecord {
  readonly when: JsonObject;
  readonly then: JsonObject;
  /** How many calls it answers. */
  readonly times: number;
  /** How many it has answered; fewer than `times`, or the record is deleted. */
  readonly calls: number;
}

/** `pending`: a send is due or planned; all others are ends. */
const outboundStates = ['pending', 'acknowledged', 'exhausted', 'cancelled'] as const;
export type OutboundState = (typeof outboundStates)[number];

/** One attempt that is over. */
export interface OutboundAttempt {
  /** By the client's clock. */
  readonly at: number;
  /** Number of its exchange in the journal. */
  readonly exchange: number;
  readonly acknowledged: boolean;
  /** Result code of the answer, or why it has no result: TIMEOUT, UNREACHABLE, … */
  readonly code: string;
  readonly status: ResultStatus;
  readonly reason: string;
}

/** A message to the merchant with its plan. The address is not in it: that is configured. */
export interface OutboundRecord {
  readonly call: string;
  /** The business fields, complete. */
  readonly fields: JsonObject;
  readonly encrypt: boolean;
  readonly fault: string | null;
  /** The scenario's rule that made it; null: the admin API. */
  readonly rule: string | null;
  readonly createdAt: number;
  readonly state: OutboundState;
  /** When the next send is due, by the client's clock; null after the end. */
  readonly dueAt: number | null;
  readonly attempts: readonly OutboundAttempt[];
  /**
   * A process is sending it; another one may take over after this moment of the machine's clock.
   */
  readonly claimedUntil: number | null;
}

/** What a world holds, by collection. */
export interface Records extends Record<EntityCollection, Entity> {
  /** By operation and requestId (register I-01). */
  readonly requests: RememberedRequest;
  /**
   * How often a scenario's rule was reached. Not kept on disk: a restart begins every story again.
   */
  readonly calls: number;
  /** The state of a scenario's story, by scenario and identity. Not kept on disk either. */
  readonly stories: string;
  /** Rules queued for the next calls, by name. Not kept on disk either. */
  readonly oneShots: OneShotRecord;
  /** Messages to the merchant, by id, with what is still to be sent (register OB-16). */
  readonly outbound: OutboundRecord;
}
export type Collection = keyof Records;
export const collections = [
  ...entityCollections,
  'requests',
  'calls',
  'stories',
  'oneShots',
  'outbound',
] as const satisfies readonly Collection[];

/** What is not kept on disk: a restart begins every story again. */
export const isVolatile = (collection: Collection): boolean =>
  collection === 'calls' || collection === 'stories' || collection === 'oneShots';

export type RecordAddress = { readonly collection: Collection; readonly id: string };

export const keptCollections = collections.filter((name) => !isVolatile(name));

/** One record's new value; null takes it away. */
export type Change = {
  [C in Collection]: {
    readonly collection: C;
    readonly id: string;
    readonly value: Records[C] | null;
  };
}[Collection];

/** Everything one client has; no other client sees it. */
export type ClientState = { readonly [C in Collection]: RecordMap<Records[C]> };

export const emptyClientState = (pool: RecordPool = { bytes: 0 }): ClientState => ({
  accounts: new RecordMap(pool),
  linkages: new RecordMap(pool),
  payments: new RecordMap(pool),
  orders: new RecordMap(pool),
  cards: new RecordMap(pool),
  requests: new RecordMap(pool),
  calls: new RecordMap(pool),
  stories: new RecordMap(pool),
  oneShots: new RecordMap(pool),
  outbound: new RecordMap(pool),
});

/** Everything that is held, by client. */
export class State extends Map<string, ClientState> {
  /** Counts the bytes of all records. */
  readonly pool: RecordPool = { bytes: 0 };

  /** A client's state, created if it does not exist. */
  of(clientId: string): ClientState {
    const state = this.get(clientId) ?? emptyClientState(this.pool);
    this.set(clientId, state);
    return state;
  }

  override delete(clientId: string): boolean {
    for (const records of Object.values(this.get(clientId) ?? {})) records.clear();
    return super.delete(clientId);
  }
}

export interface StateLimits {
  /** Request ids remembered; the oldest is evicted first (register I-05). */
  readonly requests: number;
  /** About how many bytes all worlds together may take; a new record beyond that is refused. */
  readonly bytes: number;
}

/**
 * Whether a change adds a record that nothing else bounds: request ids, of which every update brings
 * one, have `idempotency.max`.
 */
export const isNewEntity = (
  held: ClientState | undefined,
  { collection, id, value }: Change,
): boolean =>
  value !== null && isEntityCollection(collection) && held?.[collection].has(id) !== true;

/** Puts changes into a world. @returns how many request ids were deleted to make room */
export const applyChange = (
  world: ClientState,
  changes: readonly Change[],
  limits: StateLimits,
): number => {
  let evicted = 0;
  for (const { collection, id, value } of changes) {
    // A Change pairs its collection with its own kind of value; the union is taken apart here,
    // once.
    const records = world[collection] as RecordMap<unknown>;
    if (value === null) records.delete(id);
    else records.set(id, value);
    evicted += makeRoom(world, limits);
  }
  return evicted;
};

/** Deletes the oldest request ids beyond the limit. @returns how many there were */
export const makeRoom = ({ requests }: ClientState, limits: StateLimits): number => {
  const surplus = Math.max(0, requests.size - limits.requests);
  for (let index = 0; index < surplus; index++) requests.deleteOldest();
  return surplus;
};

/** What the maps of a store have in common. */
export interface RecordPool {
  /** Of all records together. */
  bytes: number;
}

/** In addition to its text: the slot in the map and the key. */
const slotBytes = 64;

/**
 * Records by id, in the order in which they came. One that was read from a file stays a part of
 * that file: parsing 200,000 records would more than double the time of a start, and take 90 MiB.
 */
export class RecordMap<V> implements ReadonlyMap<string, V> {
  readonly #held = new Map<string, V | Buffer>();
  readonly #pool: RecordPool;
  /** Kept between calls: a new iterator would pass all deleted entries again each time. */
  #oldest: Iterator<string> | undefined;

  constructor(pool: RecordPool) {
    this.#pool = pool;
  }

  get size(): number {
    return this.#held.size;
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  get(id: string): V | undefined {
    return readHeld(this.#held.get(id));
  }

  /** Equal as long as the record is not changed. */
  tokenOf(id: string): V | Buffer | undefined {
    return this.#held.get(id);
  }

  set(id: string, value: V): void {
    this.#release(id);
    this.#held.set(id, value);
    this.#pool.bytes += estimateRecordBytes(id, value);
  }

  /** @param text JSON that a checksum has verified */
  setText(id: string, text: Buffer): void {
    this.#release(id);
    this.#held.set(id, text);
    this.#pool.bytes += estimateRecordBytes(id, text);
  }

  delete(id: string): boolean {
    this.#release(id);
    return this.#held.delete(id);
  }

  /** Deletes the record that came first, if there is one. */
  deleteOldest(): void {
    this.#oldest ??= this.#held.keys();
    const { value: id, done } = this.#oldest.next();
    if (done === true) this.#oldest = undefined;
    else this.delete(id);
  }

  clear(): void {
    for (const id of this.#held.keys()) this.#release(id);
    this.#held.clear();
    this.#oldest = undefined;
  }

  keys(): MapIterator<string> {
    return this.#held.keys();
  }

  *entries(): MapIterator<[string, V]> {
    for (const [id, held] of this.#held) yield [id, Buffer.isBuffer(held) ? parse(held) : held];
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  forEach(take: (value: V, id: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [id, value] of this) take(value, id, this);
  }

  /** Every record as JSON, text unparsed. Records may come and go while it runs. */
  *texts(): Generator<[id: string, text: string]> {
    for (const [id, held] of this.#held)
      yield [id, Buffer.isBuffer(held) ? held.toString() : JSON.stringify(held)];
  }

  #release(id: string): void {
    const held = this.#held.get(id);
    if (held !== undefined) this.#pool.bytes -= estimateRecordBytes(id, held);
  }
}

/** The value behind a token. */
export const readHeld = <V>(held: V | Buffer | undefined): V | undefined =>
  Buffer.isBuffer(held) ? parse(held) : held;

const parse = (text: Buffer) => JSON.parse(text.toString());

const estimateRecordBytes = (id: string, held: unknown): number =>
  slotBytes + id.length + (Buffer.isBuffer(held) ? held.length : estimateBytes(held));

const objectOverhead = 24;
const fieldOverhead = 8;

/**
 * About how many bytes of memory a JSON value takes: for a bound on all of them, not for an
 * account.
 */
const estimateBytes = (value: unknown): number => {
  if (typeof value === 'string') return objectOverhead + value.length;
  if (typeof value !== 'object' || value === null) return fieldOverhead;
  let bytes = objectOverhead;
  // A list of the values would be made of every object, twice for each record.
  for (const name in value)
    bytes += fieldOverhead + estimateBytes((value as Record<string, unknown>)[name]);
  return bytes;
};
