import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Problem } from '../../problems/problem.ts';
import { fileStamp, isLeftover } from '../../problems/read-file.ts';
import type { KeyRules } from '../../protocol/keys/key-objects.ts';
import {
  describeValidity,
  type Keyring,
  type Keyrings,
  type KeyVersion,
} from '../../protocol/keys/keyring.ts';
import { algorithmNames, readKeyFolder } from './key-folder.ts';

/** What came of a change to the key folder. */
export interface KeysChange {
  /** What is different from before, a sentence each; empty when nothing that matters changed. */
  readonly changes: readonly string[];
  /** What is wrong with the folder now; then the keys of before stay in use. */
  readonly problems: readonly Problem[];
}

export interface KeyStoreOptions {
  readonly folder: string;
  readonly rules: KeyRules;
  readonly now: () => number;
  readonly onChange?: (change: KeysChange) => void;
  /** The stamp of the folder just before it was read: it is read again when it has another. */
  readonly stamp?: string | undefined;
}

const betweenLooksMs = 500;
/** Checking very many clients takes no more of the processor than a fortieth. */
const sliceMs = 1;
const pauseMs = 40;

/**
 * The keys of a folder that may change while the simulator runs. It looks twice a second (watching
 * for events is not dependable on mounted folders) and takes a change up once two looks found the
 * same, so that a half-written change is never read.
 */
export class KeyStore implements Keyrings {
  readonly #options: KeyStoreOptions;
  #parties: Keyrings;
  #taken: string | undefined;
  #seen: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #broken = false;

  constructor(initial: Keyrings, options: KeyStoreOptions) {
    this.#parties = initial;
    this.#options = options;
    this.#taken = options.stamp;
  }

  get platform(): Keyring {
    return this.#parties.platform;
  }

  get clients(): Keyrings['clients'] {
    return this.#parties.clients;
  }

  /** Keeps looking, without keeping the process alive. */
  watch(): void {
    if (this.#isStopped) return;
    const turn = async (): Promise<void> => {
      await this.look().catch((error: unknown) => this.#tellFailure(error));
      this.watch();
    };
    this.#timer = setTimeout(() => void turn(), betweenLooksMs).unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /**
   * Compares the folder with its last stamp, and reads it again when it has changed and is at
   * rest.
   */
  async look(): Promise<void> {
    const stamp = await folderStamp(this.#options.folder, () =>
      pause(pauseMs, undefined, { ref: false }),
    );
    const isAtRest = stamp === this.#seen;
    this.#seen = stamp;
    if (!isAtRest || stamp === this.#taken || this.#isStopped) return;
    this.#taken = stamp;
    this.#take();
  }

  #take(): void {
    const { folder, rules, now, onChange } = this.#options;
    const { value, problems } = readKeyFolder(folder, rules, now());
    const changes =
      problems.length > 0
        ? []
        : [...this.#recovery(), ...describeKeyChanges(this.#parties, value, now())];
    if (problems.length === 0) this.#parties = value;
    this.#broken = problems.length > 0;
    if (problems.length > 0 || changes.length > 0) onChange?.({ changes, problems });
  }

  #tellFailure(error: unknown): void {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    this.#options.onChange?.({
      changes: [],
      problems: [{ where: this.#options.folder, message, remedy: 'Check the folder.' }],
    });
  }

  #recovery(): readonly string[] {
    return this.#broken ? ['the key folder is in order again'] : [];
  }
}

/**
 * Names, sizes and times of everything in the folder, as one text.
 * Read synchronously, one after the other: ten thousand reads in the thread pool would cost four
 * times as much, and delay every signature.
 * @param rest called after every millisecond of work to free the event loop; without it, all is
 * read at once
 */
export const folderStamp = async (
  folder: string,
  rest?: () => Promise<unknown>,
): Promise<string> => {
  const homes = [join(folder, 'platform'), ...pathsIn(join(folder, 'clients'))];
  const lines: string[] = [];
  let began = performance.now();
  for (const home of homes) {
    lines.push(home, ...pathsIn(home).map(fileStamp));
    if (rest === undefined || performance.now() - began < sliceMs) continue;
    await rest();
    began = performance.now();
  }
  return lines.join('\n');
};

const pathsIn = (folder: string): string[] => {
  const names = orNothing(() => readdirSync(folder)) ?? [];
  return names
    .filter((name) => !isLeftover(name))
    .sort()
    .map((name) => join(folder, name));
};

/** What cannot be read now may be by the next look. */
const orNothing = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

/** What is different between two readings of a key folder, a sentence each. */
export const describeKeyChanges = (
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
      `${algorithmNames[key.family]} version ${key.version}`,
      key,
    ]),
  );
