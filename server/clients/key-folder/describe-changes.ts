import type { Keyring, KeyVersion, Parties } from '../../protocol/keys/keyring.ts';
import { tellLife } from '../../protocol/keys/validity.ts';
import { algorithmOf } from './key-folder-layout.ts';

/** What is different between two readings of a key folder, a sentence each. */
export const describeChanges = (before: Parties, after: Parties, at: number): readonly string[] => {
  const titles = new Set([...ringsOf(before).keys(), ...ringsOf(after).keys()]);
  return [...titles].flatMap((title) => changesOf(title, ringsOf(before).get(title), ringsOf(after).get(title), at));
};

const ringsOf = ({ platform, clients }: Parties): Map<string, Keyring> =>
  new Map([['platform', platform], ...[...clients].map(([id, ring]): [string, Keyring] => [`client ${id}`, ring])]);

const changesOf = (title: string, before: Keyring | undefined, after: Keyring | undefined, at: number): string[] => {
  const was = keysByName(before);
  const is = keysByName(after);
  const gone = [...was.keys()].filter((name) => !is.has(name)).map((name) => `${title}: ${name} is gone`);
  const changed = [...is].flatMap(([name, key]) => {
    const old = was.get(name);
    if (old === undefined) return [`${title}: ${name} is new: ${key.fingerprint}; it ${tellLife(key.life, at)}`];
    if (old.fingerprint !== key.fingerprint) return [`${title}: ${name} is another key now: ${key.fingerprint}`];
    const sameLife = old.life.from === key.life.from && old.life.until === key.life.until;
    return sameLife ? [] : [`${title}: ${name} ${tellLife(key.life, at)}`];
  });
  return [...gone, ...changed];
};

const keysByName = (keyring: Keyring | undefined): Map<string, KeyVersion> =>
  new Map((keyring?.versions ?? []).map((key) => [`${algorithmOf[key.family]} version ${key.version}`, key]));
