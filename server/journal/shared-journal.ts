import { KeyObject } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Diagnosis } from '../doctor/diagnosis.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import type { RedisStore } from '../storage/redis/redis-store.ts';
import { diagnosePending } from './diagnosis-queue.ts';
import { Journal, type JournalLimits, type JournalListener } from './journal.ts';
import {
  isInbound,
  type JournalEntry,
  type Message,
  type OpenExchange,
  type StepRecord,
} from './journal-entry.ts';

export interface SharedJournalDeps {
  readonly store: RedisStore;
  /** What this replica itself receives and answers. */
  readonly own: Journal;
  readonly limits: JournalLimits;
  /** When this process's monotonic clock began, microseconds since 1970. */
  readonly originUs: number;
  readonly onWarning: (sentence: string) => void;
}

/** What one place of the stream holds. */
type Streamed =
  /** null: none are kept (`journal.entries` is 0), but it counts. */
  | { readonly exchange: object | null; readonly arrived?: string }
  /** A request of a client that is watched, and that its answer has begun. */
  | { readonly arrived: string; readonly request: object }
  | { readonly begun: string }
  | { readonly diagnosis: object; readonly number: number }
  | { readonly reset: string | null }
  | { readonly lost: string };

const batchMs = 5;
const maxBatch = 250;
/** So many exchanges wait for the store at least, however few the journal keeps. */
const minQueue = 1000;
const commandMs = 1000;
const retryMs = 100;
/** While a caller waits, or reads events. */
const tailMs = 10;
const pageSize = 500;
/** A question waits so long for answers that have begun, and for diagnoses. */
const settleMs = 150;
const diagnoseMs = 1000;

/**
 * The exchanges of all replicas: numbered once, as they are appended to one stream, and read when a
 * reader asks. A reader that finds a gap, or a replica that has gone without a word, counts as an
 * eviction: an assertion over it does not pass.
 */
export class SharedJournal {
  readonly merged: MergedJournal;
  /** Clients whose requests in flight all replicas know of, and their exchanges. */
  readonly watchedClients = new Set<string>();
  readonly watched = new WatchedExchanges();
  readonly #deps: SharedJournalDeps;
  readonly #stream: string;
  readonly #sums: string;
  #queue: { readonly text: () => string; readonly entry?: JournalEntry }[] = [];
  #batch = 0;
  #dropped = 0;
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #read = 0;
  #listeners = 0;
  #tail: NodeJS.Timeout | undefined;
  readonly #numbers = new WeakMap<JournalEntry, number>();
  /** Own requests in flight that the others know of. */
  readonly #announced = new Map<number, { readonly exchange: OpenExchange; hasBegun: boolean }>();
  #beginnings: NodeJS.Timeout | undefined;

