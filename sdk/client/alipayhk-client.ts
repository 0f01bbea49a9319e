import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { omitUndefined } from '../../server/problems/plain-object.ts';
import { requestUrl, TargetError } from '../../server/protocol/http-call.ts';
import { defaultScheme, type SealingScheme } from '../../server/protocol/sealing.ts';
import type { Ecc224Variant, SignatureAlgorithm } from '../../server/protocol/signatures.ts';
import {
  type CallOutcome,
  classifyResponse,
  defaultRetry,
  type OperationId,
  operationMetadata,
  pauseAfter,
  type RequestOf,
  type ResponseOf,
  type RetryPlan,
  toNoResponse,
  type Unsettled,
} from './calls.ts';
import { OperationFailedError, SetupError, UnknownOutcomeError } from './client-errors.ts';
import { type KeysInput, toKeyProvider } from './key-provider.ts';
import {
  type MerchantIdentity,
  type MerchantResponse,
  type SignedRequest,
  sendRequest,
  signRequest,
} from './signed-call.ts';

/** Options of {@link AlipayHKClient}. A {@link MockClient} has all that are required. */
export interface AlipayHKClientOptions {
  /** Address of the gateway, e.g. `http://127.0.0.1:8852`; its path precedes every operation's. */
  readonly baseUrl: string | URL;
  readonly clientId: string;
  /** The merchant's private key as PEM, bare base64 or KeyObject; of several the newest signs. */
  readonly privateKey: KeysInput;
  /** The version that a single `privateKey` is registered under; default 1. */
  readonly keyVersion?: number;
  /** The platform's public key (version 1), or several with their versions. */
  readonly platformKey: KeysInput;
  /** Accept RSA keys shorter than 2048 bits, which AlipayHK does not; default false. */
  readonly weakKeys?: boolean;
  /** Default RSA256. */
  readonly algorithm?: SignatureAlgorithm;
  /** Encrypt calls that do not set `seal` themselves; default false. */
  readonly seal?: boolean;
  /** Paths that differ from the contract's, by operation. */
  readonly paths?: Partial<Readonly<Record<OperationId, string>>>;
  /** `Agent-Token` of an integrator that acts for the merchant. */
  readonly agentToken?: string;
  /** Timeout of one attempt, to the last byte of its response, milliseconds; default 8000. */
  readonly timeoutMs?: number;
  /** Largest response body, bytes; default 1 MiB. */
  readonly maxResponseBytes?: number;
  /** Accepted distance of Response-Time to the clock, milliseconds; default 300 000. */
  readonly clockToleranceMs?: number;
  /**
   * Overrides parts of the documented plan: again after 2 s, three times; an {@link Outbox} then
   * after 10 and 30 minutes. false: a call makes one attempt.
   */
  readonly retry?: Partial<RetryPlan> | false;
  /** Called after each attempt, for logs and metrics. The call rejects with what it throws. */
  readonly onAttempt?: (attempt: Attempt) => void;
  /**
   * Returns the W3C `traceparent` of the caller's current span, which is sent with each attempt;
   * undefined: none is sent. It is not part of what is signed.
   */
  readonly traceparent?: () => string | undefined;
  /** How ECC224 signatures are made; default `sha256`. */
  readonly ecc224?: Ecc224Variant;
  /** How bodies are encrypted; default as the contract has it. */
  readonly scheme?: SealingScheme;
  /** Replaces the machine's clock, milliseconds since 1970. */
  readonly now?: () => number;
  /** Replaces the pause between attempts, for tests. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
}

/** Options of one call. */
export interface CallSettings {
  /** Encrypt the body; the response is encrypted then too. Default: the client's `seal`. */
  readonly seal?: boolean;
  /** Additional headers, which are not signed, e.g. the simulator's `x-mock-result`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborts the call, which rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** One request sent once, and its outcome. */
export interface Attempt {
  readonly operation: OperationId;
  readonly requestId: string | undefined;
  /** Counted from 1. */
  readonly number: number;
  readonly request: SignedRequest;
  /** Absent without a response. */
  readonly response?: MerchantResponse;
  readonly outcome: CallOutcome | Unsettled;
}

/** A call that has succeeded. */
export interface Success<K extends OperationId> {
  readonly response: ResponseOf<K>;
  readonly requestId: string | undefined;
  /** How many times the request was sent. */
  readonly attempts: number;
  /** The response's Tracer-Id, for questions to AlipayHK. */
  readonly tracerId: string | undefined;
}

/**
 * A merchant's client of the five operations. It signs the exact bytes it sends, verifies the exact
 * bytes it receives before it parses them, trusts signed results only, and repeats a request of
 * unknown outcome by the documented plan. Needs nothing but Node.
 *
 * A call resolves for a signed S only.
 *
 * @example
 * const client = new AlipayHKClient({
 *   baseUrl: 'http://127.0.0.1:8852',
 *   clientId: '4Q5Y8W0WSG45P907917',
 *   privateKey: readFileSync('merchant.pem', 'utf8'),
 *   platformKey: readFileSync('platform.pem', 'utf8'),
 * });
 * const { orderStatus } = await client.syncOrder(order);
 */
export class AlipayHKClient {
  readonly clientId: string;
  readonly #options: AlipayHKClientOptions;
  readonly #base: URL;
  readonly #merchant: MerchantIdentity;
  /** When a message is sent again while its outcome is unknown. */
  readonly retry: RetryPlan;

