import type { AdminConnection } from './admin-connection.ts';
import type {
  ClockState,
  Exchange,
  ExchangeSummary,
  JournalFilter,
  JournalPage,
  ScenarioOverview,
} from './admin-types.ts';

/** A clock that can be held: the simulator's, or one client's. */
export class ClockControl {
  readonly #admin: AdminConnection;
  readonly #path: string;

  constructor(admin: AdminConnection, path: string) {
    this.#admin = admin;
    this.#path = path;
  }

  read(): Promise<ClockState> {
    return this.#admin.ask('GET', this.#path);
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

  #move(move: object): Promise<ClockState> {
    return this.#admin.ask('PUT', this.#path, move);
  }
}

/** What was received and answered, and why. */
export class JournalReader {
  readonly #admin: AdminConnection;
  readonly #clientId: string | undefined;

  constructor(admin: AdminConnection, clientId?: string) {
    this.#admin = admin;
    this.#clientId = clientId;
  }

  /** Exchanges, the oldest first; at most 1000. */
  async exchanges(filter: JournalFilter = {}): Promise<readonly ExchangeSummary[]> {
    const asked = {
      order: 'oldest',
      limit: 1000,
      ...filter,
      ...(this.#clientId === undefined ? {} : { clientId: this.#clientId }),
    };
    const query = new URLSearchParams(
      Object.entries(asked).flatMap(([name, value]) =>
        [value].flat().map((one): [string, string] => [name, String(one)]),
      ),
    );
    return (await this.#admin.ask<JournalPage>('GET', `/journal?${query}`)).entries;
  }

  /** Everything that is known of one, by its Tracer-Id or number. */
  exchange(id: string | number): Promise<Exchange> {
    return this.#admin.ask('GET', `/journal/${encodeURIComponent(id)}`);
  }
}

/** Which scenarios are active for everyone. */
export class ScenarioControl {
  readonly #admin: AdminConnection;

  constructor(admin: AdminConnection) {
    this.#admin = admin;
  }

  list(): Promise<{
    readonly active: readonly string[];
    readonly known: readonly ScenarioOverview[];
  }> {
    return this.#admin.ask('GET', '/scenarios');
  }

  /** These and no others, in this order; none when nothing is named. */
  async activate(...names: readonly string[]): Promise<void> {
    await this.#admin.ask('PUT', '/scenarios', { active: names });
  }

  /** Takes up the text of a scenario file; it can then be activated by its name. */
  async upload(yaml: string): Promise<void> {
    await this.#admin.ask('POST', '/scenarios', { yaml });
  }
}
