import { setTimeout as wait } from 'node:timers/promises';
import type { Clients } from '../clients/clients.ts';
import type { Sandbox, SandboxClient } from '../conformance/certify/harness/sandbox.ts';
import type { Contract } from '../domain/contract/contract.ts';
import { toCompiledScenario } from '../domain/scenarios/compile-scenario.ts';
import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import type { RequestValidator } from '../gateway/request-validator.ts';
import type { Journal, JournalListener } from '../journal/journal.ts';
import type { OpenExchange } from '../journal/journal-entry.ts';
import { keyFingerprint, makeKeyPair, toBareBase64 } from '../protocol/keys/key-objects.ts';
import { alwaysValid, Keyring, type Keyrings, type KeyVersion } from '../protocol/keys/keyring.ts';
import { keyFamily, type SignatureAlgorithm } from '../protocol/signatures.ts';
import { StoreError } from '../storage/store.ts';
import type { JoinedReplicas } from './replicas.ts';

/**
 * What certify changes of the settings: a driver must be able neither to choose its answer nor to
 * read what the simulator found, and nothing of a run may be lost.
 */
export const certifySettings = (settings: Settings): Settings => ({
  ...settings,
  steering: 'off',
  wirePure: true,
  admin: false,
  scenario: [],
  'journal.entries': 200_000,
  'journal.bytes': 512 * 1024 * 1024,
});

export interface SandboxOptions {
  /** Where drivers reach the simulator, if not where it listens. */
  readonly advertisedUrl?: string | undefined;
}

/** What it takes of a simulator. */
export interface SandboxServer {
  readonly url: string;
  readonly contract: Contract;
  readonly clients: Clients;
  readonly scenarios: ScenarioSet;
  readonly journal: Journal;
  readonly parties: Keyrings;
  readonly validate: RequestValidator;
  readonly replicas?: JoinedReplicas | undefined;
}

/** A simulator as certify needs it: the one of this process, with its replicas if it has any. */
export const createSandbox = (
  server: SandboxServer,
  { advertisedUrl = server.url }: SandboxOptions = {},
): Sandbox => {
  const { contract, clients, scenarios, journal, parties, replicas } = server;
  const platformKeys = new RunKeys();
  const merchantKeys = new RunKeys();
  const created = new Set<string>();
  // Certify only looks at one client at a time, and each has a handful of scripts.
  const playing = new Map<string, readonly string[]>();
  const setPlaying = (clientId: string, names: readonly string[]): void => {
    playing.set(clientId, names);
    clients.activate(clientId, names);
  };
  /** In all replicas, of one client or of everyone. */
  const change = async (clientId: string | undefined, run: () => unknown): Promise<void> => {
    if (replicas === undefined) await run();
    else await persist(() => replicas.change(clientId, run));
  };
  const catchUp = async (): Promise<void> => {
    if (replicas !== undefined) await persist(() => replicas.readJournal());
  };
  return {
    url: advertisedUrl,
    contract,
    nowUs: () => performance.now() * 1000,
    createClient: async (wanted) => {
      const { algorithm, platformKeyVersions } = wanted;
      const platform = await platformKeys.ring(algorithm, platformKeyVersions);
      // Clients of one run differ by their id: a key pair for each would take longer than the case.
      const keyring = await merchantKeys.ring(algorithm, [1]);
      const publicKey = keyring.find(familyFor(algorithm))?.publicKey;
      const made = await clients.create({
        algorithm,
        platformKeys: platform,
        publicKey: String(publicKey?.export({ type: 'spki', format: 'pem' })),
      });
      if ('problem' in made) throw new Error(made.problem.message);
      await change(made.clientId, () => {});
      created.add(made.clientId);
      return toSandboxClient(made.clientId, keyring, platform, algorithm);
    },
    knownClient: (clientId, algorithm) => {
      const keyring = parties.clients.get(clientId);
      const hasKey = keyring?.find(familyFor(algorithm))?.privateKey !== undefined;
      return keyring === undefined || !hasKey
        ? undefined
        : toSandboxClient(clientId, keyring, parties.platform, algorithm);
    },
    play: async ({ name, clientId, rules }) => {
      await change(undefined, () => {
        scenarios.upload(toCompiledScenario(name, rules));
        replicas?.watched.add(clientId);
      });
      const others = () => (playing.get(clientId) ?? []).filter((one) => one !== name);
      await change(clientId, () => setPlaying(clientId, [...others(), name]));
      await catchUp();
      return async () => {
        await change(clientId, () => setPlaying(clientId, others()));
        await change(undefined, () => {
          scenarios.remove(name);
          if (playing.get(clientId)?.length === 0) replicas?.watched.delete(clientId);
        });
      };
    },
    close: async () => {
      if (replicas === undefined) return;
      try {
        for (const clientId of created)
          await replicas.change(clientId, () => clients.drop(clientId));
      } catch {
        // The store has gone; the run keeps its result.
      }
    },
    catchUp,
    // Others send to the same simulators, and some have before.
    isOwn: replicas && (({ clientId = '' }) => created.has(clientId) || playing.has(clientId)),
    listen: (listener) => replicas?.watch(sinceNow(listener)) ?? journal.listen(listener),
    hasEvictedSince: (number, clientId) => journal.hasEvictedSince(number, clientId),
    newestNumber: () => journal.newest,
    validate: async (operationId, message) => {
      const operation = contract.operations.get(operationId);
      return operation === undefined ? [] : server.validate(operation, message);
    },
  };
};

