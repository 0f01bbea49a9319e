import { connect, type Socket } from 'node:net';
import type { SignedRequest } from '../../../sdk/client/signed-call.ts';

export interface Received {
  readonly bytes: Buffer;
  /** `ended`: the other side said it was done; `open`: we stopped listening. */
  readonly ending: 'ended' | 'reset' | 'open';
  readonly milliseconds: number;
  /** When each chunk came. */
  readonly arrivals: readonly number[];
}

export const openRaw = (url: string, { target, headers, body }: SignedRequest): Socket => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const lines = Object.entries({
    Host: hostname,
    ...headers,
    'Content-Length': String(body.length),
  }).map(([name, value]) => `${name}: ${value}`);
  socket.write(
    Buffer.concat([Buffer.from(`POST ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`), body]),
  );
  return socket;
};

/**
 * The last request of its connection: an orderly answer then ends it, and nobody has to guess how
 * long to listen.
 */
export const lastOf = (request: SignedRequest): SignedRequest => ({
  ...request,
  headers: { ...request.headers, Connection: 'close' },
});

/** Sends a request over a bare TCP connection and takes down what comes, and how it ends. */
export const receiveRaw = (
  url: string,
  request: SignedRequest,
  listenMs = 5000,
): Promise<Received> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const chunks: Buffer[] = [];
    const arrivals: number[] = [];
    const socket = openRaw(url, request);
    const finish = (ending: Received['ending']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({
        bytes: Buffer.concat(chunks),
        ending,
        milliseconds: performance.now() - began,
        arrivals,
      });
    };
    const timer = setTimeout(() => finish('open'), listenMs);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      arrivals.push(performance.now() - began);
    });
    socket.on('end', () => finish('ended'));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? finish('reset') : reject(error),
    );
  });

export interface RawMessage {
  readonly statusLine: string;
  /** In lower case, as pairs: a name may stand there twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export const takeApart = (bytes: Buffer): RawMessage => {
  const cut = bytes.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = bytes.subarray(0, cut).toString('latin1').split('\r\n');
  const headers = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ]);
  return { statusLine, headers, body: bytes.subarray(cut + 4) };
};

export const valuesOf = ({ headers }: RawMessage, name: string): string[] =>
  headers.flatMap(([one, value]) => (one === name ? [value] : []));
