import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Problem } from '../../problems/problem.ts';
import { makeFolder, readRegularFile } from '../../problems/read-file.ts';
import { issueCertificate } from './certificate.ts';

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
