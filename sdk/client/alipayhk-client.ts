import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ecc224Variant, SignatureAlgorithm } from '../../server/protocol/algorithms.ts';
import { omitUndefined } from '../../server/protocol/omit-undefined.ts';
import { requestUrl, TargetError } from '../../server/protocol/request-url.ts';
import { defaultScheme, type SealingScheme } from '../../server/protocol/sealing.ts';
import { type CallOutcome, classifyResponse, noAnswer, type Unsettled } from './call-outcome.ts';
import { OperationFailedError, SetupError, UnknownOutcomeError } from './client-errors.ts';
import { type KeysInput, toKeyProvider } from './key-provider.ts';
import {
  type AnswerOf,
  type OperationId,
  operationsOnTheWire,
  type RequestOf,
} from './operations.ts';
import { defaultRetry, delayAfter, type RetryPlan } from './retry.ts';

import {
  type MerchantAnswer,
  type MerchantIdentity,
  type SignedRequest,
  sendRequest,
  signRequest,
} from './signed-call.ts';

export interface AlipayHKClientOptions {
  /**
   * Where the gateway is, e.g. `http://127.0.0.1:8852`; a path in it goes in front of every
   * operation's.
   */
  readonly baseUrl: string | URL;
  readonly clientId: string;
  /**
   * The merchant's own key, as PEM, as the bare base64 line of SDKs, or as a KeyObject; or several
   * with their versions: the newest signs.
   */
  readonly privateKey: KeysInput;
  /** The version that a single `privateKey` is registered under; default 1. */
  readonly keyVersion?: number;
  /** The platform's public key (version 1), or all that are in force with their versions. */
  readonly platformKey: KeysInput;
  /** Accept RSA keys shorter than 2048 bits, which AlipayHK does not; default false. */
  readonly weakKeys?: boolean;
  /** Default RSA256. */
  readonly algorithm?: SignatureAlgorithm;
  /** Seal every call, unless the call says otherwise. */
  readonly seal?: boolean;
  /** Given where AlipayHK has told you another path than the contract's. */
  readonly paths?: Partial<Readonly<Record<OperationId, string>>>;
  /** Shows that an integrator may act for the merchant. */
  readonly agentToken?: string;
  /** What one attempt may take, milliseconds; default 10 000. */
  readonly timeoutMs?: number;
  /** The longest answer that is read, bytes; default 1 MiB. */
  readonly maxAnswerBytes?: number;
  /** How far Response-Time may be from this machine's clock, milliseconds; default five minutes. */
  readonly clockToleranceMs?: number;
  /**
   * What stands here is laid over the default of 5 attempts, the pauses between them from 200 ms to
   * 10 s; false: one attempt.
   */
  readonly retry?: Partial<RetryPlan> | false;
  /** Told of every attempt, for logs and metrics. What it throws is thrown by the call. */
  readonly onAttempt?: (attempt: Attempt) => void;
  readonly ecc224?: Ecc224Variant;
  readonly scheme?: SealingScheme;
  /** In place of the machine's clock, milliseconds since 1970. */
  readonly now?: () => number;
  /** In place of waiting: tests need not. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
}

export interface CallSettings {
  readonly seal?: boolean;
  /** Further headers, which are not signed, e.g. the simulator's `x-mock-result`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends waiting and sending; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** One request sent once, and what came of it. */
export interface Attempt {
  readonly operation: OperationId;
  readonly requestId: string | undefined;
  /** Counted from 1. */
  readonly number: number;
  readonly request: SignedRequest;
  /** Absent when none came. */
  readonly answer?: MerchantAnswer;
  readonly outcome: CallOutcome | Unsettled;
}

/** A call that has succeeded. */
export interface Success<K extends OperationId> {
  readonly answer: AnswerOf<K>;
  readonly requestId: string | undefined;
  readonly attempts: number;
  /** What AlipayHK knows the exchange by. */
  readonly tracerId: string | undefined;
}

/**
 * A correct integration of the five operations: signs the very bytes it sends, verifies the very
 * bytes it gets before it reads them, believes only a signed result, and while the outcome is
 * unknown sends the same request again with growing pauses and an end. Needs nothing but Node.
 *
 * Every call answers only what is signed and S; it rejects with {@link OperationFailedError}
 * (signed F, final) or {@link UnknownOutcomeError}.
 */
export class AlipayHKClient {
  readonly clientId: string;
  readonly #options: AlipayHKClientOptions;
  readonly #base: URL;
  readonly #merchant: MerchantIdentity;
  readonly #retry: RetryPlan;

