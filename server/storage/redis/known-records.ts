import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Collection, Records } from '../../domain/state/state.ts';
import { StoreError } from '../store.ts';

/** A record as it was last seen. Its token is what the engine compares. */
interface KnownRecord {
  readonly value: Records[Collection];
  readonly token: string;
}

/** Half of the records that are known at most. */
const generation = 10_000;

/**
 * What this process saw last of records. It may be outdated, for the engine compares it. The least
 * recently written are evicted first, half of all at a time.
 */
export class KnownRecords {
  #young = new Map<string, KnownRecord>();
  #old = new Map<string, KnownRecord>();

  get(key: string): KnownRecord | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  keep(key: string, record: KnownRecord): void {
    this.#young.set(key, record);
    if (this.#young.size < generation) return;
    [this.#old, this.#young] = [this.#young, new Map()];
  }

  forget(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  /** All whose key begins with one of these. */
  forgetUnder(prefixes: readonly string[]): void {
    for (const records of [this.#young, this.#old])
      for (const key of records.keys())
        if (prefixes.some((prefix) => key.startsWith(prefix))) records.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}

/** The end of a key is free: nothing comes after the id. */
export const knownKey = (clientId: string, collection: Collection, id: string): string =>
  `${clientId}\n${collection}\n${id}`;

/** So many transactions on one record follow each other before it pauses. */
const maxStreak = 8;
/** Longer than another replica needs to read the record and to change it. */
const yieldMs = 3;
/** The first refusal shows what is held now; the second, that another replica is busy with it. */
const refusalsInVain = 2;

/** Of one record, while a transaction on it runs or waits. */
interface Turn {
  last: Promise<unknown> | undefined;
  streak: number;
  refusals: number;
}

/**
 * Lets decisions on the same record run one after the other, and others at the same time. Where
 * several replicas change the same record, the first one would keep the others out for as long as
 * it is busy: the next of its transactions is sent before another replica has read the outcome. So
 * it pauses now and then, and those that were refused twice do not ask again at once.
 */
export class RecordTurns {
  readonly #turns = new Map<string, Turn>();
  readonly #hasOthers: () => boolean;

  /** @param hasOthers whether other replicas may change the same records */
  constructor(hasOthers: () => boolean) {
    this.#hasOthers = hasOthers;
  }

  run<T>(
    keys: readonly string[],
    deadline: number,
    work: (deadline: number) => Promise<T>,
  ): Promise<T> {
    const turns = keys.map((key) => this.#turnFor(key));
    const before = turns.flatMap(({ last }) => last ?? []);
    const result = before.length === 0 ? work(deadline) : this.#wait(turns, deadline, work);
    for (const turn of turns) turn.last = result;
    const release = (): void => {
      for (const [index, turn] of turns.entries())
        if (turn.last === result) this.#turns.delete(keys[index] ?? '');
    };
    result.then(release, release);
    return result;
  }

  /** A commit that read this record was refused: settles when it may be tried again. */
  async refused(key: string): Promise<void> {
    const turn = this.#turns.get(key);
    if (turn === undefined || ++turn.refusals % refusalsInVain !== 0) return;
    await wait(randomInt(yieldMs));
  }

  #turnFor(key: string): Turn {
    const known = this.#turns.get(key);
    if (known !== undefined) return known;
    const turn: Turn = { last: undefined, streak: 0, refusals: 0 };
    this.#turns.set(key, turn);
    return turn;
  }

  async #wait<T>(
    turns: readonly Turn[],
    deadline: number,
    work: (deadline: number) => Promise<T>,
  ): Promise<T> {
    await Promise.allSettled(turns.map(({ last }) => last));
    for (const turn of turns) {
      turn.refusals = 0;
      if (++turn.streak < maxStreak || !this.#hasOthers()) continue;
      turn.streak = 0;
      await wait(yieldMs);
    }
    if (performance.now() >= deadline)
      throw new StoreError(
        'other changes of the same records took all the time. Nothing was changed. Send the ' +
          'request again.',
      );
    return work(deadline);
  }
}
