import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toKeyProvider } from '../../../sdk/client/key-provider.ts';
import type {
  CallOptions,
  MerchantAnswer,
  MerchantIdentity,
} from '../../../sdk/client/merchant-messages.ts';
import { sendRequest, signRequest } from '../../../sdk/client/signed-call.ts';
import { refusalOfAdmin } from '../../admin/guard.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import { ListenError } from '../../problems/problem.ts';
import { collectBody } from '../../protocol/body-buffer.ts';
import { requestUrl, TargetError } from '../../protocol/request-url.ts';
import { exitCodes } from '../exit-codes.ts';
import { merchantKeys } from '../load-merchant.ts';
import type { MerchantOptions } from '../options.ts';
import { stopSignal } from '../stop-signal.ts';

export interface ProxyOptions extends MerchantOptions {
  readonly target: string;
  readonly listen: number;
  readonly encrypt?: boolean;
  readonly timeout: number;
}

/** Signs for everyone on this machine who asks, until it is told to stop. */
export const proxy = async (options: ProxyOptions, settings: Settings): Promise<number> => {
  const { privateKey, platformKey, weakKeys } = merchantKeys(options, settings);
  const server = createSigningProxy({
    merchant: {
      clientId: options.client,
      keyring: toKeyProvider('--private-key', 'private', privateKey, { weakKeys }),
      platform: toKeyProvider('--platform-key', 'public', platformKey, { weakKeys }),
    },
    target: new URL(options.target),
    call: {
      algorithm: options.algorithm,
      seal: options.encrypt === true,
      ecc224: settings.ecc224,
      scheme: sealingScheme(settings),
      timeoutMs: options.timeout,
      maxAnswerBytes: settings['limits.bodyBytes'],
    },
    maxBodyBytes: settings['limits.bodyBytes'],
    refuse: (req) =>
      refusalOfAdmin(req, { onLoopback: true, token: undefined })?.replace(
        'the admin API',
        'this proxy',
      ),
    onExchange: (line) => process.stdout.write(`${line}\n`),
  });
  const stopped = stopSignal();
  const listening = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(options.listen, '127.0.0.1', () => resolve(undefined));
  });
  if (listening !== undefined) {
    const attempt = { host: '127.0.0.1', port: options.listen, hostSetting: '', portSetting: '' };
    const sentence = new ListenError(listening, attempt).sentence(() => '--listen');
    process.stderr.write(`alipayhk-mock: ${sentence}\n`);
    return exitCodes.cannotListen;
  }
  process.stdout.write(
    `signing as ${options.client} for ${options.target}; proxy ready on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`,
  );
  await stopped;
  server.close();
  server.closeAllConnections();
  return exitCodes.ok;
};

export interface ProxyParts {
  readonly merchant: MerchantIdentity;
  /** Where requests go; a path in it goes in front of theirs. */
  readonly target: URL;
  readonly call: CallOptions;
  readonly maxBodyBytes: number;
  /**
   * Why a request is not taken, e.g. because a web page of somebody else sends it; undefined: it
   * is.
   */
  readonly refuse: (req: IncomingMessage) => string | undefined;
  /** Told of every request once it is over. */
  readonly onExchange?: (line: string) => void;
}

/** What the caller is told when there is no answer that can be trusted. */
interface Trouble {
  readonly httpStatus: number;
  readonly error: string;
  readonly remedy: string;
  /** What came, though nothing vouches for it. */
  readonly unverified?: unknown;
}

/**
 * Takes plain HTTP and sends it on signed, sealed when asked; hands back only what the platform
 * signed, opened.
 */
export const createSigningProxy = (parts: ProxyParts): Server => {
  const server = createServer((req, res) => void handle(req, res, parts));
  server.maxConnections = 128;
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  return server;
};

