import type { JsonObject } from '../../domain/state/state.ts';
import type { JournalEntry, OpenExchange } from '../../journal/journal-entry.ts';
import { BoundedGroups, BoundedMap } from '../../protocol/bounded-map.ts';
import {
  type AttemptOptions,
  changeAttempt,
  type MessageAttempt,
  openAttempt,
  readAttempt,
} from './attempt.ts';
import {
  type ClientMessage,
  isLibraryRetry,
  type MessageLimits,
  messageId,
  TrackedMessage,
} from './client-message.ts';

/** An attempt in its place; they are reported in the order of their arrival. */
export interface TrackedAttempt {
  readonly attempt: MessageAttempt;
  /**
   * As it is with this attempt. Undefined: the attempt cannot be attributed, as its body did not
   * arrive, could not be opened, or is not a JSON object.
   */
  readonly message: ClientMessage | undefined;
  /** The message's attempt before this one. */
  readonly before: MessageAttempt | undefined;
  /** Whether the client's HTTP library made this attempt by itself. */
  readonly isLibraryRetry: boolean;
  /** It was pending for so long that later attempts have been reported before it. */
  readonly isLate: boolean;
}

export interface TrackerOptions extends AttemptOptions {
  readonly onAttempt: (tracked: TrackedAttempt) => void;
  readonly limits: TrackerLimits;
}

/** Bounds of the state; the oldest is dropped first, and counted. */
export interface TrackerLimits extends MessageLimits {
  readonly clients: number;
  /** All clients together. */
  readonly messages: number;
  /** How many attempts of a client wait for one that arrived before them and is not over. */
  readonly waiting: number;
}

export const streamLimits: TrackerLimits = {
  clients: 1000,
  messages: 4000,
  attempts: 32,
  repeats: 2,
  waiting: 256,
};

export const unlimited: TrackerLimits = {
  clients: Infinity,
  messages: Infinity,
  attempts: Infinity,
  repeats: Infinity,
  waiting: Infinity,
};

interface TrackedClient {
  /** Numbers of requests in flight, in the order of their arrival. */
  readonly open: Map<number, OpenExchange>;
  /** Attempts that are over, and wait for one that arrived before them. */
  readonly waiting: Map<number, MessageAttempt>;
  /** Number of the newest attempt that was reported. */
  reported: number;
}

interface ClosedByFault {
  readonly number: number;
  readonly us: number;
}

/** How many of the newest messages are searched for a signature. */
const searchedMessages = 256;
const connectionLimit = 1000;

/**
 * Builds messages from the journal's entries, one at a time and with bounded state, and reports
 * each attempt in the order of its arrival, whatever the order in which exchanges end.
 */
export class MessageTracker {
  readonly #options: TrackerOptions;
  readonly #clients: BoundedMap<string, TrackedClient>;
  /** The one with the newest request: asked for at each exchange, mostly the same. */
  #last: { readonly id: string; readonly client: TrackedClient } | undefined;
  /**
   * The first message of each requestId, or digest of a body, by client; those with the newest
   * attempts come last.
   */
  readonly #messages: BoundedGroups<TrackedMessage>;
  /** By connection: when a fault closed it. */
  readonly #closedByFault = new BoundedMap<number, ClosedByFault>(connectionLimit);

  constructor(options: TrackerOptions) {
    this.#options = options;
    this.#clients = new BoundedMap(options.limits.clients);
    this.#messages = new BoundedGroups(options.limits.messages);
  }

  /** How many clients and messages were dropped to keep the bounds. */
  get dropped(): number {
    return this.#clients.dropped + this.#messages.dropped;
  }

  /** Notes a request that has arrived: attempts that arrive later wait for its end. */
  addOpen(exchange: OpenExchange): void {
    this.#trackedClient(exchange.clientId ?? '').open.set(exchange.number, exchange);
  }

