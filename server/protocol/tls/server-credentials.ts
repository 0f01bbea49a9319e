import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import type { Gathered, Problem } from '../../problems/problem.ts';
import { readFailure, readRegularFile } from '../../problems/read-file.ts';
import { issueCertificate, openAuthority, serverNames } from './certificates.ts';

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
