import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { toKeyProvider } from '../../../sdk/client/key-provider.ts';
import {
  type CallOptions,
  type MerchantIdentity,
  type MerchantResponse,
  sendRequest,
  signRequest,
} from '../../../sdk/client/signed-call.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import { ListenError } from '../../problems/problem.ts';
import { readBody } from '../../protocol/body.ts';
import { requestUrl, TargetError } from '../../protocol/http-call.ts';
import { exitCodes, printError } from '../input-output.ts';
import { merchantKeys } from '../merchant.ts';
import type { MerchantOptions } from '../options.ts';
import { listenLocally, localAccessProblem, stopSignal } from './serve.ts';

export interface ProxyOptions extends MerchantOptions {
  readonly target: string;
  readonly listen: number;
  readonly encrypt?: boolean;
  readonly timeout: number;
}

/** Signs requests of any program on this machine, until a signal stops it. */
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
      maxResponseBytes: settings['limits.bodyBytes'],
    },
    maxBodyBytes: settings['limits.bodyBytes'],
    refuse: (req) => localAccessProblem(req, 'this proxy'),
    onExchange: (line) => process.stdout.write(`${line}\n`),
  });
  const stopped = stopSignal();
  const url = await listenLocally(server, options.listen);
  if (url instanceof ListenError) {
    printError(url.sentence(() => '--listen'));
    return exitCodes.cannotListen;
  }
  process.stdout.write(
    `signing as ${options.client} for ${options.target}; ` + `proxy ready on ${url}\n`,
  );
  await stopped;
  server.close();
  server.closeAllConnections();
  return exitCodes.ok;
};

export interface ProxyDeps {
  readonly merchant: MerchantIdentity;
  /** Where requests go; its path is put in front of theirs. */
  readonly target: URL;
  readonly call: CallOptions;
  readonly maxBodyBytes: number;
  /** Why a request is refused, e.g. one of a web page of another site; undefined accepts it. */
  readonly refuse: (req: IncomingMessage) => string | undefined;
  /** Called with a log line after each request. */
  readonly onExchange?: (line: string) => void;
}

/** What the caller gets instead of a response that cannot be trusted. */
interface ProxyFailure {
  readonly httpStatus: number;
  readonly error: string;
  readonly remedy: string;
  /** The response's JSON, which is not authenticated. */
  readonly unverified?: unknown;
}

/**
 * Takes plain HTTP and forwards it signed, encrypted on request. It returns only what the platform
 * signed, decrypted.
 */
export const createSigningProxy = (deps: ProxyDeps): Server => {
  const server = createServer((req, res) => void handleRequest(req, res, deps));
  server.maxConnections = 128;
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  return server;
};

const handleRequest = async (
  req: IncomingMessage,
  res: ServerResponse,
  deps: ProxyDeps,
): Promise<void> => {
  const outcome = await forwardSigned(req, deps).catch(
    (error: unknown): ProxyFailure => unreachableTarget(error, deps.target),
  );
  if ('error' in outcome) {
    const { httpStatus, ...failure } = outcome;
    // The unread rest of a refused request must not keep the connection open.
    writeResponse(
      res,
      httpStatus,
      { 'content-type': 'application/json; charset=utf-8', connection: 'close' },
      JSON.stringify(failure),
    );
  } else
    writeResponse(
      res,
      outcome.httpStatus,
      selectResponseHeaders(outcome),
      JSON.stringify(outcome.json),
    );
  const summary = 'error' in outcome ? outcome.error : 'verified';
  deps.onExchange?.(`${req.method} ${req.url} ${outcome.httpStatus} ${summary}`);
};

const forwardSigned = async (
  req: IncomingMessage,
  deps: ProxyDeps,
): Promise<MerchantResponse | ProxyFailure> => {
  const refused = deps.refuse(req);
  if (refused !== undefined)
    return {
      httpStatus: 403,
      error: refused,
      remedy: 'Use the proxy from this machine, at the address that it prints.',
    };
  if (req.method !== 'POST')
    return {
      httpStatus: 405,
      error: `${req.method} is not supported: the operations are POST`,
      remedy: 'Send POST with a JSON body.',
    };
  const target = `${deps.target.pathname.replace(/\/$/, '')}${req.url ?? '/'}`;
  const targetProblem = findTargetProblem(deps.target, target, req.url);
  if (targetProblem !== undefined)
    return {
      httpStatus: 400,
      error: targetProblem,
      remedy: 'Send the path alone; the proxy forwards it to --target and nowhere else.',
    };
  const body = await readBody(req, deps.maxBodyBytes);
  if (body === 'too large')
    return {
      httpStatus: 413,
      error: `the body is longer than ${deps.maxBodyBytes} bytes`,
      remedy: 'Send less, or raise --limits-body-bytes.',
    };
  if (!Buffer.isBuffer(body))
    return { httpStatus: 400, error: 'the body broke off', remedy: 'Send it in one go.' };
  const signed = signRequest(deps.merchant, target, body, deps.call);
  const request = { ...signed, headers: { ...signed.headers, ...selectForwardedHeaders(req) } };
  const received = await sendRequest(deps.target, deps.merchant, request, deps.call);
  return received.signature === 'verified' && received.json !== undefined
    ? received
    : unverifiedResponse(received);
};

/** Checks a target as it arrived, and after the path of `--target`. */
const findTargetProblem = (base: URL, target: string, url = '/'): string | undefined => {
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
}: MerchantResponse): ProxyFailure => ({
  httpStatus: 502,
  error: `the response is not forwarded: ${distrust}`,
  remedy:
    signature === 'unsigned'
      ? 'The request was probably refused before its signature was verified. Look at unverified ' +
        'and the target’s log, and check that the keys are registered there.'
      : 'Check --platform-key, --client and the encryption settings against the target.',
  unverified: json,
});

const unreachableTarget = (error: unknown, target: URL): ProxyFailure => {
  const cause =
    error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return {
    httpStatus: 502,
    error: `no answer from ${target.origin}: ${cause}`,
    remedy: 'Check --target, and that a server listens there.',
  };
};

const forwardedHeaders: ReadonlySet<string> = new Set(['agent-token', 'traceparent', 'tracestate']);

/** Unsigned headers that the target understands. */
const selectForwardedHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      (name.startsWith('x-mock-') || forwardedHeaders.has(name)) && typeof value === 'string'
        ? [[name, value]]
        : [],
    ),
  );

const selectResponseHeaders = ({ headers }: MerchantResponse): Record<string, string> => ({
  'content-type': 'application/json; charset=utf-8',
  ...Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => name === 'tracer-id' || name === 'response-time' || name.startsWith('x-mock-'),
    ),
  ),
});

const writeResponse = (
  res: ServerResponse,
  status: number,
  headers: Record<string, string>,
  body: string,
): void => {
  res.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
};