  /**
   * Adds an exchange that is over.
   * @param request its body as the gateway has parsed it, if it was decided on
   */
  add(entry: JournalEntry, request?: JsonObject): void {
    const client = this.#trackedClient(entry.clientId ?? '');
    const attempt = readAttempt(entry, this.#options, request);
    if (client.open.size > 0) client.open.delete(attempt.number);
    if (client.waiting.size === 0 && attempt.number < firstNumber(client.open))
      this.#report(client, attempt);
    else {
      client.waiting.set(attempt.number, attempt);
      this.#release(client);
    }
  }

  /** Drops an exchange that is over: those that wait for it are reported. */
  ignore({ number, clientId }: JournalEntry): void {
    const client = this.#trackedClient(clientId ?? '');
    client.open.delete(number);
    this.#release(client);
  }

  /** Reports what waits, as if the requests in flight ended later. */
  flush(clientId?: string): void {
    for (const [id, client] of this.#clients.entries())
      if (clientId === undefined || clientId === id) this.#release(client, Infinity);
  }

  /** Requests in flight, as attempts whose message is not known yet. */
  pending(clientId?: string): readonly MessageAttempt[] {
    return [...this.#clients.entries()]
      .filter(([id]) => clientId === undefined || clientId === id)
      .flatMap(([, { open }]) => [...open.values()].map(openAttempt));
  }

  /** Roughly in the order of their newest attempts. */
  messages(clientId?: string): readonly ClientMessage[] {
    return this.#listMessages(clientId);
  }

  /** Drops what is known of one client, or of all. */
  forget(clientId?: string): void {
    this.#last = undefined;
    if (clientId === undefined) {
      this.#clients.clear();
      this.#messages.clear();
      return;
    }
    this.#clients.delete(clientId);
    this.#messages.deleteGroups((group) => group === clientId);
  }

  #trackedClient(id: string): TrackedClient {
    if (this.#last?.id === id) return this.#last.client;
    let client = this.#clients.use(id);
    if (client === undefined) {
      client = { open: new Map(), waiting: new Map(), reported: 0 };
      this.#clients.set(id, client);
    }
    this.#last = { id, client };
    return client;
  }

  /** Reports attempts, oldest first, up to the first request that is in flight. */
  #release(client: TrackedClient, most = client.waiting.size - this.#options.limits.waiting): void {
    const { open, waiting } = client;
    const firstOpen = firstNumber(open);
    for (let excess = most; waiting.size > 0; excess--) {
      const number = smallest(waiting.keys());
      if (number > firstOpen && excess <= 0) return;
      const attempt = waiting.get(number);
      waiting.delete(number);
      if (attempt !== undefined) this.#report(client, attempt);
    }
  }

  #report(client: TrackedClient, ended: MessageAttempt): void {
    const arrived = this.#noteCollateral(ended);
    const isLate = arrived.number < client.reported;
    client.reported = Math.max(client.reported, arrived.number);
    const message = this.#attribute(arrived);
    const attempt = shareContent(arrived, message);
    const before = message?.before(attempt);
    const byLibrary = before !== undefined && isLibraryRetry(before, attempt);
    if (message !== undefined && message.first !== arrived)
      message.repeat(attempt, before, byLibrary, this.#options.limits);
    this.#options.onAttempt({ attempt, message, before, isLibraryRetry: byLibrary, isLate });
  }

  #attribute(attempt: MessageAttempt): TrackedMessage | undefined {
    const { content, operation, clientId = '' } = attempt;
    if (content === undefined || operation === undefined) return this.#findSigned(attempt);
    const id = messageId(content);
    const entry = this.#messages.use(clientId, id);
    const first = entry.value;
    let newest = first;
    for (let known = first; known !== undefined; known = known.sibling) {
      if (known.operation === operation) return known;
      newest = known;
    }
    const message = new TrackedMessage(attempt, content, first?.operation);
    if (newest === undefined) entry.value = message;
    else newest.sibling = message;
    return message;
  }

  /** The message of an attempt whose body did not arrive: one that was signed alike. */
  #findSigned({ signaturePiece, clientId = '' }: MessageAttempt): TrackedMessage | undefined {
    if (signaturePiece === undefined) return undefined;
    return this.#listMessages(clientId)
      .slice(-searchedMessages)
      .findLast(({ last }) => last.signaturePiece === signaturePiece);
  }

  #listMessages(clientId?: string): readonly TrackedMessage[] {
    const messages: TrackedMessage[] = [];
    for (const first of this.#messages.values())
      if (clientId === undefined || clientId === first.clientId)
        for (let one: TrackedMessage | undefined = first; one !== undefined; one = one.sibling)
          messages.push(one);
    return messages;
  }

  /** A fault that closes a connection takes with it what was pipelined behind it. */
  #noteCollateral(attempt: MessageAttempt): MessageAttempt {
    const { connection, delivery, fault, number } = attempt;
    if (delivery === undefined || delivery.complete) return attempt;
    const closed = this.#closedByFault.get(connection.ordinal);
    if (fault !== undefined) {
      this.#closedByFault.set(connection.ordinal, { number, us: delivery.endedUs });
      return attempt;
    }
    return closed !== undefined && closed.number < number && attempt.atUs <= closed.us
      ? changeAttempt(attempt, { isCollateral: true })
      : attempt;
  }
}

/** What was read of the same bytes is kept once. */
const shareContent = (
  attempt: MessageAttempt,
  message: ClientMessage | undefined,
): MessageAttempt =>
  message !== undefined &&
  attempt.content !== message.content &&
  attempt.content?.digest === message.content.digest
    ? changeAttempt(attempt, { content: message.content })
    : attempt;

/** Requests in flight are in the order of their numbers. */
const firstNumber = (open: ReadonlyMap<number, OpenExchange>): number => {
  if (open.size === 0) return Infinity;
  for (const number of open.keys()) return number;
  return Infinity;
};

const smallest = (numbers: Iterable<number>): number => {
  let least = Infinity;
  for (const number of numbers) if (number < least) least = number;
  return least;
};

/** The messages of some exchanges. */
export interface MessageBatch {
  /** In the order of their first attempts. */
  readonly messages: readonly ClientMessage[];
  /** All attempts in the order of their arrival, each with its message where that is known. */
  readonly attempts: readonly TrackedAttempt[];
  /** Attempts that cannot be attributed: their body did not arrive or could not be opened. */
  readonly unattributed: readonly MessageAttempt[];
  /** Requests in flight. */
  readonly pending: readonly MessageAttempt[];
}

/** Builds messages from exchanges in any order; attempts keep their entries. */
export const buildMessages = (
  entries: readonly JournalEntry[],
  options: Omit<AttemptOptions, 'keepEntries'>,
  open: readonly OpenExchange[] = [],
): MessageBatch => {
  const attempts: TrackedAttempt[] = [];
  const tracker = new MessageTracker({
    ...options,
    keepEntries: true,
    limits: unlimited,
    onAttempt: (tracked) => attempts.push(tracked),
  });
  const inOrder = [...entries].sort((a, b) => a.number - b.number);
  for (const entry of inOrder) tracker.add(entry);
  for (const exchange of open) tracker.addOpen(exchange);
  return {
    messages: [...tracker.messages()].sort((a, b) => a.first.number - b.first.number),
    attempts: attempts.sort((a, b) => a.attempt.number - b.attempt.number),
    unattributed: attempts.flatMap(({ attempt, message }) =>
      message === undefined ? [attempt] : [],
    ),
    pending: tracker.pending(),
  };
};
