import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import * as z from 'zod';
import { keyFamily } from '../signatures.ts';
import { type ParsedKey, readDerKey } from './key-objects.ts';
import {
  decodePem,
  derChildren,
  derTags,
  type KeyBytes,
  type KeyProblem,
  keyText,
  pemProblem,
} from './pem.ts';

/**
 * Detects by content which key some bytes hold: PEM, bare base64, DER, JWK, certificate, CSR or
 * encrypted. PKCS#12 is only recognised.
 */
export const parseKey = (bytes: Buffer, password?: string): ParsedKey | KeyProblem => {
  const text = keyText(bytes);
  const jwk = readJwk(text);
  if (jwk !== undefined) return { form: 'JWK', ...jwk };
  const candidates = decodePem(bytes);
  const found = candidates.flatMap((one) => readDer(one) ?? []);
  const best = found.find(({ kind }) => kind === 'private') ?? found[0];
  if (best !== undefined) return best;
  if (isEncrypted(text, candidates)) return openEncrypted(text, candidates, password);
  return detectUnsupported(bytes, text) ?? pemProblem(bytes) ?? unreadableKey;
};

const unreadableKey: KeyProblem = {
  message: 'holds no key that can be read',
  remedy:
    'Give PEM (SPKI, PKCS#1, PKCS#8, SEC1), the bare base64 line, DER, a JWK, a certificate or ' +
    'PKCS#12.',
};

const readDer = ({ der }: KeyBytes): ParsedKey | undefined =>
  readDerKey(der) ?? readCertificate(der) ?? readSigningRequest(der);

const readCertificate = (der: Buffer): ParsedKey | undefined =>
  parseOrUndefined(() => ({
    kind: 'public',
    form: 'certificate',
    key: new X509Certificate(der).publicKey,
  }));

/** A CSR is {{version, subject, public key, attributes}, algorithm, signature}. */
const readSigningRequest = (der: Buffer): ParsedKey | undefined => {
  const [request, , signature] = derChildren(der);
  if (request?.tag !== derTags.sequence || signature?.tag !== derTags.bitString) return undefined;
  const [version, , publicKey] = derChildren(request.whole);
  if (version?.tag !== derTags.integer || publicKey === undefined) return undefined;
  return parseOrUndefined(() => ({
    kind: 'public',
    form: 'CSR',
    key: createPublicKey({ key: publicKey.whole, format: 'der', type: 'spki' }),
  }));
};

/**
 * Encrypted PKCS#8 is {{algorithm}, octets}; the older way is said in the PEM block's own headers.
 */
const isEncrypted = (text: string, candidates: readonly KeyBytes[]): boolean =>
  /Proc-Type: 4,ENCRYPTED/.test(text) || candidates.some(({ der }) => isEncryptedPkcs8(der));

const isEncryptedPkcs8 = (der: Buffer): boolean => {
  const [algorithm, content, ...rest] = derChildren(der);
  return (
    algorithm?.tag === derTags.sequence && content?.tag === derTags.octetString && rest.length === 0
  );
};

const openEncrypted = (
  text: string,
  candidates: readonly KeyBytes[],
  password: string | undefined,
): ParsedKey | KeyProblem => {
  if (password === undefined)
    return {
      message: 'is encrypted with a password',
      remedy: 'Import it: keys add … --password TEXT.',
    };
  const passphrase = password;
  const opened = [
    parseOrUndefined(() => createPrivateKey({ key: text, format: 'pem', passphrase })),
    ...candidates.map(({ der }) =>
      parseOrUndefined(() =>
        createPrivateKey({ key: der, format: 'der', type: 'pkcs8', passphrase }),
      ),
    ),
  ].find((key) => key !== undefined);
  if (opened !== undefined) return { kind: 'private', form: 'encrypted', key: opened };
  return {
    message: 'does not open with this password',
    remedy:
      'Check the password. A cipher that OpenSSL 3 no longer has (RC2, single DES) fails too: ' +
      'openssl pkcs8 -topk8 -v2 aes256.',
  };
};

const parseOrUndefined = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

interface UnsupportedKey extends KeyProblem {
  readonly matches: (text: string, bytes: Buffer) => boolean;
}

/**
 * {version 3, content, …}; the one structure of these that starts so. It may be BER with an open
 * length.
 */
export const isPkcs12 = (der: Buffer): boolean => {
  const second = der[1] ?? 0;
  const start = 2 + (second > 0x80 ? second & 0x7f : 0);
  return (
    der[0] === 0x30 && der.subarray(start, start + 4).equals(Buffer.from([0x02, 0x01, 0x03, 0x30]))
  );
};

/** Files that people take for keys of this protocol. */
const unsupportedFormats: readonly UnsupportedKey[] = [
  {
    matches: (text) => text.trim() === '',
    message: 'is empty',
    remedy: 'Put the key there: PEM, the bare base64 line, DER or a JWK.',
  },
  {
    matches: (_text, bytes) => decodePem(bytes).some(({ der }) => isPkcs12(der)),
    message: 'is a PKCS#12 file, which opens with a password only',
    remedy: 'Import it: keys add … --password TEXT.',
  },
  {
    matches: (text) => text.includes('BEGIN OPENSSH PRIVATE KEY'),
    message: 'is a private key in OpenSSH’s own form',
    remedy: 'Convert a copy: ssh-keygen -p -m PKCS8 -N "" -f COPY.',
  },
  {
    matches: (text) =>
      /^(ssh-(rsa|ed25519|dss)|ecdsa-sha2-\S+) /m.test(text) ||
      text.includes('BEGIN SSH2 PUBLIC KEY'),
    message: 'is a public key in OpenSSH’s own form',
    remedy: 'Convert it: ssh-keygen -e -m PKCS8 -f FILE.',
  },
  {
    matches: (_text, bytes) =>
      ['feedfeed', 'cececece'].includes(bytes.subarray(0, 4).toString('hex')),
    message: 'is a Java keystore',
    remedy:
      'Convert it: keytool -importkeystore -srckeystore FILE -destkeystore FILE.p12 ' +
      '-deststoretype PKCS12.',
  },
  {
    matches: (text) => text.includes('<RSAKeyValue>'),
    message: 'is .NET’s XML form of an RSA key',
    remedy:
      'Export PEM instead: rsa.ExportSubjectPublicKeyInfoPem() or rsa.ExportPkcs8PrivateKeyPem().',
  },
  {
    matches: (text) => text.includes('PuTTY-User-Key-File') || text.includes('BEGIN PGP'),
    message: 'is a key of another program (PuTTY or PGP)',
    remedy: 'Make a key for this protocol: keys create.',
  },
];

const detectUnsupported = (bytes: Buffer, text: string): KeyProblem | undefined => {
  const found = unsupportedFormats.find(({ matches: isThis }) => isThis(text, bytes));
  return found && { message: found.message, remedy: found.remedy };
};

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
const readJwk = (
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
