import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { BodyBuffer, collectBody } from '../../server/protocol/body-buffer.ts';

const piecesOf = async function* (bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

describe('a body in pieces', () => {
  test.each([1, 2, 7, 4096, 5000, 100_000])('of %i bytes is put together', async (size) => {
    const bytes = randomBytes(30_000);
    expect(await collectBody(piecesOf(bytes, size), 30_000)).toEqual(bytes);
    expect(await collectBody(piecesOf(bytes, size), 29_999)).toBeUndefined();
    expect(await collectBody(piecesOf(bytes, size), Infinity)).toEqual(bytes);
  });

  test('an empty one is empty', async () => {
    expect(await collectBody(piecesOf(Buffer.alloc(0), 1), 10)).toEqual(Buffer.alloc(0));
  });

  test('retains no piece but a single one, and no room to grow once it is complete', () => {
    const body = new BodyBuffer(1_000_000);
    for (let at = 0; at < 100_000; at++) body.append(Buffer.of(at % 251));
    expect(body.toBuffer().buffer.byteLength).toBeLessThan(110_000);
    const single = Buffer.from('{}');
    const other = new BodyBuffer(10);
    other.append(single);
    expect(other.toBuffer().buffer).toBe(single.buffer);
  });

  test('a piece that is too much leaves what was there before', () => {
    const body = new BodyBuffer(3);
    expect([
      body.append(Buffer.from('ab')),
      body.append(Buffer.from('cd')),
      body.append(Buffer.from('c')),
    ]).toEqual([true, false, true]);
    expect(body.toBuffer().toString()).toBe('abc');
  });
});
