import { constants, hash, type KeyObject, publicDecrypt, verify } from 'node:crypto';
import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { Conclusion, DoctorLimits, SignatureCase } from '../diagnosis.ts';
import { contentBytes } from '../hypotheses/hypothesis.ts';
import { hasFineTime } from '../hypotheses/time.ts';
import type { ValueReading } from './read-value.ts';
import {
  type ContentCheck,
  type Match,
  type SearchBudget,
  searchContent,
} from './search-content.ts';
import type { RankedKey } from './signature-header.ts';

/** A signature that a known key made, as its block shows. */
export interface OpenedSignature {
  readonly reading: ValueReading;
  readonly key: RankedKey;
  readonly block: SignedBlock;
}

/**
 * Opens every reading of the value with every key. A block that may look like PSS by coincidence
 * counts only when nothing else opens.
 */
export const openSignature = (
  readings: readonly ValueReading[],
  keys: readonly RankedKey[],
): OpenedSignature | undefined => {
  let uncertain: OpenedSignature | undefined;
  for (const reading of readings) {
    for (const key of keys) {
      const block = recoverBlock(reading.bytes, key.candidate.key);
      if (block === undefined) continue;
      if (isCertain(block)) return { reading, key, block };
      uncertain ??= { reading, key, block };
    }
  }
  return uncertain;
};

/** Eight required zeros rule out coincidence; a PSS block with the longest salt has none. */
const isCertain = (block: SignedBlock): boolean =>
  block.form !== 'pss' || block.readings.some(({ zeros }) => zeros >= 8);

/** @returns undefined when the block turns out to prove nothing */
export const diagnoseRsa = (
  c: SignatureCase,
  limits: DoctorLimits,
  budget: SearchBudget,
  opened: OpenedSignature,
): Conclusion | undefined => {
  const { match, exhausted } = searchContent(c, checkDigest(opened.block), {
    maxBodyBytes: limits.maxBodyBytes,
    budget,
  });
  if (match !== undefined && isConfirmed(match, opened)) return matchedDigest(opened, match);
  return isCertain(opened.block)
    ? unmatchedDigest(opened, exhausted, hasFineTime(c.time))
    : undefined;
};

const outerSuspicions = ({ reading, key }: OpenedSignature): readonly Suspicion[] => [
  ...reading.mistakes.map((id) => suspect(id)),
  ...key.suspicions,
];

const matchedDigest = (
  opened: OpenedSignature,
  { variant, proof }: Match<RsaProof>,
): Conclusion => ({
  suspicions: [
    ...outerSuspicions(opened),
    ...blockSuspicions(opened.block, proof.hash),
    ...proof.suspicions,
    ...variant.suspicions,
  ],
  evidence: [
    ...aboutBlock(opened, proof.hash),
    'The digest in the signature is the digest of the content shown as signed.',
  ],
  signed: { ...readBlock(opened.block, proof.hash), content: contentBytes(variant) },
  exhausted: true,
});

const unmatchedDigest = (
  opened: OpenedSignature,
  exhausted: boolean,
  isFineTime: boolean,
): Conclusion => {
  const { block } = opened;
  const hash =
    block.form === 'pss' ? block.readings.find(({ zeros }) => zeros >= 8)?.hash : block.hash;
  return {
    suspicions: [
      ...outerSuspicions(opened),
      ...blockSuspicions(block, hash ?? 'sha256'),
      ...(exhausted ? [suspect(isFineTime ? 'TIME_OR_BODY_CHANGED' : 'BODY_CHANGED')] : []),
    ],
    evidence: [
      ...aboutBlock(opened, hash ?? 'sha256'),
      'The content that was signed is not the content that arrived: their digests differ.',
    ],
    signed: readBlock(block, hash ?? 'sha256'),
    ...(exhausted ? { notes: ['NOTE_NOT_SEARCHABLE'] as const } : {}),
    exhausted,
    unexplained: true,
  };
};

const blockSuspicions = ({ form }: SignedBlock, hash: HashName): readonly Suspicion[] => [
  ...(form === 'pss' ? [suspect('PADDING_PSS')] : []),
  ...(form === 'bare' ? [suspect('NO_DIGESTINFO')] : []),
  ...hashSuspicions(hash),
];

const hashSuspicions = (hash: HashName): readonly Suspicion[] => {
  if (hash === 'sha256') return [];
  if (hash === 'sha1') return [suspect('HASH_SHA1')];
  return hash === 'sha512' ? [suspect('HASH_SHA512')] : [suspect('HASH_OTHER', hash)];
};

const owners = {
  client: 'your key',
  platform: "the platform's key",
  'other-client': 'a key registered for another client',
} as const;
const paddings = { pkcs1: 'PKCS#1 v1.5', bare: 'no DigestInfo', pss: 'PSS' } as const;

const aboutBlock = (
  { key: { candidate }, block }: OpenedSignature,
  hash: HashName,
): readonly string[] => {
  const version =
    candidate.owner === 'other-client'
      ? ''
      : `, version ${candidate.version} (public half ${candidate.fingerprint})`;
  return [
    `The signature was made with ${owners[candidate.owner]}${version}.`,
    `It is RSA with ${paddings[block.form]} over ${hash.toUpperCase()}.`,
  ];
};