const handle = async (
  req: IncomingMessage,
  res: ServerResponse,
  parts: ProxyParts,
): Promise<void> => {
  const outcome = await forward(req, parts).catch(
    (error: unknown): Trouble => noAnswer(error, parts.target),
  );
  if ('error' in outcome) {
    const { httpStatus, ...told } = outcome;
    // What was not read of a refused request must not hold the connection.
    answer(
      res,
      httpStatus,
      { 'content-type': 'application/json; charset=utf-8', connection: 'close' },
      JSON.stringify(told),
    );
  } else answer(res, outcome.httpStatus, printableHeaders(outcome), JSON.stringify(outcome.json));
  const said = 'error' in outcome ? outcome.error : 'verified';
  parts.onExchange?.(`${req.method} ${req.url} ${outcome.httpStatus} ${said}`);
};

const forward = async (
  req: IncomingMessage,
  parts: ProxyParts,
): Promise<MerchantAnswer | Trouble> => {
  const refused = parts.refuse(req);
  if (refused !== undefined)
    return {
      httpStatus: 403,
      error: refused,
      remedy: 'Use the proxy from this machine, with its address as it is printed.',
    };
  if (req.method !== 'POST')
    return {
      httpStatus: 405,
      error: `${req.method} is not signed: the operations are POST`,
      remedy: 'Send POST with a JSON body.',
    };
  const target = `${parts.target.pathname.replace(/\/$/, '')}${req.url ?? '/'}`;
  const unusable = targetProblem(parts.target, target, req.url);
  if (unusable !== undefined)
    return {
      httpStatus: 400,
      error: unusable,
      remedy: 'Send the path alone; the proxy sends it to --target and nowhere else.',
    };
  const body = await readRequest(req, parts.maxBodyBytes);
  if (body === undefined)
    return {
      httpStatus: 413,
      error: `the body is longer than ${parts.maxBodyBytes} bytes`,
      remedy: 'Send less, or raise --limits-body-bytes.',
    };
  const signed = signRequest(parts.merchant, target, body, parts.call);
  const request = { ...signed, headers: { ...signed.headers, ...passedOn(req) } };
  const received = await sendRequest(parts.target, parts.merchant, request, parts.call);
  return received.signature === 'verified' && received.json !== undefined
    ? received
    : unverifiedResponse(received);
};

/**
 * Why nothing is signed for a target, or undefined. It is checked as it came, and behind the path
 * of `--target`.
 */
const targetProblem = (base: URL, target: string, url = '/'): string | undefined => {
  try {
    for (const one of [url, target]) requestUrl(base, one);
    return undefined;
  } catch (error) {
    if (error instanceof TargetError) return error.message;
    throw error;
  }
};

const unverifiedResponse = ({
  signature,
  distrust = 'it cannot be read',
  json,
}: MerchantAnswer): Trouble => ({
  httpStatus: 502,
  error: `the answer is not handed on: ${distrust}`,
  remedy:
    signature === 'unsigned'
      ? 'The request was probably refused before its signature was verified: see unverified, the target’s log, and whether the keys are registered there.'
      : 'Check --platform-key, --client and the encryption settings against the target.',
  ...(json === undefined ? {} : { unverified: json }),
});

const noAnswer = (error: unknown, target: URL): Trouble => {
  const cause =
    error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return {
    httpStatus: 502,
    error: `no answer from ${target.origin}: ${cause}`,
    remedy: 'Check --target, and that something listens there.',
  };
};

/** Reads a body as far as the limit; undefined: it is longer. */
const readRequest = async (req: IncomingMessage, limit: number): Promise<Buffer | undefined> => {
  if (Number(req.headers['content-length'] ?? 0) > limit) return undefined;
  return collectBody(req.iterator({ destroyOnReturn: false }), limit);
};

/** Headers that are not signed and mean something to the other side. */
const passedOn = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      (name.startsWith('x-mock-') || name === 'agent-token') && typeof value === 'string'
        ? [[name, value]]
        : [],
    ),
  );

const printableHeaders = ({ headers }: MerchantAnswer): Record<string, string> => ({
  'content-type': 'application/json; charset=utf-8',
  ...Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => name === 'tracer-id' || name === 'response-time' || name.startsWith('x-mock-'),
    ),
  ),
});

const answer = (
  res: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
): void => {
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
};
