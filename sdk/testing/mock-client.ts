import type { AdminClient } from '../admin/admin-client.ts';
import { AdminApiError } from '../admin/admin-client.ts';
import type {
  Collection,
  LintFinding,
  LintReport,
  OneShotRule,
  StoredRecord,
  Verification,
  Verified,
  Wait,
  WaitResult,
} from './admin-types.ts';
import {
  LintError,
  selectUnexpected,
  UnexpectedExchangesError,
  verifyExchanges,
  waitForArrival,
} from './assertions.ts';
import { OutboundControl } from './outbound.ts';
import { ClockControl, JournalReader } from './steering.ts';

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
