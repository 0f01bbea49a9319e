import { constants, verify } from 'node:crypto';
import type { HashName } from '../block/digest-info.ts';
import { recoverBlock, type SignedBlock } from '../block/recover-block.ts';
import type { Budget } from '../budget.ts';
import { contentBytes } from '../content.ts';
import type { DoctorLimits, SignatureCase } from '../diagnosis.ts';
import { type Blame, blame } from '../finding.ts';
import { hasFineTime } from '../hypotheses/time-forms.ts';
import type { ValueReading } from '../value/read-value.ts';
import type { Outcome } from './conclude.ts';
import { type Match, searchContent } from './content-search.ts';
import type { RankedKey } from './key-order.ts';
import { type RsaProof, rsaTrial } from './rsa-trial.ts';

/** A signature that a known key made, as its block shows. */
export interface OpenedSignature {
  readonly reading: ValueReading;
  readonly key: RankedKey;
  readonly block: SignedBlock;
}

/**
 * Opens every reading of the value with every key. A block that may be PSS by chance counts only
 * when nothing else opens.
 */
export const openSignature = (
  readings: readonly ValueReading[],
  keys: readonly RankedKey[],
): OpenedSignature | undefined => {
  let chance: OpenedSignature | undefined;
  for (const reading of readings) {
    for (const key of keys) {
      const block = recoverBlock(reading.bytes, key.candidate.key);
      if (block === undefined) continue;
      if (isCertain(block)) return { reading, key, block };
      chance ??= { reading, key, block };
    }
  }
  return chance;
};

/** Eight zeros where zeros must be are no chance; a PSS block with the longest salt has none. */
const isCertain = (block: SignedBlock): boolean =>
  block.form !== 'pss' || block.readings.some(({ zeros }) => zeros >= 8);

/** @returns undefined when the block proves nothing, after all. */
export const diagnoseRsa = (
  c: SignatureCase,
  limits: DoctorLimits,
  budget: Budget,
  opened: OpenedSignature,
): Outcome | undefined => {
  const { match, exhausted } = searchContent(c, limits, budget, rsaTrial(opened.block));
  if (match !== undefined && isConfirmed(match, opened)) return matchedDigest(opened, match);
  return isCertain(opened.block)
    ? unmatchedDigest(opened, exhausted, hasFineTime(c.time))
    : undefined;
};

const outerBlames = ({ reading, key }: OpenedSignature): readonly Blame[] => [
  ...reading.findings.map((id) => blame(id)),
  ...key.blames,
];

const matchedDigest = (opened: OpenedSignature, { variant, proof }: Match<RsaProof>): Outcome => ({
  blames: [
    ...outerBlames(opened),
    ...blockBlames(opened.block, proof.hash),
    ...proof.blames,
    ...variant.blames,
  ],
  certain: [
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
): Outcome => {
  const { block } = opened;
  const hash =
    block.form === 'pss' ? block.readings.find(({ zeros }) => zeros >= 8)?.hash : block.hash;
  return {
    blames: [
      ...outerBlames(opened),
      ...blockBlames(block, hash ?? 'sha256'),
      ...(exhausted ? [blame(isFineTime ? 'TIME_OR_BODY_CHANGED' : 'BODY_CHANGED')] : []),
    ],
    certain: [
      ...aboutBlock(opened, hash ?? 'sha256'),
      'The content that was signed is not the content that arrived: their digests differ.',
    ],
    signed: readBlock(block, hash ?? 'sha256'),
    ...(exhausted ? { notes: ['NOTE_NOT_SEARCHABLE'] as const } : {}),
    exhausted,
    unexplained: true,
  };
};

const blockBlames = ({ form }: SignedBlock, hash: HashName): readonly Blame[] => [
  ...(form === 'pss' ? [blame('PADDING_PSS')] : []),
  ...(form === 'bare' ? [blame('NO_DIGESTINFO')] : []),
  ...hashBlames(hash),
];

const hashBlames = (hash: HashName): readonly Blame[] => {
  if (hash === 'sha256') return [];
  if (hash === 'sha1') return [blame('HASH_SHA1')];
  return hash === 'sha512' ? [blame('HASH_SHA512')] : [blame('HASH_OTHER', hash)];
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

const readBlock = (block: SignedBlock, hash: HashName): NonNullable<Outcome['signed']> =>
  block.form === 'pss' ? { hash } : { hash, digestHex: block.digest.toString('hex') };

/**
 * PSS is claimed only after a real verification, where Node can do it: it takes no mask with
 * another hash.
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
