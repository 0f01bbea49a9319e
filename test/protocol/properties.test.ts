import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeBase64,
  decodeHeaderBytes,
  encodeHeaderBytes,
  readHeaderPairs,
  writeHeaderPairs,
} from '../../server/protocol/headers.ts';
import { readKey } from '../../server/protocol/keys/key-objects.ts';
import { bodyCiphers, keyWraps, openBody, sealBody } from '../../server/protocol/sealing.ts';
import {
  algorithmParamsFor,
  signContent,
  signingContent,
  verifyContent,
} from '../../server/protocol/signatures.ts';
import { readTimestamp, writeTimestamp } from '../../server/protocol/timestamps.ts';
import { vectorKey } from '../vectors.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'secp224r1' });
const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array));

describe('header lists', () => {
  const key = fc.stringMatching(/^[A-Za-z]{1,12}$/);
  const value = fc.stringMatching(/^[A-Za-z0-9%+/=.-]{0,40}$/);
  const blanks = fc.stringMatching(/^ {0,2}$/);

  test('whatever is written is read again, whatever the blanks', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 6 }),
        blanks,
        blanks,
        (pairs, before, after) => {
          const text = writeHeaderPairs(pairs).replaceAll(',', `${before},${after}`);
          expect(readHeaderPairs(text)).toEqual({ pairs: new Map(pairs), faults: [] });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('no text at all makes the reader throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void readHeaderPairs(text)));
  });
});

describe('encodings', () => {
  test('header bytes: decode undoes encode', () => {
    fc.assert(
      fc.property(
        bytes,
        (plain) => void expect(decodeHeaderBytes(encodeHeaderBytes(plain))).toEqual(plain),
      ),
    );
  });

  test('base64 that Node would read leniently is refused', () => {
    for (const text of ['AAA', 'AA=A', 'AAAA ', 'AA\nAA', 'AA-_', 'AB==', 'A===', '===='])
      expect(decodeBase64(text)).toBeUndefined();
  });
});

describe('signatures', () => {
  const content = fc
    .record({ target: fc.webPath(), clientId: fc.string(), time: fc.string(), body: bytes })
    .map(signingContent);
  const cases = [
    ['RSA256', algorithmParamsFor('RSA256', 'sha256'), rsa],
    ['ECC224', algorithmParamsFor('ECC224', 'sha256'), ec],
    ['ECC224 sha224', algorithmParamsFor('ECC224', 'sha224'), ec],
    ['ECC224 p1363', algorithmParamsFor('ECC224', 'p1363'), ec],
  ] as const;

  test.each(cases)(
    '%s: what is signed verifies, and no flipped bit does',
    (_name, recipe, { privateKey, publicKey }) => {
      fc.assert(
        fc.property(content, fc.nat(), fc.integer({ min: 0, max: 7 }), (signed, at, bit) => {
          const signature = signContent(signed, privateKey, recipe);
          expect(verifyContent(signed, signature, publicKey, recipe)).toBe(true);
          const flip = (buffer: Buffer) => {
            const copy = Buffer.from(buffer);
            const index = at % copy.length;
            copy[index] = (copy[index] ?? 0) ^ (1 << bit);
            return copy;
          };
          expect(verifyContent(flip(signed), signature, publicKey, recipe)).toBe(false);
          expect(verifyContent(signed, flip(signature), publicKey, recipe)).toBe(false);
        }),
        { numRuns: 60 },
      );
    },
  );
});

describe('sealing', () => {
  const schemes = bodyCiphers.flatMap((cipher) =>
    keyWraps.flatMap((wrap) =>
      (['bytes', 'base64'] as const).map((keyForm) => ({ cipher, wrap, keyForm })),
    ),
  );

  test.each(schemes)('$cipher, $wrap, $keyForm: open undoes seal', (scheme) => {
    fc.assert(
      fc.property(bytes, (plain) => {
        const { body, encryptHeader } = sealBody(
          plain,
          { publicKey: rsa.publicKey, version: 1 },
          scheme,
        );
        const symmetricKey = readHeaderPairs(encryptHeader).pairs.get('symmetricKey') ?? '';
        expect(openBody(symmetricKey, body, rsa.privateKey, scheme)).toMatchObject({ plain });
      }),
      { numRuns: 5 },
    );
  });

  test('opening never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.string(),
        bytes,
        (symmetricKey, body) =>
          void expect(
            openBody(symmetricKey, body, rsa.privateKey, {
              cipher: 'ecb',
              wrap: 'pkcs1',
              keyForm: 'bytes',
            }),
          ).toHaveProperty('fault'),
      ),
    );
  });
});

