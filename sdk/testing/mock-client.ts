import type { AdminClient } from '../admin/admin-client.ts';
import type {
  Collection,
  OneShotRule,
  StoredRecord,
  Verification,
  Verified,
  Wait,
  WaitResult,
} from './admin-types.ts';
import { UnexpectedExchangesError, unexpectedAmong, verify, waitFor } from './assertions.ts';
import { ClockControl, JournalReader } from './steering.ts';

/** What a merchant needs to call the simulator; an AlipayHKClient is made from it as it is. */
export interface MockClientCredentials {
  readonly baseUrl: string;
  readonly clientId: string;
  /** PEM, PKCS#8. Empty for a client that brought a public key of its own. */
  readonly privateKey: string;
  readonly keyVersion: number;
  /** PEM, SPKI: the simulator's own, which its answers verify with. */
  readonly platformKey: string;
  readonly algorithm: 'RSA256' | 'ECC224';
}

/**
 * A client of the simulator with a world of its own: state, request ids, journal, scenarios, queue
 * and clock are nobody else's.
 * `new AlipayHKClient(client)` calls as it.
 */
export class MockClient implements MockClientCredentials {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly privateKey: string;
  readonly keyVersion: number;
  readonly platformKey: string;
  readonly algorithm: 'RSA256' | 'ECC224';
  readonly journal: JournalReader;
  readonly clock: ClockControl;
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
  }

  /** The variables that a program under test reads; keys as the bare base64 line that SDKs take. */
  get env(): Record<string, string> {
    return {
      ALIPAYHK_BASE_URL: this.baseUrl,
      ALIPAYHK_CLIENT_ID: this.clientId,
      ALIPAYHK_KEY_VERSION: String(this.keyVersion),
      ALIPAYHK_PRIVATE_KEY: bareLine(this.privateKey),
      ALIPAYHK_PLATFORM_KEY: bareLine(this.platformKey),
    };
  }

  /** Makes scenarios active for this client: these and no others. */
  async activate(...scenarios: readonly string[]): Promise<void> {
    await this.#admin.put('/clients/{clientId}/scenarios', {
      ...this.#route,
      body: { active: [...scenarios] },
    });
  }

  /**
   * Queues what happens to its next calls: `next({ then: { result: 'UNKNOWN_EXCEPTION', status: 'U'
   * } })`.
   */
  async next({ when = {}, then, times = 1 }: OneShotRule): Promise<void> {
    await this.#admin.post('/clients/{clientId}/one-shots', {
      ...this.#route,
      body: { times, when, then },
    });
  }

  /** Holds this client's exchanges against what should have come. @throws VerificationError */
  async verify(verification: Omit<Verification, 'clientId'>): Promise<Verified> {
    const verified = await verify(this.#admin, { ...verification, clientId: this.clientId });
    for (const id of verified.matched.flat()) this.#named.add(id);
    return verified;
  }

  /** Waits until such exchanges of this client have arrived. @throws WaitTimeoutError */
  async waitFor(wait: Omit<Wait, 'clientId'>): Promise<WaitResult> {
    const arrival = await waitFor(this.#admin, { ...wait, clientId: this.clientId });
    for (const { id } of arrival.exchanges) this.#named.add(id);
    return arrival;
  }

  /** Result codes that are no surprise in this test, whenever they come. */
  allow(...codes: readonly string[]): void {
    for (const code of codes) this.#allowed.add(code);
  }

  /**
   * @throws UnexpectedExchangesError when a call failed that nobody scripted, named or allowed, or
   * a queued rule was never reached
   */
  async assertNothingUnexpected(): Promise<void> {
    const exchanges = unexpectedAmong(await this.journal.exchanges(), this.#named, this.#allowed);
    const { oneShots } = await this.#admin.get('/clients/{clientId}/one-shots', this.#route);
    if (exchanges.length > 0 || oneShots.length > 0)
      throw new UnexpectedExchangesError(exchanges, oneShots.length);
  }

  /** What is held of it: `records('orders')`. At most 1000. */
  async records(collection: Collection): Promise<readonly StoredRecord[]> {
    const { records } = await this.#admin.get('/clients/{clientId}/state/{collection}', {
      path: { clientId: this.clientId, collection },
      query: { limit: 1000 },
    });
    return records;
  }

  /** Journal, state, request ids, scenarios, queue and clock as when it was made. */
  async reset(): Promise<void> {
    await this.#admin.post('/reset/clients/{clientId}', this.#route);
    this.#named.clear();
    this.#allowed.clear();
  }

  /** Forgets it: keys, state, journal. */
  async drop(): Promise<void> {
    await this.#admin.delete('/clients/{clientId}', this.#route);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop();
  }

  get #route(): { readonly path: { readonly clientId: string } } {
    return { path: { clientId: this.clientId } };
  }
}

const bareLine = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');
