import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type * as forgeTypes from 'node-forge';

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
