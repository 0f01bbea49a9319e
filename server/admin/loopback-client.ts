import { randomBytes, randomUUID } from 'node:crypto';
import {
  type CallOptions,
  type MerchantIdentity,
  type MerchantResponse,
  type SignedRequest,
  sendRequest,
  signRequest,
} from '../../sdk/client/signed-call.ts';
import { ownUserAgent } from '../conformance/traffic-observer.ts';
import type { Contract, Operation } from '../domain/contract/contract.ts';
import { fillSample, findSample, type SampleValues } from '../domain/operations/fill-sample.ts';
import type { ScenarioExpectation } from '../domain/scenarios/scenario-file.ts';
import { type Settings, sealingScheme } from '../domain/settings/settings-table.ts';
import type { JsonObject } from '../domain/state/state.ts';
import { decodeText, redactHeaders, summarizeExchange } from '../journal/exchange-views.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import { requestUrl, TargetError } from '../protocol/http-call.ts';
import { Keyring, type Keyrings } from '../protocol/keys/keyring.ts';
import type { BodyOf } from './admin-contract.ts';
import { AdminRequestError, notFoundError } from './middleware.ts';

export interface LoopbackClientDeps {
  readonly settings: Settings;
  readonly contract: Contract;
  readonly parties: Keyrings;
  readonly journal: Journal;
  /** A client's clock: milliseconds since 1970. */
  readonly now: (clientId: string) => number;
  readonly gatewayUrl: () => string;
}

/** Timeout of a response; a scripted silence lasts longer than a person at a page waits. */
const responseTimeoutMs = 10_000;

/**
 * Signs and sends as a client whose private key is held here. Its requests go to the simulator
 * itself and nowhere else.
 */
export class LoopbackClient {
  readonly #parts: LoopbackClientDeps;

  constructor(parts: LoopbackClientDeps) {
    this.#parts = parts;
  }

  async send(asked: BodyOf<'send'>) {
    const { clientId, seal = false, algorithm = 'RSA256', headers = {} } = asked;
    const operation = this.#parts.contract.operations.get(asked.operation);
    if (operation === undefined)
      throw notFoundError('operation', asked.operation, [
        ...this.#parts.contract.operations.keys(),
      ]);
    const plain = this.#bodyFor(asked);
    const options = { ...this.#options(clientId), seal, algorithm };
    const request = signOrRefuse(
      this.#identity(clientId),
      operation.path,
      Buffer.from(JSON.stringify(plain)),
      options,
    );
    return this.#exchange(
      clientId,
      { ...request, headers: { ...headers, ...request.headers } },
      options,
      plain,
    );
  }

  /** The very bytes of an exchange. */
  async sendAgain({ method, target, clientId = '', request }: JournalEntry) {
    if (method !== 'POST')
      throw refusal(
        `${method} ${target}`,
        'is no POST, so it is no call of an operation',
        'Use the curl line instead.',
      );
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !notResentHeaders.has(name)),
    );
    return this.#exchange(
      clientId,
      { target, headers, body: request.body },
      this.#options(clientId),
    );
  }

  /** The same request signed now, and encrypted again if it was encrypted. */
  signAgain({ method, target, clientId = '', request, sealed }: JournalEntry) {
    const algorithm = /algorithm\s*=\s*ECC224/i.test(request.headers['signature'] ?? '')
      ? ('ECC224' as const)
      : ('RSA256' as const);
    const options = { ...this.#options(clientId), seal: sealed, algorithm };
    const signed = signOrRefuse(
      this.#identity(clientId),
      target,
      request.plain ?? request.body,
      options,
    );
    return { method, headers: Object.entries(signed.headers), body: signed.body };
  }

  #bodyFor({ operation: id, body, example, fields, clientId }: BodyOf<'send'>): JsonObject {
    // Both have been checked to be JSON objects.
    if (body !== undefined) return body as JsonObject;
    const operation = this.#parts.contract.operations.get(id);
    if (operation === undefined)
      throw notFoundError('operation', id, [...this.#parts.contract.operations.keys()]);
    if (example !== undefined && !operation.examples.has(example))
      throw notFoundError('example', example, [...operation.examples.keys()]);
    return composeSample(operation, {
      example,
      fields: (fields ?? {}) as JsonObject,
      time: this.#parts.now(clientId),
    });
  }

  #identity(clientId: string): MerchantIdentity {
    const { clients, platform } = this.#parts.parties;
    const keyring = clients.get(clientId);
    if (keyring === undefined)
      throw notFoundError('client', clientId, [...clients.keys()], 'GET /__admin/clients');
    return { clientId, keyring, platform };
  }

  #options(clientId: string): CallOptions {
    const { settings, now } = this.#parts;
    return { ecc224: settings.ecc224, scheme: sealingScheme(settings), time: now(clientId) };
  }

  async #exchange(
    clientId: string,
    request: SignedRequest,
    options: CallOptions,
    plain?: JsonObject,
  ) {
    const { parties, gatewayUrl, journal } = this.#parts;
    refuseForeignTarget(gatewayUrl(), request.target);
    const identity = {
      clientId,
      keyring: parties.clients.get(clientId) ?? new Keyring([]),
      platform: parties.platform,
    };
    const observed = await observeAnswer(
      gatewayUrl(),
      identity,
      { ...request, headers: { 'user-agent': ownUserAgent, ...request.headers } },
      { ...options, giveUpAfterMs: responseTimeoutMs },
    );
    const entry =
      'answer' in observed ? journal.find(observed.answer.headers['tracer-id'] ?? '') : undefined;
    return {
      ...omitUndefined({ exchange: entry && summarizeExchange(entry) }),
      request: {
        method: 'POST',
        target: request.target,
        headers: redactHeaders(request.headers),
        ...bytesToJson(request.body),
        ...omitUndefined({ plain }),
      },
      answer: answerToJson(observed),
    };
  }
}

