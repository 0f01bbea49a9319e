import {
  createServer,
  IncomingMessage,
  type Server,
  type ServerOptions,
  ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { durationMs, type Settings } from '../domain/settings/settings-table.ts';
import { markClosedByServer } from '../gateway/connection.ts';
import { type ListenAttempt, ListenError } from '../problems/problem.ts';
import type { TlsCredentials } from '../protocol/tls/server-credentials.ts';

/** Where the simulator listens. */
export interface Listeners {
  readonly url: string;
  readonly httpsUrl: string | undefined;
  /** Takes no more, answers what is under way for at most `graceMs`, then ends. */
  close(graceMs: number): Promise<void>;
}

/** An address to listen on, and the settings that it comes from. */
interface ListenerAddress extends Pick<Settings, 'host' | 'port' | 'httpsPort'>, ListenerLimits {
  readonly hostSetting?: string;
  readonly portSetting?: string;
}

/** Listens with and, when there are credentials for it, also with TLS: on all ports or on none. */
export const listenAll = async (
  app: Express,
  settings: ListenerAddress,
  tls: TlsCredentials | undefined,
  tell: OnLimitExceeded,
): Promise<Listeners> => {
  const { host, port, httpsPort, hostSetting = 'host', portSetting = 'port' } = settings;
  const born = preparePrototypes(app);
  const server = createServer({ ...born, ...limitOptions(settings) }, app);
  enforceLimits(server, settings, tell);
  const url = `http://${await listen(server, { host, port, hostSetting, portSetting })}`;
  if (tls === undefined || httpsPort === 'off')
    return { url, httpsUrl: undefined, close: (graceMs) => close(server, graceMs) };
  const { createServer: createTlsServer } = await import('node:https');
  const tlsServer = createTlsServer(
    { ...tlsOptions(tls), ...born, ...limitOptions(settings) },
    app,
  );
  enforceLimits(tlsServer, settings, tell);
  const httpsUrl = await listen(tlsServer, {
    host,
    port: httpsPort,
    hostSetting,
    portSetting: 'httpsPort',
  }).catch(async (error: unknown) => {
    await close(server, 0);
    throw error;
  });
  const closeBoth = async (graceMs: number): Promise<void> => {
    await Promise.all([close(server, graceMs), close(tlsServer, graceMs)]);
  };
  return { url, httpsUrl: `https://${httpsUrl}`, close: closeBoth };
};

/**
 * Classes whose objects are born as Express wants them. It sets the prototype of every request and
 * response to its own otherwise, which throws away what the engine has learnt of these objects and
 * costs more than all its other work. Here `app.request` and `app.response` become the classes' own
 * prototypes, so that there is nothing left to set. They are real classes: for a plain function as
 * `new.target` the engine looks up the shape of the object anew every time, which loses most of
 * what is won.
 */
const preparePrototypes = (app: Express) => {
  class BornRequest extends IncomingMessage {}
  class BornResponse extends ServerResponse {}
  app.request = Object.setPrototypeOf(BornRequest.prototype, app.request);
  app.response = Object.setPrototypeOf(BornResponse.prototype, app.response);
  return { IncomingMessage: BornRequest, ServerResponse: BornResponse };
};

/**
 * With authorities for client certificates, a client that shows none is turned away before it can
 * say anything.
 */
const tlsOptions = ({ cert, key, clientAuthorities }: TlsCredentials) => ({
  cert,
  key,
  ...(clientAuthorities === undefined
    ? {}
    : { ca: clientAuthorities, requestCert: true, rejectUnauthorized: true }),
});

/** @returns `address:port`. @throws ListenError */
const listen = (server: Server, attempt: ListenAttempt): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new ListenError(error, attempt)));
    server.listen(attempt.port, attempt.host, () => {
      const { address, family, port: taken } = server.address() as AddressInfo;
      resolve(`${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });

const close = async (server: Server, graceMs: number): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kept-alive connection that was busy when the server closed would be waited for; idle ones are
  // ended as they become so.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(force);
};

export type ListenerLimits = Pick<
  Settings,
  | 'limits.connections'
  | 'limits.headerBytes'
  | 'limits.headersTime'
  | 'limits.requestTime'
  | 'limits.idleTime'
>;

/** Told, in a sentence, when a limit bites. */
export type OnLimitExceeded = (sentence: string) => void;

/**
 * What is still coming of a refused request is thrown away for so long; then the connection is
 * closed.
 */
const drainTimeoutMs = 1000;

/** The limits that Node keeps by itself, once it is told. */
export const limitOptions = (
  limits: ListenerLimits,
): ServerOptions & { readonly handshakeTimeout: number } => {
  const headersTimeout = headerTimeoutMs(limits['limits.headersTime']);
  const requestTimeout = Math.max(headersTimeout, headerTimeoutMs(limits['limits.requestTime']));
  return {
    maxHeaderSize: limits['limits.headerBytes'],
    headersTimeout,
    requestTimeout,
    keepAliveTimeout: headerTimeoutMs(limits['limits.idleTime']),
    // Node looks twice a minute otherwise, and a slow caller has so much longer.
    connectionsCheckingInterval: Math.min(1000, Math.max(50, headersTimeout / 2)),
    handshakeTimeout: headersTimeout,
  };
};

/** Lets a listener keep its limits, and say so when one bites. */
export const enforceLimits = (
  server: Server,
  limits: ListenerLimits,
  tell: OnLimitExceeded,
): void => {
  server.maxConnections = limits['limits.connections'];
  // Headers beyond the count would be left out without a word; their size is limited as it is.
  server.maxHeadersCount = 0;
  server.on('drop', () =>
    tell(
      `a connection was closed at once: ${server.maxConnections} are open, which is limits.connections`,
    ),
  );
  const latest = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    latest.set(req.socket, res);
    res.once('finish', () => closeUnfinished(req));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || isAnswering(latest.get(socket))) socket.destroy();
    else rejectConnection(error, socket, limits, tell);
  });
};

/**
 * What is written now would fall into an answer, or stand behind the one that this request has had
 * already.
 */
const isAnswering = (res: ServerResponse | undefined): boolean =>
  res !== undefined && res.headersSent !== res.req.complete;

const headerTimeoutMs = (duration: string): number => durationMs(duration) ?? 0;

/** A body that goes on after its answer is not waited for. */
const closeUnfinished = (req: IncomingMessage): void => {
  if (req.complete) return;
  const { socket } = req;
  const timer = setTimeout(() => {
    if (!req.complete) socket.destroy();
  }, drainTimeoutMs).unref();
  req.once('close', () => clearTimeout(timer));
};

interface Rejection {
  readonly status: string;
  readonly reason: (limits: ListenerLimits) => string;
}

/**
 * What is no request cannot become an exchange: it is answered here, without signature or journal.
 */
const rejections: Readonly<Record<string, Rejection>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    reason: (limits) =>
      `the head of the request is larger than ${limits['limits.headerBytes']} bytes (limits.headerBytes)`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    reason: (limits) =>
      `the request did not arrive in time: its head within ${limits['limits.headersTime']} (limits.headersTime), all of it within ${limits['limits.requestTime']} (limits.requestTime)`,
  },
};
const notHttp: Rejection = {
  status: '400 Bad Request',
  reason: () => 'this is not an HTTP request',
};

const rejectConnection = (
  error: NodeJS.ErrnoException,
  socket: Duplex,
  limits: ListenerLimits,
  tell: OnLimitExceeded,
): void => {
  const { status, reason } = rejections[error.code ?? ''] ?? notHttp;
  const sentence = reason(limits);
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') markClosedByServer(socket);
  if (rejections[error.code ?? ''] !== undefined) tell(`a caller was turned away: ${sentence}`);
  const result = {
    result: { resultCode: 'PARAM_ILLEGAL', resultStatus: 'F', resultMessage: sentence },
  };
  const body = JSON.stringify(result);
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close`;
  socket.end(`${head}\r\n\r\n${body}`);
  socket.resume();
  setTimeout(() => socket.destroy(), drainTimeoutMs).unref();
};
