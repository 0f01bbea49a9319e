import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { decodeHeaderBytes, encodeHeaderBytes } from '../../protocol/headers.ts';
import { validityState } from '../../protocol/keys/keyring.ts';
import type { KeyFamily } from '../../protocol/signatures.ts';
import { type AvailableKeys, type Signing, securityFault, type WireMessage } from './fault.ts';

/** What is sent is not what was signed. */
export const tampering = {
  'tampered-body': securityFault('signature', {
    sentence:
      'The result was changed after signing: S into F, F and U into a success; in an encrypted body, one character.',
    expectedClientBehaviour:
      'Verifies the raw bytes before it parses them; what does not verify is neither a success nor a failure.',
    hooks: () => ({ rewrite: (message) => withBody(message, tamper(message)) }),
  }),
  'tampered-signature': securityFault('signature', {
    sentence: 'One bit of the signature is wrong; its format is still valid.',
    expectedClientBehaviour: 'Verifies the signature itself, not only its presence.',
    hooks: () => ({ rewrite: (message) => withSignatureValue(message, flipLastBit) }),
  }),
  'raw-signature': securityFault('signature', {
    sentence: 'The signature is bare base64, not URL-encoded as it must be.',
    expectedClientBehaviour:
      'Does not crash on it; accepts it only on purpose. Without a verified signature the outcome is unknown.',
    hooks: () => ({ rewrite: (message) => withSignatureValue(message, decodeURIComponent) }),
  }),
} as const;

const withBody = (message: WireMessage, body: Buffer): WireMessage => ({
  ...message,
  headers: { ...message.headers, 'content-length': String(body.length) },
  body,
});

const result = /"resultCode":"\w+","resultStatus":"([SFU])"/;

const tamper = ({ body }: WireMessage): Buffer => {
  const text = body.toString('utf8');
  const found = result.exec(text);
  if (found === null) return otherCharacter(body);
  const [code, status] = found[1] === 'S' ? ['PARAM_ILLEGAL', 'F'] : ['SUCCESS', 'S'];
  return Buffer.from(text.replace(result, `"resultCode":"${code}","resultStatus":"${status}"`));
};

const otherCharacter = (body: Buffer): Buffer => {
  const at = Math.floor(body.length / 2);
  return Buffer.concat([
    body.subarray(0, at),
    Buffer.from(body[at] === 0x41 ? 'B' : 'A'),
    body.subarray(at + 1),
  ]);
};

const withSignatureValue = (
  message: WireMessage,
  change: (value: string) => string,
): WireMessage => ({
  ...message,
  headers: Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) =>
      name === 'signature' ? [name, value.replace(/(?<=signature=).*$/, change)] : [name, value],
    ),
  ),
});

const flipLastBit = (value: string): string => {
  const bytes = decodeHeaderBytes(value);
  if (!Buffer.isBuffer(bytes)) return value;
  return encodeHeaderBytes(
    Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]),
  );
};

const without =
  (...names: readonly string[]) =>
  (message: WireMessage): WireMessage => ({
    ...message,
    headers: Object.fromEntries(
      Object.entries(message.headers).filter(([name]) => !names.includes(name)),
    ),
  });

const distrustEffect =
  'Cannot verify it, so it never acts on it as a success; treats the outcome as unknown ' +
  'and sends the same request again.';

/** Some or all of the signature is not there. */
export const missingParts = {
  unsigned: securityFault('signature', {
    sentence: 'Neither Signature nor Response-Time.',
    expectedClientBehaviour:
      'Always rejects an unsigned S. An unsigned F or U may be a refusal from before the ' +
      'signature check, and changes nothing either.',
    hooks: () => ({ rewrite: without('signature', 'response-time') }),
  }),
  'signature-without-time': securityFault('signature', {
    sentence: 'A Signature without the Response-Time that it covers.',
    expectedClientBehaviour: distrustEffect,
    hooks: () => ({ rewrite: without('response-time') }),
  }),
  'time-without-signature': securityFault('signature', {
    sentence: 'A Response-Time without a Signature.',
    expectedClientBehaviour: distrustEffect,
    hooks: () => ({ rewrite: without('signature') }),
  }),
} as const;

const timeShifts = {
  byMs: z
    .int()
    .min(1000)
    .max(31_536_000_000)
    .default(86_400_000)
    .describe('difference between Response-Time and the clock'),
};

