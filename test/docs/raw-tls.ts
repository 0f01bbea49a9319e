import { connect } from 'node:tls';

export interface TlsAnswer {
  readonly status: number;
  /** Header lines as they came. */
  readonly lines: readonly string[];
  readonly body: Buffer;
}

/**
 * Writes a request byte for byte over TLS, as a client that trusts `ca` and calls the server
 * `localhost`, and reads one answer.
 */
export const exchangeOverTls = (port: number, ca: string, request: Buffer): Promise<TlsAnswer> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, servername: 'localhost' }, () =>
      socket.write(request),
    );
    let received = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('end', () =>
      reject(new Error(`the connection ended early: ${received.toString('latin1')}`)),
    );
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const answer = parseAnswer(received);
      if (answer === undefined) return;
      socket.destroy();
      resolve(answer);
    });
  });

const parseAnswer = (bytes: Buffer): TlsAnswer | undefined => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const length = Number(/^content-length: (\d+)$/im.exec(lines.join('\n'))?.[1]);
  const body = bytes.subarray(end + 4, end + 4 + length);
  return body.length < length
    ? undefined
    : { status: Number(statusLine.split(' ')[1]), lines, body };
};
