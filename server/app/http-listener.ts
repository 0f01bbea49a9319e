import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Settings } from '../domain/settings/settings-table.ts';
import { type ListenAttempt, ListenError } from '../problems/problem.ts';
import type { TlsCredentials } from '../protocol/tls/server-credentials.ts';
import {
  enforceLimits,
  type ListenerLimits,
  limitOptions,
  type OnLimitExceeded,
} from './http-limits.ts';

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
