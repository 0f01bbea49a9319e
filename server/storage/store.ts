import type { Change, ClientState, Collection, Records } from '../domain/state/state.ts';

/** The records a decision may look at: those whose keys it named beforehand. */
export interface HeldRecords {
  get<C extends Collection>(collection: C, id: string): Records[C] | undefined;
}

export interface RecordKey {
  readonly collection: Collection;
  readonly id: string;
}

/** What a decision hands back: whatever it likes, with the changes to commit. */
export interface TransactResult {
  readonly changes: readonly Change[];
}

export interface Committed<T extends TransactResult> {
  readonly outcome: T;
  /** Request ids forgotten to make room (register I-05). */
  readonly forgotten: number;
}

/**
 * Where worlds are kept. Reading the named records, deciding on them and changing them is one
 * atomic step: of two identical requests only one can be first. The promise settles once the change
 * is as durable as configured, and rejects with a StoreError when it could not be made so: then
 * nothing is changed in memory, and so the next decision begins from what was held before. Changes
 * that were decided later and rest on it are undone with it.
 */
export interface Store {
  transact<T extends TransactResult>(
    clientId: string,
    keys: readonly RecordKey[],
    decide: (held: HeldRecords) => T,
  ): Promise<Committed<T>>;
  /** A client's world as it is now; for looking, not for changing. */
  world(clientId: string): Readonly<ClientState>;
  /** Every client that a world is kept of. */
  clientIds(): readonly string[];
  /** Forgets everything a client has. */
  delete(clientId: string): Promise<void>;
  close(): Promise<void>;
}

/** The state could not be kept; the message says what to do. */
export class StoreError extends Error {
  /** Whether a restart may find the change all the same (register G-28). */
  readonly isOutcomeUnknown: boolean;

  constructor(
    message: string,
    {
      isOutcomeUnknown = false,
      ...options
    }: ErrorOptions & { readonly isOutcomeUnknown?: boolean } = {},
  ) {
    super(message, options);
    this.name = 'StoreError';
    this.isOutcomeUnknown = isOutcomeUnknown;
  }
}
