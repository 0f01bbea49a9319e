import { AdminConnection } from './admin-connection.ts';
import type { Arrival, ClientOverview, Verification, Verified, Wait } from './admin-words.ts';
import { verify, waitFor } from './assertions.ts';
import { MockClient } from './mock-client.ts';
import { ClockControl, JournalReader, ScenarioControl } from './steering.ts';

export interface NewMockClient {
  /** Made up when absent. */
  readonly clientId?: string;
  /** The client's own public key, PEM or bare base64; a pair is made when absent. */
  readonly publicKey?: string;
  readonly algorithm?: 'RSA256' | 'ECC224';
}

/** Makes clients, each with a world of its own. */
export class ClientsControl {
  readonly #admin: AdminConnection;

  constructor(admin: AdminConnection) {
    this.#admin = admin;
  }

  async create(wanted: NewMockClient = {}): Promise<MockClient> {
    const { algorithm = 'RSA256' } = wanted;
    const [made, platformKey] = await Promise.all([
      this.#admin.ask<{ clientId: string; privateKey?: string }>('POST', '/clients', wanted),
      this.#admin.ask<string>('GET', `/platform-key?algorithm=${algorithm}`),
    ]);
    const { clientId, privateKey = '' } = made;
    return new MockClient(this.#admin, {
      baseUrl: this.#admin.url,
      clientId,
      privateKey,
      keyVersion: 1,
      platformKey,
      algorithm,
    });
  }

  async list(): Promise<readonly ClientOverview[]> {
    return (await this.#admin.ask<{ clients: ClientOverview[] }>('GET', '/clients')).clients;
  }
}

/** A running simulator, wherever it runs; everything the admin API can, in its words. */
export class Simulator {
  readonly url: string;
  /** What the admin API asks for, when it asks for anything. */
  readonly adminToken: string | undefined;
  readonly clients: ClientsControl;
  readonly scenarios: ScenarioControl;
  readonly clock: ClockControl;
  readonly journal: JournalReader;
  readonly #admin: AdminConnection;

  constructor(url: string, adminToken?: string) {
    this.url = url;
    this.adminToken = adminToken;
    this.#admin = new AdminConnection(url, adminToken);
    this.clients = new ClientsControl(this.#admin);
    this.scenarios = new ScenarioControl(this.#admin);
    this.clock = new ClockControl(this.#admin, '/clock');
    this.journal = new JournalReader(this.#admin);
  }

  /** Holds the journal against what should have come. @throws VerificationFailed */
  verify(verification: Verification): Promise<Verified> {
    return verify(this.#admin, verification);
  }

  /** Waits until such exchanges have arrived. @throws NothingArrived */
  waitFor(wait: Wait): Promise<Arrival> {
    return waitFor(this.#admin, wait);
  }

  /** As freshly started: clients that were made are gone, and so is everything that is held. */
  async reset(): Promise<void> {
    await this.#admin.ask('POST', '/reset/everything');
  }

  /**
   * Runs a test with a client of its own, then asserts that nothing unexpected happened, and drops the client either way.
   * The test's own failure is the one that is told.
   */
  async withClient<T>(test: (client: MockClient) => T | Promise<T>, wanted: NewMockClient = {}): Promise<T> {
    const client = await this.clients.create(wanted);
    try {
      const result = await test(client);
      await client.assertNothingUnexpected();
      return result;
    } finally {
      await client.drop();
    }
  }

  /** Any other call of the admin API, e.g. `admin('GET', '/settings')`. @throws AdminRefusal */
  admin(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.#admin.ask(method, path, body);
  }
}