  /** @throws SetupError when something of it cannot be used */
  constructor(options: AlipayHKClientOptions) {
    const { clientId, baseUrl, privateKey, keyVersion, platformKey, weakKeys, retry } = options;
    if (!URL.canParse(String(baseUrl)))
      throw new SetupError(
        `baseUrl "${String(baseUrl)}" is no address; write e.g. http://127.0.0.1:8852`,
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
    this.#retry =
      retry === false ? { ...defaultRetry, attempts: 1 } : { ...defaultRetry, ...retry };
    const algorithm = options.algorithm ?? 'RSA256';
    if (this.#merchant.keyring.find(algorithm === 'ECC224' ? 'EC' : 'RSA') === undefined)
      throw new SetupError(`privateKey is no key for ${algorithm}`);
  }

  /** Tells about a bill account of a user. */
  async syncAdditionalInfo(
    request: RequestOf<'syncAdditionalInfo'>,
    settings?: CallSettings,
  ): Promise<AnswerOf<'syncAdditionalInfo'>> {
    return (await this.call('syncAdditionalInfo', request, settings)).answer;
  }

  /** Binds a user of the merchant to an AlipayHK account, or takes the binding back. */
  async syncAccountLinkage(
    request: RequestOf<'syncAccountLinkage'>,
    settings?: CallSettings,
  ): Promise<AnswerOf<'syncAccountLinkage'>> {
    return (await this.call('syncAccountLinkage', request, settings)).answer;
  }

  /** Reports the latest payment of a bill account. */
  async syncPaymentInfo(
    request: RequestOf<'syncPaymentInfo'>,
    settings?: CallSettings,
  ): Promise<AnswerOf<'syncPaymentInfo'>> {
    return (await this.call('syncPaymentInfo', request, settings)).answer;
  }

  /**
   * Creates an order or reports its new state. Compare the answer's `orderStatus` with what you
   * sent: a late update changes nothing.
   */
  async syncOrder(
    request: RequestOf<'syncOrder'>,
    settings?: CallSettings,
  ): Promise<AnswerOf<'syncOrder'>> {
    return (await this.call('syncOrder', request, settings)).answer;
  }

  /** Updates a membership card in a user's wallet, or closes it. */
  async updateMembershipCard(
    request: RequestOf<'updateMembershipCard'>,
    settings?: CallSettings,
  ): Promise<AnswerOf<'updateMembershipCard'>> {
    return (await this.call('updateMembershipCard', request, settings)).answer;
  }

  /** Any of the five, with what is known about the call beside its answer. */
  async call<K extends OperationId>(
    operation: K,
    request: RequestOf<K>,
    settings: CallSettings = {},
  ): Promise<Success<K>> {
    const whole = operationsOnTheWire[operation].hasRequestId
      ? { requestId: newRequestId(), ...omitUndefined(request) }
      : request;
    return this.resend(operation, Buffer.from(JSON.stringify(whole)), settings);
  }

  /**
   * Sends a body as it is until its outcome is known: what to do, later, with that of an {@link
   * UnknownOutcomeError}.
   */
  async resend<K extends OperationId>(
    operation: K,
    body: Uint8Array,
    settings: CallSettings = {},
  ): Promise<Success<K>> {
    const requestId = requestIdIn(body);
    const history: Unsettled[] = [];
    for (let number = 1; number <= this.#retry.attempts; number++) {
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
      // Signed by the platform and S: what it says is the contract's answer.
      return {
        answer: outcome.body as unknown as AnswerOf<K>,
        requestId,
        attempts: number,
        tracerId: attempt.answer?.headers['tracer-id'],
      };
    }
    throw new UnknownOutcomeError(
      { operation, requestId, attempts: history.length },
      history,
      Buffer.from(body),
    );
  }

  /**
   * Signs and sends a body once and says what came of it. Rejects for no answer's sake: for tools
   * and tests.
   */
  async attempt(
    operation: OperationId,
    body: Uint8Array,
    settings: CallSettings = {},
    number = 1,
  ): Promise<Attempt> {
    const seal = settings.seal ?? this.#options.seal ?? false;
    const request = this.sign(operation, body, { ...settings, seal });
    const {
      now = Date.now,
      clockToleranceMs = 300_000,
      timeoutMs = 10_000,
      maxAnswerBytes = 1_048_576,
    } = this.#options;
    const { resultField } = operationsOnTheWire[operation];
    const known = { operation, requestId: requestIdIn(body), number, request };
    const attempt = await sendRequest(this.#base, this.#merchant, request, {
      ...this.#crypto,
      timeoutMs,
      maxAnswerBytes,
      ...(settings.signal === undefined ? {} : { signal: settings.signal }),
    }).then(
      (answer): Attempt => ({
        ...known,
        answer,
        outcome: classifyResponse(answer, {
          resultField,
          sealed: seal,
          now: now(),
          clockToleranceMs,
        }),
      }),
      (error: unknown): Attempt => ({ ...known, outcome: noAnswer(error) }),
    );
    this.#options.onAttempt?.(attempt);
    return attempt;
  }

  /** The request as it would go over the wire. Sends nothing. */
  sign(
    operation: OperationId,
    body: Uint8Array,
    { seal = this.#options.seal ?? false, headers = {} }: CallSettings = {},
  ): SignedRequest {
    const { agentToken, now = Date.now } = this.#options;
    const signed = signRequest(this.#merchant, this.#targetOf(operation), Buffer.from(body), {
      ...this.#crypto,
      seal,
      time: now(),
    });
    const further = {
      ...(agentToken === undefined ? {} : { 'Agent-Token': agentToken }),
      ...headers,
    };
    return { ...signed, headers: { ...signed.headers, ...further } };
  }

  #targetOf(operation: OperationId): string {
    const { paths = {} } = this.#options;
    const prefix = this.#base.pathname.replace(/\/+$/, '');
    const path = paths[operation] ?? operationsOnTheWire[operation].path;
    // An operation's whole address, copied from a log, is a base URL that is often tried.
    return prefix.endsWith(path) ? prefix : `${prefix}${path}`;
  }

  /** Nothing is signed for a target that would take it to another server. @throws SetupError */
  #checkTargets(): void {
    for (const operation of Object.keys(operationsOnTheWire) as OperationId[]) {
      try {
        requestUrl(this.#base, this.#targetOf(operation));
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
    const delayMs = delayAfter(after, this.#retry, randomInt(1_000_001) / 1_000_000);
    const { sleep = (ms: number) => pause(ms, undefined, signal === undefined ? {} : { signal }) } =
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
