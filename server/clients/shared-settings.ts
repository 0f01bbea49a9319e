import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Contract } from '../domain/contract/contract.ts';
import { toCompiledScenario } from '../domain/scenarios/compile-scenario.ts';
import { readScenarioText } from '../domain/scenarios/read-scenarios.ts';
import type { Rule } from '../domain/scenarios/scenario-file.ts';
import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import type { KeyVersion } from '../protocol/keys/keyring.ts';
import type { RedisStore } from '../storage/redis/redis-store.ts';
import { StoreError } from '../storage/store.ts';
import type { ClientRegistry, ClientSettingsDocument } from './client-registry.ts';
import type { Clients } from './clients.ts';
import type { Clock, ClockAnchor, Seed } from './clock.ts';

export interface SharedSettingsDeps {
  readonly store: RedisStore;
  readonly book: ClientRegistry;
  readonly clients: Clients;
  readonly scenarios: ScenarioSet;
  readonly contract: Contract;
  readonly clock: Clock;
  readonly seed: Seed;
  /** Clients whose requests in flight all replicas know of. */
  readonly watched: Set<string>;
}

/** What is set for everyone. */
interface EveryonesSettings {
  readonly active: readonly string[];
  readonly uploaded: readonly string[];
  readonly made: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
  readonly clock: ClockAnchor;
  readonly seed: number;
  readonly watched: readonly string[];
}

/**
 * Clients, keys, scenarios, queued rules, clocks and the seed, the same in all replicas. What is
 * set for one client is compared inside each commit. What is set for everyone is acknowledged by
 * every live replica before the one that changed it answers.
 */
export class SharedSettings {
  readonly #deps: SharedSettingsDeps;
  readonly #applied = new Map<string, string>();
  /** As they were read or written, to see what has changed. */
  readonly #texts = new Map<string, string>();
  readonly #refreshing = new Map<string, Promise<boolean>>();
  #everyonesVersion = '0';
  #everyonesText = '';
  #isFollowing = false;

  constructor(deps: SharedSettingsDeps) {
    this.#deps = deps;
    deps.store.engine.onLoss(() => {
      this.#texts.clear();
      this.#everyonesText = '';
    });
  }

  /** Whether what is set at this moment was set by another replica. */
  get isFollowing(): boolean {
    return this.#isFollowing;
  }

  /** Applies what another replica has set for a client. @returns whether anything is new */
  refresh(clientId: string): Promise<boolean> {
    const running = this.#refreshing.get(clientId);
    if (running !== undefined) return running;
    const refreshing = this.#refresh(clientId).finally(() => this.#refreshing.delete(clientId));
    this.#refreshing.set(clientId, refreshing);
    return refreshing;
  }

