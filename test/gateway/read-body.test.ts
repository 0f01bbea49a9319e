import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readRequestBody } from '../../server/gateway/steps/receive.ts';

const limit = 1024;

/** A body without Content-Length, in pieces of 100 bytes. */
const streamed = (bytes: number, headers: Record<string, string> = {}): IncomingMessage => {
  const pieces = Array.from({ length: Math.ceil(bytes / 100) }, (_, i) =>
    Buffer.alloc(Math.min(100, bytes - i * 100), 'x'),
  );
  return Object.assign(Readable.from(pieces, { objectMode: false }), {
    headers,
  }) as unknown as IncomingMessage;
};

test('a streamed body may be as long as the limit, and not a byte longer', async () => {
  expect(await readRequestBody(streamed(limit), limit)).toEqual(Buffer.alloc(limit, 'x'));
  expect(await readRequestBody(streamed(limit + 1), limit)).toBe('too large');
});

test('a declared length beyond the limit is enough to refuse it', async () => {
  expect(await readRequestBody(streamed(10, { 'content-length': String(limit + 1) }), limit)).toBe(
    'too large',
  );
  expect(
    await readRequestBody(streamed(limit, { 'content-length': String(limit) }), limit),
  ).toHaveLength(limit);
});
