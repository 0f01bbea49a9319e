import type { NoteId } from '../catalogue/notes.ts';
import type { CandidateKey } from '../diagnosis.ts';
import { type Blame, blame } from '../finding.ts';
import type { ValueReading } from '../value/read-value.ts';

/** What the mere shape of a value proves, when no key opens it. */
export interface ShapeReading {
  readonly blames: readonly Blame[];
  readonly notes: readonly NoteId[];
  readonly certain: readonly string[];
}

/** Signature lengths of RSA keys that exist in practice. */
const keyBytes = [64, 128, 192, 256, 384, 512, 1024] as const;

const modulusBytes = ({ key }: CandidateKey): number =>
  Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);

/** @param own the signer's RSA keys, of which there is at least one */
export const diagnoseByLength = (
  value: string,
  readings: readonly ValueReading[],
  own: readonly CandidateKey[],
): ShapeReading => {
  const wanted = new Set(own.map(modulusBytes));
  const whole = readings.find(({ bytes }) => wanted.has(bytes.length));
  if (whole !== undefined) return unknownKey(whole);
  return (
    otherSize(readings, Math.max(...wanted)) ??
    tooShort(value, Math.min(...wanted)) ??
    unreadable(readings, Math.max(...wanted))
  );
};

const unknownKey = ({ bytes, findings }: ValueReading): ShapeReading => ({
  blames: [blame('KEY_UNKNOWN')],
  notes: [],
  certain: [
    `The value${findings.length > 0 ? ` (read as ${findings.join(', ')})` : ''} has ${bytes.length} bytes, as a signature by the registered key would, but it opens under none of the keys known here.`,
  ],
});

/**
 * Padded base64 was not cut: a cut text ends in the middle of a group. A length that is a multiple
 * of three has no padding and proves nothing unless it is longer than it should be.
 */
const otherSize = (readings: readonly ValueReading[], wanted: number): ShapeReading | undefined => {
  const found = readings.find(
    ({ bytes: { length } }) =>
      keyBytes.some((size) => size === length) && (length % 3 !== 0 || length > wanted),
  );
  if (found === undefined) return undefined;
  const { length } = found.bytes;
  return {
    blames: [blame('KEY_SIZE', `${length * 8} bits instead of ${wanted * 8}`)],
    notes: [],
    certain: [
      `The signature has ${length} bytes, which is what a ${length * 8}-bit key gives; the registered key gives ${wanted}.`,
    ],
  };
};

/**
 * The longest piece from the start that can be base64, with an escape that was cut through taken
 * off.
 */
const lenientBase64 = (value: string): string | undefined => {
  const whole = value
    .replace(/%[0-9A-Fa-f]?$/, '')
    .replace(/%(2B|2F|3D)/gi, (sequence) => decodeURIComponent(sequence));
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(whole) ? whole.replace(/=+$/, '') : undefined;
};

const tooShort = (value: string, wanted: number): ShapeReading | undefined => {
  const text = lenientBase64(value);
  const length = Math.floor(((text?.length ?? 0) * 3) / 4);
  if (text === undefined || length >= wanted) return undefined;
  return {
    blames: [blame('SIG_TRUNCATED', `${length} bytes instead of ${wanted}`)],
    notes: keyBytes.some((size) => size === length) ? ['NOTE_KEY_CLOSE'] : [],
    certain: [
      `The value decodes to ${length} bytes; a signature by the registered key always has ${wanted}.`,
    ],
  };
};

const unreadable = (readings: readonly ValueReading[], wanted: number): ShapeReading => {
  const lengths = readings.map(({ bytes }) => bytes.length).join(', ');
  const certain =
    readings.length === 0
      ? 'The value cannot be read as base64, in none of the spellings known here.'
      : `The value decodes to ${lengths} bytes; a signature by the registered key always has ${wanted}.`;
  return { blames: [], notes: [], certain: [certain] };
};
