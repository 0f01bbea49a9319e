import type { Change, Collection, RecordAddress, Records } from '../domain/state/state.ts';
import { type Settling, whenSettled } from '../protocol/settling.ts';

/**
 * Names one state of a record: equal tokens, equal records. Opaque outside the store that gave it;
 * undefined for a record that does not exist.
 */
export type RecordToken = string | number | object | undefined;

/** A record as it was read, with the token that a commit compares. */
export interface HeldRecord extends RecordAddress {
  readonly value: Records[Collection] | undefined;
  readonly token: RecordToken;
}

export type CommitResult =
  /** All changes were made; so many request ids were deleted to make room (register I-05). */
  | { readonly evicted: number }
  /** Nothing was changed, for a record is another one than was read: what is held now. */
  | { readonly held: readonly HeldRecord[] };

/** A part of a list, in the order in which its items came. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; undefined after the last one. */
  readonly next: string | undefined;
}

export interface PageOptions {
  /** `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

export const defaultPageLimit = 1000;

/**
 * The port for the state of all clients. A decision reads named records, and commits its changes
 * only if none of those records has changed since: of two identical requests only one can be first,
 * in however many processes they are decided.
 */
export interface Store {
  /**
   * What this process knows of the named records, without asking anyone. It may be outdated: a
   * commit compares the tokens.
   */
  recall(clientId: string, addresses: readonly RecordAddress[]): readonly HeldRecord[];
  /**
   * Makes all changes if every record still has the token it was read with, otherwise none. Settles
   * once the changes, and those they rest on, are as durable as configured: without changes too. At
   * once where nothing has to be waited for.
   * @throws StoreError when they could not be made so. Then nothing is changed, unless it says that
   * the outcome is unknown.
   * @param deadline of `performance.now()`, where `enqueue` gave one
   */
  commit(
    clientId: string,
    read: readonly HeldRecord[],
    changes: readonly Change[],
    deadline?: number,
  ): Settling<CommitResult>;
  /**
   * Runs a transaction after those before it that name one of the same records: a store that is
   * asked over a network has it. The deadline is for the whole, the wait included.
   */
  enqueue?<T>(
    clientId: string,
    addresses: readonly RecordAddress[],
    run: (deadline: number) => Promise<T>,
  ): Promise<T>;
  /** Records of one kind. What changes while pages are read may be missing or come twice. */
  list<C extends Collection>(
    clientId: string,
    collection: C,
    options?: PageOptions,
  ): Promise<Page<readonly [id: string, value: Records[C]]>>;
  /** The ids alone: cheaper than the records. */
  listIds(clientId: string, collection: Collection, options?: PageOptions): Promise<Page<string>>;
  count(clientId: string): Promise<Readonly<Record<Collection, number>>>;
  /** Every client that state is held of. */
  clientIds(options?: PageOptions): Promise<Page<string>>;
  /** Deletes everything a client has, or all records of some kinds. @throws StoreError */
  clear(clientId: string, collections?: readonly Collection[]): Promise<void>;
  /** Absent where the state is a part of this process. */
  readonly health?: StoreHealth;
  /** Milliseconds that its clock is ahead of this machine's, where replicas share it. */
  readonly clockOffsetMs?: number;
  /** Accepts that data was lost: everything is about to be reset. */
  acceptLoss?(): Promise<void>;
  close(): Promise<void>;
}

/** The records a decision may look at: those it named beforehand. */
export class HeldRecords {
  readonly #records: readonly HeldRecord[];

  constructor(records: readonly HeldRecord[]) {
    this.#records = records;
  }

  /** All of them, as they were read. */
  get all(): readonly HeldRecord[] {
    return this.#records;
  }

  get<C extends Collection>(collection: C, id: string): Records[C] | undefined {
    for (const record of this.#records)
      if (record.collection === collection && record.id === id)
        // A collection holds records of its own kind, which the compiler cannot follow.
        return record.value as Records[C] | undefined;
    throw new Error(`the decision reads ${collection} ${id} without having named it`);
  }
}

const maxAttempts = 100;

/** What was decided, and how many request ids were deleted to make room (register I-05). */
export interface Committed<T> {
  readonly decided: T;
  readonly evicted: number;
}

/**
 * Decides on the named records and commits what was decided; decides again on what is held when a
 * record has changed meanwhile.
 * @param decide without side effects: it may run several times, and its last result counts
 * @throws StoreError when the changes could not be kept
 */
export const transact = <T extends { readonly changes: readonly Change[] }>(
  store: Store,
  clientId: string,
  addresses: readonly RecordAddress[],
  decide: (held: HeldRecords) => T,
): Settling<Committed<T>> => {
  const attempt = (
    held: readonly HeldRecord[],
    count: number,
    deadline?: number,
  ): Settling<Committed<T>> => {
    if (count > maxAttempts)
      throw new StoreError(
        `${maxAttempts} attempts to change ${clientId} met other changes of the same records. ` +
          'Nothing was changed. Send the request again.',
      );
    const decided = decide(new HeldRecords(held));
    const commit = store.commit(clientId, held, decided.changes, deadline);
    return whenSettled(commit, (result) =>
      'evicted' in result
        ? { decided, evicted: result.evicted }
        : attempt(result.held, count + 1, deadline),
    );
  };
  if ('enqueue' in store && store.enqueue !== undefined)
    return store.enqueue(clientId, addresses, async (deadline) =>
      attempt(store.recall(clientId, addresses), 1, deadline),
    );
  try {
    return attempt(store.recall(clientId, addresses), 1);
  } catch (error) {
    return Promise.reject(error);
  }
};

/** All items of a list, page by page. */
export async function* listAll<T>(
  listPage: (options: PageOptions) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let after: string | undefined;
  do {
    const { items, next } = await listPage({ after });
    yield* items;
    after = next;
  } while (after !== undefined);
}

/** The same as an array. */
export const collectAll = async <T>(
  listPage: (options: PageOptions) => Promise<Page<T>>,
): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of listAll(listPage)) all.push(item);
  return all;
};

/** Whether state can be read and changed now; `reason` says why not, or what is wrong with it. */
export interface StoreHealth {
  readonly isUsable: boolean;
  readonly reason: string | undefined;
}

/** The state could not be kept; the message says what to do. */
export class StoreError extends Error {
  readonly code = 'STATE_NOT_KEPT';
  /** Whether a restart may find the change all the same (register G-28). */
  readonly isOutcomeUnknown: boolean;

  constructor(message: string, options: StoreErrorOptions = {}) {
    super(message, options);
    this.name = 'StoreError';
    this.isOutcomeUnknown = options.isOutcomeUnknown ?? false;
  }
}

interface StoreErrorOptions extends ErrorOptions {
  readonly isOutcomeUnknown?: boolean;
}

/** The store cannot be opened: its address, the reason, the remedy. */
export class StoreUnusableError extends StoreError {
  /** The reason and the remedy, without the address. */
  readonly why: string;

  constructor(shown: string, reason: string, remedy: string) {
    const why = `${reason}. ${remedy}`;
    super(`the store ${shown} cannot be used: ${why}`);
    this.name = 'StoreUnusableError';
    this.why = why;
  }
}

/**
 * Another replica has changed what a request was read with: keys, rules or the clock of its client.
 * Nothing was changed; the request is read again from its Client-Id on.
 */
export class SettingsChangedError extends StoreError {
  readonly clientId: string;

  constructor(clientId: string) {
    super(`settings of ${clientId} have changed meanwhile. Nothing was changed. Send it again.`);
    this.name = 'SettingsChangedError';
    this.clientId = clientId;
  }
}
