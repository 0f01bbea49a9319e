import type { KeyObject } from 'node:crypto';
import { type CompiledRule, RuleList } from '../domain/scenarios/select-rule.ts';
import type { Change, JsonObject } from '../domain/state/state.ts';
import type { Problem } from '../problems/problem.ts';
import {
  checkKey,
  type KeyRules,
  keyFingerprint,
  makeKeyPair,
} from '../protocol/keys/key-objects.ts';
import { alwaysValid, Keyring, type KeyVersion } from '../protocol/keys/keyring.ts';
import { parseKey } from '../protocol/keys/parse-key.ts';
import { type KeyFamily, keyFamily } from '../protocol/signatures.ts';
import { Clock, type ClockAnchor, type ClockState } from './clock.ts';
import { platformKeyComplaint } from './key-folder/key-folder.ts';

/** What can be set for one client, apart from all others. */
export interface ClientControls {
  readonly clock: Clock;
  /** Rules queued for its next calls. */
  readonly oneShots: OneShots;
  /** Names of the scenarios active for this client alone, in order. */
  scenarios: readonly string[];
}

/** The present values of a client's controls. */
export interface ClientView {
  readonly clock: ClockState;
  /** In the order in which they are tried. */
  readonly oneShots: readonly OneShot[];
  readonly scenarios: readonly string[];
}

/** What was set for one client, as replicas exchange it. */
export interface ClientSettingsDocument {
  /** The keys of a client that was created; absent for one of the key folder. */
  readonly created: readonly KeyVersion[] | undefined;
  readonly platform: readonly KeyVersion[] | undefined;
  readonly added: readonly KeyVersion[];
  readonly expirations: readonly (readonly [version: string, at: number])[];
  readonly scenarios: readonly string[];
  readonly clock: ClockAnchor | undefined;
  /** How many names queued rules have had. */
  readonly oneShotNames: number;
}

/** All clients: those of the key folder, and those created while the simulator runs. */
export class ClientRegistry {
  readonly #inFiles: () => ReadonlyMap<string, Keyring>;
  readonly #clock: Clock;
  readonly #created = new Map<string, Keyring>();
  /** Platform keys that were made for one created client alone. */
  readonly #platforms = new Map<string, Keyring>();
  readonly #added = new KeyOverlay();
  /** All keyrings merged, until one changes: every request reads them. */
  #all:
    | {
        readonly inFiles: ReadonlyMap<string, Keyring>;
        readonly keyrings: ReadonlyMap<string, Keyring>;
      }
    | undefined;
  readonly #controls = new Map<string, ClientControls>();

  constructor(inFiles: () => ReadonlyMap<string, Keyring>, clock: Clock) {
    this.#inFiles = inFiles;
    this.#clock = clock;
  }

  keyring(id: string): Keyring | undefined {
    const keyring = this.#created.get(id) ?? this.#inFiles().get(id);
    return keyring === undefined || this.#added.size === 0
      ? keyring
      : this.#added.applyTo(id, keyring);
  }

