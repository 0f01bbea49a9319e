import type { JsonObject } from '../domain/state/state.ts';
import type { JournalEntry, Message, OpenExchange } from './journal-entry.ts';

export interface JournalLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** Called as exchanges go by; each is reported whether the journal keeps it or not. */
export interface JournalListener {
  /** A request has arrived. */
  readonly onOpen?: (exchange: OpenExchange) => void;
  /**
   * An exchange is over; they end in another order than they arrive in. With its parsed body, if
   * the gateway decided on one: it is not kept.
   */
  readonly onClose?: (entry: JournalEntry, request?: JsonObject) => void;
  /** A diagnosis was made after its exchange was closed. */
  readonly onDiagnosis?: (entry: JournalEntry) => void;
  /** The entries of one client, or of all, were deleted on purpose. */
  readonly onDelete?: (clientId: string | undefined) => void;
}

/**
 * What was received and answered, and why: requests in flight, and exchanges that are over. The
 * latter are bounded in entries and bytes; the oldest is evicted first, and counted.
 */
export class Journal {
  readonly #limits: JournalLimits;
  readonly #open = new Map<number, OpenExchange>();
  readonly #queue = new Queue<JournalEntry>();
  /** Of the same entries in the same order. */
  readonly #sizes = new Queue<number>();
  readonly #evicted = new EvictionLog();
  readonly #listeners = new Set<JournalListener>();
  readonly #onUndiagnosed: () => void;
  #pendingDiagnoses = 0;
  #undiagnosed = 0;
  #bytes = 0;
  #newest = 0;

  /** @param onUndiagnosed called when an entry has to go before its diagnosis is made */
  constructor(limits: JournalLimits, onUndiagnosed: () => void = () => {}) {
    this.#limits = limits;
    this.#onUndiagnosed = onUndiagnosed;
  }

