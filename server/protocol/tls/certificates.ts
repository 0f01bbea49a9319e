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
import type { Gathered, Problem } from '../../problems/problem.ts';
import { makeFolder, readFailure, readRegularFile } from '../../problems/read-file.ts';

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
const serverNames = (more: readonly string[]): readonly string[] => [
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
const openAuthority = async (
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

export interface TlsOptions {
  /** Files of a custom certificate (with its chain) and key; empty: both are generated. */
  readonly cert: string;
  readonly key: string;
  /** File of the authority to give to clients, with a custom certificate. */
  readonly ca: string;
  /** Further names and addresses for the certificate that is made. */
  readonly names: readonly string[];
  /**
   * File of the authorities whose client certificates are accepted; empty: no certificate is
   * requested.
   */
  readonly clientCa: string;
  /** Where the authority that is made is kept; undefined: in memory. */
  readonly folder: string | undefined;
}

/** What an HTTPS listener needs. */
export interface TlsCredentials {
  readonly cert: string;
  readonly key: string;
  /**
   * What clients must trust, as PEM; undefined with a custom certificate whose authority is not
   * given.
   */
  readonly authority: string | undefined;
  /** Its file; undefined when it is in memory only. */
  readonly authorityFile: string | undefined;
  readonly clientAuthorities: string | undefined;
}

// The longest that browsers and Apple's platforms take is 398 days.
const leafDays = 397;

/**
 * Reads the certificates that the options name, generates the others, and collects every problem.
 */
export const readServerCredentials = async (
  options: TlsOptions,
  now: number,
): Promise<Gathered<TlsCredentials | undefined>> => {
  const problems: Problem[] = [];
  const clientAuthorities =
    options.clientCa === '' ? undefined : readCertificates(options.clientCa, problems);
  const own =
    options.cert === '' && options.key === ''
      ? await makeCredentials(options, now)
      : readCredentials(options, now);
  if (Array.isArray(own)) return { value: undefined, problems: [...problems, ...own] };
  return { value: problems.length > 0 ? undefined : { ...own, clientAuthorities }, problems };
};

type OwnCredentials = Omit<TlsCredentials, 'clientAuthorities'>;

/**
 * The authority is kept, the server's certificate is issued at each start: it never expires, and
 * its names are up to date.
 */
const makeCredentials = async (
  { names, folder }: TlsOptions,
  now: number,
): Promise<OwnCredentials | Problem[]> => {
  const authority = await openAuthority(folder, now);
  if ('message' in authority) return [authority];
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
  });
  const cert = await issueCertificate({
    commonName: 'alipayhk-mock',
    names: serverNames(names),
    publicKey,
    isAuthority: false,
    days: leafDays,
    now,
    issuer: authority,
  });
  return {
    cert,
    key: pkcs8(privateKey),
    authority: authority.certificate,
    authorityFile: authority.file,
  };
};

const readCredentials = (
  { cert, key, ca }: TlsOptions,
  now: number,
): OwnCredentials | Problem[] => {
  if (cert === '' || key === '')
    return [
      {
        where: cert === '' ? 'tls.cert' : 'tls.key',
        message: 'is missing',
        remedy: 'Give tls.cert and tls.key together, or neither.',
      },
    ];
  const problems: Problem[] = [];
  const chain = readCertificates(cert, problems);
  const privateKey = readTlsKey(key, problems);
  const authority = ca === '' ? undefined : readCertificates(ca, problems);
  if (chain !== undefined && privateKey !== undefined)
    problems.push(...findMismatches({ cert, key }, new X509Certificate(chain), privateKey, now));
  if (chain === undefined || privateKey === undefined || problems.length > 0) return problems;
  return {
    cert: chain,
    key: pkcs8(privateKey),
    authority,
    authorityFile: ca === '' ? undefined : ca,
  };
};

const pkcs8 = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const findMismatches = (
  { cert, key }: Pick<TlsOptions, 'cert' | 'key'>,
  certificate: X509Certificate,
  privateKey: KeyObject,
  now: number,
): Problem[] => [
  ...(certificate.checkPrivateKey(privateKey)
    ? []
    : [
        {
          where: key,
          message: `does not belong to the certificate of ${cert}`,
          remedy: 'Give the key that the certificate was made for.',
        },
      ]),
  ...(Date.parse(certificate.validTo) > now
    ? []
    : [
        {
          where: cert,
          message: `expired on ${certificate.validTo}`,
          remedy: 'Renew it, or leave tls.cert and tls.key out.',
        },
      ]),
];

const readCertificates = (file: string, problems: Problem[]): string | undefined => {
  const remedy = 'Name a PEM file with one certificate or more (-----BEGIN CERTIFICATE-----).';
  try {
    const text = readRegularFile(file).toString('utf8');
    const blocks =
      text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
    for (const block of blocks) new X509Certificate(block);
    if (blocks.length > 0) return `${blocks.join('\n')}\n`;
    problems.push({ where: file, message: 'holds no certificate', remedy });
  } catch (error) {
    problems.push(describeUnusable(file, 'certificate', error, remedy));
  }
  return undefined;
};

const readTlsKey = (file: string, problems: Problem[]): KeyObject | undefined => {
  try {
    return createPrivateKey(readRegularFile(file));
  } catch (error) {
    const remedy = 'Name a PEM file with the certificate’s private key, not encrypted.';
    problems.push(describeUnusable(file, 'private key', error, remedy));
    return undefined;
  }
};

/** The file could not be read, or what it holds could not be. */
const describeUnusable = (file: string, what: string, error: unknown, remedy: string): Problem =>
  error instanceof Error && 'syscall' in error
    ? { where: file, ...readFailure(error) }
    : {
        where: file,
        message:
          `holds no ${what} that can be read: ` +
          `${error instanceof Error ? error.message : String(error)}`,
        remedy,
      };
