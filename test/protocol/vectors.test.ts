import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createRandomSource } from '../../server/gateway/random.ts';
import {
  decodeHeaderBytes,
  encodeHeaderBytes,
  readHeaderPairs,
} from '../../server/protocol/headers.ts';
import { openBody, sealBody } from '../../server/protocol/sealing.ts';
import {
  algorithmParamsFor,
  type Ecc224Variant,
  signContent,
  signingContent,
  verifyContent,
} from '../../server/protocol/signatures.ts';
import {
  eccVectors,
  encryptionVectors,
  headerVectors,
  schemeOf,
  signingVectors,
  vectorKey,
} from '../vectors.ts';

const rsa = algorithmParamsFor('RSA256', 'sha256');
const timeOf = (headers: Readonly<Record<string, string>>) =>
  headers['Request-Time'] ?? headers['Response-Time'] ?? '';

describe('known answers made with openssl', () => {
  test.each(signingVectors)('$id $note: content, signature and verification', (vector) => {
    const body = Buffer.from(vector.bodyBase64, 'base64');
    const content = signingContent({
      target: vector.requestTarget,
      clientId: vector.headers['Client-Id'] ?? '',
      time: timeOf(vector.headers),
      body,
    });
    expect(content.toString('base64')).toBe(vector.contentToSignBase64);
    expect(createHash('sha256').update(content).digest('hex')).toBe(vector.contentSha256Hex);
    const signature = signContent(content, createPrivateKey(vectorKey(vector.signingKey)), rsa);
    expect(signature.toString('base64')).toBe(vector.signatureBase64);
    expect(encodeHeaderBytes(signature).toLowerCase()).toBe(
      vector.signatureUrlEncoded.toLowerCase(),
    );
    const sent = decodeHeaderBytes(
      readHeaderPairs(vector.headers['Signature'] ?? '').pairs.get('signature') ?? '',
    );
    expect(
      Buffer.isBuffer(sent) &&
        verifyContent(content, sent, createPublicKey(vectorKey(vector.verifyingKey)), rsa),
    ).toBe(true);
  });

  test.each(eccVectors)(
    '$id ECC224 with $hash, $form verifies in its own reading only',
    (vector) => {
      const key = createPublicKey(vectorKey('keys/merchant-ec224.public.spki.pem'));
      const content = Buffer.from(vector.contentToSignBase64, 'base64');
      const signature = Buffer.from(vector.signatureBase64, 'base64');
      const own: Ecc224Variant | undefined =
        vector.form === 'DER' ? vector.hash : vector.hash === 'sha256' ? 'p1363' : undefined;
      const readings = ['sha256', 'sha224', 'p1363'] as const;
      expect(
        readings.filter((reading) =>
          verifyContent(content, signature, key, algorithmParamsFor('ECC224', reading)),
        ),
      ).toEqual(own === undefined ? [] : [own]);
    },
  );

  test.each(headerVectors)('$id header list: $note', ({ value, parsed }) => {
    expect(Object.fromEntries(readHeaderPairs(value).pairs)).toEqual(parsed);
  });

  test.each(encryptionVectors.filter(({ rank }) => rank <= 3))('$id opens: $note', (vector) => {
    const pairs = readHeaderPairs(vector.headers['Encrypt'] ?? '').pairs;
    const opened = openBody(
      pairs.get('symmetricKey') ?? '',
      Buffer.from(vector.bodyText),
      createPrivateKey(vectorKey(vector.unwrapKey)),
      schemeOf(vector),
    );
    expect('plain' in opened ? opened.plain.toString('base64') : opened.fault).toBe(
      vector.plaintextBase64,
    );
  });

  test.each(encryptionVectors.filter(({ rank }) => rank <= 3))(
    '$id scheme: what we seal, we open, and no other scheme does',
    (vector) => {
      const scheme = schemeOf(vector);
      const privateKey = createPrivateKey(vectorKey('keys/platform-v1.private.pkcs8.pem'));
      const plain = Buffer.from(vector.plaintextBase64, 'base64');
      // Seeded: one OAEP block in 400 happens to look like PKCS#1 v1.5.
      const sealed = sealBody(
        plain,
        { publicKey: createPublicKey(privateKey), version: 1 },
        scheme,
        createRandomSource(1).bytesFor(vector.id),
      );
      const symmetricKey = readHeaderPairs(sealed.encryptHeader).pairs.get('symmetricKey') ?? '';
      expect(openBody(symmetricKey, sealed.body, privateKey, scheme)).toMatchObject({ plain });
      const otherWrap = scheme.wrap === 'pkcs1' ? 'oaep-sha256' : 'pkcs1';
      expect(
        openBody(symmetricKey, sealed.body, privateKey, { ...scheme, wrap: otherWrap }),
      ).toEqual({
        fault: 'symmetric-key-not-unwrapped',
      });
    },
  );
});