  /** @throws SetupError `INVALID_SETUP` for an unusable option */
  constructor(options: AlipayHKClientOptions) {
    const { clientId, baseUrl, privateKey, keyVersion, platformKey, weakKeys, retry } = options;
    if (!URL.canParse(String(baseUrl)))
      throw new SetupError(
        `baseUrl "${String(baseUrl)}" is not an address. Write e.g. http://127.0.0.1:8852.`,
      );
    if (clientId === '') throw new SetupError('clientId is empty');
    this.clientId = clientId;
    this.#options = options;
    this.#base = new URL(baseUrl);
    if (!/^https?:$/.test(this.#base.protocol))
      throw new SetupError(`baseUrl "${String(baseUrl)}" is not an http or https address`);
    this.#checkTargets();
    this.#merchant = {
      clientId,
      keyring: toKeyProvider('privateKey', 'private', privateKey, {
        version: keyVersion,
        weakKeys,
      }),
      platform: toKeyProvider('platformKey', 'public', platformKey, { weakKeys }),
    };
    this.retry =
      retry === false ? { ...defaultRetry, pausesMs: [] } : { ...defaultRetry, ...retry };
    const algorithm = options.algorithm ?? 'RSA256';
    if (this.#merchant.keyring.find(algorithm === 'ECC224' ? 'EC' : 'RSA') === undefined)
      throw new SetupError(`privateKey has no key for ${algorithm}`);
  }

  /**
   * Registers a user's bill account.
   * @throws OperationFailedError `OPERATION_FAILED` for a signed F, which is final
   * @throws UnknownOutcomeError `UNKNOWN_OUTCOME` when no attempt was final
   */
  async syncAdditionalInfo(
    request: RequestOf<'syncAdditionalInfo'>,
    settings?: CallSettings,
  ): Promise<ResponseOf<'syncAdditionalInfo'>> {
    return (await this.call('syncAdditionalInfo', request, settings)).response;
  }

  /**
   * Binds a user of the merchant to an AlipayHK account, or unbinds it.
   * @throws OperationFailedError `OPERATION_FAILED` for a signed F, which is final
   * @throws UnknownOutcomeError `UNKNOWN_OUTCOME` when no attempt was final
   */
  async syncAccountLinkage(
    request: RequestOf<'syncAccountLinkage'>,
    settings?: CallSettings,
  ): Promise<ResponseOf<'syncAccountLinkage'>> {
    return (await this.call('syncAccountLinkage', request, settings)).response;
  }

  /**
   * Reports the latest payment of a bill account.
   * @throws OperationFailedError `OPERATION_FAILED` for a signed F, which is final
   * @throws UnknownOutcomeError `UNKNOWN_OUTCOME` when no attempt was final
   */
  async syncPaymentInfo(
    request: RequestOf<'syncPaymentInfo'>,
    settings?: CallSettings,
  ): Promise<ResponseOf<'syncPaymentInfo'>> {
    return (await this.call('syncPaymentInfo', request, settings)).response;
  }

  /**
   * Creates an order or reports its new status. Compare `orderStatus` of the response with yours: a
   * late update changes nothing.
   * @throws OperationFailedError `OPERATION_FAILED` for a signed F, which is final
   * @throws UnknownOutcomeError `UNKNOWN_OUTCOME` when no attempt was final
   */
  async syncOrder(
    request: RequestOf<'syncOrder'>,
    settings?: CallSettings,
  ): Promise<ResponseOf<'syncOrder'>> {
    return (await this.call('syncOrder', request, settings)).response;
  }

  /**
   * Updates a membership card in a user's wallet, or closes it.
   * @throws OperationFailedError `OPERATION_FAILED` for a signed F, which is final
   * @throws UnknownOutcomeError `UNKNOWN_OUTCOME` when no attempt was final
   */
  async updateMembershipCard(
    request: RequestOf<'updateMembershipCard'>,
    settings?: CallSettings,
  ): Promise<ResponseOf<'updateMembershipCard'>> {
    return (await this.call('updateMembershipCard', request, settings)).response;
  }

  /**
   * Calls any of the five operations. Resolves with the response and details of the call.
   * @throws OperationFailedError `OPERATION_FAILED` for a signed F, which is final
   * @throws UnknownOutcomeError `UNKNOWN_OUTCOME` when no attempt was final
   */
  async call<K extends OperationId>(
    operation: K,
    request: RequestOf<K>,
    settings: CallSettings = {},
  ): Promise<Success<K>> {
    return this.resend(operation, this.serialize(operation, request), settings);
  }

  /** The body of a request, with a new requestId where it has none and the operation needs one. */
  serialize<K extends OperationId>(operation: K, request: RequestOf<K>): Buffer {
    const body = operationMetadata[operation].hasRequestId
      ? { requestId: newRequestId(), ...omitUndefined(request) }
      : request;
    return Buffer.from(JSON.stringify(body));
  }

  /** Whether bodies are encrypted by default. */
  get seal(): boolean {
    return this.#options.seal ?? false;
  }

  /**
   * Sends a body unchanged until its outcome is known, e.g. that of an {@link UnknownOutcomeError}.
   * @throws OperationFailedError `OPERATION_FAILED` for a signed F, which is final
   * @throws UnknownOutcomeError `UNKNOWN_OUTCOME` when no attempt was final
   */
  async resend<K extends OperationId>(
    operation: K,
    body: Uint8Array,
    settings: CallSettings = {},
  ): Promise<Success<K>> {
    const requestId = requestIdIn(body);
    const history: Unsettled[] = [];
    for (let number = 1; number <= this.retry.pausesMs.length + 1; number++) {
      if (number > 1) await this.#wait(number - 1, settings.signal);
      settings.signal?.throwIfAborted();
      const attempt = await this.attempt(operation, body, settings, number);
      const { outcome } = attempt;
      if ('unsettled' in outcome) {
        settings.signal?.throwIfAborted();
        history.push(outcome);
        continue;
      }
      const facts = { operation, requestId, attempts: number };
      if (outcome.settled === 'F')
        throw new OperationFailedError(facts, outcome.result, outcome.body);
      // Signed by the platform and S: its shape is the contract's.
      return {
        response: outcome.body as unknown as ResponseOf<K>,
        requestId,
        attempts: number,
        tracerId: attempt.response?.headers['tracer-id'],
      };
    }
    throw new UnknownOutcomeError(
      { operation, requestId, attempts: history.length },
      history,
      Buffer.from(body),
    );
  }

  /**
   * Signs and sends a body once. Never rejects because of the response: network errors are in
   * `outcome` too.
   */
  async attempt(
    operation: OperationId,
    body: Uint8Array,
    settings: CallSettings = {},
    number = 1,
  ): Promise<Attempt> {
    const seal = settings.seal ?? this.seal;
    const request = this.sign(operation, body, { ...settings, seal });
    const {
      now = Date.now,
      clockToleranceMs = 300_000,
      timeoutMs = 8000,
      maxResponseBytes = 1_048_576,
    } = this.#options;
    const { resultField } = operationMetadata[operation];
    const known = { operation, requestId: requestIdIn(body), number, request };
    const attempt = await sendRequest(this.#base, this.#merchant, request, {
      ...this.#crypto,
      timeoutMs,
      maxResponseBytes,
      ...omitUndefined({ signal: settings.signal }),
    }).then(
      (response): Attempt => ({
        ...known,
        response,
        outcome: classifyResponse(response, {
          resultField,
          sealed: seal,
          now: now(),
          clockToleranceMs,
        }),
      }),
      (error: unknown): Attempt => ({ ...known, outcome: toNoResponse(error) }),
    );
    this.#options.onAttempt?.(attempt);
    return attempt;
  }

  /** Signs a request without sending it. */
  sign(
    operation: OperationId,
    body: Uint8Array,
    { seal = this.seal, headers = {} }: CallSettings = {},
  ): SignedRequest {
    const { agentToken, now = Date.now } = this.#options;
    const signed = signRequest(this.#merchant, this.#resolveTarget(operation), Buffer.from(body), {
      ...this.#crypto,
      seal,
      time: now(),
    });
    const unsigned = { 'Agent-Token': agentToken, traceparent: this.#options.traceparent?.() };
    const further = { ...omitUndefined(unsigned), ...headers };
    return { ...signed, headers: { ...signed.headers, ...further } };
  }

  #resolveTarget(operation: OperationId): string {
    const { paths = {} } = this.#options;
    const prefix = this.#base.pathname.replace(/\/+$/, '');
    const path = paths[operation] ?? operationMetadata[operation].path;
    // Users often copy an operation's whole address from a log as the base URL.
    return prefix.endsWith(path) ? prefix : `${prefix}${path}`;
  }

  /** A target must not lead to another server. @throws SetupError `INVALID_SETUP` */
  #checkTargets(): void {
    for (const operation of Object.keys(operationMetadata) as OperationId[]) {
      try {
        requestUrl(this.#base, this.#resolveTarget(operation));
      } catch (error) {
        if (!(error instanceof TargetError)) throw error;
        throw new SetupError(`path of ${operation}: ${error.message}`);
      }
    }
  }

  get #crypto() {
    const { algorithm = 'RSA256', ecc224 = 'sha256', scheme = defaultScheme } = this.#options;
    return { algorithm, ecc224, scheme };
  }

  async #wait(after: number, signal: AbortSignal | undefined): Promise<void> {
    const delayMs = pauseAfter(after, this.retry, randomInt(1001) / 1000) ?? 0;
    const { sleep = (ms: number) => pause(ms, undefined, omitUndefined({ signal })) } =
      this.#options;
    await sleep(delayMs, signal);
  }
}

/** A UUID without its hyphens: orders take no more than 32 characters. */
const newRequestId = (): string => randomUUID().replaceAll('-', '');

const requestIdIn = (body: Uint8Array): string | undefined => {
  try {
    const id: unknown = JSON.parse(Buffer.from(body).toString('utf8')).requestId;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
};
