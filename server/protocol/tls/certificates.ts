import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type * as forgeTypes from 'node-forge';
import type { Problem } from '../../problems/problem.ts';
import { makeFolder, readRegularFile } from '../../problems/read-file.ts';

/**
 * node-forge, loaded when a certificate or a PKCS#12 file is really wanted: it takes tens of
 * milliseconds, and most runs never need it.
 */
export const loadForge = async () => (await import('node-forge')).default;

export type Forge = Awaited<ReturnType<typeof loadForge>>;

export interface CertificateOptions {
  readonly commonName: string;
  /** Names and addresses a server is reached by. */
  readonly names?: readonly string[];
  readonly publicKey: KeyObject;
  readonly isAuthority: boolean;
  readonly days: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The signer; without a certificate the result is self-signed. */
  readonly issuer: { readonly privateKey: KeyObject; readonly certificate?: string };
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Makes an X.509 certificate for an RSA key, signed with SHA-256, as PEM. It begins an hour ago,
 * for clocks that differ.
 */
export const issueCertificate = async (order: CertificateOptions): Promise<string> => {
  const { md, pki } = await loadForge();
  const certificate = pki.createCertificate();
  const begin = order.now - dayMs / 24;
  certificate.publicKey = pki.publicKeyFromPem(
    order.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  );
  certificate.serialNumber = newSerialNumber();
  certificate.validity.notBefore = new Date(begin);
  certificate.validity.notAfter = new Date(begin + order.days * dayMs);
  const subject = [{ name: 'commonName', value: order.commonName }];
  const issuer =
    order.issuer.certificate === undefined
      ? undefined
      : pki.certificateFromPem(order.issuer.certificate);
  certificate.setSubject(subject);
  certificate.setIssuer(issuer?.subject.attributes ?? subject);
  certificate.setExtensions(buildExtensions(order, issuer ?? certificate));
  certificate.sign(forgePrivateKey({ pki }, order.issuer.privateKey), md.sha256.create());
  return pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
};

/** node-forge signs with its own kind of key. */
export const forgePrivateKey = (
  { pki }: Pick<Forge, 'pki'>,
  key: KeyObject,
): forgeTypes.pki.rsa.PrivateKey =>
  pki.privateKeyFromPem(key.export({ type: 'pkcs1', format: 'pem' }).toString());

/** The names that this machine is reached by, and those that are asked for. */
export const serverNames = (more: readonly string[]): readonly string[] => [
  ...new Set([
    'localhost',
    '127.0.0.1',
    '::1',
    ...[hostname()].filter((name) => /^[\w.-]{1,253}$/.test(name)),
    ...more,
  ]),
];

/** 127 random bits, positive and never zero. */
const newSerialNumber = (): string => {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
};

const buildExtensions = (
  { isAuthority, names = [] }: CertificateOptions,
  issuer: forgeTypes.pki.Certificate,
): object[] => [
  {
    name: 'basicConstraints',
    critical: true,
    cA: isAuthority,
    ...(isAuthority ? { pathLenConstraint: 0 } : {}),
  },
  isAuthority
    ? { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true }
    : { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
  ...(isAuthority ? [] : [{ name: 'extKeyUsage', serverAuth: true, clientAuth: true }]),
  ...(names.length === 0 ? [] : [{ name: 'subjectAltName', altNames: names.map(altName) }]),
  { name: 'subjectKeyIdentifier' },
  {
    name: 'authorityKeyIdentifier',
    keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes(),
  },
];

/** Kinds 2 and 7 of RFC 5280's GeneralName: a DNS name, an IP address. */
const altName = (name: string): object =>
  isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name };

/** A PKCS#10 certificate signing request for an RSA key, signed with SHA-256, as PEM. */
export const makeSigningRequest = async (
  privateKey: KeyObject,
  commonName: string,
): Promise<string> => {
  const forge = await loadForge();
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(
    createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  );
  request.setSubject([{ name: 'commonName', value: commonName }]);
  request.sign(forgePrivateKey(forge, privateKey), forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request).replaceAll('\r\n', '\n');
};

/**
 * A local certificate authority: clients that trust its certificate trust the server certificates
 * it issues.
 */
export interface Authority {
  readonly certificate: string;
  readonly privateKey: KeyObject;
  /** The certificate's file; undefined when the authority lives in memory only. */
  readonly file: string | undefined;
}

const lifeDays = 3650;
const authorityFiles = { certificate: 'ca.pem', privateKey: 'ca.key.pem' } as const;

/**
 * The authority kept in the folder; made there on first use, or in memory when there is no folder
 * or it cannot be written.
 */
export const openAuthority = async (
  folder: string | undefined,
  now: number,
): Promise<Authority | Problem> => {
  if (folder === undefined) return makeAuthority(now);
  if (existsSync(folder)) return readAuthority(folder, now);
  const made = await makeAuthority(now);
  try {
    saveAuthority(folder, made);
    return { ...made, file: join(folder, authorityFiles.certificate) };
  } catch (error) {
    if (existsSync(folder)) return readAuthority(folder, now);
    if (isReadOnly(error)) return made;
    throw error;
  }
};

const makeAuthority = async (now: number): Promise<Authority> => {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
  });
  const commonName =
    `alipayhk-mock test CA (${hostname().slice(0, 30)}, ` +
    `${new Date(now).toISOString().slice(0, 10)})`;
  const certificate = await issueCertificate({
    commonName,
    publicKey,
    isAuthority: true,
    days: lifeDays,
    now,
    issuer: { privateKey },
  });
  return { certificate, privateKey, file: undefined };
};

/**
 * Writes both files to a temporary folder and renames it: of two simulators that start together,
 * one authority wins.
 */
const saveAuthority = (folder: string, { certificate, privateKey }: Authority): void => {
  makeFolder(dirname(folder));
  const beside = mkdtempSync(`${folder}.`);
  try {
    writeFileSync(join(beside, authorityFiles.certificate), certificate);
    writeFileSync(
      join(beside, authorityFiles.privateKey),
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
      { mode: 0o600 },
    );
    chmodSync(beside, 0o755);
    renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
};

const isReadOnly = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code));

const readAuthority = (folder: string, now: number): Authority | Problem => {
  const file = join(folder, authorityFiles.certificate);
  try {
    const certificate = readRegularFile(file).toString('utf8');
    const privateKey = createPrivateKey(readRegularFile(join(folder, authorityFiles.privateKey)));
    const message = authorityProblem(new X509Certificate(certificate), privateKey, now);
    return message === undefined
      ? { certificate, privateKey, file }
      : { where: file, message, remedy: renewRemedy };
  } catch (error) {
    return {
      where: folder,
      message:
        'contains no certificate authority: ' +
        `${error instanceof Error ? error.message : String(error)}`,
      remedy: renewRemedy,
    };
  }
};

const renewRemedy =
  'Delete this folder, so that a new authority is made, and let clients trust its certificate; ' +
  'or set tls.cert and tls.key.';

const authorityProblem = (
  certificate: X509Certificate,
  privateKey: KeyObject,
  now: number,
): string | undefined => {
  if (!certificate.ca) return 'is not the certificate of an authority';
  if (!certificate.checkPrivateKey(privateKey))
    return `does not belong to ${authorityFiles.privateKey} beside it`;
  return Date.parse(certificate.validTo) <= now ? `expired on ${certificate.validTo}` : undefined;
};
