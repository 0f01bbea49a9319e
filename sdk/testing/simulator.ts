import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type {
  Client as ClientOverview,
  Collection,
  LintFinding,
  LintReport,
  operations,
  StoredRecord,
  Verified,
  WaitResult,
} from '../../server/admin/types.gen.ts';
import type { SignatureAlgorithm } from '../../server/protocol/signatures.ts';
import { AdminApiError, AdminClient } from '../admin/admin-client.ts';
import {
  LintError,
  selectUnexpected,
  UnexpectedExchangesError,
  type Verification,
  verifyExchanges,
  type Wait,
  waitForArrival,
} from './assertions.ts';
import { ClockControl, JournalReader, OutboundControl, ScenarioControl } from './steering.ts';

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

/** Which exchanges a capsule has, and what of them. */
export type CapsuleSelection = Readonly<NonNullable<operations['capsule']['parameters']['query']>>;

/** Exchanges that another machine replays; `docs/capsule.schema.json` describes all members. */
export type CapsuleDocument =
  operations['capsule']['responses']['200']['content']['application/json'];

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

/** A rule as in a scenario file, for the next calls of a client. */
export interface OneShotRule {
  /** How many calls it answers; default 1. */
  readonly times?: number;
  readonly when?: Readonly<Record<string, unknown>>;
  readonly then: Readonly<Record<string, unknown>>;
}

/** What a merchant needs to call the simulator: the required options of `AlipayHKClient`. */
export interface MockClientCredentials {
  readonly baseUrl: string;
  readonly clientId: string;
  /** PEM, PKCS#8. Empty for a client that was created with a public key. */
  readonly privateKey: string;
  readonly keyVersion: number;
  /** PEM, SPKI: the simulator's key, which its responses verify with. */
  readonly platformKey: string;
  readonly algorithm: 'RSA256' | 'ECC224';
}

/**
 * A client of the simulator with a world of its own: state, request ids, journal, scenarios, queue
 * and clock are not shared with other clients. Created by `simulator.clients.create()`.
 *
 * @example
 * const client = await simulator.clients.create();
 * const merchant = new AlipayHKClient(client);
 * await merchant.syncOrder(order);
 * await client.verify({ exchanges: [{ exchange: { operation: 'syncOrder', code: 'SUCCESS' } }] });
 */
export class MockClient implements MockClientCredentials {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly privateKey: string;
  readonly keyVersion: number;
  readonly platformKey: string;
  readonly algorithm: 'RSA256' | 'ECC224';
  /** Option of `AlipayHKClient`: pauses a twentieth as long, for tests need not wait. */
  readonly retry = { factor: 0.05 };
  readonly journal: JournalReader;
  readonly clock: ClockControl;
  /** Has your own server called, as AlipayHK calls it. */
  readonly outbound: OutboundControl;
  readonly #admin: AdminClient;
  readonly #named = new Set<string>();
  readonly #allowed = new Set<string>();

  constructor(admin: AdminClient, credentials: MockClientCredentials) {
    this.baseUrl = credentials.baseUrl;
    this.clientId = credentials.clientId;
    this.privateKey = credentials.privateKey;
    this.keyVersion = credentials.keyVersion;
    this.platformKey = credentials.platformKey;
    this.algorithm = credentials.algorithm;
    this.#admin = admin;
    this.journal = new JournalReader(admin, this.clientId);
    this.clock = new ClockControl(admin, this.clientId);
    this.outbound = new OutboundControl(admin, this.clientId);
  }

  /** Environment variables for a program under test; keys as bare base64, as SDKs take them. */
  get env(): Record<string, string> {
    return {
      ALIPAYHK_BASE_URL: this.baseUrl,
      ALIPAYHK_CLIENT_ID: this.clientId,
      ALIPAYHK_KEY_VERSION: String(this.keyVersion),
      ALIPAYHK_PRIVATE_KEY: stripPem(this.privateKey),
      ALIPAYHK_PLATFORM_KEY: stripPem(this.platformKey),
    };
  }

