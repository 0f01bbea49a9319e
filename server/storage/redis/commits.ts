import { type Change, type Collection, isEntityCollection } from '../../domain/state/state.ts';
import { type HeldRecord, StoreError } from '../store.ts';
import type { Keys } from './address.ts';
import { CommandError, type EngineReply } from './link.ts';

/** What one transaction compares and changes. */
export interface Commit {
  readonly read: readonly HeldRecord[];
  readonly changes: readonly Change[];
  /** What each record that it writes begins with. */
  readonly token: string;
  /** Of `performance.now()`. */
  readonly deadline: number;
}

/** What a commit rests on besides the records that it has read. */
export interface CommitBase {
  readonly clientId: string;
  /** Names the life of the client's records; empty while it is not known. */
  readonly incarnation: string;
  /** Version of the client's settings. */
  readonly control: string;
}

/** A call of the script `commit`. */
export interface CommitCall {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** Reply to one commit, with the incarnation of the client's records as the engine knows it. */
export interface CommitReply {
  /** A number: how many request ids were deleted. A list: a word first, and what it is about. */
  readonly outcome: EngineReply;
  readonly incarnation: string;
}

interface CommitQueueOptions {
  readonly keys: Keys;
  readonly limits: { readonly requests: number; readonly bytes: number };
  /** @throws StoreError */
  readonly send: (call: CommitCall, deadline: number) => Promise<EngineReply>;
}

/** So many commits share a call at most: the engine does nothing else meanwhile. */
const maxTogether = 64;
/** Commits share a call, and with it a deadline, if theirs are not further apart. */
const closeMs = 50;

/**
 * Sends the commits of a client that were decided in the same turn of the event loop in one call,
 * for a call costs more than a decision. The script takes one after the other: each is compared and
 * made by itself.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  readonly #open = new Map<string, OpenCall>();

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  /** @throws StoreError */
  add(base: CommitBase, commit: Commit): Promise<CommitReply> {
    let call = this.#open.get(base.clientId);
    if (call === undefined || !call.takes(base, commit)) {
      if (call !== undefined) this.#send(call);
      else if (this.#open.size === 0) process.nextTick(() => this.#sendAll());
      call = new OpenCall(base, commit.deadline);
      this.#open.set(base.clientId, call);
    }
    return call.add(commit);
  }

  /** The call for commits, and where wanted with the client's new settings. */
  build(base: CommitBase, commits: readonly Commit[], settings = ''): CommitCall {
    const { keys: names, limits } = this.#options;
    const keys = [names.of(base.clientId, 'meta')];
    const places = new Map<Collection, string>();
    const placeOf = (collection: Collection): string => {
      const known = places.get(collection);
      if (known !== undefined) return known;
      const place = String(places.size + 1);
      places.set(collection, place);
      keys.push(names.of(base.clientId, collection), orderKey(names, base.clientId, collection));
      return place;
    };
    const args = [base.incarnation, base.control, settings, commits[0]?.token ?? ''];
    args.push(String(limits.requests), String(limits.bytes));
    for (const { read, changes, token } of commits) {
      args.push(String(read.length), String(changes.length));
      for (const { collection, id, token: seen } of read)
        args.push(placeOf(collection), id, typeof seen === 'string' ? seen : '');
      for (const { collection, id, value } of changes)
        args.push(
          placeOf(collection),
          indexKind(collection),
          id,
          value === null ? '' : token + JSON.stringify(value),
        );
    }
    return { keys, args };
  }

  #sendAll(): void {
    const calls = [...this.#open.values()];
    this.#open.clear();
    for (const call of calls) this.#send(call);
  }

  #send({ base, deadline, waiting }: Omit<OpenCall, 'takes' | 'add'>): void {
    const commits = waiting.map(({ commit }) => commit);
    this.#options.send(this.build(base, commits), deadline).then(
      (reply) => {
        const [word, incarnation, ...outcomes] = reply as readonly EngineReply[];
        for (const [index, { resolve }] of waiting.entries())
          resolve({
            outcome: word === 'ok' ? (outcomes[index] ?? null) : [word ?? ''],
            incarnation: String(incarnation ?? ''),
          });
      },
      (error: unknown) => {
        // It was refused before its first change, for the sake of one that may be new: the others
        // may be updates that need no room, or change nothing.
        if (waiting.length > 1 && isFull(error))
          for (const one of waiting) this.#send({ base, deadline, waiting: [one] });
        else for (const { reject } of waiting) reject(error);
      },
    );
  }
}

interface WaitingCommit {
  readonly commit: Commit;
  readonly resolve: (reply: CommitReply) => void;
  readonly reject: (error: unknown) => void;
}

/** Commits that wait for the end of this turn of the event loop. */
class OpenCall {
  readonly base: CommitBase;
  readonly deadline: number;
  readonly waiting: WaitingCommit[] = [];

  constructor(base: CommitBase, deadline: number) {
    this.base = base;
    this.deadline = deadline;
  }

  takes({ incarnation, control }: CommitBase, { deadline }: Commit): boolean {
    return (
      this.waiting.length < maxTogether &&
      control === this.base.control &&
      incarnation === this.base.incarnation &&
      Math.abs(deadline - this.deadline) < closeMs
    );
  }

  add(commit: Commit): Promise<CommitReply> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ commit, resolve, reject });
    });
  }
}

/** The order in which a client's records of a kind came. */
export const orderKey = (keys: Keys, clientId: string, collection: Collection): string =>
  keys.of(clientId, `${collection}-order`);

/** What the script must know of a change: bounded as request ids are, counted as new, neither. */
const indexKind = (collection: Collection): 'r' | 'n' | '-' =>
  collection === 'requests' ? 'r' : isEntityCollection(collection) ? 'n' : '-';

const isFull = (error: unknown): boolean =>
  error instanceof StoreError && error.cause instanceof CommandError && error.cause.word === 'OOM';
