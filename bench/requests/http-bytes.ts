import type { SignedRequest } from '../../sdk/client/signed-call.ts';

/** A signed request as the bytes of HTTP/1.1, ready to be written to a socket. */
export const httpBytes = ({ target, headers, body }: SignedRequest): Buffer => {
  const lines = Object.entries({
    Host: '127.0.0.1',
    Accept: 'application/json',
    ...headers,
    'Content-Length': String(body.length),
  });
  return Buffer.concat([
    Buffer.from(
      [
        `POST ${target} HTTP/1.1`,
        ...lines.map(([name, value]) => `${name}: ${value}`),
        '',
        '',
      ].join('\r\n'),
    ),
    body,
  ]);
};

/** The path of such bytes. */
export const readTarget = (request: Buffer): string =>
  request.toString('latin1', 5, request.indexOf(' ', 5));
