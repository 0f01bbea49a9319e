import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AlipayHKClient, CallSettings, Success } from './alipayhk-client.ts';
import {
  type CallOutcome,
  type OperationId,
  pauseAfter,
  type RequestOf,
  type Unsettled,
} from './calls.ts';
import { OperationFailedError, UnknownOutcomeError } from './client-errors.ts';

/**
 * `alipayhk-mock/client`: the merchant's client of the five operations, for Node, without
 * dependencies.
 * @packageDocumentation
 */
export {
  AlipayHKClient,
  type AlipayHKClientOptions,
  type Attempt,
  type CallSettings,
  type Success,
} from './alipayhk-client.ts';
export type {
  CallOutcome,
  OperationId,
  RequestOf,
  ResponseOf,
  Result,
  RetryPlan,
  Unsettled,
  Unsettling,
} from './calls.ts';
export { OperationFailedError, SetupError, UnknownOutcomeError } from './client-errors.ts';
export type { KeyInput, KeysInput, VersionedKey } from './key-provider.ts';
export type {
  HeldKey,
  KeyProvider,
  MerchantResponse,
  SignedRequest,
} from './signed-call.ts';

/** A message whose outcome is unknown. */
export interface OpenMessage {
  /** Unique; ids sort by age. */
  readonly id: string;
  readonly operation: OperationId;
  /** The request body exactly as it is sent at every attempt. */
  readonly body: string;
  readonly seal: boolean;
  /** How many times it was sent. */
  readonly attempts: number;
  /** When it is sent again, milliseconds since 1970; undefined: after the last planned attempt. */
  readonly dueAt?: number | undefined;
}

/** Where an {@link Outbox} keeps its messages. It must survive the process: a folder, a table. */
export interface OutboxStore {
  /** In any order. */
  readAll(): Promise<readonly OpenMessage[]>;
  /** Adds a message, or replaces the one with its id. */
  write(message: OpenMessage): Promise<void>;
  delete(id: string): Promise<void>;
}

/** Options of {@link Outbox}. */
export interface OutboxOptions {
  /** Sends the messages; its retry plan holds for the outbox too. */
  readonly client: AlipayHKClient;
  /** A folder, which is created, or your own store. */
  readonly store: string | OutboxStore;
  /** Called when a later attempt settles a message. An F needs a person. */
  readonly onSettled?: (message: OpenMessage, outcome: CallOutcome) => void;
  /** Called when the last planned attempt leaves a message open. It needs a person. */
  readonly onExhausted?: (message: OpenMessage, reason: Unsettled) => void;
  /** Called when the timer cannot use the store; it tries again after a minute. */
  readonly onError?: (error: unknown) => void;
  /** Replaces the machine's clock, milliseconds since 1970. */
  readonly now?: () => number;
}

/** A later attempt for an open message, and its outcome. */
export interface OutboxAttempt {
  /** With this attempt counted. */
  readonly message: OpenMessage;
  readonly outcome: CallOutcome | Unsettled;
}

const retryStoreAfterMs = 60_000;
const maxTimerMs = 2_147_483_647;

