import { randomBytes } from 'node:crypto';
import type { Contract } from '../domain/contract/contract.ts';
import { compileRule } from '../domain/scenarios/compile-scenario.ts';
import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import type { CompiledRule } from '../domain/scenarios/select-rule.ts';
import {
  type Collection,
  entityCollections,
  type JsonObject,
  type OneShotRecord,
} from '../domain/state/state.ts';
import type { Journal } from '../journal/journal.ts';
import { type Problem, StartupError } from '../problems/problem.ts';
import { type KeyRules, keyFingerprint, makeKeyPair } from '../protocol/keys/key-objects.ts';
import { alwaysValid, Keyring } from '../protocol/keys/keyring.ts';
import { type KeyFamily, keyFamily } from '../protocol/signatures.ts';
import { collectAll, listAll, type Store } from '../storage/store.ts';
import {
  type ClientControls,
  type ClientRegistry,
  type ClientView,
  importOrGenerate,
  type OneShot,
  platformProblem,
} from './client-registry.ts';
import type { Clock, Seed } from './clock.ts';
import { clientIdRule, isClientId } from './key-folder/key-folder.ts';

export interface NewClient {
  /** Generated when absent. */
  readonly clientId?: string;
  /** The client's own public key (PEM, bare base64); a pair is generated when absent. */
  readonly publicKey?: string;
  readonly algorithm?: 'RSA256' | 'ECC224';
  /**
   * Generates platform keys for this client alone, one for each version. The newest signs, unless a
   * rule names another.
   */
  readonly platformKeyVersions?: readonly number[];
  /** The same, with keys that exist already. */
  readonly platformKeys?: Keyring;
}

export interface CreatedClient {
  readonly clientId: string;
  /** With the private half, unless the client brought its own public key. */
  readonly keyring: Keyring;
  /** The platform's keys for this client, where it has its own. */
  readonly platform: Keyring | undefined;
}

interface ClientOverview {
  readonly clientId: string;
  readonly created: boolean;
  readonly keys: readonly {
    readonly algorithm: 'RSA256' | 'ECC224';
    readonly version: number;
    readonly fingerprint: string;
  }[];
  readonly scenarios: readonly string[];
  readonly oneShots: number;
  readonly clock: ClientControls['clock']['state'];
}

export interface ClientsDeps {
  readonly book: ClientRegistry;
  readonly store: Store;
  readonly journal: Journal;
  readonly contract: Contract;
  readonly scenarios: ScenarioSet;
  /** The platform's keys as they are now. */
  readonly platform: () => Keyring;
  readonly keyRules: KeyRules;
}

/**
 * Creates and scripts clients. Each has its own state, so tests that run side by side need only
 * their own credentials.
 */
export class Clients {
  readonly #deps: ClientsDeps;

  constructor(deps: ClientsDeps) {
    this.#deps = deps;
  }

