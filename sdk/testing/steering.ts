import type { AdminClient } from '../admin/admin-client.ts';
import type {
  ClockMove,
  ClockState,
  Exchange,
  ExchangeSummary,
  JournalFilter,
  ScenarioOverview,
} from './admin-types.ts';

/** A clock that can be held: the simulator's, or one client's. */
export class ClockControl {
  readonly #admin: AdminClient;
  readonly #clientId: string | undefined;

  constructor(admin: AdminClient, clientId?: string) {
    this.#admin = admin;
    this.#clientId = clientId;
  }

  read(): Promise<ClockState> {
    const clientId = this.#clientId;
    return clientId === undefined
      ? this.#admin.get('/clock')
      : this.#admin.get('/clients/{clientId}/clock', { path: { clientId } });
  }

  /** Holds it at a time (milliseconds since 1970), or where it is. */
  freeze(at?: number): Promise<ClockState> {
    return this.#move({ freeze: at ?? true });
  }

  set(at: number): Promise<ClockState> {
    return this.#move({ set: at });
  }

  advance(milliseconds: number): Promise<ClockState> {
    return this.#move({ advanceMs: milliseconds });
  }

  /** Lets it run so fast against the one it hangs on. */
  run(rate = 1): Promise<ClockState> {
    return this.#move({ rate });
  }

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

/** What was received and answered, and why. */
export class JournalReader {
  readonly #admin: AdminClient;
  readonly #clientId: string | undefined;

  constructor(admin: AdminClient, clientId?: string) {
    this.#admin = admin;
    this.#clientId = clientId;
  }

  /** Exchanges, the oldest first; at most 1000. */
  async exchanges(filter: JournalFilter = {}): Promise<readonly ExchangeSummary[]> {
    const query = { ...filter, clientId: this.#clientId ?? filter.clientId };
    const { entries } = await this.#admin.get('/journal', {
      query: { order: 'oldest', limit: 1000, ...query },
    });
    return entries;
  }

  /** Everything that is known of one, by its Tracer-Id or number. */
  exchange(id: string | number): Promise<Exchange> {
    return this.#admin.get('/journal/{id}', { path: { id: String(id) } });
  }
}

/** Which scenarios are active for everyone. */
export class ScenarioControl {
  readonly #admin: AdminClient;

  constructor(admin: AdminClient) {
    this.#admin = admin;
  }

  list(): Promise<{
    readonly active: readonly string[];
    readonly known: readonly ScenarioOverview[];
  }> {
    return this.#admin.get('/scenarios');
  }

  /** These and no others, in this order; none when nothing is named. */
  async activate(...names: readonly string[]): Promise<void> {
    await this.#admin.put('/scenarios', { body: { active: [...names] } });
  }

  /** Takes up the text of a scenario file; it can then be activated by its name. */
  async upload(yaml: string): Promise<void> {
    await this.#admin.post('/scenarios', { body: { yaml } });
  }
}
