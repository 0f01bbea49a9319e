import type { AdminClient } from '../admin/admin-client.ts';
import type {
  ClockMove,
  ClockState,
  Exchange,
  ExchangeSummary,
  JournalFilter,
  ScenarioOverview,
} from './admin-types.ts';

/**
 * A clock that tests control: the simulator's, or one client's. Times are in milliseconds; each
 * call returns the clock as it then is.
 * @throws AdminApiError `ADMIN_REFUSED` for a time outside the years that the protocol can write
 *
 * @example
 * await client.clock.freeze();
 * await client.clock.advance(10 * 60_000);
 */
export class ClockControl {
  readonly #admin: AdminClient;
  readonly #clientId: string | undefined;

  constructor(admin: AdminClient, clientId?: string) {
    this.#admin = admin;
    this.#clientId = clientId;
  }

  /** Its time and rate. */
  read(): Promise<ClockState> {
    const clientId = this.#clientId;
    return clientId === undefined
      ? this.#admin.get('/clock')
      : this.#admin.get('/clients/{clientId}/clock', { path: { clientId } });
  }

  /** Stops it at a time, milliseconds since 1970; default: the current one. */
  freeze(at?: number): Promise<ClockState> {
    return this.#move({ freeze: at ?? true });
  }

  /** Sets it to a time, milliseconds since 1970. */
  set(at: number): Promise<ClockState> {
    return this.#move({ set: at });
  }

  /** Moves it by a duration. */
  advance(milliseconds: number): Promise<ClockState> {
    return this.#move({ advanceMs: milliseconds });
  }

  /** Runs it at a rate relative to its parent clock; default 1. */
  run(rate = 1): Promise<ClockState> {
    return this.#move({ rate });
  }

  /** Follows its parent clock again. */
  reset(): Promise<ClockState> {
    return this.#move({ reset: true });
  }

  #move(body: ClockMove): Promise<ClockState> {
    const clientId = this.#clientId;
    return clientId === undefined
      ? this.#admin.put('/clock', { body })
      : this.#admin.put('/clients/{clientId}/clock', { path: { clientId }, body });
  }
}

/**
 * Reads the exchanges of the simulator, or of one client.
 *
 * @example
 * const [refused] = await client.journal.exchanges({ code: 'INVALID_SIGNATURE' });
 */
export class JournalReader {
  readonly #admin: AdminClient;
  readonly #clientId: string | undefined;

  constructor(admin: AdminClient, clientId?: string) {
    this.#admin = admin;
    this.#clientId = clientId;
  }

  /**
   * Exchanges, oldest first; at most 1000.
   * @throws AdminApiError `ADMIN_REFUSED` for an unknown filter
   */
  async exchanges(filter: JournalFilter = {}): Promise<readonly ExchangeSummary[]> {
    const query = { ...filter, clientId: this.#clientId ?? filter.clientId };
    const { entries } = await this.#admin.get('/journal', {
      query: { order: 'oldest', limit: 1000, ...query },
    });
    return entries;
  }

  /**
   * An exchange in full.
   * @param id its Tracer-Id or number
   * @throws AdminApiError `ADMIN_REFUSED` when the journal does not have it
   */
  exchange(id: string | number): Promise<Exchange> {
    return this.#admin.get('/journal/{id}', { path: { id: String(id) } });
  }
}

/**
 * The scenarios that are active for all clients.
 *
 * @example
 * await simulator.scenarios.activate('order-fails-twice-then-succeeds');
 */
export class ScenarioControl {
  readonly #admin: AdminClient;

  constructor(admin: AdminClient) {
    this.#admin = admin;
  }

  /** Names of the active scenarios, and all known ones. */
  list(): Promise<{
    readonly active: readonly string[];
    readonly known: readonly ScenarioOverview[];
  }> {
    return this.#admin.get('/scenarios');
  }

  /**
   * Activates exactly these, in this order; none without names.
   * @throws AdminApiError `ADMIN_REFUSED` for an unknown scenario
   */
  async activate(...names: readonly string[]): Promise<void> {
    await this.#admin.put('/scenarios', { body: { active: [...names] } });
  }

  /**
   * Uploads the text of a scenario file, to be activated by its name.
   * @throws AdminApiError `ADMIN_REFUSED` with each error of the text
   */
  async upload(yaml: string): Promise<void> {
    await this.#admin.post('/scenarios', { body: { yaml } });
  }
}
