import { constants, hash, verify } from 'node:crypto';
import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { Conclusion, DoctorLimits, SignatureCase } from '../diagnosis.ts';
import { contentBytes } from '../hypotheses/hypothesis.ts';
import { hasFineTime } from '../hypotheses/time-forms.ts';
import type { ValueReading } from './read-value.ts';
import {
  type ContentCheck,
  type Match,
  type SearchBudget,
  searchContent,
} from './search-content.ts';
import type { RankedKey } from './signature-header.ts';
import {
  type HashName,
  type PssBlock,
  pssHash,
  recoverBlock,
  type SignedBlock,
} from './signed-block.ts';

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
export interface RsaProof {
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
export const checkDigest = (block: SignedBlock): ContentCheck<RsaProof> => {
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
