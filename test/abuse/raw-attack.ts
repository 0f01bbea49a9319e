import { connect, type Socket } from 'node:net';
import { type SignedRequest, signRequest } from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { demoMerchant } from '../start-server.ts';

export const orderPath = '/api/open/alipay/v1/merchant/order/sync';
const merchant = demoMerchant();

export interface Seen {
  /** Everything that came. */
  readonly text: string;
  readonly status: string;
  readonly body: string;
  /** Whether the server ended the connection before we stopped listening. */
  readonly ended: boolean;
  readonly milliseconds: number;
}

/**
 * Writes bytes to a bare connection, goes on as told, and takes down what comes until it ends,
 * `until` says so, or time is up.
 */
export const attack = (
  server: MockServer,
  bytes: Buffer | string,
  {
    goOn,
    until,
    forMs = 8000,
  }: { goOn?: (socket: Socket) => void; until?: (text: string) => boolean; forMs?: number } = {},
): Promise<Seen> =>
  new Promise((resolve) => {
    const began = performance.now();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let text = '';
    let ended = false;
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const [head = '', body = ''] = text.split(/\r\n\r\n([\s\S]*)/);
      resolve({
        text,
        status: head.split(' ')[1] ?? '',
        body,
        ended,
        milliseconds: performance.now() - began,
      });
    };
    const timer = setTimeout(finish, forMs);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (until?.(text) === true) finish();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      ended = true;
      finish();
    });
    socket.write(bytes);
    goOn?.(socket);
  });

/** Calls back again and again until the connection is gone. */
export const keepSending =
  (everyMs: number, next: () => string | Buffer) =>
  (socket: Socket): void => {
    const timer = setInterval(() => void socket.write(next()), everyMs);
    socket.on('close', () => clearInterval(timer));
  };

export const answered = (text: string): boolean => /\r\n\r\n\{.*\}$/s.test(text);

export const head = (lines: readonly string[] = []): string =>
  [
    `POST ${orderPath} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n');

export const bytesOf = ({ target, headers, body }: SignedRequest): Buffer => {
  const lines = Object.entries({
    Host: 'localhost',
    ...headers,
    'Content-Length': String(body.length),
  }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([
    Buffer.from(`POST ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`),
    body,
  ]);
};

/** A body as the demo merchant would send it, signed as it should be. */
export const signedBody = (body: string | Buffer): Buffer =>
  bytesOf(signRequest(merchant, orderPath, Buffer.from(body)));

export const orderText = (server: MockServer, number: string): string => {
  const operation = server.contract.operations.get('syncOrder');
  if (operation === undefined) throw new Error('no syncOrder');
  return JSON.stringify(
    composeSample(operation, {
      fields: { merchantBizNo: number },
      time: Date.now(),
    }),
  );
};

let orders = 0;

/** What a merchant sees meanwhile: a good order is accepted. */
export const goodOrder = async (server: MockServer): Promise<string> => {
  const { body } = await attack(server, signedBody(orderText(server, `GOOD-${++orders}`)), {
    until: answered,
    forMs: 20_000,
  });
  return JSON.parse(body).result.resultCode;
};
