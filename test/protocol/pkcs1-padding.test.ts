import { constants, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { expect, test } from 'vitest';
import { unwrapKey } from '../../server/protocol/sealing.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** 00, block type, so many padding bytes, 00, the message: encrypted as it is. */
const wrapped = (
  paddingBytes: number,
  blockType = 2,
): { readonly message: Buffer; readonly block: Buffer } => {
  const message = Buffer.alloc(256 - 3 - paddingBytes, 0x41);
  const block = Buffer.concat([
    Buffer.from([0, blockType]),
    Buffer.alloc(paddingBytes, 0xff),
    Buffer.alloc(1),
    message,
  ]);
  return {
    message,
    block: publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block),
  };
};

test('PKCS#1 v1.5 padding has at least eight bytes (RFC 8017, 7.2.2)', () => {
  const { message, block } = wrapped(8);
  expect(unwrapKey(block, privateKey, 'pkcs1')).toEqual(message);
  for (const paddingBytes of [7, 1, 0])
    expect(unwrapKey(wrapped(paddingBytes).block, privateKey, 'pkcs1')).toBeUndefined();
});

test('another block type is not padding of an encrypted message', () => {
  expect(unwrapKey(wrapped(8, 1).block, privateKey, 'pkcs1')).toBeUndefined();
});
