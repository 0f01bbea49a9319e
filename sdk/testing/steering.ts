import { setTimeout as pause } from 'node:timers/promises';
import type {
  ClockState,
  components,
  Exchange,
  ExchangeSummary,
  RequestBodyClockMove,
  Scenario as ScenarioOverview,
} from '../../server/admin/types.gen.ts';
import type { AdminClient } from '../admin/admin-client.ts';

/** One move of a clock: one member at least. */
export type ClockMove = RequestBodyClockMove['content']['application/json'];

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

/** Selects exchanges of the journal; an empty filter selects all of them. */
export interface JournalFilter {
  readonly clientId?: string;
  readonly operation?: string | readonly string[];
  readonly code?: string | readonly string[];
  readonly status?: 'S' | 'F' | 'U';
  /** Default: both. */
  readonly direction?: 'inbound' | 'outbound' | 'both';
  /** Calls to the merchant, e.g. `bill-notify`. */
  readonly call?: string | readonly string[];
  readonly tag?: string | readonly string[];
  readonly identity?: string;
  readonly since?: number;
  readonly limit?: number;
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

/** A call to your server, with its plan and its attempts. */
export type OutboundMessage = components['schemas']['OutboundMessage'];
/** The name of a call, e.g. `bill-notify`. */
export type OutboundCallId = components['schemas']['OutboundCallId'];
/** What goes wrong with a call, e.g. `wrong-signature`. */
export type OutboundFaultId = components['schemas']['OutboundFaultId'];

/** How a call is sent. */
export interface OutboundCallOptions {
  /** How long it waits, by the client's clock; default: not at all. */
  readonly afterMs?: number;
  /** What goes wrong with the first sending. */
  readonly fault?: OutboundFaultId;
  /** Encrypt the body for the client; default false. */
  readonly encrypt?: boolean;
  /** Send fields that contradict the contract too; default false. */
  readonly unchecked?: boolean;
}

/**
 * Calls to your server were not over in time. `code` is `OUTBOUND_TIMEOUT`.
 *
 * @example
 * try {
 *   await client.outbound.idle();
 * } catch (error) {
 *   if (error instanceof OutboundTimeoutError) console.error(await client.outbound.list());
 * }
 */
export class OutboundTimeoutError extends Error {
  override readonly name = 'OutboundTimeoutError';
  readonly code = 'OUTBOUND_TIMEOUT';

  constructor(withinMs: number) {
    super(`calls to the merchant are not over after ${withinMs} ms: does your server answer?`);
  }
}

const defaultIdleMs = 15_000;

const waitUntil = async (isDone: () => Promise<boolean>, withinMs: number): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await isDone())) {
    if (performance.now() > deadline) throw new OutboundTimeoutError(withinMs);
    await pause(5);
  }
};

/**
 * Waits until no call to a merchant is under way or due.
 * @param clientId absent: of all clients
 * @throws OutboundTimeoutError
 */
export const waitForCalls = (
  admin: AdminClient,
  clientId: string | undefined,
  withinMs: number,
): Promise<void> => {
  const query = { clientId, limit: 1 };
  return waitUntil(async () => (await admin.get('/outbound', { query })).busy === 0, withinMs);
};

/**
 * Has your own server called, as AlipayHK calls it. Addresses are those of the setting
 * `outbound.targets`.
 *
 * @example
 * const sent = await client.outbound.notify('bill-notify', { billNo: 'B-1' });
 * await client.clock.advance(25 * 3_600_000);
 * await client.outbound.idle();
 */
export class OutboundControl {
  readonly #admin: AdminClient;
  readonly #clientId: string;

  constructor(admin: AdminClient, clientId: string) {
    this.#admin = admin;
    this.#clientId = clientId;
  }

  /**
   * Plans a notification and returns it once its first attempt is over, unless it waits.
   * @param fields over those of the example; null removes one
   * @throws AdminApiError `ADMIN_REFUSED` without a configured address, or for invalid fields
   */
  async notify(
    call: OutboundCallId,
    fields: Readonly<Record<string, unknown>> = {},
    options: OutboundCallOptions = {},
  ): Promise<OutboundMessage> {
    const planned = await this.#admin.post('/clients/{clientId}/outbound', {
      path: { clientId: this.#clientId },
      body: { call, fields: { ...fields }, ...options },
    });
    return options.afterMs === undefined ? this.#untilSent(planned.id) : planned;
  }

  /** The same for a call whose answer the user waits for; it is sent once. */
  query(
    call: OutboundCallId,
    fields: Readonly<Record<string, unknown>> = {},
    options: OutboundCallOptions = {},
  ): Promise<OutboundMessage> {
    return this.notify(call, fields, options);
  }

  /** This client's messages, the newest first; at most 5000. */
  async list(state?: OutboundMessage['state']): Promise<readonly OutboundMessage[]> {
    const query = { clientId: this.#clientId, state, limit: 5000 };
    return (await this.#admin.get('/outbound', { query })).messages;
  }

  /** A message with its attempts. @param id of the message */
  read(id: string): Promise<OutboundMessage> {
    return this.#admin.get('/clients/{clientId}/outbound/{messageId}', this.#route(id));
  }

  /** Ends a message: it is not sent again. @param id of the message */
  cancel(id: string): Promise<OutboundMessage> {
    return this.#admin.delete('/clients/{clientId}/outbound/{messageId}', this.#route(id));
  }

  /** Sends a message now, whatever its plan says. @param id of the message */
  sendNow(id: string): Promise<OutboundMessage> {
    return this.#admin.post('/clients/{clientId}/outbound/{messageId}/send', this.#route(id));
  }

  /**
   * Waits until nothing is being sent and nothing is due, e.g. after the clock was moved.
   * @throws OutboundTimeoutError `OUTBOUND_TIMEOUT` after `withinMs`, by default 15 000
   */
  idle({ withinMs = defaultIdleMs }: { readonly withinMs?: number } = {}): Promise<void> {
    return waitForCalls(this.#admin, this.#clientId, withinMs);
  }

  async #untilSent(id: string): Promise<OutboundMessage> {
    let message = await this.read(id);
    await waitUntil(async () => {
      message = await this.read(id);
      return message.attempts.length > 0 || message.state !== 'pending';
    }, defaultIdleMs);
    return message;
  }

  #route(messageId: string) {
    return { path: { clientId: this.#clientId, messageId } };
  }
}
