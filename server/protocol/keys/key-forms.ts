import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type * as forgeTypes from 'node-forge';
import type { KeyFamily } from '../signatures.ts';
import {
  type Forge,
  forgePrivateKey,
  issueCertificate,
  loadForge,
  makeSigningRequest,
} from '../tls/certificates.ts';
import type { ParsedKey } from './key-objects.ts';
import { readDerKey } from './key-objects.ts';
import { isPkcs12, parseKey, writeJwk } from './parse-key.ts';
import { decodePem, type KeyProblem } from './pem.ts';

/** What an export form may need besides the key. */
export interface KeyExportOptions {
  /** The name in certificates. */
  readonly commonName: string;
  readonly password?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

type WriteKey = (
  key: KeyObject,
  writing: KeyExportOptions,
) => string | Buffer | Promise<string | Buffer>;

export interface ExportFormRow {
  readonly families: readonly KeyFamily[];
  readonly help: string;
  /** Writes a public key. */
  readonly public?: WriteKey;
  /** Writes a private key. */
  readonly private?: WriteKey;
  /** Writes a form that only the private key can produce, but that contains nothing secret. */
  readonly selfIssued?: WriteKey;
  /** Whether a private key in this form is encrypted with a password; absent: not possible. */
  readonly password?: 'optional' | 'needed';
}

type KeyEncoding = 'spki' | 'pkcs8' | 'pkcs1' | 'sec1';
const pem =
  (type: KeyEncoding): WriteKey =>
  (key) =>
    key.export({ type, format: 'pem' }).toString();
const exportDer =
  (type: KeyEncoding): WriteKey =>
  (key) =>
    key.export({ type, format: 'der' });
const base64Line =
  (type: KeyEncoding): WriteKey =>
  (key) =>
    `${key.export({ type, format: 'der' }).toString('base64')}\n`;
const lock = { cipher: 'aes-256-cbc', type: 'pkcs8' } as const;
const pkcs8Pem: WriteKey = (key, { password }) =>
  key.export(
    password === undefined
      ? { type: 'pkcs8', format: 'pem' }
      : { ...lock, format: 'pem', passphrase: password },
  );
const pkcs8Der: WriteKey = (key, { password }) =>
  key.export(
    password === undefined
      ? { type: 'pkcs8', format: 'der' }
      : { ...lock, format: 'der', passphrase: password },
  );
const jwk: WriteKey = (key) => `${JSON.stringify(writeJwk(key), null, 2)}\n`;
const certificate: WriteKey = (privateKey, { commonName, now }) =>
  issueCertificate({
    commonName,
    publicKey: createPublicKey(privateKey),
    isAuthority: false,
    days: 3650,
    now,
    issuer: { privateKey },
  });
const signingRequest: WriteKey = (privateKey, { commonName }) =>
  makeSigningRequest(privateKey, commonName);
const pkcs12: WriteKey = (privateKey, { commonName, password = '', now }) =>
  writePkcs12(privateKey, commonName, password, now);

/** The forms that keys are exported in. */
export const exportForms = {
  pem: {
    families: ['RSA', 'EC'],
    help: 'PEM: SPKI, or PKCS#8 (encrypted when there is a password)',
    public: pem('spki'),
    private: pkcs8Pem,
    password: 'optional',
  },
  pkcs1: {
    families: ['RSA'],
    help: 'PEM of the older kind, RSA only',
    public: pem('pkcs1'),
    private: pem('pkcs1'),
  },
  sec1: {
    families: ['EC'],
    help: 'PEM of the older kind, EC private keys only',
    private: pem('sec1'),
  },
  base64: {
    families: ['RSA', 'EC'],
    help: 'the bare line of the Java, Go and .NET SDKs',
    public: base64Line('spki'),
    private: base64Line('pkcs8'),
  },
  'base64-pkcs1': {
    families: ['RSA'],
    help: 'the bare line of the PHP and Python SDKs',
    public: base64Line('pkcs1'),
    private: base64Line('pkcs1'),
  },
  der: {
    families: ['RSA', 'EC'],
    help: 'the bytes: SPKI, or PKCS#8 (encrypted when there is a password)',
    public: exportDer('spki'),
    private: pkcs8Der,
    password: 'optional',
  },
  jwk: { families: ['RSA', 'EC'], help: 'JSON Web Key', public: jwk, private: jwk },
  p12: {
    families: ['RSA'],
    help: 'PKCS#12 keystore with a self-signed certificate',
    private: pkcs12,
    password: 'needed',
  },
  certificate: {
    families: ['RSA'],
    help: 'self-signed X.509 certificate',
    selfIssued: certificate,
  },
  csr: {
    families: ['RSA'],
    help: 'certificate signing request (PKCS#10)',
    selfIssued: signingRequest,
  },
} as const satisfies Record<string, ExportFormRow>;

export type ExportForm = keyof typeof exportForms;

/**
 * Opens a PKCS#12 file: its private key, or the public key of its certificate when it holds none.
 */
export const openPkcs12 = async (
  der: Buffer,
  password: string,
): Promise<ParsedKey | KeyProblem> => {
  const forge = await loadForge();
  const bags = decryptBags(forge, der, password);
  if ('message' in bags) return bags;
  const { pkcs8ShroudedKeyBag, keyBag, certBag } = forge.pki.oids;
  const keys = bags.filter(({ type }) => type === pkcs8ShroudedKeyBag || type === keyBag);
  if (keys.length > 1)
    return {
      message: `is a PKCS#12 file with ${keys.length} keys`,
      remedy: 'Take one out: keytool -importkeystore -srcalias NAME …',
    };
  const [key] = keys;
  const [certificate] = bags.filter(({ type }) => type === certBag);
  const found = key === undefined ? readBagCertificate(forge, certificate) : readBagKey(forge, key);
  return (
    found ?? {
      message: 'is a PKCS#12 file without a key that can be read',
      remedy: 'Look into it: openssl pkcs12 -in FILE -info.',
    }
  );
};

/**
 * A PKCS#12 file with an RSA key and a self-signed certificate, encrypted with 3DES, which every
 * tool reads.
 */
export const writePkcs12 = async (
  privateKey: KeyObject,
  commonName: string,
  password: string,
  now: number,
): Promise<Buffer> => {
  const forge = await loadForge();
  const publicKey = createPublicKey(privateKey);
  const pem = await issueCertificate({
    commonName,
    publicKey,
    isAuthority: false,
    days: 3650,
    now,
    issuer: { privateKey },
  });
  const options = {
    algorithm: '3des',
    friendlyName: commonName,
    generateLocalKeyId: true,
  } as const;
  const store = forge.pkcs12.toPkcs12Asn1(
    forgePrivateKey(forge, privateKey),
    forge.pki.certificateFromPem(pem),
    password,
    options,
  );
  return toDer(forge, store);
};

const decryptBags = (
  forge: Forge,
  der: Buffer,
  password: string,
): readonly forgeTypes.pkcs12.Bag[] | KeyProblem => {
  try {
    const store = forge.pkcs12.pkcs12FromAsn1(
      forge.asn1.fromDer(der.toString('binary')),
      false,
      password,
    );
    return store.safeContents.flatMap(({ safeBags }) => safeBags);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return /password|MAC/i.test(why)
      ? {
          message: 'is a PKCS#12 file that does not open with this password',
          remedy: 'Check the password.',
        }
      : {
          message: `is a PKCS#12 file that cannot be read: ${why}`,
          remedy: 'Try: openssl pkcs12 -in FILE -nodes -out key.pem, and give key.pem.',
        };
  }
};

/** node-forge understands RSA keys and certificates; of others it hands out the structure. */
const readBagKey = (forge: Forge, bag: forgeTypes.pkcs12.Bag): ParsedKey | undefined => {
  const structure = bag.key == null ? bag.asn1 : forge.pki.privateKeyToAsn1(bag.key);
  const read = readDerKey(toDer(forge, structure));
  return read?.kind === 'private' ? { kind: 'private', form: 'PKCS#12', key: read.key } : undefined;
};

const readBagCertificate = (
  forge: Forge,
  bag: forgeTypes.pkcs12.Bag | undefined,
): ParsedKey | undefined => {
  if (bag === undefined) return undefined;
  const structure = bag.cert == null ? bag.asn1 : forge.pki.certificateToAsn1(bag.cert);
  return {
    kind: 'public',
    form: 'certificate',
    key: new X509Certificate(toDer(forge, structure)).publicKey,
  };
};

const toDer = (forge: Forge, structure: forgeTypes.asn1.Asn1): Buffer =>
  Buffer.from(forge.asn1.toDer(structure).getBytes(), 'binary');

/** Reads a key in any form, PKCS#12 too, which takes a password and node-forge. */
export const openKey = async (
  bytes: Buffer,
  password?: string,
): Promise<ParsedKey | KeyProblem> => {
  const store = decodePem(bytes).find(({ der }) => isPkcs12(der));
  if (store === undefined || password === undefined) return parseKey(bytes, password);
  return openPkcs12(store.der, password);
};
