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
import type { TlsCredentials } from '../protocol/tls/certificates.ts';

/** Where the simulator listens. */
export interface Listeners {
  readonly url: string;
  readonly httpsUrl: string | undefined;
  /** Stops listening, answers open requests for at most `graceMs`, then ends. */
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
  onLimit: OnLimitExceeded,
): Promise<Listeners> => {
  const { host, port, httpsPort, hostSetting = 'host', portSetting = 'port' } = settings;
  const classes = preparePrototypes(app);
  const server = createServer({ ...classes, ...limitOptions(settings) }, app);
  enforceLimits(server, settings, onLimit);
  const url = `http://${await listen(server, { host, port, hostSetting, portSetting })}`;
  if (tls === undefined || httpsPort === 'off')
    return { url, httpsUrl: undefined, close: (graceMs) => close(server, graceMs) };
  const { createServer: createTlsServer } = await import('node:https');
  const tlsServer = createTlsServer(
    { ...tlsOptions(tls), ...classes, ...limitOptions(settings) },
    app,
  );
  enforceLimits(tlsServer, settings, onLimit);
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
 * Express calls Object.setPrototypeOf on every request and response, which deoptimises them and
 * costs more than all its other work. Here `app.request` and `app.response` become the prototypes
 * of subclasses, so that the call changes nothing. They are real classes: for a plain function as
 * `new.target` the engine looks up the shape of the object every time, which loses most of the
 * gain.
 */
const preparePrototypes = (app: Express) => {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  app.request = Object.setPrototypeOf(AppRequest.prototype, app.request);
  app.response = Object.setPrototypeOf(AppResponse.prototype, app.response);
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
};

/** With authorities for client certificates, a client without one is rejected at the handshake. */
const tlsOptions = ({ cert, key, clientAuthorities }: TlsCredentials) => ({
  cert,
  key,
  ca: clientAuthorities,
  requestCert: clientAuthorities !== undefined,
  rejectUnauthorized: clientAuthorities !== undefined,
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
  // A connection that was busy when the server closed would be kept alive: end it once it is idle.
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

/** Called with a log message when a limit is exceeded. */
export type OnLimitExceeded = (sentence: string) => void;

/** How long the rest of a refused request is read and discarded before the connection is closed. */
const drainTimeoutMs = 1000;

/** The limits that Node enforces itself. */
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
    // Node checks twice a minute by default: a slow client would have that much longer.
    connectionsCheckingInterval: Math.min(1000, Math.max(50, headersTimeout / 2)),
    handshakeTimeout: headersTimeout,
  };
};

/** Enforces the limits of a listener, and reports when one is exceeded. */
export const enforceLimits = (
  server: Server,
  limits: ListenerLimits,
  onLimit: OnLimitExceeded,
): void => {
  server.maxConnections = limits['limits.connections'];
  // Headers beyond a count would be dropped silently; their size is limited already.
  server.maxHeadersCount = 0;
  server.on('drop', () =>
    onLimit(
      `a connection was closed at once: ${server.maxConnections} are open, which is ` +
        'limits.connections',
    ),
  );
  const latest = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    latest.set(req.socket, res);
    res.on('finish', closeUnfinished);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || isAnswering(latest.get(socket))) socket.destroy();
    else rejectConnection(error, socket, limits, onLimit);
  });
};

/** Whether a response is being written, or was: bytes written now would corrupt the stream. */
const isAnswering = (res: ServerResponse | undefined): boolean =>
  res !== undefined && res.headersSent !== res.req.complete;

const headerTimeoutMs = (duration: string): number => durationMs(duration) ?? 0;

/** A body that is still arriving after its answer is not waited for. */
function closeUnfinished(this: ServerResponse): void {
  const { req } = this;
  if (req.complete) return;
  const { socket } = req;
  const timer = setTimeout(() => {
    if (!req.complete) socket.destroy();
  }, drainTimeoutMs).unref();
  req.once('close', () => clearTimeout(timer));
}

interface Rejection {
  readonly status: string;
  readonly reason: (limits: ListenerLimits) => string;
}

/** Malformed HTTP never reaches Express: answer on the socket, unsigned and not journaled. */
const rejections: Readonly<Record<string, Rejection>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    reason: (limits) =>
      `the head of the request is larger than ${limits['limits.headerBytes']} bytes ` +
      '(limits.headerBytes)',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    reason: (limits) =>
      `the request did not arrive in time: its head within ${limits['limits.headersTime']} ` +
      `(limits.headersTime), all of it within ${limits['limits.requestTime']} (limits.requestTime)`,
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
  onLimit: OnLimitExceeded,
): void => {
  const { status, reason } = rejections[error.code ?? ''] ?? notHttp;
  const sentence = reason(limits);
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') markClosedByServer(socket);
  if (rejections[error.code ?? ''] !== undefined) onLimit(`a connection was rejected: ${sentence}`);
  const result = {
    result: { resultCode: 'PARAM_ILLEGAL', resultStatus: 'F', resultMessage: sentence },
  };
  const body = JSON.stringify(result);
  const head = [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json; charset=UTF-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.resume();
  setTimeout(() => socket.destroy(), drainTimeoutMs).unref();
};