/** The signature fits what is sent, but it was made with the wrong thing. */
export const wrongSigning = {
  'wrong-key': securityFault('signature', {
    sentence:
      'Signed with a key that is not the platform’s, under the version number of one that is.',
    expectedClientBehaviour:
      'Verifies with the platform’s key of that version, and treats the outcome as unknown when that fails.',
    hooks: () => ({
      signing: (own, { family }) => ({ ...own, key: unrelatedKeyPair(family).privateKey }),
    }),
  }),
  'retired-key': securityFault('signature', {
    sentence:
      'Signed with a retired version of the platform’s key; without one, with an invented version before the first.',
    expectedClientBehaviour:
      'Removes a key when it is retired: a signature by yesterday’s key proves nothing today.',
    hooks: () => ({ signing: retiredKey }),
  }),
  'unknown-version': securityFault('signature', {
    sentence: 'Correctly signed, but keyVersion names a version that was never published.',
    expectedClientBehaviour:
      'Does not fall back to the key it has: reports that a key is missing, and treats the outcome as unknown.',
    hooks: () => ({ signing: (own) => ({ ...own, keyVersion: own.keyVersion + 1000 }) }),
  }),
  'stale-time': securityFault('signature', {
    sentence:
      'Correctly signed, but Response-Time is `byMs` in the past, like a recorded response that is replayed.',
    expectedClientBehaviour:
      'Compares Response-Time with its own clock and the time of its request, and does not ' +
      'trust a response that is older than its request.',
    parameters: timeShifts,
    hooks: ({ byMs }) => ({ signing: (own) => ({ ...own, timeMs: own.timeMs - byMs }) }),
  }),
  'future-time': securityFault('signature', {
    sentence: 'Correctly signed, but Response-Time is `byMs` in the future.',
    expectedClientBehaviour: 'Allows a difference of a few minutes between the clocks and no more.',
    parameters: timeShifts,
    hooks: ({ byMs }) => ({ signing: (own) => ({ ...own, timeMs: own.timeMs + byMs }) }),
  }),
  'foreign-client-id': securityFault('signature', {
    sentence:
      'Correctly signed, but for another client: Client-Id differs in its last character, and the signature covers it.',
    expectedClientBehaviour:
      'Puts its own Client-Id into the text that it verifies, not the one in the response.',
    hooks: () => ({ signing: (own) => ({ ...own, clientId: neighbour(own.clientId) }) }),
  }),
} as const;

const retiredKey = (own: Signing, { platform, family }: AvailableKeys): Signing => {
  const held = platform.versions.filter((key) => key.family === family);
  const key = held.findLast(
    ({ validity: life, privateKey }) =>
      privateKey !== undefined && validityState(life, own.timeMs) === 'retired',
  );
  if (key?.privateKey !== undefined)
    return { ...own, keyVersion: key.version, key: key.privateKey };
  return {
    ...own,
    keyVersion: Math.max(0, (held[0]?.version ?? 1) - 1),
    key: unrelatedKeyPair(family).privateKey,
  };
};

const neighbour = (clientId: string): string =>
  `${clientId.slice(0, -1)}${clientId.endsWith('0') ? '1' : '0'}`;

/** Of answers to sealed requests; others are left as they are. */
export const wrongSealing = {
  'wrong-seal-key': securityFault('sealing', {
    sentence:
      'Encrypted with another recipient’s key, under the version number of the client’s, and correctly signed.',
    expectedClientBehaviour:
      'Treats the outcome as unknown when the body cannot be decrypted, although its signature verifies.',
    hooks: () => ({
      receiver: (own) => ({ ...own, publicKey: unrelatedKeyPair('RSA').publicKey }),
    }),
  }),
  unsealed: securityFault('sealing', {
    sentence: 'The request was encrypted, the response is not; it is correctly signed.',
    expectedClientBehaviour:
      'Notices that data which must be secret arrived unencrypted, and reports it; does not try to decrypt plain JSON.',
    hooks: () => ({ receiver: () => undefined }),
  }),
} as const;

export interface UnrelatedKeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const makers: Readonly<Record<KeyFamily, () => UnrelatedKeyPair>> = {
  RSA: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EC: () => generateKeyPairSync('ec', { namedCurve: 'secp224r1' }),
};

const makeAltered = new Map<KeyFamily, UnrelatedKeyPair>();

/** A pair that no party has; generated on first use, then reused. */
export const unrelatedKeyPair = (family: KeyFamily): UnrelatedKeyPair => {
  const pair = makeAltered.get(family) ?? makers[family]();
  makeAltered.set(family, pair);
  return pair;
};
