import { STATUS_CODES } from 'node:http';

/** Bytes as they leave, and when. */
export interface Chunk {
  readonly afterMs: number;
  readonly bytes: Buffer;
}

/**
 * How an answer goes out raw: its pieces, how long the connection then stays open, and how it ends.
 */
export interface RawResponse {
  readonly chunks: readonly Chunk[];
  readonly holdMs: number;
  readonly close: 'close' | 'reset';
}

/**
 * Nothing waits for longer than this unless a rule says so: a client that never gives up must not
 * be served without end.
 */
export const maxHoldMs = 120_000;

export const immediately = (...parts: readonly Buffer[]): Chunk[] =>
  parts.length === 0 ? [] : [{ afterMs: 0, bytes: Buffer.concat(parts) }];

/**
 * Status line and headers, the empty line included. The connection is not used again: what follows
 * is not to be trusted.
 */
export const headBytes = (
  { httpStatus, headers }: WireMessage,
  more: readonly (readonly [string, string])[] = [],
): Buffer =>
  Buffer.from(
    [
      `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}`,
      ...[...Object.entries(headers), ...more, ['connection', 'close']].map(
        ([name, value]) => `${name}: ${value}`,
      ),
      '\r\n',
    ].join('\r\n'),
    'latin1',
  );

/** An answer as it goes over the wire. */
export interface WireMessage {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
