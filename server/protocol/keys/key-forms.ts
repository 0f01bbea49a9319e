import { createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyFamily } from '../algorithms.ts';
import { issueCertificate, makeSigningRequest } from '../tls/certificate.ts';

import { writeJwk } from './jwk.ts';
import { writePkcs12 } from './pkcs12.ts';

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