  /**
   * Activates exactly these scenarios for this client.
   * @throws AdminApiError `ADMIN_REFUSED` for an unknown scenario
   */
  async activate(...scenarios: readonly string[]): Promise<void> {
    await this.#admin.put('/clients/{clientId}/scenarios', {
      ...this.#route,
      body: { active: [...scenarios] },
    });
  }

  /**
   * Queues a rule for the next calls.
   * @example await client.next({ when: { operation: 'syncOrder' }, then: { fault: 'reset' } });
   * @throws AdminApiError `ADMIN_REFUSED` for an invalid rule
   */
  async next({ when = {}, then, times = 1 }: OneShotRule): Promise<void> {
    await this.#admin.post('/clients/{clientId}/one-shots', {
      ...this.#route,
      body: { times, when, then },
    });
  }

  /**
   * Compares this client's exchanges with what should have arrived.
   * @throws VerificationError `VERIFICATION_FAILED` for any difference
   */
  async verify(verification: Omit<Verification, 'clientId'>): Promise<Verified> {
    const verified = await verifyExchanges(this.#admin, {
      ...verification,
      clientId: this.clientId,
    });
    for (const id of verified.matched.flat()) this.#named.add(id);
    return verified;
  }

  /**
   * Waits until such exchanges of this client have arrived; default: 1 within 10 000 ms.
   * @throws WaitTimeoutError `WAIT_TIMEOUT` when they do not arrive in time
   */
  async waitFor(wait: Omit<Wait, 'clientId'>): Promise<WaitResult> {
    const arrival = await waitForArrival(this.#admin, { ...wait, clientId: this.clientId });
    for (const { id } of arrival.exchanges) this.#named.add(id);
    return arrival;
  }

  /** Accepts these result codes for the rest of the test. */
  allow(...codes: readonly string[]): void {
    for (const code of codes) this.#allowed.add(code);
  }

  /**
   * Asserts that every failed call was scripted, named by `verify` or `waitFor`, or allowed, and
   * that every queued rule was used.
   * @throws UnexpectedExchangesError `UNEXPECTED_EXCHANGES` otherwise
   */
  async assertNothingUnexpected(): Promise<void> {
    const exchanges = selectUnexpected(await this.journal.exchanges(), this.#named, this.#allowed);
    const { oneShots } = await this.#admin.get('/clients/{clientId}/one-shots', this.#route);
    if (exchanges.length > 0 || oneShots.length > 0)
      throw new UnexpectedExchangesError(exchanges, oneShots.length);
  }

  /**
   * What lint has found in this client's traffic, the worst first; empty when lint is off.
   * @example expect(await client.lintFindings()).toEqual([]);
   */
  async lintFindings(): Promise<readonly LintFinding[]> {
    return (await this.#lint()).findings;
  }

  async #lint(): Promise<Pick<LintReport, 'findings' | 'allowances'>> {
    try {
      const query = { clientId: this.clientId, isEnd: true };
      return await this.#admin.get('/lint', { query });
    } catch (error) {
      if (error instanceof AdminApiError && error.httpStatus === 404)
        return { findings: [], allowances: [] };
      throw error;
    }
  }

  /**
   * Expects findings of a lint rule in this test.
   * @example await client.allowLint('L-ORD-01', 'a late message is sent on purpose');
   * @throws AdminApiError `ADMIN_REFUSED` for an unknown rule
   */
  async allowLint(rule: string, reason: string): Promise<void> {
    await this.#admin.post('/lint/allowances', {
      body: { rule, clientId: this.clientId, reason },
    });
  }

  /**
   * Asserts that lint found no error in this client's traffic, apart from what is allowed. An
   * allowance of this client that has silenced nothing is noted on standard error.
   * @throws LintError `LINT_ERRORS` otherwise
   */
  async assertNoLintErrors(): Promise<void> {
    const { findings, allowances } = await this.#lint();
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new LintError(errors);
    for (const { rule, clientId, reason, matched } of allowances)
      if (matched === 0 && clientId === this.clientId)
        process.stderr.write(`note: ${rule} is allowed (${reason}), and unused\n`);
  }

  /** The client's records of a collection, at most 1000. @example await client.records('orders') */
  async records(collection: Collection): Promise<readonly StoredRecord[]> {
    const { records } = await this.#admin.get('/clients/{clientId}/state/{collection}', {
      path: { clientId: this.clientId, collection },
      query: { limit: 1000 },
    });
    return records;
  }

  /** Resets journal, state, request ids, scenarios, queue and clock. */
  async reset(): Promise<void> {
    await this.#admin.post('/reset/clients/{clientId}', this.#route);
    this.#named.clear();
    this.#allowed.clear();
  }

  /** Deletes the client: keys, state, journal. */
  async drop(): Promise<void> {
    await this.#admin.delete('/clients/{clientId}', this.#route);
  }

  /** The same as `drop`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop();
  }

  get #route(): { readonly path: { readonly clientId: string } } {
    return { path: { clientId: this.clientId } };
  }
}

const stripPem = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');
