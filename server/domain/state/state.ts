import { RecordMap, type RecordPool } from './record-map.ts';

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
export const outboundStates = ['pending', 'acknowledged', 'exhausted', 'cancelled'] as const;
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

export interface StateLimits {
  /** Request ids remembered; the oldest is evicted first (register I-05). */
  readonly requests: number;
  /** About how many bytes all worlds together may take; a new record beyond that is refused. */
  readonly bytes: number;
}

/** Changes that were put into a world. */
export interface Applied {
  /** How many request ids were deleted to make room. */
  readonly evicted: number;
  /**
   * Puts the world back to what it was before them. Changes that came later must have been undone
   * first.
   */
  readonly undo: () => void;
}

/** Puts changes into a world, in a way that can be undone. */
export const applyChange = (
  world: ClientState,
  changes: readonly Change[],
  limits: StateLimits,
): Applied => {
  const before = new Before();
  let evicted = 0;
  for (const { collection, id, value } of changes) {
    // A Change pairs its collection with its own kind of value; the union is taken apart here,
    // once.
    const records = world[collection] as RecordMap<unknown>;
    before.save(records, id, value === null);
    if (value === null) records.delete(id);
    else records.set(id, value);
    evicted += makeRoom(world, limits, before);
  }
  return { evicted, undo: () => before.restore() };
};

/** Deletes the oldest request ids beyond the limit. @returns how many there were */
export const makeRoom = (
  { requests }: ClientState,
  limits: StateLimits,
  before?: Before,
): number => {
  const surplus = Math.max(0, requests.size - limits.requests);
  for (let index = 0; index < surplus; index++) {
    const oldest = requests.deleteOldest(before !== undefined);
    if (oldest !== undefined) before?.saveOldest(requests, ...oldest);
  }
  return surplus;
};

/** What records were before they changed. */
class Before {
  readonly #records: (readonly [records: RecordMap<unknown>, id: string, value: unknown])[] = [];
  /** The order of collections that have lost a record: putting it back would place it last. */
  readonly #orders = new Map<RecordMap<unknown>, readonly string[]>();
  readonly #oldest: string[] = [];

  save(records: RecordMap<unknown>, id: string, isDeleted: boolean): void {
    const value = records.get(id);
    this.#records.push([records, id, value]);
    if (!isDeleted || value === undefined) return;
    const known = this.#orders.get(records);
    if (known === undefined) this.#orders.set(records, [...records.keys()]);
    else if (known === this.#oldest) this.#orders.set(records, [...known, ...records.keys()]);
  }

  saveOldest(records: RecordMap<unknown>, id: string, value: unknown): void {
    this.#records.push([records, id, value]);
    // Deleted one after the other, the oldest first: their order is that of the collection's
    // beginning.
    this.#oldest.push(id);
    if (!this.#orders.has(records)) this.#orders.set(records, this.#oldest);
  }

  restore(): void {
    for (const [records, id, value] of this.#records.toReversed()) {
      if (value === undefined) records.delete(id);
      else records.set(id, value);
    }
    for (const [records, order] of this.#orders) records.reorder(order);
  }
}