/** Without what replicas have answered before. */
const sinceNow = ({ onOpen, onClose }: JournalListener): JournalListener => {
  const nowUs = performance.now() * 1000;
  const isNew = ({ arrival }: Pick<OpenExchange, 'arrival'>): boolean => arrival.atUs >= nowUs;
  return {
    onOpen: (exchange) => isNew(exchange) && onOpen?.(exchange),
    onClose: (entry) => isNew(entry) && onClose?.(entry),
  };
};

/** A store that does not answer for a moment does not end a run of minutes. */
const persist = async (work: () => Promise<void>): Promise<void> => {
  const giveUpAt = performance.now() + persistMs;
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreError) || performance.now() > giveUpAt) throw error;
      await wait(persistPauseMs);
    }
};

const persistMs = 10_000;
const persistPauseMs = 100;

const familyFor = (algorithm: SignatureAlgorithm) => (algorithm === 'RSA256' ? 'RSA' : 'EC');

const toSandboxClient = (
  clientId: string,
  keyring: Keyring,
  platform: Keyring,
  algorithm: SignatureAlgorithm,
): SandboxClient => {
  const family = familyFor(algorithm);
  const own = keyring.find(family);
  if (own?.privateKey === undefined) throw new Error(`${clientId} has no private key here`);
  return {
    clientId,
    privateKey: toBareBase64(own.privateKey),
    keyVersion: own.version,
    platformKeys: Object.fromEntries(
      platform.versions
        .filter((key) => key.family === family)
        .map(({ version, publicKey }) => [version, toBareBase64(publicKey)]),
    ),
  };
};

/** Keys of one party in a run: made once for each version, however many clients have them. */
class RunKeys {
  readonly #made = new Map<string, Promise<KeyVersion>>();

  async ring(algorithm: SignatureAlgorithm, versions: readonly number[]): Promise<Keyring> {
    return new Keyring(await Promise.all(versions.map((version) => this.#key(algorithm, version))));
  }

  #key(algorithm: SignatureAlgorithm, version: number): Promise<KeyVersion> {
    const name = `${algorithm} ${version}`;
    const known = this.#made.get(name) ?? makeVersion(algorithm, version);
    this.#made.set(name, known);
    return known;
  }
}

const makeVersion = async (algorithm: SignatureAlgorithm, version: number): Promise<KeyVersion> => {
  const halves = await makeKeyPair(familyFor(algorithm), 2048);
  const family = keyFamily(halves.publicKey) ?? 'RSA';
  const fingerprint = keyFingerprint(halves.publicKey);
  return { version, family, fingerprint, validity: alwaysValid, ...halves };
};
