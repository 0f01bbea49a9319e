import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { derChildren, derTags } from './der.ts';
import { readJwk } from './jwk.ts';
import { readDerKey } from './key-objects.ts';
import { decodePem, type KeyBytes, type KeyProblem, keyText, pemProblem } from './pem.ts';

export type KeyForm =
  | 'SPKI'
  | 'PKCS#1'
  | 'PKCS#8'
  | 'SEC1'
  | 'JWK'
  | 'PKCS#12'
  | 'encrypted'
  | 'certificate'
  | 'CSR';

export interface ParsedKey {
  readonly kind: 'public' | 'private';
  readonly form: KeyForm;
  readonly key: KeyObject;
}

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

export const detectUnsupported = (bytes: Buffer, text: string): KeyProblem | undefined => {
  const found = unsupportedFormats.find(({ matches: isThis }) => isThis(text, bytes));
  return found && { message: found.message, remedy: found.remedy };
};
