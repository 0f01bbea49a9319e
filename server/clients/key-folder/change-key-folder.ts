import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../problems/read-file.ts';
import { type KeyPair, keyFingerprint } from '../../protocol/keys/key-objects.ts';
import {
  alwaysValid,
  type Keyring,
  type KeyVersion,
  type Validity,
  validityState,
} from '../../protocol/keys/keyring.ts';
import type { KeyFamily } from '../../protocol/signatures.ts';
import { type KeyOwner, type Validities, writeKeyFileName, writeValidities } from './key-folder.ts';

/** A key that becomes the next version of a key owner. */
export interface NewVersion {
  readonly family: KeyFamily;
  readonly key: Pick<KeyPair, 'publicKey'> & Partial<KeyPair>;
  /** The next free one when absent. */
  readonly version?: number | undefined;
  /** Milliseconds since 1970; active from the beginning when absent. */
  readonly from?: number | undefined;
  /** How long the earlier versions stay active, in milliseconds; without end when absent. */
  readonly overlapMs?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Added {
  readonly version: number;
  readonly fingerprint: string;
  readonly validity: Validity;
  readonly files: readonly string[];
  /** The earlier versions that now have an end. */
  readonly retiring: readonly { readonly version: number; readonly validity: Validity }[];
}

/**
 * Writes a key into its owner's folder as a new version, and ends the older ones of its family if
 * asked to. Overwrites no key.
 */
export const addVersion = ({ dir: home }: KeyOwner, held: Keyring, addition: NewVersion): Added => {
  const { family, key, from, now } = addition;
  const version = addition.version ?? nextVersion(held, family);
  makeFolder(home);
  const files = [
    ...(key.privateKey === undefined
      ? []
      : [writePrivate(join(home, writeKeyFileName(family, version, 'private')), key.privateKey)]),
    writePublic(join(home, writeKeyFileName(family, version, 'public')), key.publicKey),
  ];
  const end =
    addition.overlapMs === undefined ? undefined : wholeSecond((from ?? now) + addition.overlapMs);
  const retiring = end === undefined ? [] : endOlder(held, { family, version }, end, now);
  const validity = from === undefined ? alwaysValid : { from: wholeSecond(from) };
  const changed = [...retiring, ...(validity === alwaysValid ? [] : [{ version, validity }])];
  if (changed.length > 0)
    changeValidities(
      home,
      held,
      family,
      new Map(changed.map((one) => [one.version, one.validity])),
    );
  return { version, fingerprint: keyFingerprint(key.publicKey), validity, files, retiring };
};

/** Ends a version's validity at that moment. @returns its validity now */
export const endVersion = (
  { dir: home }: KeyOwner,
  held: Keyring,
  { family, version, validity }: KeyVersion,
  { until, now }: { readonly until: number; readonly now: number },
): Validity => {
  // A retired key must not become active again by being retired later.
  if (validityState(validity, now) === 'retired') return validity;
  const ended = endedAt(validity, wholeSecond(until), now);
  changeValidities(home, held, family, new Map([[version, ended]]));
  return ended;
};

export const nextVersion = (held: Keyring, family: KeyFamily): number =>
  (held.find(family)?.version ?? 0) + 1;

const endOlder = (
  held: Keyring,
  { family, version }: Pick<KeyVersion, 'family' | 'version'>,
  end: number,
  now: number,
) =>
  held.versions
    .filter(
      (key) =>
        key.family === family &&
        key.version < version &&
        validityState(key.validity, now) !== 'retired',
    )
    .filter(({ validity }) => (validity.until ?? Infinity) > end)
    .map((key) => ({ version: key.version, validity: endedAt(key.validity, end, now) }));

/** A validity that would begin later than its end is over at once. */
const endedAt = (
  { from = -Infinity }: Validity,
  until: number,
  now: number,
): { readonly until: number; readonly from?: number } => {
  if (from >= until) return { until: wholeSecond(Math.min(until, now)) };
  return from === -Infinity ? { until } : { from, until };
};

/** The file holds whole seconds. */
const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

const changeValidities = (
  home: string,
  held: Keyring,
  family: KeyFamily,
  changed: ReadonlyMap<number, Validity>,
): string => {
  const readFamily = (one: KeyFamily): Map<number, Validity> =>
    new Map(
      held.versions
        .filter((key) => key.family === one)
        .map(({ version, validity }) => [version, validity]),
    );
  const validities: Validities = { RSA: readFamily('RSA'), EC: readFamily('EC') };
  const merged = new Map([...validities[family], ...changed]);
  return writeValidities(home, { ...validities, [family]: merged });
};

const writePrivate = (file: string, key: KeyPair['privateKey']): string => {
  writeFileSync(file, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  return file;
};

const writePublic = (file: string, key: KeyPair['publicKey']): string => {
  writeFileSync(file, key.export({ type: 'spki', format: 'pem' }), { flag: 'wx' });
  return file;
};
