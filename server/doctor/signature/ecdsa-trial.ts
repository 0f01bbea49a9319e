import { verify } from 'node:crypto';
import type { Ecc224Reading } from '../../protocol/algorithms.ts';
import type { ValueReading } from '../value/read-value.ts';
import type { Trial } from './content-search.ts';
import type { RankedKey } from './key-order.ts';

export type EcdsaForm = 'der' | 'ieee-p1363';

/** A value that is laid out as an ECDSA signature on P-224. */
export interface EcdsaValue {
  readonly reading: ValueReading;
  readonly form: EcdsaForm;
}

/** One way to verify: ECDSA shows no digest, so each content is tried with each of these. */
export interface EcdsaVariant extends EcdsaValue {
  readonly key: RankedKey;
  readonly hash: 'sha256' | 'sha224';
}

const coordinateBytes = 28;

export const readEcdsaValues = (readings: readonly ValueReading[]): readonly EcdsaValue[] =>
  readings.flatMap((reading) => {
    const form = detectForm(reading.bytes);
    return form === undefined ? [] : [{ reading, form }];
  });

const detectForm = (bytes: Buffer): EcdsaForm | undefined => {
  if (isDerPair(bytes)) return 'der';
  return bytes.length === 2 * coordinateBytes ? 'ieee-p1363' : undefined;
};

/** SEQUENCE of two INTEGERs that fill it, each short enough for the curve. */
const isDerPair = (bytes: Buffer): boolean => {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2 || bytes[2] !== 2) return false;
  const first = bytes[3] ?? 0xff;
  const second = bytes[5 + first] ?? 0xff;
  return (
    bytes[4 + first] === 2 &&
    first <= coordinateBytes + 1 &&
    second <= coordinateBytes + 1 &&
    6 + first + second === bytes.length
  );
};

/**
 * The hash of the receiver's setting first: where the budget is short it is the one that counts.
 */
export const ecdsaVariants = (
  values: readonly EcdsaValue[],
  keys: readonly RankedKey[],
  setting: Ecc224Reading,
): readonly EcdsaVariant[] => {
  const hashes =
    setting === 'sha224' ? (['sha224', 'sha256'] as const) : (['sha256', 'sha224'] as const);
  return hashes.flatMap((hash) =>
    keys.flatMap((key) => values.map((value) => ({ ...value, key, hash }))),
  );
};

/** Whether the receiver's setting reads the signature this way. */
export const isReadAs = ({ form, hash }: EcdsaVariant, setting: Ecc224Reading): boolean =>
  setting === 'p1363'
    ? form === 'ieee-p1363' && hash === 'sha256'
    : form === 'der' && hash === setting;

/** @param spend asked before each verification; false ends the trial */
export const ecdsaTrial =
  (ways: readonly EcdsaVariant[], spend: () => boolean): Trial<EcdsaVariant> =>
  (content) =>
    ways.find((way) => spend() && holds(way, content));

const holds = ({ key, hash, form, reading }: EcdsaVariant, content: Uint8Array): boolean => {
  try {
    return verify(hash, content, { key: key.candidate.key, dsaEncoding: form }, reading.bytes);
  } catch {
    return false;
  }
};
