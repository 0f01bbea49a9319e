import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { SignatureAlgorithm } from '../../server/protocol/algorithms.ts';
import { AdminClient } from '../admin/admin-client.ts';
import type {
  CapsuleDocument,
  CapsuleSelection,
  ClientOverview,
  Verification,
  Verified,
  Wait,
  WaitResult,
} from './admin-types.ts';
import { verifyExchanges, waitForArrival } from './assertions.ts';
import { MockClient } from './mock-client.ts';
import { ClockControl, JournalReader, ScenarioControl } from './steering.ts';

/** Options of a new client. */
export interface NewMockClient {
  /** Generated when absent. */
  readonly clientId?: string;
  /** The client's public key, PEM or bare base64. */
  readonly publicKey?: string;
  /**
   * Generate a key pair for this client; default false: the clients of a process share one, because
   * generating one takes longer than most tests.
   */
  readonly ownKeys?: boolean;
  /** Default RSA256. */
  readonly algorithm?: SignatureAlgorithm;
}

/**
 * Creates clients, each with a world of its own.
 *
 * @example
 * const client = await simulator.clients.create({ algorithm: 'ECC224' });
 */
export class ClientsControl {
  readonly #admin: AdminClient;
  readonly #baseUrl: string;

  constructor(admin: AdminClient, baseUrl: string) {
    this.#admin = admin;
    this.#baseUrl = baseUrl;
  }

  /**
   * Creates a client with its keys.
   * @throws AdminApiError `ADMIN_REFUSED` for a Client-Id that is invalid or exists
   */
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

  /** All known clients. */
  async list(): Promise<readonly ClientOverview[]> {
    return (await this.#admin.get('/clients')).clients;
  }
}

/** Where a simulator listens. */
export interface SimulatorAddress {
  /** Address of the operations, e.g. `http://127.0.0.1:8852`. */
  readonly url: string;
  /** Address of the admin API; default: `url`. */
  readonly adminUrl?: string | undefined;
  /** The admin token, if the admin API requires one. */
  readonly adminToken?: string | undefined;
}

/**
 * A running simulator in this process or elsewhere, controlled over its admin API.
 *
 * @example
 * const simulator = connectMockServer({ url: 'http://127.0.0.1:8852' });
 * await simulator.scenarios.activate('order-success');
 * await simulator.clock.freeze();
 */
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

  /**
   * Compares the journal with what should have arrived.
   * @throws VerificationError `VERIFICATION_FAILED` for any difference
   */
  verify(verification: Verification): Promise<Verified> {
    return verifyExchanges(this.#admin, verification);
  }

  /**
   * Waits until such exchanges have arrived; default: 1 within 10 000 ms.
   * @throws WaitTimeoutError `WAIT_TIMEOUT` when they do not arrive in time
   */
  waitFor(wait: Wait): Promise<WaitResult> {
    return waitForArrival(this.#admin, wait);
  }

  /**
   * Exchanges of the journal as a capsule: as JSON in a file, `alipayhk-mock capsule replay` and
   * `replayCapsule` play it byte for byte on another machine, with public keys alone. Values of the
   * merchant are pseudonyms unless `keepData` says otherwise.
   * @throws AdminApiError `ADMIN_API_ERROR` when an exchange is not in the journal, or cannot be
   * exported
   */
  capsule(selection: CapsuleSelection = {}): Promise<CapsuleDocument> {
    return this.#admin.get('/capsule', { query: selection });
  }

  /** For `connectMockServer` in other processes, e.g. the workers of a test run. */
  get address(): SimulatorAddress {
    return { url: this.url, adminUrl: this.adminUrl, adminToken: this.adminToken };
  }

  /** Resets all of it as at the start; created clients are deleted. */
  async reset(): Promise<void> {
    await this.#admin.post('/reset/everything');
  }

  /**
   * Runs a test with a new client, then asserts that nothing unexpected happened and that lint
   * found no error, and deletes the client in any case.
   * @throws UnexpectedExchangesError `UNEXPECTED_EXCHANGES`; the test's own error takes precedence
   * @throws LintError `LINT_ERRORS` for what `client.allowLint` did not announce
   */
  async withClient<T>(
    test: (client: MockClient) => T | Promise<T>,
    wanted: NewMockClient = {},
  ): Promise<T> {
    const client = await this.clients.create(wanted);
    try {
      const result = await test(client);
      await client.assertNothingUnexpected();
      await client.assertNoLintErrors();
      return result;
    } finally {
      await client.drop();
    }
  }

  /**
   * Any other call of the admin API.
   * @example await simulator.admin('GET', '/settings')
   * @throws AdminApiError with any of its codes, e.g. `ADMIN_REFUSED`
   */
  admin(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#admin.request(method, path, { body });
  }
}

/** Environment variable with the simulator's address, from a run's setup to its workers. */
export const simulatorVariable = 'ALIPAYHK_RUN_SIMULATOR';

/** PEM: PKCS#8 and SPKI. */
export interface KeyPairText {
  readonly privateKey: string;
  readonly publicKey: string;
}

const sharedPair = new Map<SignatureAlgorithm, Promise<KeyPairText>>();

/**
 * The key pair that the clients of this process share: generating one takes longer than most tests.
 * The simulator distinguishes clients by their Client-Id, which is signed.
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
