import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { keyFamily } from '../algorithms.ts';

const part = z.string().exactOptional();
const jwkFields = z.object({
  kty: z.string(),
  crv: part,
  x: part,
  y: part,
  d: part,
  n: part,
  e: part,
  p: part,
  q: part,
  dp: part,
  dq: part,
  qi: part,
});
const p224Fields = z.object({ x: z.string(), y: z.string(), d: part });
const jwkSet = z.object({ keys: z.tuple([jwkFields]) });

// secp224r1 (P-224) has no registered JWK curve, and Node neither reads nor writes one: its DER is
// put together here.
const spkiStart = Buffer.from('304e301006072a8648ce3d020106052b81040021033a0004', 'hex');
const sec1Parts = [
  Buffer.from('3068020101041c', 'hex'),
  Buffer.from('a00706052b81040021a13c033a0004', 'hex'),
] as const;
const coordinateBytes = 28;

/**
 * Reads a JSON Web Key, or a set with one key in it.
 * @returns undefined when the text is not a JWK, or the key is not sound
 */
export const readJwk = (
  text: string,
): { readonly kind: 'public' | 'private'; readonly key: KeyObject } | undefined => {
  try {
    const json: unknown = JSON.parse(text);
    const set = jwkSet.safeParse(json);
    const jwk = set.success ? set.data.keys[0] : jwkFields.parse(json);
    const kind = jwk.d === undefined ? 'public' : 'private';
    if (jwk.kty === 'EC' && jwk.crv === 'P-224')
      return { kind, key: readP224(p224Fields.parse(jwk)) };
    return {
      kind,
      key:
        kind === 'private'
          ? createPrivateKey({ key: jwk, format: 'jwk' })
          : createPublicKey({ key: jwk, format: 'jwk' }),
    };
  } catch {
    return undefined;
  }
};

export const writeJwk = (key: KeyObject): JsonWebKey =>
  keyFamily(key) === 'EC' ? writeP224(key) : key.export({ format: 'jwk' });

const readP224 = ({ x, y, d }: z.infer<typeof p224Fields>): KeyObject => {
  const point = Buffer.concat([coordinate(x), coordinate(y)]);
  if (d === undefined)
    return createPublicKey({ key: Buffer.concat([spkiStart, point]), format: 'der', type: 'spki' });
  const key = createPrivateKey({
    key: Buffer.concat([sec1Parts[0], coordinate(d), sec1Parts[1], point]),
    format: 'der',
    type: 'sec1',
  });
  const own = createPublicKey(key)
    .export({ type: 'spki', format: 'der' })
    .subarray(-2 * coordinateBytes);
  if (!own.equals(point)) throw new Error('x and y are not the public point of d');
  return key;
};

const writeP224 = (key: KeyObject): JsonWebKey => {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-2 * coordinateBytes);
  const curveName = (bytes: Buffer): string => bytes.toString('base64url');
  const jwk = {
    kty: 'EC',
    crv: 'P-224',
    x: curveName(point.subarray(0, coordinateBytes)),
    y: curveName(point.subarray(coordinateBytes)),
  };
  if (key.type !== 'private') return jwk;
  const start = sec1Parts[0].length;
  return {
    ...jwk,
    d: curveName(
      key.export({ type: 'sec1', format: 'der' }).subarray(start, start + coordinateBytes),
    ),
  };
};

const coordinate = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== coordinateBytes)
    throw new Error(`a coordinate of P-224 has ${coordinateBytes} bytes`);
  return bytes;
};