describe('timestamps', () => {
  test('what is written is read as documented, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (epochMs) => {
        expect(readTimestamp(writeTimestamp(epochMs))).toEqual({
          epochMs: Math.floor(epochMs / 1000) * 1000,
          form: 'documented',
        });
      }),
    );
  });

  test.each([
    ['2024-05-22T06:42:21+05:30', 'documented'],
    ['2024-05-22T06:42:21+0800', 'offset-without-colon'],
    ['2024-05-21T22:42:21Z', 'documented'],
    ['2024-05-21T22:42:21.1234567Z', 'documented'],
    ['2024-05-22T06:42:21.123+08:00', 'documented'],
    ['2024-05-22T06:42:21.123+0800', 'offset-without-colon'],
    ['1716331341000', 'epoch-milliseconds'],
  ])('%s is %s', (text, form) => {
    expect(readTimestamp(text)?.form).toBe(form);
  });

  test.each([
    '2024-05-22 06:42:21+08:00',
    '2024-05-22T06:42:21',
    '2024-13-01T00:00:00Z',
    '2024-05-22T25:00:00Z',
    '1716331341',
    'now',
    '',
  ])('%s is no time', (text) => {
    expect(readTimestamp(text)).toBeUndefined();
  });
});

describe('keys in the forms users hold', () => {
  const same = (name: string) =>
    createPublicKey(vectorKey(`keys/${name}.public.spki.pem`)).export({
      type: 'spki',
      format: 'pem',
    });
  test.each([
    ['merchant-v1.private.pkcs1.base64.txt', 'private', 'PKCS#1'],
    ['merchant-v1.private.pkcs1.pem', 'private', 'PKCS#1'],
    ['merchant-v1.private.pkcs8.base64.txt', 'private', 'PKCS#8'],
    ['merchant-v1.private.pkcs8.pem', 'private', 'PKCS#8'],
    ['merchant-v1.public.pkcs1.base64.txt', 'public', 'PKCS#1'],
    ['merchant-v1.public.pkcs1.pem', 'public', 'PKCS#1'],
    ['merchant-v1.public.spki.base64.txt', 'public', 'SPKI'],
    ['merchant-v1.public.spki.pem', 'public', 'SPKI'],
    ['merchant-ec224.private.sec1.pem', 'private', 'SEC1'],
    ['merchant-ec224.private.pkcs8.base64.txt', 'private', 'PKCS#8'],
    ['merchant-ec224.public.spki.base64.txt', 'public', 'SPKI'],
  ])('%s is a %s key in %s', (file, kind, form) => {
    const read = readKey(vectorKey(`keys/${file}`));
    expect(read).toMatchObject({ kind, form });
    const publicKey = read?.kind === 'private' ? createPublicKey(read.key) : read?.key;
    expect(publicKey?.export({ type: 'spki', format: 'pem' })).toBe(same(file.split('.')[0] ?? ''));
  });

  test('a label that lies, CRLF, blank lines and DER are no obstacle; rubbish is', () => {
    const pkcs1 = vectorKey('keys/merchant-v1.private.pkcs1.pem').toString();
    expect(readKey(Buffer.from(pkcs1.replaceAll('RSA PRIVATE KEY', 'PRIVATE KEY')))).toMatchObject({
      kind: 'private',
      form: 'PKCS#1',
    });
    expect(readKey(Buffer.from(`\n\n${pkcs1.replaceAll('\n', '\r\n')}\n\n`))).toMatchObject({
      form: 'PKCS#1',
    });
    expect(readKey(rsa.publicKey.export({ type: 'spki', format: 'der' }))).toMatchObject({
      kind: 'public',
      form: 'SPKI',
    });
    for (const text of ['', 'hello', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'])
      expect(readKey(Buffer.from(text))).toBeUndefined();
  });
});