  /** The same for every client that anything was set for, here or elsewhere. */
  async refreshAll(): Promise<void> {
    const ids = new Set([...this.#applied.keys(), ...(await this.#deps.store.listClients())]);
    await Promise.all([...ids].map((id) => this.refresh(id)));
  }

  /** Applies what another replica has set for everyone, if this version is new. */
  async refreshEveryones(version: string): Promise<void> {
    if (version === this.#everyonesVersion) return;
    const read = await this.#deps.store.fleet.read();
    if (read.text !== '' && read.text !== this.#everyonesText) this.#followEveryones(read.text);
    this.#everyonesText = read.text;
    this.#everyonesVersion = read.version;
  }

  get everyonesVersion(): string {
    return this.#everyonesVersion;
  }

  /**
   * Writes what has changed since it was refreshed: for one client, or for all and everyone.
   * @throws StoreError when another replica came first; then this replica has its settings
   */
  async publish(clientId: string | undefined): Promise<void> {
    const { book } = this.#deps;
    if (clientId !== undefined) return this.#publishClient(clientId);
    const ids = new Set([...this.#applied.keys(), ...book.keyrings.keys()]);
    await Promise.all([...ids].map((id) => this.#publishClient(id)));
    await this.publishEveryones();
  }

  async #refresh(clientId: string): Promise<boolean> {
    const { store, book, clients } = this.#deps;
    const { version, text } = await store.readControl(clientId);
    const isNew = version !== (this.#applied.get(clientId) ?? '0');
    if (isNew) {
      book.importSettings(clientId, readClientDocument(text));
      this.#texts.set(clientId, text);
      this.#applied.set(clientId, version);
      store.setControlVersion(clientId, version);
    }
    const hasQueue = (book.existingControls(clientId)?.oneShots.named ?? 0) > 0;
    if (hasQueue) await clients.reloadOneShots(clientId);
    return isNew;
  }

  async #publishClient(clientId: string): Promise<void> {
    const { store, book } = this.#deps;
    const before = this.#applied.get(clientId) ?? '0';
    const settings = book.exportSettings(clientId);
    const isKnown = book.keyring(clientId) !== undefined;
    const text = isKnown ? writeClientDocument(settings) : dropped;
    const known = this.#texts.get(clientId) ?? (before === '0' ? unset : undefined);
    if (text === known || (before === '0' && text === dropped)) return;
    if (!(await store.writeControl(clientId, text))) {
      await this.refresh(clientId);
      throw new StoreError(
        `another replica has changed ${clientId} at the same time. Nothing was changed. Try again.`,
      );
    }
    this.#applied.set(clientId, String(Number(before) + 1));
    this.#texts.set(clientId, text);
  }

  /** Writes what has changed for everyone. @throws StoreError when another replica came first */
  async publishEveryones(): Promise<void> {
    const { scenarios, clock, seed, watched } = this.#deps;
    const { fleet } = this.#deps.store;
    const settings: EveryonesSettings = {
      active: scenarios.activeNames,
      uploaded: scenarios.uploaded.flatMap(({ text }) => text ?? []),
      made: scenarios.uploaded.flatMap(({ name, made }) => (made ? { name, rules: made } : [])),
      clock: clock.anchor,
      seed: seed.value,
      watched: [...watched],
    };
    const text = JSON.stringify(settings);
    if (text === this.#everyonesText) return;
    const version = await fleet.write({ version: this.#everyonesVersion, text });
    if (version === undefined) {
      await this.refreshEveryones((await fleet.read()).version);
      throw new StoreError('another replica has changed this at the same time. Try again.');
    }
    this.#everyonesText = text;
    this.#everyonesVersion = version;
    // Each live replica applies it, or stops serving before its lease has run out.
    await fleet.ask();
  }

  #followEveryones(text: string): void {
    const { scenarios, contract, clock, seed, watched } = this.#deps;
    const settings: Omit<EveryonesSettings, 'made' | 'watched'> & Partial<EveryonesSettings> =
      JSON.parse(text);
    const uploaded = settings.uploaded.flatMap(
      (yaml) => readScenarioText(yaml, scenarios.known, contract).scenario ?? [],
    );
    // A replica of an earlier version sets neither.
    const made = (settings.made ?? []).map(({ name, rules }) => toCompiledScenario(name, rules));
    scenarios.follow([...uploaded, ...made], settings.active);
    clock.follow(settings.clock);
    watched.clear();
    for (const clientId of settings.watched ?? []) watched.add(clientId);
    this.#isFollowing = true;
    if (seed.value !== settings.seed) seed.set(settings.seed);
    this.#isFollowing = false;
  }
}

const dropped = '{"dropped":true}';

const keyToDocument = ({ publicKey, privateKey, ...key }: KeyVersion) => ({
  ...key,
  publicKey: publicKey.export({ type: 'spki', format: 'pem' }),
  ...omitUndefined({ privateKey: privateKey?.export({ type: 'pkcs8', format: 'pem' }) }),
});

type KeyDocument = Omit<KeyVersion, 'publicKey' | 'privateKey'> & {
  readonly publicKey: string;
  readonly privateKey?: string;
};

const documentToKey = ({ publicKey, privateKey, ...key }: KeyDocument): KeyVersion => ({
  ...key,
  publicKey: createPublicKey(publicKey),
  ...omitUndefined({
    privateKey: privateKey === undefined ? undefined : createPrivateKey(privateKey),
  }),
});

const writeClientDocument = (settings: ClientSettingsDocument): string =>
  JSON.stringify({
    ...settings,
    created: settings.created?.map(keyToDocument),
    platform: settings.platform?.map(keyToDocument),
    added: settings.added.map(keyToDocument),
  });

const readClientDocument = (text: string): ClientSettingsDocument | undefined => {
  if (text === '' || text === dropped) return undefined;
  const { created, platform, added, ...rest } = JSON.parse(text);
  return {
    ...rest,
    created: created?.map(documentToKey),
    platform: platform?.map(documentToKey),
    added: added.map(documentToKey),
  };
};

/** Of a client that nothing was ever set for. */
const unset = writeClientDocument({
  created: undefined,
  platform: undefined,
  added: [],
  expirations: [],
  scenarios: [],
  clock: undefined,
  oneShotNames: 0,
});
