import {
  describeValidity,
  type Keyring,
  type Keyrings,
  type KeyVersion,
} from '../../protocol/keys/keyring.ts';

import { algorithmOf } from './key-folder-layout.ts';

/** What is different between two readings of a key folder, a sentence each. */
export const describeChanges = (
  before: Keyrings,
  after: Keyrings,
  at: number,
): readonly string[] => {
  const titles = new Set([...listKeyrings(before).keys(), ...listKeyrings(after).keys()]);
  return [...titles].flatMap((title) =>
    compareKeyrings(title, listKeyrings(before).get(title), listKeyrings(after).get(title), at),
  );
};

const listKeyrings = ({ platform, clients }: Keyrings): Map<string, Keyring> =>
  new Map([
    ['platform', platform],
    ...[...clients].map(([id, ring]): [string, Keyring] => [`client ${id}`, ring]),
  ]);

const compareKeyrings = (
  title: string,
  before: Keyring | undefined,
  after: Keyring | undefined,
  at: number,
): string[] => {
  const was = keysByName(before);
  const is = keysByName(after);
  const gone = [...was.keys()]
    .filter((name) => !is.has(name))
    .map((name) => `${title}: ${name} is gone`);
  const changed = [...is].flatMap(([name, key]) => {
    const old = was.get(name);
    if (old === undefined)
      return [
        `${title}: ${name} is new: ${key.fingerprint}; it ${describeValidity(key.validity, at)}`,
      ];
    if (old.fingerprint !== key.fingerprint)
      return [`${title}: ${name} is another key now: ${key.fingerprint}`];
    const sameLife =
      old.validity.from === key.validity.from && old.validity.until === key.validity.until;
    return sameLife ? [] : [`${title}: ${name} ${describeValidity(key.validity, at)}`];
  });
  return [...gone, ...changed];
};

const keysByName = (keyring: Keyring | undefined): Map<string, KeyVersion> =>
  new Map(
    (keyring?.versions ?? []).map((key) => [
      `${algorithmOf[key.family]} version ${key.version}`,
      key,
    ]),
  );
