import { constants, hash, type KeyObject, publicDecrypt } from 'node:crypto';

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
const digestInfoPrefixes: readonly (readonly [hash: HashName, hex: string])[] = [
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

const digestHashNames = Object.keys(digestLength) as readonly HashName[];

/** The digest in a DigestInfo, or undefined when the bytes are not a DigestInfo. */
export const readDigestInfo = (payload: Buffer): NamedDigest | undefined => {
  const text = payload.toString('hex');
  for (const [hash, prefix] of digestInfoPrefixes) {
    if (text.startsWith(prefix) && text.length === prefix.length + digestLength[hash] * 2) {
      return { hash, digest: Buffer.from(text.slice(prefix.length), 'hex') };
    }
  }
  return undefined;
};

/** A digest without DigestInfo: its length identifies the hash. */
export const readBareDigest = (payload: Buffer): NamedDigest | undefined => {
  const hash = digestHashNames.find((name) => digestLength[name] === payload.length);
  return hash === undefined ? undefined : { hash, digest: payload };
};

/** A block that is laid out as RSASSA-PSS (RFC 8017, 9.1). */
export interface PssBlock {
  readonly hash: HashName;
  readonly mgfHash: HashName;
  readonly salt: Buffer;
  readonly h: Buffer;
  /**
   * Padding bytes that are zero as required. A few may be coincidence, eight are not.
   */
  readonly zeros: number;
}

const hashPairs: readonly (readonly [hash: HashName, mgfHash: HashName])[] = [
  ['sha256', 'sha256'],
  ['sha256', 'sha1'],
  ['sha1', 'sha1'],
  ['sha512', 'sha512'],
  ['sha512', 'sha1'],
  ['sha384', 'sha384'],
];

/**
 * Every hash under which the block has the layout of PSS; a long salt leaves more than one
 * possible.
 */
export const readPssBlocks = (block: Buffer): readonly PssBlock[] => {
  if (block.at(-1) !== 0xbc || (block[0] ?? 0xff) > 0x7f) return [];
  return hashPairs.flatMap(([name, mgfHash]) => readOne(block, name, mgfHash) ?? []);
};

const readOne = (block: Buffer, name: HashName, mgfHash: HashName): PssBlock | undefined => {
  const cut = block.length - digestLength[name] - 1;
  const seal = block.subarray(cut, -1);
  const data = unmask(block.subarray(0, cut), seal, mgfHash);
  data[0] = (data[0] ?? 0) & 0x7f;
  const end = data.findIndex((byte) => byte !== 0);
  if (end < 0 || data[end] !== 1) return undefined;
  return { hash: name, mgfHash, salt: data.subarray(end + 1), h: seal, zeros: end };
};

/** MGF1 (RFC 8017, B.2.1). */
const unmask = (masked: Buffer, seed: Buffer, mgfHash: HashName): Buffer => {
  const data = Buffer.from(masked);
  const size = digestLength[mgfHash];
  for (let at = 0; at < data.length; at += size) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(at / size);
    const mask = hash(mgfHash, Buffer.concat([seed, counter]), 'buffer');
    for (let i = 0; i < size && at + i < data.length; i++)
      data[at + i] = (data[at + i] ?? 0) ^ (mask[i] ?? 0);
  }
  return data;
};

/**
 * H of RFC 8017, 9.1, computed from a digest of the content; PSS verification compares it.
 */
export const pssHash = ({ hash: name, salt }: PssBlock, digestHex: string): string =>
  hash(name, Buffer.concat([Buffer.alloc(8), Buffer.from(digestHex, 'hex'), salt]), 'hex');

/** What one public-key operation shows of an RSA signature. */
export type SignedBlock =
  | ({ readonly form: 'pkcs1' } & NamedDigest)
  /** PKCS#1 padding or none at all around a digest that is not named. */
  | ({ readonly form: 'bare' } & NamedDigest)
  | { readonly form: 'pss'; readonly readings: readonly PssBlock[] };

/**
 * @returns undefined when the block shows that another key made the signature. Never throws.
 */
export const recoverBlock = (signature: Buffer, key: KeyObject): SignedBlock | undefined => {
  const block = openBlock(signature, key);
  return block === undefined
    ? undefined
    : (readPkcs1(block) ?? readUnpadded(block) ?? readPss(block));
};

const openBlock = (signature: Buffer, key: KeyObject): Buffer | undefined => {
  try {
    return publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return undefined;
  }
};

/** 00 01, at least eight FF, 00, then what was signed. */
const readPkcs1 = (block: Buffer): SignedBlock | undefined => {
  if (block[0] !== 0 || block[1] !== 1) return undefined;
  const end = block.indexOf(0, 2);
  if (end < 10 || !block.subarray(2, end).every((byte) => byte === 0xff)) return undefined;
  const payload = block.subarray(end + 1);
  const named = readDigestInfo(payload);
  return named === undefined ? readDigest(payload) : { form: 'pkcs1', ...named };
};

/** Textbook RSA: the digest as a number, zeros in front of it. */
const readUnpadded = (block: Buffer): SignedBlock | undefined => {
  const start = block.findIndex((byte) => byte !== 0);
  return start >= 64 ? readDigest(block.subarray(start)) : undefined;
};

const readDigest = (payload: Buffer): SignedBlock | undefined => {
  const bare = readBareDigest(fromHexText(payload) ?? payload);
  return bare === undefined ? undefined : { form: 'bare', ...bare };
};

/** Some clients sign the digest as hex text. */
const fromHexText = (payload: Buffer): Buffer | undefined => {
  const text = payload.toString('latin1');
  return /^(?:[0-9a-f]{2}){16,}$/i.test(text) ? Buffer.from(text, 'hex') : undefined;
};

const readPss = (block: Buffer): SignedBlock | undefined => {
  const readings = readPssBlocks(block);
  return readings.length > 0 ? { form: 'pss', readings } : undefined;
};
