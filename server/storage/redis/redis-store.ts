import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { StateLimits } from '../../domain/state/state.ts';
import {
  type Change,
  type Collection,
  collections,
  type RecordAddress,
  type Records,
} from '../../domain/state/state.ts';
import {
  type CommitResult,
  defaultPageLimit,
  type HeldRecord,
  type Page,
  type PageOptions,
  SettingsChangedError,
  type Store,
  StoreError,
  type StoreHealth,
} from '../store.ts';
import {
  type Commit,
  type CommitBase,
  type CommitCall,
  CommitQueue,
  type CommitReply,
  orderKey,
} from './commits.ts';
import { Engine, type EngineOptions } from './engine.ts';
import { Fleet } from './fleet.ts';
import { KnownRecords, knownKey, RecordTurns } from './known-records.ts';
import type { EngineReply } from './link.ts';
import { tokenLength } from './scripts.ts';

/** The whole of a transaction, its wait for those before it included. */
const transactMs = 1000;
/** On top of it: to find out whether a change was made. */
const findMs = 300;
const readMs = 5000;

/** Settings of a client that every request rests on, shared by all replicas. */
export interface SharedControl {
  readonly version: string;
  /** JSON; empty where none was ever set. */
  readonly text: string;
}

/**
 * The state in Redis or Valkey, for any number of replicas. A decision guesses what is held from
 * what this process saw last; one script compares and changes. Decisions on the same record wait
 * for each other here, so that only those of other replicas can come between.
 */
export class RedisStore implements Store {
  readonly engine: Engine;
  readonly fleet: Fleet;
  readonly #limits: StateLimits;
  readonly #known = new KnownRecords();
  readonly #queue: CommitQueue;
  readonly #turns: RecordTurns;
  /** The life of each client's records: another one means that the engine has lost them. */
  readonly #incarnations = new Map<string, string>();
  /** Clients that are in the list of all. */
  readonly #listed = new Set<string>();
  /** Versions of the controls that this replica has applied; a commit compares them. */
  readonly #controls = new Map<string, string>();
  #commits = 0;
  #tokenPrefix = newTokenPrefix();