  /** @returns the client, or what is wrong with what was asked. */
  async create({
    clientId = newClientId(),
    publicKey,
    algorithm = 'RSA256',
    platformKeyVersions,
    platformKeys,
  }: NewClient = {}): Promise<CreatedClient | { readonly problem: Problem }> {
    if (!isClientId(clientId))
      return {
        problem: {
          where: 'clientId',
          message: clientIdRule,
          remedy: 'Leave it out to have one made up.',
        },
      };
    const { keyRules } = this.#deps;
    const own =
      platformKeyVersions === undefined
        ? platformKeys
        : await makePlatformKeys(algorithm, platformKeyVersions);
    const halves = await importOrGenerate(publicKey, algorithm, keyRules);
    if ('problem' in halves) return halves;
    const family = keyFamily(halves.publicKey) ?? 'RSA';
    const fingerprint = keyFingerprint(halves.publicKey);
    const problem = platformProblem(own ?? this.#deps.platform(), family, fingerprint);
    if (problem !== undefined) return { problem };
    const keyring = new Keyring([
      { version: 1, family, fingerprint, validity: alwaysValid, ...halves },
    ]);
    return this.#deps.book.create(clientId, keyring, own)
      ? { clientId, keyring, platform: own }
      : {
          problem: {
            where: 'clientId',
            message: `${clientId} exists already`,
            remedy: 'Leave it out to have one made up, or drop the other first.',
          },
        };
  }

  /**
   * Deletes a created client: keys, state, request ids, journal, clock, rules. @returns false when
   * it was not created here
   */
  async drop(clientId: string): Promise<boolean> {
    if (!this.#deps.book.drop(clientId)) return false;
    this.#deps.journal.deleteEntries(clientId);
    await this.#deps.store.clear(clientId);
    return true;
  }

  has(clientId: string): boolean {
    return this.#deps.book.keyring(clientId) !== undefined;
  }

  /** Whether it was created while the simulator runs. */
  isCreated(clientId: string): boolean {
    return this.#deps.book.isCreated(clientId);
  }

  /** To change something; a client's controls are created on first use. */
  controls(clientId: string): ClientControls {
    return this.#deps.book.controls(clientId);
  }

  /** To read; creates nothing. */
  view(clientId: string): ClientView {
    return this.#deps.book.view(clientId);
  }

  list(): readonly ClientOverview[] {
    const { book } = this.#deps;
    return [...book.keyrings].map(([clientId, { versions }]) => {
      const { clock, oneShots, scenarios } = book.view(clientId);
      const keys = versions.map(({ family, version, fingerprint }) => ({
        algorithm: algorithmFor(family),
        version,
        fingerprint,
      }));
      return {
        clientId,
        created: book.isCreated(clientId),
        keys,
        scenarios,
        oneShots: oneShots.length,
        clock,
      };
    });
  }

  /**
   * Makes scenarios active for this client alone. @returns the names that are not known; nothing
   * changes when there are any.
   */
  activate(clientId: string, names: readonly string[]): readonly string[] {
    const missing = names.filter((name) => !this.#deps.scenarios.known.has(name));
    if (missing.length === 0) this.controls(clientId).scenarios = names;
    return missing;
  }

  /**
   * Queues what is to happen to the client's next calls: a rule as in a scenario file, used `times`
   * times.
   */
  async queue(clientId: string, rule: QueuedRule): Promise<readonly Problem[]> {
    const { oneShots } = this.controls(clientId);
    const made = this.#compileOneShot(rule, () => oneShots.nextName());
    if ('problems' in made) return made.problems;
    await this.#storeOneShot(clientId, made);
    oneShots.add(made);
    return [];
  }

  /** Puts a rule in the place of a queued one, which has to exist; its calls count from 0 again. */
  async replaceOneShot(
    clientId: string,
    name: string,
    rule: QueuedRule,
  ): Promise<readonly Problem[]> {
    const made = this.#compileOneShot(rule, () => name);
    if ('problems' in made) return made.problems;
    await this.#storeOneShot(clientId, made);
    this.controls(clientId).oneShots.replace(made);
    return [];
  }

  async removeOneShot(clientId: string, name: string): Promise<void> {
    await this.#deps.store.commit(
      clientId,
      [],
      [{ collection: 'oneShots', id: name, value: null }],
    );
    this.controls(clientId).oneShots.remove(name);
  }

  /**
   * Makes a rule of a record that the store gets: one that was queued in another simulator.
   * @throws StartupError when it is no rule
   */
  restoreOneShot(clientId: string, name: string, { when, then, times }: OneShotRecord): void {
    const { oneShots } = this.controls(clientId);
    if (oneShots.queue.some(({ rule }) => rule.name === name)) return;
    const made = this.#compileOneShot({ when, then, times }, () => name);
    if ('problems' in made) throw new StartupError(made.problems);
    oneShots.add(made);
  }

  #compileOneShot(
    { times = 1, ...rule }: QueuedRule,
    pickName: () => string,
  ): OneShot | { readonly problems: readonly Problem[] } {
    const compiled = compileRule(
      'one-shot',
      'one-shot',
      withCallLimit(rule, times),
      this.#deps.contract,
    );
    if ('problems' in compiled) return compiled;
    const name = pickName();
    const scriptedResultFor: CompiledRule['scriptedResultFor'] = (call) => {
      const script = compiled.rule.scriptedResultFor(call);
      return script === undefined ? undefined : { ...script, name };
    };
    // The compiled rule shows that both are objects of JSON.
    const { when, then } = rule as { readonly when: JsonObject; readonly then: JsonObject };
    const named = { ...compiled.rule, name, isOneShot: true, scriptedResultFor };
    return { rule: named, times, when, then };
  }

  async #storeOneShot(clientId: string, { rule, times, when, then }: OneShot): Promise<void> {
    const value = { when, then, times, calls: 0 };
    await this.#deps.store.commit(clientId, [], [{ collection: 'oneShots', id: rule.name, value }]);
  }

  /** Reads the queue again: another replica may have changed it. */
  async reloadOneShots(clientId: string): Promise<void> {
    const { store } = this.#deps;
    const records = await collectAll((page) => store.list(clientId, 'oneShots', page));
    const queue = records.flatMap(([name, record]): readonly OneShot[] => {
      const compiled = this.#compileOneShot(record, () => name);
      return 'problems' in compiled ? [] : [compiled];
    });
    this.controls(clientId).oneShots.replaceAll(queue);
  }