  /** Requests in flight, in the order of their arrival; a copy. */
  get open(): readonly OpenExchange[] {
    return [...this.#open.values()];
  }

  /** In the order of their arrival; a copy. */
  get entries(): readonly JournalEntry[] {
    return this.#queue.toArray();
  }

  get size(): number {
    return this.#queue.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** How many entries had to go. A view or an assertion that could be missing some must say so. */
  get evicted(): number {
    return this.#evicted.count;
  }

  /** How many entries are still to be diagnosed. */
  get pendingDiagnoses(): number {
    return this.#pendingDiagnoses;
  }

  /** How many entries had to go before they were diagnosed. */
  get undiagnosed(): number {
    return this.#undiagnosed;
  }

  /** Number of the request that arrived last. */
  get newest(): number {
    return this.#newest;
  }

  /** Whether an exchange after that number had to go, of that client if one is named. */
  hasEvictedSince(since: number, clientId?: string): boolean {
    return this.#evicted.hasEvictedSince(since, clientId);
  }

  /** Replicas that went without a word after that number: their last exchanges are not here. */
  missingReplicas(_since: number): readonly string[] {
    return [];
  }

  /** Counts entries of any client that were deleted before they were read. */
  addEvicted(newest: number, count: number): void {
    this.#evicted.addUnread(newest, count);
  }

  /** In the order of their arrival: that of their numbers, unless those count ends. */
  sortByArrival(entries: readonly JournalEntry[]): readonly JournalEntry[] {
    return entries;
  }

  /** A number was given elsewhere. */
  advance(number: number): void {
    this.#newest = Math.max(this.#newest, number);
  }

  /** A diagnosis was made elsewhere. */
  announceDiagnosis(entry: JournalEntry): void {
    for (const { onDiagnosis } of this.#listeners) onDiagnosis?.(entry);
  }

  /** By Tracer-Id or number. */
  find(id: string): JournalEntry | undefined {
    return /^\d{1,15}$/.test(id)
      ? this.at(Number(id))
      : this.entries.findLast((entry) => entry.id === id);
  }

  /** The exchange with that number, if it is still there. Numbers go up along the list. */
  at(number: number): JournalEntry | undefined {
    const entry = this.#queue.at(this.#findPlace(number));
    return entry?.number === number ? entry : undefined;
  }

  /** Place of the first entry whose number is not smaller. Mostly that is the end. */
  #findPlace(number: number): number {
    let [low, high] = [0, this.#queue.length];
    if ((this.#queue.at(high - 1)?.number ?? 0) < number) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#queue.at(middle)?.number ?? Infinity) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Numbers a request as it arrives. */
  nextNumber(): number {
    return ++this.#newest;
  }

  /** Shows a request as in flight until its entry is added. */
  addOpen(exchange: OpenExchange): void {
    this.#open.set(exchange.number, exchange);
    for (const { onOpen } of this.#listeners) onOpen?.(exchange);
  }

  /**
   * Adds an exchange that is over at the place of its arrival.
   * @param request its parsed body, for those that listen
   */
  add(entry: JournalEntry, request?: JsonObject): void {
    this.#open.delete(entry.number);
    const bytes = estimateEntryBytes(entry);
    const place = this.#findPlace(entry.number);
    this.#queue.insert(place, entry);
    this.#sizes.insert(place, bytes);
    this.#bytes += bytes;
    this.#awaitDiagnosis(entry);
    while (this.#queue.length > this.#limits.entries || this.#bytes > this.#limits.bytes)
      this.#evict();
    for (const { onClose } of this.#listeners) onClose?.(entry, request);
  }

  /** Stops showing a request as in flight, where no entry was added for it. */
  removeOpen(number: number): void {
    this.#open.delete(number);
  }

  /**
   * Deletes the entries of one client, or all. That is on purpose, so they do not count as
   * evicted.
   */
  deleteEntries(clientId?: string): void {
    const isKept = (entry: JournalEntry): boolean =>
      clientId !== undefined && entry.clientId !== clientId;
    const kept = this.entries.filter(isKept);
    for (const entry of this.entries) if (!isKept(entry)) this.#cancelDiagnosis(entry);
    if (clientId === undefined) this.#undiagnosed = 0;
    this.#queue.replace(kept);
    const sizes = kept.map(estimateEntryBytes);
    this.#sizes.replace(sizes);
    this.#bytes = sizes.reduce((sum, bytes) => sum + bytes, 0);
    this.#evicted.clear(clientId);
    for (const { onDelete } of this.#listeners) onDelete?.(clientId);
  }

  /** @returns removes the listener */
  listen(listener: JournalListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #awaitDiagnosis(entry: JournalEntry): void {
    if (entry.pendingDiagnosis === undefined) return;
    this.#pendingDiagnoses++;
    entry.pendingDiagnosis.onFinished(() => {
      this.#pendingDiagnoses--;
      for (const { onDiagnosis } of this.#listeners) onDiagnosis?.(entry);
    });
  }

  /** @returns whether it was pending */
  #cancelDiagnosis({ pendingDiagnosis }: JournalEntry): boolean {
    if (pendingDiagnosis === undefined) return false;
    pendingDiagnosis.cancel();
    this.#pendingDiagnoses--;
    return true;
  }

  #evict(): void {
    const oldest = this.#queue.shift();
    if (oldest === undefined) return;
    this.#bytes -= this.#sizes.shift() ?? 0;
    this.#evicted.add(oldest.number, oldest.clientId);
    if (!this.#cancelDiagnosis(oldest)) return;
    this.#undiagnosed++;
    this.#onUndiagnosed();
  }
}

/**
 * What is small in every exchange: the answer's headers, steps, verdict, tags, and the objects
 * that hold them.
 */
const smallPartsBytes = 3072;

/**
 * Names and values that the small parts allow for; each further one costs its object, however short
 * it is.
 */
const usualHeaderLines = 60;
const headerLineBytes = 64;

/**
 * An estimate from lengths alone, for it is made at every exchange; values of the state are as long
 * as the message they came from.
 */
export const estimateEntryBytes = ({
  request,
  reply,
  target,
  changes,
  diagnosis,
  pendingDiagnosis,
  tape,
}: JournalEntry): number => {
  let bytes = smallPartsBytes + target.length + messageSize(request) + messageSize(reply);
  for (const line of request.headerLines) bytes += line.length;
  bytes += Math.max(0, request.headerLines.length - usualHeaderLines) * headerLineBytes;
  if (changes.length > 0) bytes += 2 * (request.plain ?? request.body).length;
  if (diagnosis !== undefined)
    bytes += (diagnosis.expected?.content.length ?? 0) + (diagnosis.signed?.content?.length ?? 0);
  if (tape !== undefined) {
    bytes += tape.written?.length ?? 0;
    for (const drawn of tape.drawn) bytes += drawn.length;
  }
  // What was expected and what was signed are about as long as the request.
  if (pendingDiagnosis !== undefined) bytes += 2 * (target.length + request.body.length);
  return bytes;
};

const messageSize = ({ body, plain }: Message): number => body.length + (plain?.length ?? 0);

/** Names remembered one by one: a number that an unknown client could raise must be bounded. */
const maxTrackedClients = 10_000;

/**
 * What is known of the exchanges that had to go: enough to tell whether an assertion could have
 * been about one of them.
 */
class EvictionLog {
  #count = 0;
  #newest = 0;
  readonly #newestOf = new Map<string, number>();
  /** The newest of those whose client is not remembered by name. */
  #newestOfOthers = 0;

  get count(): number {
    return this.#count;
  }

  add(number: number, clientId: string | undefined): void {
    this.#count++;
    this.#newest = Math.max(this.#newest, number);
    if (clientId === undefined) return;
    if (this.#newestOf.size < maxTrackedClients || this.#newestOf.has(clientId))
      this.#newestOf.set(clientId, Math.max(this.#newestOf.get(clientId) ?? 0, number));
    else this.#newestOfOthers = Math.max(this.#newestOfOthers, number);
  }

  /** Of any client: what they were is not known. */
  addUnread(newest: number, count: number): void {
    this.#count += count;
    this.#newest = Math.max(this.#newest, newest);
    this.#newestOfOthers = Math.max(this.#newestOfOthers, newest);
  }

  /** Whether an exchange with a greater number has gone, of that client if one is named. */
  hasEvictedSince(since: number, clientId?: string): boolean {
    if (clientId === undefined) return this.#newest > since;
    return (this.#newestOf.get(clientId) ?? 0) > since || this.#newestOfOthers > since;
  }

  /** After entries were deleted on purpose. */
  clear(clientId?: string): void {
    if (clientId !== undefined) {
      this.#newestOf.delete(clientId);
      return;
    }
    this.#newestOf.clear();
    this.#count = 0;
    this.#newest = 0;
    this.#newestOfOthers = 0;
  }
}

/** How many places at the front may be empty before the rest moves up. */
const emptyPlaces = 1024;

/**
 * A list that grows at its end and shrinks at its front, both in constant time. Anywhere else an
 * insertion costs as much as there are items after it.
 */
export class Queue<T> {
  #items: (T | undefined)[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** @param place from 0 to `length` */
  insert(place: number, item: T): void {
    if (place === this.length) this.push(item);
    else this.#items.splice(this.#first + place, 0, item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#first];
    this.#items[this.#first++] = undefined;
    // Moved once in as many steps as there are items, so it costs each step the same.
    if (this.#first > emptyPlaces && this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** @param place from 0 */
  at(place: number): T | undefined {
    return place < 0 ? undefined : this.#items[this.#first + place];
  }

  /** The first first. */
  toArray(): T[] {
    // Places from the first on are always taken.
    return this.#items.slice(this.#first) as T[];
  }

  replace(items: readonly T[]): void {
    this.#items = [...items];
    this.#first = 0;
  }
}
