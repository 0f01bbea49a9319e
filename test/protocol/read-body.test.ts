import { randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { readBody } from '../../server/protocol/body.ts';

const limit = 1024;

/** A body in pieces, whose headers say nothing of its length, or what is given. */
const streamed = (bytes: Buffer, size: number, headers: Record<string, string> = {}) => {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
  return Object.assign(Readable.from(pieces, { objectMode: false }), { headers });
};

test.each([1, 2, 7, 4096, 5000, 100_000])(
  'a body in pieces of %i bytes is put together',
  async (size) => {
    const bytes = randomBytes(30_000);
    expect(await readBody(streamed(bytes, size), 30_000)).toEqual(bytes);
    expect(await readBody(streamed(bytes, size), 29_999)).toBe('too large');
    expect(await readBody(streamed(bytes, size), Infinity)).toEqual(bytes);
  },
);

test('an empty body is empty', async () => {
  expect(await readBody(streamed(Buffer.alloc(0), 1), limit)).toEqual(Buffer.alloc(0));
});

test('a body may be as long as the limit, and not a byte longer', async () => {
  expect(await readBody(streamed(Buffer.alloc(limit, 'x'), 100), limit)).toHaveLength(limit);
  expect(await readBody(streamed(Buffer.alloc(limit + 1, 'x'), 100), limit)).toBe('too large');
});

test('a declared length beyond the limit is enough to refuse it', async () => {
  const declared = (length: number) => ({ 'content-length': String(length) });
  const small = Buffer.alloc(10);
  expect(await readBody(streamed(small, 10, declared(limit + 1)), limit)).toBe('too large');
  expect(await readBody(streamed(small, 10, declared(limit)), limit)).toEqual(small);
});

test('the rest of a refused body is discarded, so that the connection can end', async () => {
  const stream = streamed(Buffer.alloc(100_000), 100);
  expect(await readBody(stream, limit)).toBe('too large');
  await new Promise((resolve) => stream.once('close', resolve));
});

test('a body that breaks off is returned as far as it came, with the error', async () => {
  const stream = new PassThrough();
  const body = readBody(stream, limit);
  stream.write('half');
  await new Promise(setImmediate);
  const error = new Error('reset');
  stream.destroy(error);
  expect(await body).toEqual({ received: Buffer.from('half'), error });
  const closed = new PassThrough();
  const nothing = readBody(closed, limit);
  closed.destroy();
  expect(await nothing).toEqual({ received: Buffer.alloc(0), error: undefined });
});

test('retains no piece but a single one, and no room to grow once it is complete', async () => {
  const body = await readBody(streamed(Buffer.alloc(100_000, 'x'), 1), 1_000_000);
  expect(Buffer.isBuffer(body) && body.buffer.byteLength).toBeLessThan(110_000);
  const single = new Uint8Array(Buffer.from('{}'));
  const stream = Readable.from([single]);
  const whole = await readBody(stream, 10);
  expect(Buffer.isBuffer(whole) && whole.buffer).toBe(single.buffer);
});
