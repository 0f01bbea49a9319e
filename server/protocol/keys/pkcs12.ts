import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type * as forgeTypes from 'node-forge';
import { type Forge, forgePrivateKey, issueCertificate, loadForge } from '../tls/certificate.ts';
import { readDerKey } from './key-objects.ts';
import { isPkcs12, type ParsedKey, parseKey } from './parse-key.ts';
import { decodePem, type KeyProblem } from './pem.ts';

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