  get keyrings(): ReadonlyMap<string, Keyring> {
    const inFiles = this.#inFiles();
    if (this.#created.size === 0 && this.#added.size === 0) return inFiles;
    if (this.#all?.inFiles !== inFiles) this.#all = { inFiles, keyrings: this.#join(inFiles) };
    return this.#all.keyrings;
  }

  isCreated(id: string): boolean {
    return this.#created.has(id);
  }

  get createdIds(): readonly string[] {
    return [...this.#created.keys()];
  }

  /** Lasts as long as the process, whether the client was created or is in the key folder. */
  addKey(id: string, key: KeyVersion): void {
    this.#added.add(id, key);
    this.#all = undefined;
  }

  endKeys(id: string, keys: readonly KeyVersion[], at: number): void {
    this.#added.end(id, keys, at);
    this.#all = undefined;
  }

  /** Restores the client's keys as they were created, or are in the key folder. */
  deleteAddedKeys(id: string): void {
    this.#added.delete(id);
    this.#all = undefined;
  }

  /** The platform's keys of one client; undefined: those of all others. */
  platformFor(id: string | undefined): Keyring | undefined {
    return this.#platforms.size === 0 || id === undefined ? undefined : this.#platforms.get(id);
  }

  /**
   * @param platform the platform's keys for this client, where they differ from those of others
   * @returns false when the id is taken
   */
  create(id: string, keyring: Keyring, platform?: Keyring): boolean {
    if (this.keyring(id) !== undefined) return false;
    this.#created.set(id, keyring);
    if (platform !== undefined) this.#platforms.set(id, platform);
    this.#all = undefined;
    return true;
  }

  /** Deletes a created client and its controls. @returns false when it was not created here */
  drop(id: string): boolean {
    // A client of the key folder keeps everything: it exists still, and would lose its clock, rules
    // and rotated keys.
    if (!this.#created.has(id)) return false;
    this.#controls.get(id)?.clock.dispose();
    this.#controls.delete(id);
    this.#added.delete(id);
    this.#platforms.delete(id);
    this.#all = undefined;
    return this.#created.delete(id);
  }

  /** A known client's controls, created on first use. */
  controls(id: string): ClientControls {
    const known = this.#controls.get(id);
    if (known !== undefined) return known;
    const controls: ClientControls = {
      clock: new Clock(this.#clock),
      oneShots: new OneShots(),
      scenarios: [],
    };
    this.#controls.set(id, controls);
    return controls;
  }

  /** The values of a known client's controls; creates none. */
  view(id: string): ClientView {
    const controls = this.#controls.get(id);
    return {
      clock: controls?.clock.state ?? { now: this.#clock.now(), rate: 1 },
      oneShots: controls?.oneShots.queue ?? [],
      scenarios: controls?.scenarios ?? [],
    };
  }

  /** Undefined for a client whose controls were never used. */
  existingControls(id: string): ClientControls | undefined {
    return this.#controls.get(id);
  }

  /** Scenarios active for this client alone; creates nothing. */
  scenariosFor(id: string | undefined): readonly string[] {
    return (id === undefined ? undefined : this.#controls.get(id)?.scenarios) ?? noScenarios;
  }

  /** The clock of a client, or the simulator's for one without its own. */
  clockFor(id: string | undefined): Clock {
    return (id === undefined ? undefined : this.#controls.get(id)?.clock) ?? this.#clock;
  }

  /** Everything that was set for a client while the simulator runs. */
  exportSettings(id: string): ClientSettingsDocument {
    const controls = this.#controls.get(id);
    const overlay = this.#added.export(id);
    return {
      created: this.#created.get(id)?.versions,
      platform: this.#platforms.get(id)?.versions,
      added: overlay.added,
      expirations: [...overlay.expirations],
      scenarios: controls?.scenarios ?? [],
      clock: controls?.clock.anchor,
      oneShotNames: controls?.oneShots.named ?? 0,
    };
  }

  /** Replaces what was set for a client; undefined: nothing was. Queued rules stay. */
  importSettings(id: string, document: ClientSettingsDocument | undefined): void {
    const { created, platform, added = [], expirations = [] } = document ?? {};
    if (created === undefined) this.drop(id);
    else this.#created.set(id, new Keyring(created));
    if (platform === undefined) this.#platforms.delete(id);
    else this.#platforms.set(id, new Keyring(platform));
    this.#added.replace(id, { added, expirations: new Map(expirations) });
    this.#all = undefined;
    if (document === undefined || this.keyring(id) === undefined) return;
    const controls = this.controls(id);
    controls.scenarios = document.scenarios;
    controls.oneShots.named = document.oneShotNames;
    if (document.clock === undefined) controls.clock.reset();
    else controls.clock.follow(document.clock);
  }

  #join(inFiles: ReadonlyMap<string, Keyring>): ReadonlyMap<string, Keyring> {
    return new Map(
      [...inFiles, ...this.#created].map(([id, keyring]) => [id, this.#added.applyTo(id, keyring)]),
    );
  }
}

/** A compiled rule that answers a number of calls and is then deleted. */
export interface OneShot {
  readonly rule: CompiledRule;
  readonly times: number;
  /** As it was queued. */
  readonly when: JsonObject;
  readonly then: JsonObject;
}

/**
 * The rules queued for a client's next calls, compiled. Whether one still answers is held in its
 * record: a decision reads that, and deletes it with its last call.
 */
class OneShots {
  #queue: OneShot[] = [];
  #rules = new RuleList([]);
  /** How many names were given. */
  named = 0;

  /** A name that no rule of the queue had before: its record is held under it. */
  nextName(): string {
    return `one-shot ${++this.named}`;
  }

  /** Replaces the whole queue. */
  replaceAll(queue: readonly OneShot[]): void {
    this.#change([...queue]);
  }

  add(oneShot: OneShot): void {
    this.#change([...this.#queue, oneShot]);
  }

  /** Puts one in the place of the one of its name. */
  replace(oneShot: OneShot): void {
    this.#change(this.#queue.map((one) => (one.rule.name === oneShot.rule.name ? oneShot : one)));
  }

  /** In the order in which they are tried. */
  get queue(): readonly OneShot[] {
    return this.#queue;
  }

  remove(name: string): void {
    this.#change(this.#queue.filter(({ rule }) => rule.name !== name));
  }

  get rules(): RuleList {
    return this.#rules;
  }

  /** Removes the rules whose records were deleted. @param committed changes of a request */
  removeDeleted(committed: readonly Change[]): void {
    if (this.#queue.length === 0) return;
    const deleted = committed.filter((one) => one.collection === 'oneShots' && one.value === null);
    if (deleted.length === 0) return;
    this.#change(this.#queue.filter(({ rule }) => !deleted.some(({ id }) => id === rule.name)));
  }

  clear(): void {
    this.#change([]);
  }

  #change(queue: OneShot[]): void {
    this.#queue = queue;
    this.#rules = new RuleList(queue.map(({ rule }) => rule));
  }
}

const noScenarios: readonly string[] = [];

interface ClientOverlay {
  readonly added: readonly KeyVersion[];
  /** When versions end, by family and version; milliseconds since 1970. */
  readonly expirations: ReadonlyMap<string, number>;
  /** The last result, and the keyring that it was made from. */
  readonly made?: { readonly base: Keyring; readonly keyring: Keyring };
}

const noKeys: ClientOverlay = { added: [], expirations: new Map() };

const versionName = ({ family, version }: Pick<KeyVersion, 'family' | 'version'>): string =>
  `${family} ${version}`;

/** Keys added and ended while the simulator runs, over those of the key folder, which stay. */
class KeyOverlay {
  readonly #clients = new Map<string, ClientOverlay>();

  get size(): number {
    return this.#clients.size;
  }

  add(clientId: string, key: KeyVersion): void {
    const { added, expirations: endings } = this.#clients.get(clientId) ?? noKeys;
    this.#clients.set(clientId, { added: [...added, key], expirations: endings });
  }

  end(clientId: string, keys: readonly KeyVersion[], at: number): void {
    const { added, expirations: endings } = this.#clients.get(clientId) ?? noKeys;
    // An earlier end is kept: a retired key must not become active again.
    const ended = keys.map((key): [string, number] => [
      versionName(key),
      Math.min(at, endings.get(versionName(key)) ?? Infinity),
    ]);
    this.#clients.set(clientId, { added, expirations: new Map([...endings, ...ended]) });
  }

  delete(clientId: string): void {
    this.#clients.delete(clientId);
  }

  export(clientId: string): Pick<ClientOverlay, 'added' | 'expirations'> {
    return this.#clients.get(clientId) ?? noKeys;
  }

  replace(clientId: string, overlay: Pick<ClientOverlay, 'added' | 'expirations'>): void {
    if (overlay.added.length + overlay.expirations.size === 0) this.#clients.delete(clientId);
    else this.#clients.set(clientId, overlay);
  }

  /** A client's keyring with these keys; built once for each keyring below it. */
  applyTo(clientId: string, base: Keyring): Keyring {
    const own = this.#clients.get(clientId);
    if (own === undefined) return base;
    if (own.made?.base === base) return own.made.keyring;
    const keyring = new Keyring(
      [...base.versions, ...own.added].map((key) =>
        endAt(key, own.expirations.get(versionName(key))),
      ),
    );
    this.#clients.set(clientId, { ...own, made: { base, keyring } });
    return keyring;
  }
}

const endAt = (key: KeyVersion, at: number | undefined): KeyVersion =>
  at === undefined
    ? key
    : {
        ...key,
        validity: { ...key.validity, until: Math.min(at, key.validity.until ?? Infinity) },
      };

export interface NewKey {
  /** The client's own public key; a pair is generated when absent. */
  readonly publicKey?: string;
  readonly algorithm?: 'RSA256' | 'ECC224';
  /** How long the versions before it stay valid; absent: until their own end. */
  readonly overlapMs?: number;
}

/** Changes of clients' keys while the simulator runs; the key folder stays as it is. */
export class ClientKeys {
  readonly #book: ClientRegistry;
  readonly #platform: () => Keyring;
  readonly #rules: KeyRules;

  constructor(book: ClientRegistry, platform: () => Keyring, rules: KeyRules) {
    this.#book = book;
    this.#rules = rules;
    this.#platform = platform;
  }

  of(clientId: string): readonly KeyVersion[] {
    return this.#book.keyring(clientId)?.versions ?? [];
  }

  /** Adds a version. @returns the key, or what is wrong with what was asked. */
  async rotate(
    clientId: string,
    { publicKey, algorithm = 'RSA256', overlapMs }: NewKey,
  ): Promise<{ readonly key: KeyVersion } | { readonly problem: Problem }> {
    const halves = await importOrGenerate(publicKey, algorithm, this.#rules);
    if ('problem' in halves) return halves;
    const family = keyFamily(halves.publicKey) ?? 'RSA';
    const before = this.of(clientId).filter((key) => key.family === family);
    const fingerprint = keyFingerprint(halves.publicKey);
    const problem = this.#findProblem(family, fingerprint, before);
    if (problem !== undefined) return { problem };
    const key: KeyVersion = {
      version: Math.max(0, ...before.map(({ version }) => version)) + 1,
      family,
      fingerprint,
      validity: alwaysValid,
      ...halves,
    };
    if (overlapMs !== undefined)
      this.#book.endKeys(clientId, before, this.#book.clockFor(clientId).now() + overlapMs);
    this.#book.addKey(clientId, key);
    return { key };
  }

  /** Ends a version now. @returns false when it does not exist */
  end(clientId: string, family: KeyFamily, version: number): boolean {
    const keys = this.of(clientId).filter(
      (key) => key.family === family && key.version === version,
    );
    this.#book.endKeys(clientId, keys, this.#book.clockFor(clientId).now());
    return keys.length > 0;
  }

  #findProblem(
    family: KeyFamily,
    fingerprint: string,
    before: readonly KeyVersion[],
  ): Problem | undefined {
    const known = before.find((key) => key.fingerprint === fingerprint);
    if (known !== undefined)
      return {
        where: 'publicKey',
        message: `is version ${known.version} already`,
        remedy: 'Make a new key; a rotation is for that.',
      };
    return platformProblem(this.#platform(), family, fingerprint);
  }
}

export type KeyHalves = { readonly publicKey: KeyObject; readonly privateKey?: KeyObject };

/**
 * The client's own public key in any form that needs no password, or a pair that is made for it.
 */
export const importOrGenerate = async (
  publicKey: string | undefined,
  algorithm: 'RSA256' | 'ECC224',
  rules: KeyRules = { weakKeys: false },
): Promise<KeyHalves | { readonly problem: Problem }> =>
  publicKey === undefined
    ? makeKeyPair(algorithm === 'RSA256' ? 'RSA' : 'EC', 2048)
    : readPublicKey(publicKey, rules);

const readPublicKey = (
  text: string,
  rules: KeyRules,
): KeyHalves | { readonly problem: Problem } => {
  const read = parseKey(Buffer.from(text));
  if ('message' in read) return { problem: { where: 'publicKey', ...read } };
  const checked = checkKey(read, 'public', rules);
  if ('message' in checked) return { problem: { where: 'publicKey', ...checked } };
  return { publicKey: read.key };
};

/** Why a client's key is of no use with this platform's keys; undefined when it is. */
export const platformProblem = (
  platform: Keyring,
  family: KeyFamily,
  fingerprint: string,
): Problem | undefined => {
  if (platform.versions.some((key) => key.fingerprint === fingerprint))
    return { where: 'publicKey', ...platformKeyComplaint };
  if (platform.find(family)?.privateKey === undefined)
    return {
      where: 'algorithm',
      message: 'the platform has no ECC224 key to answer with',
      remedy: 'Use RSA256, or give the platform one: keys create --platform --type ec.',
    };
  return undefined;
};