  constructor(deps: SharedJournalDeps) {
    this.#deps = deps;
    const { keys } = deps.store.engine;
    [this.#stream, this.#sums] = [keys.sharedKey('journal'), keys.sharedKey('journal-sums')];
    this.merged = new MergedJournal(deps.limits, deps.own, (clientId) =>
      this.#enqueue(() => JSON.stringify({ reset: clientId ?? null })),
    );
    deps.own.listen({
      onOpen: (exchange) => this.#announce(exchange),
      onClose: (entry) => {
        const arrived = this.#announced.delete(entry.number)
          ? this.#nameOwn(entry.number)
          : undefined;
        this.#enqueue(() => this.#write(entry, arrived), entry);
      },
      onDiagnosis: (entry) => this.#enqueueDiagnosis(entry),
    });
  }

  /** Names this replica. */
  get replica(): string {
    return this.#deps.store.engine.id;
  }

  /** Lets others see everything that this replica has answered so far. */
  async settle(): Promise<void> {
    const { own } = this.#deps;
    const begun = own.open.filter(hasBegunToAnswer).map(({ number }) => number);
    const giveUpAt = performance.now() + settleMs;
    while (own.open.some(({ number }) => begun.includes(number)) && performance.now() < giveUpAt)
      await wait(2);
    if (own.pendingDiagnoses > 0)
      await diagnosePending(own.entries, AbortSignal.timeout(diagnoseMs));
    await this.flush();
  }

  /** Reads what all replicas have answered before this call. */
  async readAll(): Promise<void> {
    const { store } = this.#deps;
    for (const id of await store.fleet.ask()) await this.#bury(id);
    await this.#reading;
    await this.#readNew();
  }

  /** Follows the exchanges of clients that are watched. @returns ends it */
  watch(listener: JournalListener): () => void {
    const [stopReading, stop] = [this.listen(), this.watched.listen(listener)];
    return () => {
      stopReading();
      stop();
    };
  }

  /** Keeps reading until the returned function is called. */
  listen(): () => void {
    this.#listeners++;
    this.#schedule();
    let isOver = false;
    return () => {
      if (!isOver) this.#listeners--;
      isOver = true;
    };
  }

  /** Called at each beat: reads before what was not read yet is deleted. */
  async keepUp(): Promise<void> {
    const { store, limits } = this.#deps;
    const deadline = performance.now() + commandMs;
    const number = await store.engine.send(this.#sums, ['HGET', this.#sums, 'number'], deadline);
    if (Number(number ?? 0) - this.#read > limits.entries / 2) await this.#readNew();
  }

  /** Appends what is queued. @throws StoreError when the store cannot be asked */
  async flush(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
    while (this.#queue.length > 0) {
      this.#flushing = this.#append();
      try {
        await this.#flushing;
      } finally {
        this.#flushing = undefined;
      }
    }
  }

  /** The number of a call to a merchant, among the exchanges of all replicas. */
  async numberOutbound(entry: JournalEntry): Promise<number> {
    await this.flush();
    return this.#numbers.get(entry) ?? 0;
  }

  async close(): Promise<void> {
    clearTimeout(this.#tail);
    clearInterval(this.#beginnings);
    await this.flush().catch(() => {});
    clearTimeout(this.#timer);
  }

  #enqueue(text: () => string, entry?: JournalEntry): void {
    this.#queue.push(entry === undefined ? { text } : { text, entry });
    // While the store cannot be asked; what is dropped is reported to all readers.
    if (this.#queue.length > Math.max(this.#deps.limits.entries, minQueue)) {
      this.#queue.shift();
      this.#dropped++;
    }
    this.#timer ??= setTimeout(() => this.#flushLater(), batchMs);
  }

  #nameOwn(number: number): string {
    return `${this.replica} ${number}`;
  }

  #announce(exchange: OpenExchange): void {
    if (!this.watchedClients.has(exchange.clientId ?? '')) return;
    this.#announced.set(exchange.number, { exchange, hasBegun: false });
    const arrived = this.#nameOwn(exchange.number);
    const request = openToDocument(exchange, this.#deps.originUs);
    this.#enqueue(() => JSON.stringify({ arrived, request }));
    this.#beginnings ??= setInterval(() => this.#announceBegun(), batchMs);
  }

  #announceBegun(): void {
    const open = new Set(this.#deps.own.open);
    for (const [number, one] of this.#announced) {
      if (!open.has(one.exchange)) this.#announced.delete(number);
      if (one.hasBegun || !hasBegunToAnswer(one.exchange)) continue;
      one.hasBegun = true;
      this.#enqueue(() => JSON.stringify({ begun: this.#nameOwn(number) }));
    }
    if (this.#announced.size > 0) return;
    clearInterval(this.#beginnings);
    this.#beginnings = undefined;
  }

  #flushLater(): void {
    this.#timer = undefined;
    this.flush().catch(() => {
      this.#timer ??= setTimeout(() => this.#flushLater(), retryMs);
    });
  }

  async #append(): Promise<void> {
    const { store, limits } = this.#deps;
    if (this.#dropped > 0) {
      this.#dropped = 0;
      this.#queue.unshift({ text: () => JSON.stringify({ lost: store.engine.id }) });
    }
    const batch = this.#queue.slice(0, maxBatch);
    const bounds = [String(limits.entries), String(limits.bytes)];
    // The same batch again after a lost reply is recognised by its number.
    const args = [...bounds, store.engine.id, String(this.#batch + 1)];
    const last = Number(
      await store.engine.run(
        'append',
        [this.#stream, this.#sums],
        [...args, ...batch.map(({ text }) => text())],
        performance.now() + commandMs,
      ),
    );
    this.#batch++;
    this.#queue.splice(0, batch.length);
    for (const [index, { entry }] of batch.entries())
      if (entry !== undefined && (entry.pendingDiagnosis !== undefined || !isInbound(entry)))
        this.#numbers.set(entry, last - batch.length + 1 + index);
  }

  #enqueueDiagnosis(entry: JournalEntry): void {
    const number = this.#numbers.get(entry);
    // Without a number it is still queued, and takes its diagnosis with it.
    if (number === undefined || entry.diagnosis === undefined) return;
    this.#enqueue(() => JSON.stringify({ diagnosis: entry.diagnosis, number }, dropKeys));
  }

  async #bury(id: string): Promise<void> {
    const { store, onWarning } = this.#deps;
    const keys = [store.engine.keys.sharedKey('replicas'), this.#stream, this.#sums];
    const deadline = performance.now() + commandMs;
    await store.engine.run('bury', keys, [id, JSON.stringify({ lost: id })], deadline);
    onWarning(`the replica ${id} has gone without a word: what it answered last may be missing`);
  }

  #readNew(): Promise<void> {
    this.#reading ??= this.#readPages().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readPages(): Promise<void> {
    for (let size = pageSize; size === pageSize; ) {
      const from = `${this.#read + 1}-0`;
      const args = ['XRANGE', this.#stream, from, '+', 'COUNT', String(pageSize)];
      const deadline = performance.now() + 5 * commandMs;
      const page = (await this.#deps.store.engine.send(
        this.#stream,
        args,
        deadline,
      )) as readonly (readonly [id: string, fields: readonly string[]])[];
      for (const [id, fields] of page) this.#take(Number.parseInt(id, 10), fields[1] ?? '{}');
      size = page.length;
    }
  }

  #take(number: number, text: string): void {
    const missed = number - this.#read - 1;
    if (missed > 0) this.merged.addEvicted(number - 1, missed);
    this.#read = number;
    const streamed: Streamed = JSON.parse(text);
    if ('exchange' in streamed) {
      if (streamed.exchange === null) this.merged.addEvicted(number, 1);
      else {
        const entry = readEntry(streamed.exchange, number, this.#deps.originUs);
        this.merged.add(entry);
        this.watched.end(streamed.arrived, entry);
      }
    } else if ('arrived' in streamed)
      this.watched.arrive(
        streamed.arrived,
        readOpen(streamed.request, number, this.#deps.originUs),
      );
    else if ('begun' in streamed) this.watched.begin(streamed.begun);
    else if ('diagnosis' in streamed) this.#takeDiagnosis(streamed.number, streamed.diagnosis);
    else if ('lost' in streamed) this.merged.addLost(number, streamed.lost);
    else if ('reset' in streamed) this.merged.deleteHere(streamed.reset ?? undefined);
    this.merged.advance(number);
  }

  #takeDiagnosis(number: number, diagnosis: object): void {
    const entry = this.merged.at(number);
    if (entry === undefined) return;
    for (const one of [entry, this.watched.at(number)])
      if (one !== undefined) (one as { diagnosis?: Diagnosis }).diagnosis = diagnosis as Diagnosis;
    this.merged.announceDiagnosis(entry);
  }

  #write(entry: JournalEntry, arrived: string | undefined): string {
    if (this.#deps.limits.entries === 0) return notKept;
    return JSON.stringify({ exchange: toDocument(entry, this.#deps.originUs), arrived }, dropKeys);
  }

  #schedule(): void {
    if (this.#tail !== undefined || this.#listeners === 0) return;
    this.#tail = setTimeout(() => {
      this.#readNew()
        .catch(() => {})
        .finally(() => {
          this.#tail = undefined;
          this.#schedule();
        });
    }, tailMs);
  }
}

/** What was read of the stream so far. Requests in flight are this replica's own. */
class MergedJournal extends Journal {
  readonly #own: Journal;
  readonly #onDelete: (clientId: string | undefined) => void;
  #lost: { readonly number: number; readonly replica: string }[] = [];

  constructor(
    limits: JournalLimits,
    own: Journal,
    onDelete: (clientId: string | undefined) => void,
  ) {
    super(limits);
    this.#own = own;
    this.#onDelete = onDelete;
  }

  override get open(): readonly OpenExchange[] {
    return this.#own.open;
  }

  /** One that this replica has just answered may not be read yet. */
  override find(id: string): JournalEntry | undefined {
    return super.find(id) ?? (/^\d+$/.test(id) ? undefined : this.#own.find(id));
  }

  override sortByArrival(entries: readonly JournalEntry[]): readonly JournalEntry[] {
    return entries.toSorted((a, b) => a.arrival.atUs - b.arrival.atUs);
  }

  override missingReplicas(since: number): readonly string[] {
    return this.#lost.filter(({ number }) => number > since).map(({ replica }) => replica);
  }

  /** In all replicas: each deletes them when it reads so. */
  override deleteEntries(clientId?: string): void {
    this.deleteHere(clientId);
    this.#onDelete(clientId);
  }

  deleteHere(clientId: string | undefined): void {
    if (clientId === undefined) this.#lost = [];
    super.deleteEntries(clientId);
  }

  addLost(number: number, replica: string): void {
    this.#lost.push({ number, replica });
    this.addEvicted(number, 1);
  }
}

const notKept = JSON.stringify({ exchange: null });

const hasBegunToAnswer = ({ steps }: OpenExchange): boolean =>
  steps.some(({ name }) => name === 'reply');

/** Diagnoses name keys, whose objects stay in their process. */
const dropKeys = (_key: string, value: unknown): unknown =>
  value instanceof KeyObject ? undefined : value;

const messageToDocument = ({ body, plain, ...message }: Message) => ({
  ...message,
  body: body.toString('base64'),
  ...omitUndefined({ plain: plain?.toString('base64') }),
});

/** The members of an exchange as JSON, with times since 1970. */
const toDocument = (entry: JournalEntry, originUs: number) => ({
  id: entry.id,
  receivedAt: entry.receivedAt,
  arrival: { ...entry.arrival, atUs: entry.arrival.atUs + originUs },
  requestCompleteUs: shift(entry.requestCompleteUs, originUs),
  connection: entry.connection,
  delivery: {
    ...entry.delivery,
    firstByteUs: shift(entry.delivery.firstByteUs, originUs),
    lastByteUs: shift(entry.delivery.lastByteUs, originUs),
    endedUs: entry.delivery.endedUs + originUs,
  },
  method: entry.method,
  target: entry.target,
  operation: entry.operation,
  clientId: entry.clientId,
  identity: entry.identity,
  diagnosis: entry.diagnosis,
  steps: entry.steps,
  verdict: entry.verdict,
  tags: entry.tags,
  findings: entry.findings,
  request: messageToDocument(entry.request),
  reply: messageToDocument(entry.reply),
  sealed: entry.sealed,
  symmetricKeyDigest: entry.symmetricKeyDigest,
  changes: entry.changes,
  scripted: entry.scripted,
  milliseconds: entry.milliseconds,
  direction: entry.direction,
  outbound: entry.outbound,
  verifiedWith: entry.verifiedWith,
  keyVersions: entry.keyVersions,
});

const readMessage = <T extends { body: string; plain?: string }>(message: T) => ({
  ...message,
  body: Buffer.from(message.body, 'base64'),
  plain: message.plain === undefined ? undefined : Buffer.from(message.plain, 'base64'),
});

/** Times of another process count from the beginning of this one. */
const readEntry = (document: object, number: number, originUs: number): JournalEntry => {
  const entry = document as ReturnType<typeof toDocument>;
  const { arrival, delivery, request, reply } = entry;
  return {
    ...entry,
    number,
    arrival: { order: number, atUs: arrival.atUs - originUs },
    requestCompleteUs: shift(entry.requestCompleteUs, -originUs),
    delivery: {
      ...delivery,
      firstByteUs: shift(delivery.firstByteUs, -originUs),
      lastByteUs: shift(delivery.lastByteUs, -originUs),
      endedUs: delivery.endedUs - originUs,
    },
    request: readMessage(request) as unknown as JournalEntry['request'],
    reply: readMessage(reply) as unknown as JournalEntry['reply'],
  };
};

const openToDocument = (exchange: OpenExchange, originUs: number) => ({
  id: exchange.id,
  receivedAt: exchange.receivedAt,
  arrival: { ...exchange.arrival, atUs: exchange.arrival.atUs + originUs },
  connection: exchange.connection,
  method: exchange.method,
  target: exchange.target,
  operation: exchange.operation,
  clientId: exchange.clientId,
  steps: exchange.steps,
});

const readOpen = (document: object, number: number, originUs: number): OpenExchange => {
  const { arrival, ...exchange } = document as OpenExchange;
  return { ...exchange, number, arrival: { order: number, atUs: arrival.atUs - originUs } };
};

const shift = (us: number | undefined, byUs: number): number | undefined =>
  us === undefined ? undefined : us + byUs;

type Opened = OpenExchange & { steps: readonly StepRecord[] };

/**
 * Exchanges of clients that are watched, at whichever replica. The journal numbers exchanges as
 * they end; these have the numbers of their arrivals, so that their order is that of one simulator.
 */
export class WatchedExchanges {
  readonly #open = new Map<string, Opened>();
  readonly #listeners = new Set<JournalListener>();
  /** What listeners were given, by the journal's numbers. */
  readonly #given = new Map<number, JournalEntry>();

  /** @returns removes the listener */
  listen(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#given.clear();
    };
  }

  /** @param name of the exchange, among those of all replicas */
  arrive(name: string, exchange: OpenExchange): void {
    if (this.#listeners.size === 0) return;
    this.#open.set(name, exchange);
    for (const { onOpen } of this.#listeners) onOpen?.(exchange);
  }

  /** Its answer has begun. */
  begin(name: string): void {
    const exchange = this.#open.get(name);
    if (exchange === undefined) return;
    exchange.steps = [...exchange.steps, { name: 'reply', microseconds: 0, refused: false }];
  }

  /** @param name undefined: its arrival was not announced */
  end(name: string | undefined, entry: JournalEntry): void {
    if (this.#listeners.size === 0) return;
    const order = (name === undefined ? undefined : this.#open.get(name)?.number) ?? entry.number;
    if (name !== undefined) this.#open.delete(name);
    const given = { ...entry, number: order, arrival: { ...entry.arrival, order } };
    this.#given.set(entry.number, given);
    for (const { onClose } of this.#listeners) onClose?.(given);
  }

  /** The exchange that listeners have instead of that one of the journal. */
  at(number: number): JournalEntry | undefined {
    return this.#given.get(number);
  }
}
