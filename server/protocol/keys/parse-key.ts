import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { derChildren, derTags } from '../der.ts';
import { readDerKey } from '../key-reading.ts';
import { decodePem, type KeyBytes, type KeyProblem, keyText, pemProblem } from '../pem.ts';
import { readJwk } from './jwk.ts';
import { detectUnsupported } from './unsupported-keys.ts';

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

export interface RecognisedKey {
  readonly kind: 'public' | 'private';
  readonly form: KeyForm;
  readonly key: KeyObject;
}

/**
 * Tells by content what key some bytes hold: PEM, bare base64, DER, JWK, certificate, CSR,
 * encrypted; PKCS#12 only by its name.
 */
export const parseKey = (bytes: Buffer, password?: string): RecognisedKey | KeyProblem => {
  const text = keyText(bytes);
  const jwk = readJwk(text);
  if (jwk !== undefined) return { form: 'JWK', ...jwk };
  const candidates = decodePem(bytes);
  const found = candidates.flatMap((one) => readDer(one) ?? []);
  const best = found.find(({ kind }) => kind === 'private') ?? found[0];
  if (best !== undefined) return best;
  if (isEncrypted(text, candidates)) return openEncrypted(text, candidates, password);
  return detectUnsupported(bytes, text) ?? pemProblem(bytes) ?? unreadable;
};

const unreadable: KeyProblem = {
  message: 'holds no key that can be read',
  remedy:
    'Give PEM (SPKI, PKCS#1, PKCS#8, SEC1), the bare base64 line, DER, a JWK, a certificate or PKCS#12.',
};

const readDer = ({ der }: KeyBytes): RecognisedKey | undefined =>
  readDerKey(der) ?? readCertificate(der) ?? readSigningRequest(der);

const readCertificate = (der: Buffer): RecognisedKey | undefined =>
  attempt(() => ({ kind: 'public', form: 'certificate', key: new X509Certificate(der).publicKey }));

/** A CSR is {{version, subject, public key, attributes}, algorithm, signature}. */
const readSigningRequest = (der: Buffer): RecognisedKey | undefined => {
  const [request, , signature] = derChildren(der);
  if (request?.tag !== derTags.sequence || signature?.tag !== derTags.bitString) return undefined;
  const [version, , publicKey] = derChildren(request.whole);
  if (version?.tag !== derTags.integer || publicKey === undefined) return undefined;
  return attempt(() => ({
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
): RecognisedKey | KeyProblem => {
  if (password === undefined)
    return {
      message: 'is encrypted with a password',
      remedy: 'Import it: keys add … --password TEXT.',
    };
  const passphrase = password;
  const opened = [
    attempt(() => createPrivateKey({ key: text, format: 'pem', passphrase })),
    ...candidates.map(({ der }) =>
      attempt(() => createPrivateKey({ key: der, format: 'der', type: 'pkcs8', passphrase })),
    ),
  ].find((key) => key !== undefined);
  if (opened !== undefined) return { kind: 'private', form: 'encrypted', key: opened };
  return {
    message: 'does not open with this password',
    remedy:
      'Check the password. A cipher that OpenSSL 3 no longer has (RC2, single DES) fails too: openssl pkcs8 -topk8 -v2 aes256.',
  };
};

const attempt = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};
