import { createSecretKey } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createSignatureCache } from '../../server/gateway/reply/compose-reply.ts';

const key = createSecretKey(Buffer.from('one'));
const otherKey = createSecretKey(Buffer.from('two'));
const content = Buffer.from('POST /x\nme.now.{}');
const signature = Buffer.from('signature');

test('the same bytes with the same key are signed once, also for those who ask meanwhile', async () => {
  const remember = createSignatureCache<Buffer>();
  const sign = vi.fn(async () => signature);
  expect(
    await Promise.all([remember(content, key, sign), remember(Buffer.from(content), key, sign)]),
  ).toEqual([signature, signature]);
  expect(await remember(content, key, sign)).toBe(signature);
  expect(sign).toHaveBeenCalledTimes(1);
});

test('another key or one other byte is signed anew', () => {
  const remember = createSignatureCache<Buffer>();
  const sign = vi.fn(() => signature);
  remember(content, key, sign);
  remember(content, otherKey, sign);
  remember(Buffer.from('POST /x\nme.now.{ }'), key, sign);
  expect(sign).toHaveBeenCalledTimes(3);
});

test('a failure reaches all who wait, and the next one tries again', async () => {
  const remember = createSignatureCache<Buffer>();
  const fail = (): Promise<Buffer> => Promise.reject(new Error('no key'));
  const asked = [remember(content, key, fail), remember(content, key, fail)];
  for (const one of asked) await expect(one).rejects.toThrow('no key');
  expect(await remember(content, key, () => signature)).toBe(signature);
});

test('only so many are kept: the oldest is signed anew', () => {
  const remember = createSignatureCache<Buffer>();
  const sign = vi.fn(() => signature);
  for (let number = 0; number <= 256; number++) remember(Buffer.from(String(number)), key, sign);
  remember(Buffer.from('256'), key, sign);
  expect(sign).toHaveBeenCalledTimes(257);
  remember(Buffer.from('0'), key, sign);
  expect(sign).toHaveBeenCalledTimes(258);
});