  private constructor(engine: Engine, limits: StateLimits) {
    this.engine = engine;
    this.fleet = new Fleet(engine);
    this.#limits = limits;
    this.#turns = new RecordTurns(() => engine.hasOthers);
    const send = ({ keys, args }: CommitCall, deadline: number): Promise<EngineReply> =>
      engine.run('commit', keys, args, deadline);
    this.#queue = new CommitQueue({ keys: engine.keys, limits, send });
    engine.onLoss(() => {
      for (const known of [this.#known, this.#incarnations, this.#listed, this.#controls])
        known.clear();
    });
  }

  /** @throws StoreUnusableError */
  static async open(options: EngineOptions, limits: StateLimits): Promise<RedisStore> {
    return new RedisStore(await Engine.open(options), limits);
  }

  get health(): StoreHealth {
    return this.engine.health;
  }

  get clockOffsetMs(): number {
    return this.engine.offsetMs;
  }

  recall(clientId: string, addresses: readonly RecordAddress[]): readonly HeldRecord[] {
    return addresses.map(({ collection, id }) => {
      const known = this.#known.get(knownKey(clientId, collection, id));
      return { collection, id, value: known?.value, token: known?.token };
    });
  }

  enqueue<T>(
    clientId: string,
    addresses: readonly RecordAddress[],
    run: (deadline: number) => Promise<T>,
  ): Promise<T> {
    const keys = addresses.map(({ collection, id }) => knownKey(clientId, collection, id));
    return this.#turns.run(keys, performance.now() + transactMs, run);
  }

  async commit(
    clientId: string,
    read: readonly HeldRecord[],
    changes: readonly Change[],
    deadline = performance.now() + transactMs,
  ): Promise<CommitResult> {
    this.engine.throwIfUnusable();
    if (!this.engine.hasLease) {
      // It was asleep: others may have gone ahead without it.
      await this.engine.beat();
      throw new SettingsChangedError(clientId);
    }
    if (changes.length > 0 && !this.#listed.has(clientId)) await this.#list(clientId, deadline);
    const token = this.#nextToken();
    const commit: Commit = { read, changes, token, deadline };
    const reply = await this.#queue
      .add(this.#commitBase(clientId), commit)
      .catch((error: unknown) => this.#afterUnknown(error, clientId, commit));
    const result = this.#conclude(reply, clientId, commit);
    const [first] = read;
    if ('held' in result && first !== undefined)
      await this.#turns.refused(knownKey(clientId, first.collection, first.id));
    return result;
  }

  async list<C extends Collection>(
    clientId: string,
    collection: C,
    options?: PageOptions,
  ): Promise<Page<readonly [id: string, value: Records[C]]>> {
    const { items: ids, next } = await this.listIds(clientId, collection, options);
    if (ids.length === 0) return { items: [], next };
    const key = this.engine.keys.of(clientId, collection);
    const values = await this.#read(['HMGET', key, ...ids]);
    const items = ids.flatMap((id, index): (readonly [string, Records[C]])[] => {
      const stored = values[index];
      // A collection holds records of its own kind, which the compiler cannot follow.
      return typeof stored === 'string' ? [[id, parseValue(stored) as Records[C]]] : [];
    });
    return { items, next };
  }

  async listIds(
    clientId: string,
    collection: Collection,
    { after = '0 ', limit = defaultPageLimit }: PageOptions = {},
  ): Promise<Page<string>> {
    const key = orderKey(this.engine.keys, clientId, collection);
    return this.#readPage(key, after, limit);
  }

  async count(clientId: string): Promise<Readonly<Record<Collection, number>>> {
    const counts = await Promise.all(
      collections.map(async (name) => {
        const key = this.engine.keys.of(clientId, name);
        const size = await this.engine.send(key, ['HLEN', key], performance.now() + readMs);
        return [name, Number(size)];
      }),
    );
    return Object.fromEntries(counts) as Record<Collection, number>;
  }

  async clientIds({
    after = '0 ',
    limit = defaultPageLimit,
  }: PageOptions = {}): Promise<Page<string>> {
    const items: string[] = [];
    let next: string | undefined = after;
    while (next !== undefined) {
      const page: Page<string> = await this.#readPage(
        this.engine.keys.sharedKey('clients'),
        next,
        limit - items.length,
      );
      const held = await Promise.all(page.items.map((id) => this.#holdsAny(id)));
      items.push(...page.items.filter((_, index) => held[index]));
      next = page.next;
      if (items.length === limit) break;
    }
    // What follows may be clients without state: then there is no further page.
    if (next !== undefined && (await this.clientIds({ after: next, limit: 1 })).items.length === 0)
      next = undefined;
    return { items, next };
  }

  async clear(clientId: string, kinds: readonly Collection[] = collections): Promise<void> {
    const keys = kinds.flatMap((name) => [
      this.engine.keys.of(clientId, name),
      orderKey(this.engine.keys, clientId, name),
    ]);
    await this.engine.run(
      'clear',
      [this.#metaKey(clientId), ...keys],
      [this.#limits.bytes > 0 ? '1' : '0'],
      performance.now() + readMs,
    );
    this.#known.forgetUnder(kinds.map((name) => knownKey(clientId, name, '')));
  }

  acceptLoss(): Promise<void> {
    return this.engine.acceptLoss();
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  /** Every client that ever had state or a control. */
  async listClients(): Promise<readonly string[]> {
    const key = this.engine.keys.sharedKey('clients');
    return (await this.#read(['ZRANGE', key, '0', '-1'])).map(String);
  }

  /** The control that this replica has applied: later commits rest on it. */
  setControlVersion(clientId: string, version: string): void {
    if (version === '0') this.#controls.delete(clientId);
    else this.#controls.set(clientId, version);
  }

  async readControl(clientId: string): Promise<SharedControl> {
    const key = this.#metaKey(clientId);
    const [version, text] = await this.#read(['HMGET', key, 'version', 'control']);
    return { version: String(version ?? '0'), text: String(text ?? '') };
  }

  /**
   * Replaces a client's control, and makes changes with it, if it is still the one that this
   * replica has applied. @returns whether it was
   */
  async writeControl(
    clientId: string,
    text: string,
    changes: readonly Change[] = [],
  ): Promise<boolean> {
    const deadline = performance.now() + transactMs;
    if (!this.#listed.has(clientId)) await this.#list(clientId, deadline);
    const token = this.#nextToken();
    const commit: Commit = { read: [], changes, token, deadline };
    const { keys, args } = this.#queue.build(this.#commitBase(clientId), [commit], text);
    const reply = await this.engine.run('commit', keys, args, deadline);
    const [word, , outcome] = reply as readonly EngineReply[];
    if (Array.isArray(outcome)) throw this.#fullError(Number(outcome[1]));
    if (word !== 'ok') return false;
    this.setControlVersion(clientId, String(Number(this.#controls.get(clientId) ?? '0') + 1));
    this.#remember(clientId, commit);
    return true;
  }

  #commitBase(clientId: string): CommitBase {
    return {
      clientId,
      incarnation: this.#incarnations.get(clientId) ?? '',
      control: this.#controls.get(clientId) ?? '0',
    };
  }

  /** Reads the reply to a commit. @throws StoreError */
  #conclude({ outcome, incarnation }: CommitReply, clientId: string, commit: Commit): CommitResult {
    if (incarnation !== '') this.#incarnations.set(clientId, incarnation);
    if (typeof outcome === 'number') {
      this.#remember(clientId, commit);
      return { evicted: outcome };
    }
    const [word, ...rest] = outcome as readonly EngineReply[];
    if (word === 'held') return { held: this.#readHeld(clientId, commit.read, rest) };
    if (word === 'full') throw this.#fullError(Number(rest[0]));
    if (word === 'lost') {
      this.engine.reportLoss(`the records of ${clientId} are gone`);
      this.engine.throwIfUnusable();
    }
    throw new SettingsChangedError(clientId);
  }

  /**
   * The command was sent, and no reply came. It is never sent again: a record with its token proves
   * that it was carried out. Without one it may be carried out later.
   */
  async #afterUnknown(
    error: unknown,
    clientId: string,
    { token, changes, deadline }: Commit,
  ): Promise<CommitReply> {
    if (!(error instanceof StoreError) || !error.isOutcomeUnknown) throw error;
    for (const { collection, id } of changes)
      this.#known.forget(knownKey(clientId, collection, id));
    const written = changes.find(({ value }) => value !== null);
    if (written === undefined) throw error;
    const key = this.engine.keys.of(clientId, written.collection);
    const giveUpAt = Math.min(deadline, performance.now() + transactMs) + findMs;
    while (performance.now() < giveUpAt) {
      const stored = await this.engine.link
        .send(key, ['HGET', key, written.id], giveUpAt)
        .catch(() => undefined);
      if (typeof stored === 'string' && stored.startsWith(token))
        return { outcome: 0, incarnation: '' };
      if (stored !== undefined) break;
      await wait(40);
    }
    throw error;
  }

  #readHeld(
    clientId: string,
    read: readonly HeldRecord[],
    stored: readonly EngineReply[],
  ): readonly HeldRecord[] {
    return read.map(({ collection, id }, index): HeldRecord => {
      const text = stored[index];
      const key = knownKey(clientId, collection, id);
      if (typeof text !== 'string' || text === '') {
        this.#known.forget(key);
        return { collection, id, value: undefined, token: undefined };
      }
      const token = text.slice(0, tokenLength);
      const value = parseValue(text);
      this.#known.keep(key, { value, token });
      return { collection, id, value, token };
    });
  }

  #remember(clientId: string, { changes, token }: Commit): void {
    for (const { collection, id, value } of changes) {
      const key = knownKey(clientId, collection, id);
      if (value === null) this.#known.forget(key);
      else this.#known.keep(key, { value, token });
    }
  }

  /** Before the first change of a client, so that its records are found whatever happens next. */
  async #list(clientId: string, deadline: number): Promise<void> {
    const key = this.engine.keys.sharedKey('clients');
    const born = String(Date.now() * 1000 + (this.#listed.size % 1000));
    await this.engine.send(key, ['ZADD', key, 'NX', born, clientId], deadline);
    this.#listed.add(clientId);
  }

  async #holdsAny(clientId: string): Promise<boolean> {
    const keys = collections.map((name) => this.engine.keys.of(clientId, name));
    const [first = ''] = keys;
    // One node has them all.
    const found = await this.engine.send(first, ['EXISTS', ...keys], performance.now() + readMs);
    return Number(found) > 0;
  }

  async #read(args: readonly [command: string, key: string, ...rest: string[]]) {
    const reply = await this.engine.send(args[1], args, performance.now() + readMs);
    return reply as readonly EngineReply[];
  }

  /** Members of a sorted set, from one that was the last of the page before. */
  async #readPage(key: string, after: string, limit: number): Promise<Page<string>> {
    const from = `(${Number.parseFloat(after)}`;
    const window = ['WITHSCORES', 'LIMIT', '0', String(limit + 1)];
    const found = (await this.#read(['ZRANGEBYSCORE', key, from, '+inf', ...window])).map(String);
    const items = found.filter((_, index) => index % 2 === 0).slice(0, limit);
    const hasMore = found.length > 2 * limit;
    const last = 2 * items.length - 2;
    return { items, next: hasMore ? `${found[last + 1]} ${found[last]}` : undefined };
  }

  #metaKey(clientId: string): string {
    return this.engine.keys.of(clientId, 'meta');
  }

  /** Unlike every other token, in whatever replica and run. */
  #nextToken(): string {
    if (this.#commits === 36 ** 6) [this.#commits, this.#tokenPrefix] = [0, newTokenPrefix()];
    return this.#tokenPrefix + (this.#commits++).toString(36).padStart(6, '0');
  }

  #fullError(bytes: number): StoreError {
    return new StoreError(
      `nothing new can be kept: the records of this client take ${(bytes / 1e6).toFixed(1)} MB, ` +
        `and limits.stateBytes allows ${(this.#limits.bytes / 1e6).toFixed(1)} MB. Drop or reset ` +
        'it, or raise the limit. Updates of what is held are still accepted.',
    );
  }
}

const newTokenPrefix = (): string => randomBytes(6).toString('base64url').slice(0, 6);

const parseValue = (stored: string): Records[Collection] => JSON.parse(stored.slice(tokenLength));
