/** A hash by its name in node:crypto. */
export type HashName = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

export const digestLength: Readonly<Record<HashName, number>> = {
  md5: 16,
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** DER of the DigestInfo in front of the digest (RFC 8017, 9.2 note 1). */
const prefixes: readonly (readonly [hash: HashName, hex: string])[] = [
  ['sha256', '3031300d060960864801650304020105000420'],
  ['sha1', '3021300906052b0e03021a05000414'],
  ['sha512', '3051300d060960864801650304020305000440'],
  ['sha384', '3041300d060960864801650304020205000430'],
  ['sha224', '302d300d06096086480165030402040500041c'],
  ['md5', '3020300c06082a864886f70d020505000410'],
];

export interface NamedDigest {
  readonly hash: HashName;
  readonly digest: Buffer;
}

const hashNames = Object.keys(digestLength) as readonly HashName[];

/** The digest behind a DigestInfo, or undefined when the bytes are none. */
export const readDigestInfo = (payload: Buffer): NamedDigest | undefined => {
  const text = payload.toString('hex');
  for (const [hash, prefix] of prefixes) {
    if (text.startsWith(prefix) && text.length === prefix.length + digestLength[hash] * 2) {
      return { hash, digest: Buffer.from(text.slice(prefix.length), 'hex') };
    }
  }
  return undefined;
};

/** A digest that stands alone: its length names the hash. */
export const readBareDigest = (payload: Buffer): NamedDigest | undefined => {
  const hash = hashNames.find((name) => digestLength[name] === payload.length);
  return hash === undefined ? undefined : { hash, digest: payload };
};