const readBlock = (block: SignedBlock, hash: HashName): NonNullable<Conclusion['signed']> =>
  block.form === 'pss' ? { hash } : { hash, digestHex: block.digest.toString('hex') };

/**
 * PSS is named only after a real verification, unless Node cannot do it: it requires the same hash
 * in MGF1.
 */
const isConfirmed = (
  { variant, proof: { pss } }: Match<RsaProof>,
  { reading, key }: OpenedSignature,
): boolean => {
  if (pss === undefined || pss.hash !== pss.mgfHash) return true;
  const how = {
    key: key.candidate.key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_AUTO,
  };
  return verify(pss.hash, contentBytes(variant), how, reading.bytes);
};

/** How a content turned out to be the signed one. */
interface RsaProof {
  readonly hash: HashName;
  readonly suspicions: readonly Suspicion[];
  readonly pss?: PssBlock;
}

/**
 * Digests of digests, signed by code that passes a hash to a signing function that hashes again.
 */
const rehashings: readonly (readonly [
  suspicion: Suspicion,
  input: (digest: Buffer, hex: string) => string | Buffer,
])[] = [
  [suspect('HASHED_TWICE'), (digest) => digest],
  [suspect('HASHED_TWICE_HEX', 'as hex'), (_, hex) => hex],
  [suspect('HASHED_TWICE_HEX', 'as hex in capitals'), (_, hex) => hex.toUpperCase()],
  [suspect('HASHED_TWICE_HEX', 'as base64'), (digest) => digest.toString('base64')],
];

/** As a string of bytes: the form in which digests are made and compared fastest. */
const digestText = (name: HashName, content: Uint8Array | string): string =>
  hash(name, content, 'binary');

/** Compares contents with the digest that the signature holds: one hash each. */
const checkDigest = (block: SignedBlock): ContentCheck<RsaProof> => {
  if (block.form === 'pss') return checkPss(block.readings);
  const { hash: name, digest } = block;
  const signed = digest.toString('binary');
  return (content, deep) => {
    const found = digestText(name, content);
    if (found === signed) return { hash: name, suspicions: [] };
    return deep ? rehashDigests(name, content, found, signed) : undefined;
  };
};

/** The inner hash is SHA-256 or the signature's own. */
const rehashDigests = (
  name: HashName,
  content: Uint8Array,
  once: string,
  signed: string,
): RsaProof | undefined => {
  const inner = name === 'sha256' ? [once] : [once, digestText('sha256', content)];
  for (const first of inner) {
    const digest = Buffer.from(first, 'binary');
    const hex = digest.toString('hex');
    const found = rehashings.find(([, input]) => digestText(name, input(digest, hex)) === signed);
    if (found !== undefined) return { hash: name, suspicions: [found[0]] };
  }
  return undefined;
};

const checkPss = (readings: readonly PssBlock[]): ContentCheck<RsaProof> => {
  const sealed = readings.map((reading) => ({ reading, seal: reading.h.toString('hex') }));
  return (content) => {
    const found = sealed.find(
      ({ reading, seal }) => pssHash(reading, hash(reading.hash, content, 'hex')) === seal,
    );
    return found === undefined
      ? undefined
      : { hash: found.reading.hash, suspicions: [], pss: found.reading };
  };
};

/** A hash by its name in node:crypto. */
type HashName = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

const digestLength: Readonly<Record<HashName, number>> = {
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

interface NamedDigest {
  readonly hash: HashName;
  readonly digest: Buffer;
}

const digestHashNames = Object.keys(digestLength) as readonly HashName[];

/** The digest in a DigestInfo, or undefined when the bytes are not a DigestInfo. */
const readDigestInfo = (payload: Buffer): NamedDigest | undefined => {
  const text = payload.toString('hex');
  for (const [hash, prefix] of digestInfoPrefixes) {
    if (text.startsWith(prefix) && text.length === prefix.length + digestLength[hash] * 2) {
      return { hash, digest: Buffer.from(text.slice(prefix.length), 'hex') };
    }
  }
  return undefined;
};

/** A digest without DigestInfo: its length identifies the hash. */
const readBareDigest = (payload: Buffer): NamedDigest | undefined => {
  const hash = digestHashNames.find((name) => digestLength[name] === payload.length);
  return hash === undefined ? undefined : { hash, digest: payload };
};

/** A block that is laid out as RSASSA-PSS (RFC 8017, 9.1). */
interface PssBlock {
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
const readPssBlocks = (block: Buffer): readonly PssBlock[] => {
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
const pssHash = ({ hash: name, salt }: PssBlock, digestHex: string): string =>
  hash(name, Buffer.concat([Buffer.alloc(8), Buffer.from(digestHex, 'hex'), salt]), 'hex');

/** What one public-key operation shows of an RSA signature. */
type SignedBlock =
  | ({ readonly form: 'pkcs1' } & NamedDigest)
  /** PKCS#1 padding or none at all around a digest that is not named. */
  | ({ readonly form: 'bare' } & NamedDigest)
  | { readonly form: 'pss'; readonly readings: readonly PssBlock[] };

/**
 * @returns undefined when the block shows that another key made the signature. Never throws.
 */
const recoverBlock = (signature: Buffer, key: KeyObject): SignedBlock | undefined => {
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