const notResentHeaders: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'expect',
  'keep-alive',
  'upgrade',
]);

const refusal = (where: string, message: string, remedy: string): AdminRequestError =>
  new AdminRequestError(422, [{ where, message, remedy }]);

/** The journal holds what callers wrote on the request line, `//host/path` too. */
const refuseForeignTarget = (gatewayUrl: string, target: string): void => {
  try {
    requestUrl(gatewayUrl, target);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    throw refusal(
      'target',
      error.message,
      'Use the curl line instead: it sends the target byte for byte.',
    );
  }
};

const signOrRefuse = (
  identity: MerchantIdentity,
  target: string,
  body: Buffer,
  options: CallOptions,
): SignedRequest => {
  try {
    return signRequest(identity, target, body, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw refusal(
      identity.clientId,
      message,
      'Use a client that was created over the admin API, or the demo client: others have no ' +
        'private key here.',
    );
  }
};

const bytesToJson = (body: Buffer) => {
  const text = decodeText(body);
  return { bodyBase64: body.toString('base64'), ...omitUndefined({ bodyText: text }) };
};

const answerToJson = (observed: Observed) => {
  if ('transport' in observed) return { transport: observed.transport };
  const { httpStatus, headers, body, json, signature } = observed.answer;
  return {
    httpStatus,
    headers,
    ...bytesToJson(body),
    ...omitUndefined({ json }),
    signature,
  };
};

/**
 * Composes a request of an operation from the contract's example, with a random requestId in the
 * form of the example's.
 * @throws Error for an unknown example
 */
export const composeSample = (
  operation: Operation,
  values: Omit<SampleValues, 'requestId'>,
): JsonObject => {
  const { requestId } = findSample(operation, values.example);
  return fillSample(operation, {
    ...values,
    requestId: String(requestId).includes('-') ? randomUUID() : randomBytes(16).toString('hex'),
  });
};

export type Transport = NonNullable<ScenarioExpectation['answer']['transport']>;

/** What a caller got: an answer, or in which way it got none. */
type Observed = { readonly answer: MerchantResponse } | { readonly transport: Transport };

/**
 * Sends a request and waits for its response.
 * @throws connection errors such as ECONNREFUSED; resets and truncated responses are returned
 */
export const observeAnswer = async (
  baseUrl: string,
  merchant: MerchantIdentity,
  request: SignedRequest,
  { giveUpAfterMs, ...options }: CallOptions & { readonly giveUpAfterMs: number },
): Promise<Observed> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Observed>((resolve) => {
    timer = setTimeout(() => resolve({ transport: 'timeout' }), giveUpAfterMs);
  });
  const answered = sendRequest(baseUrl, merchant, request, options).then(
    (answer): Observed => ({ answer }),
    (error: unknown): Observed => ({ transport: describeTransport(error) }),
  );
  const observed = await Promise.race([answered, tooLate]);
  clearTimeout(timer);
  return observed;
};

const transports: Readonly<Record<string, Transport>> = {
  ECONNRESET: 'reset',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'closed',
  HPE_INVALID_EOF_STATE: 'closed',
};

const describeTransport = (error: unknown): Transport => {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const transport = transports[code] ?? (code.startsWith('HPE_') ? 'malformed' : undefined);
  if (transport === undefined) throw error;
  return transport;
};