/**
 * Keeps each message until its outcome is known, also across a crash: it is stored before its first
 * byte is sent, and deleted after a signed S or F. Messages that a call leaves open are sent again
 * by the client's retry plan, by default after 10 and after 30 minutes.
 *
 * @example
 * const outbox = new Outbox({ client, store: '/var/lib/shop/outbox', onExhausted: alertOperator });
 * await outbox.sendOpen(); // what the last process left open
 * outbox.start();
 * await outbox.send('syncOrder', order);
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #store: OutboxStore;
  /** Messages that are being sent: no attempt of the timer may overlap. */
  readonly #sending = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#store = typeof options.store === 'string' ? folderStore(options.store) : options.store;
  }

  /**
   * Stores a message and sends it. Resolves for a signed S.
   * @throws OperationFailedError `OPERATION_FAILED` for a signed F, which is final
   * @throws UnknownOutcomeError `UNKNOWN_OUTCOME` when no attempt was final; the message stays here
   */
  async send<K extends OperationId>(
    operation: K,
    request: RequestOf<K>,
    settings: CallSettings = {},
  ): Promise<Success<K>> {
    const { client } = this.#options;
    const body = client.serialize(operation, request);
    const message: OpenMessage = {
      id: `${String(this.#now).padStart(14, '0')}-${randomBytes(6).toString('hex')}`,
      operation,
      body: body.toString(),
      seal: settings.seal ?? client.seal,
      attempts: 0,
      dueAt: this.#now,
    };
    this.#sending.add(message.id);
    try {
      await this.#store.write(message);
      const success = await client.resend(operation, body, settings);
      await this.#store.delete(message.id);
      return success;
    } catch (error) {
      if (error instanceof OperationFailedError) await this.#store.delete(message.id);
      if (error instanceof UnknownOutcomeError)
        await this.#store.write(this.#countAttempts(message, error.attempts));
      throw error;
    } finally {
      this.#sending.delete(message.id);
      this.#arm();
    }
  }

  /** The open messages, oldest first. */
  async list(): Promise<readonly OpenMessage[]> {
    const messages = await this.#store.readAll();
    return messages.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  /**
   * Sends every open message once, oldest first, due or not: at the start of the application, or
   * when a person asks for it.
   */
  async sendOpen(): Promise<readonly OutboxAttempt[]> {
    return this.#sendEach(await this.list());
  }

  /** Sends from now on every open message when it is due, by a timer. */
  start(): void {
    this.#isStarted = true;
    this.#arm();
  }

  /** Ends the timer. Attempts that are on their way finish. */
  stop(): void {
    this.#isStarted = false;
    clearTimeout(this.#timer);
  }

  async #sendEach(messages: readonly OpenMessage[]): Promise<readonly OutboxAttempt[]> {
    const attempts: OutboxAttempt[] = [];
    for (const message of messages) {
      if (this.#sending.has(message.id)) continue;
      this.#sending.add(message.id);
      try {
        attempts.push(await this.#sendOnce(message));
      } finally {
        this.#sending.delete(message.id);
      }
    }
    return attempts;
  }

  async #sendOnce(open: OpenMessage): Promise<OutboxAttempt> {
    const { client, onSettled, onExhausted } = this.#options;
    const message = this.#countAttempts(open, open.attempts + 1);
    const { operation, body, seal, attempts } = message;
    await this.#store.write(message);
    const { outcome } = await client.attempt(operation, Buffer.from(body), { seal }, attempts);
    if ('settled' in outcome) {
      await this.#store.delete(message.id);
      onSettled?.(message, outcome);
    } else if (message.dueAt === undefined) onExhausted?.(message, outcome);
    return { message, outcome };
  }

  #countAttempts(message: OpenMessage, attempts: number): OpenMessage {
    const pauseMs = pauseAfter(attempts, this.#options.client.retry, randomInt(1001) / 1000);
    return { ...message, attempts, dueAt: pauseMs === undefined ? undefined : this.#now + pauseMs };
  }

  get #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #arm(): void {
    if (this.#isStarted) void this.#sendDueThenWait();
  }

  async #sendDueThenWait(): Promise<void> {
    const waitMs = await this.#sendDue().catch((error: unknown): number => {
      this.#options.onError?.(error);
      return retryStoreAfterMs;
    });
    clearTimeout(this.#timer);
    if (!this.#isStarted || waitMs === undefined) return;
    this.#timer = setTimeout(() => this.#arm(), Math.min(waitMs, maxTimerMs));
    this.#timer.unref();
  }

  /** @returns how long until the next message is due; undefined without one */
  async #sendDue(): Promise<number | undefined> {
    const isDue = ({ dueAt = Infinity }: OpenMessage): boolean => dueAt <= this.#now;
    await this.#sendEach((await this.list()).filter(isDue));
    const next = (await this.list())
      .filter(({ id }) => !this.#sending.has(id))
      .map(({ dueAt = Infinity }) => dueAt);
    const first = Math.min(Infinity, ...next);
    return first === Infinity ? undefined : Math.max(0, first - this.#now);
  }
}

/**
 * One JSON file for each message, written whole or not at all.
 *
 * @example
 * const outbox = new Outbox({ client, store: folderStore('/var/lib/shop/outbox') });
 */
export const folderStore = (folder: string): OutboxStore => {
  const file = (id: string): string => join(folder, `${id}.json`);
  return {
    readAll: async () => {
      const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      });
      const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
      return Promise.all(
        ids.map(async (id) => JSON.parse(await readFile(file(id), 'utf8')) as OpenMessage),
      );
    },
    write: async (message) => {
      await mkdir(folder, { recursive: true });
      const unfinished = `${file(message.id)}.new`;
      await writeFile(unfinished, JSON.stringify(message), { flush: true });
      await rename(unfinished, file(message.id));
    },
    delete: (id) => rm(file(id), { force: true }),
  };
};