  async clearOneShots(clientId: string): Promise<void> {
    this.controls(clientId).oneShots.clear();
    await this.#deps.store.clear(clientId, ['oneShots']);
  }
}

/** A rule as in a scenario file, for a number of calls. */
export interface QueuedRule {
  readonly times?: number;
  readonly when: unknown;
  readonly then: unknown;
}

const withCallLimit = (
  { when, then }: { readonly when: unknown; readonly then: unknown },
  times: number,
): unknown => ({
  when: typeof when === 'object' && when !== null ? { ...when, call: { first: times } } : when,
  then,
});

const makePlatformKeys = async (
  algorithm: 'RSA256' | 'ECC224',
  versions: readonly number[],
): Promise<Keyring> =>
  new Keyring(
    await Promise.all(
      versions.map(async (version) => {
        const family = algorithm === 'RSA256' ? 'RSA' : 'EC';
        const halves = await makeKeyPair(family, 2048);
        const fingerprint = keyFingerprint(halves.publicKey);
        return { version, family, fingerprint, validity: alwaysValid, ...halves } as const;
      }),
    ),
  );

const algorithmFor = (family: KeyFamily): 'RSA256' | 'ECC224' =>
  family === 'RSA' ? 'RSA256' : 'ECC224';

const newClientId = (): string => `MOCK${randomBytes(8).toString('hex').toUpperCase()}`;

export interface ResetsDeps {
  readonly book: ClientRegistry;
  readonly store: Store;
  readonly journal: Journal;
  readonly scenarios: ScenarioSet;
  readonly clock: Clock;
  readonly seed: Seed;
  /** Called when the records of one client, or of all, were deleted. */
  readonly onStateReset?: (clientId: string | undefined) => void;
}

/** Resets, each for one client or for all. Each does what its name says and nothing else. */
export class Resets {
  readonly #deps: ResetsDeps;
  readonly #firstSeed: number;

  constructor(deps: ResetsDeps) {
    this.#deps = deps;
    this.#firstSeed = deps.seed.value;
  }

  /** Deletes exchanges, and the count of evicted ones. */
  journal(clientId?: string): void {
    this.#deps.journal.deleteEntries(clientId);
  }

  /** Deletes accounts, linkages, payments, orders and cards; request ids stay. */
  async state(clientId?: string): Promise<void> {
    await this.#clear(entityCollections, clientId);
    this.#deps.onStateReset?.(clientId);
  }

  /** Deletes the request ids and their answers. */
  requestIds(clientId?: string): Promise<void> {
    return this.#clear(['requests'], clientId);
  }

  /**
   * Returns every story to its first state and empties queues. The scenarios of the start are
   * active again; a client's own are none.
   */
  async scenarios(clientId?: string): Promise<void> {
    const { book, scenarios } = this.#deps;
    for (const id of clientId === undefined ? book.keyrings.keys() : [clientId]) {
      const controls = book.existingControls(id);
      if (controls === undefined) continue;
      controls.oneShots.clear();
      controls.scenarios = [];
    }
    if (clientId === undefined) scenarios.activateInitial();
    await this.#clear(['calls', 'stories', 'oneShots'], clientId);
  }

  /** Deletes everything that a client has, except its keys. */
  async client(clientId: string): Promise<void> {
    this.journal(clientId);
    await this.scenarios(clientId);
    await this.#deps.store.clear(clientId);
    this.#deps.book.existingControls(clientId)?.clock.reset();
  }

  /** As after a start: created clients, added keys and uploads are deleted too. */
  async everything(): Promise<void> {
    const { book, store, journal, scenarios, clock, seed } = this.#deps;
    await store.acceptLoss?.();
    await this.scenarios();
    for (const id of book.keyrings.keys()) {
      book.existingControls(id)?.clock.reset();
      book.deleteAddedKeys(id);
    }
    for (const id of book.createdIds) book.drop(id);
    for await (const id of listAll((page) => store.clientIds(page))) await store.clear(id);
    scenarios.removeAll();
    journal.deleteEntries();
    clock.reset();
    seed.set(this.#firstSeed);
  }

  async #clear(collections: readonly Collection[], clientId: string | undefined): Promise<void> {
    const { store } = this.#deps;
    if (clientId !== undefined) return store.clear(clientId, collections);
    for await (const id of listAll((page) => store.clientIds(page)))
      await store.clear(id, collections);
  }
}
