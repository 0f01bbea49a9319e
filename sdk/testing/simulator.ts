import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { SignatureAlgorithm } from '../../server/protocol/algorithms.ts';
import { AdminClient } from '../admin/admin-client.ts';
import type { ClientOverview, Verification, Verified, Wait, WaitResult } from './admin-types.ts';
import { verify, waitFor } from './assertions.ts';
import { MockClient } from './mock-client.ts';
import { ClockControl, JournalReader, ScenarioControl } from './steering.ts';

export interface NewMockClient {
  /** Made up when absent. */
  readonly clientId?: string;
  /** The client's own public key, PEM or bare base64. */
  readonly publicKey?: string;
  /**
   * A pair of keys that no other client has; clients made from one process share one otherwise,
   * since making one takes long.
   */
  readonly ownKeys?: boolean;
  readonly algorithm?: 'RSA256' | 'ECC224';
}

/** Makes clients, each with a world of its own. */
export class ClientsControl {
  readonly #admin: AdminClient;
  readonly #baseUrl: string;

  constructor(admin: AdminClient, baseUrl: string) {
    this.#admin = admin;
    this.#baseUrl = baseUrl;
  }

  async create({ ownKeys = false, ...wanted }: NewMockClient = {}): Promise<MockClient> {
    const { algorithm = 'RSA256' } = wanted;
    const pair =
      wanted.publicKey === undefined && !ownKeys ? await sharedKeyPair(algorithm) : undefined;
    const [made, platformKey] = await Promise.all([
      this.#admin.post('/clients', {
        body: { ...wanted, ...(pair && { publicKey: pair.publicKey }) },
      }),
      this.#admin.get('/platform-key', { query: { algorithm } }),
    ]);
    return new MockClient(this.#admin, {
      baseUrl: this.#baseUrl,
      clientId: made.clientId,
      privateKey: made.privateKey ?? pair?.privateKey ?? '',
      keyVersion: 1,
      platformKey,
      algorithm,
    });
  }

  async list(): Promise<readonly ClientOverview[]> {
    return (await this.#admin.get('/clients')).clients;
  }
}

/** Where a simulator is to be found. */
export interface SimulatorAddress {
  readonly url: string;
  /** Where its admin API listens, when that is elsewhere. */
  readonly adminUrl?: string | undefined;
  /** What the admin API asks for, when it asks for anything. */
  readonly adminToken?: string | undefined;
}

/** A running simulator, wherever it runs; everything the admin API can, in its words. */
export class Simulator {
  readonly url: string;
  readonly adminUrl: string;
  readonly adminToken: string | undefined;
  readonly clients: ClientsControl;
  readonly scenarios: ScenarioControl;
  readonly clock: ClockControl;
  readonly journal: JournalReader;
  readonly #admin: AdminClient;

  constructor({ url, adminUrl = url, adminToken }: SimulatorAddress) {
    this.url = url;
    this.adminUrl = adminUrl;
    this.adminToken = adminToken;
    this.#admin = new AdminClient(adminUrl, adminToken);
    this.clients = new ClientsControl(this.#admin, url);
    this.scenarios = new ScenarioControl(this.#admin);
    this.clock = new ClockControl(this.#admin);
    this.journal = new JournalReader(this.#admin);
  }

  /** Holds the journal against what should have come. @throws VerificationError */
  verify(verification: Verification): Promise<Verified> {
    return verify(this.#admin, verification);
  }

  /** Waits until such exchanges have arrived. @throws WaitTimeoutError */
  waitFor(wait: Wait): Promise<WaitResult> {
    return waitFor(this.#admin, wait);
  }

  /** What others, e.g. the workers of a run, need to steer it too: `connectMockServer(address)`. */
  get address(): SimulatorAddress {
    return { url: this.url, adminUrl: this.adminUrl, adminToken: this.adminToken };
  }

  /** As freshly started: clients that were made are gone, and so is everything that is held. */
  async reset(): Promise<void> {
    await this.#admin.post('/reset/everything');
  }

  /**
   * Runs a test with a client of its own, then asserts that nothing unexpected happened, and drops
   * the client either way. The test's own failure is the one that is told.
   */
  async withClient<T>(
    test: (client: MockClient) => T | Promise<T>,
    wanted: NewMockClient = {},
  ): Promise<T> {
    const client = await this.clients.create(wanted);
    try {
      const result = await test(client);
      await client.assertNothingUnexpected();
      return result;
    } finally {
      await client.drop();
    }
  }

  /** Any other call of the admin API, e.g. `admin('GET', '/settings')`. @throws AdminApiError */
  admin(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#admin.request(method, path, { body });
  }
}

/** How a run's setup tells its workers where the simulator listens. */
export const simulatorVariable = 'ALIPAYHK_RUN_SIMULATOR';

/** PEM: PKCS#8 and SPKI. */
export interface KeyPairText {
  readonly privateKey: string;
  readonly publicKey: string;
}

const sharedPair = new Map<SignatureAlgorithm, Promise<KeyPairText>>();

/**
 * A pair that every client made from this process shares: making an RSA pair takes longer than most
 * tests. Clients are told apart by their Client-Id, which is signed.
 */
export const sharedKeyPair = (algorithm: SignatureAlgorithm): Promise<KeyPairText> => {
  const known = sharedPair.get(algorithm) ?? makePair(algorithm);
  sharedPair.set(algorithm, known);
  return known;
};

const makePair = async (algorithm: SignatureAlgorithm): Promise<KeyPairText> => {
  const generate = promisify(generateKeyPair);
  const { privateKey, publicKey } =
    algorithm === 'RSA256'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'secp224r1' });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
};
