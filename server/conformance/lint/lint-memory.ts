import { BoundedGroups, BoundedMap } from '../../protocol/bounded-map.ts';
import type { MessageAttempt } from '../messages/attempt.ts';
import { type ClientMessage, messageId } from '../messages/client-message.ts';
import type { MessageContent } from '../messages/message-content.ts';
import type { TrackedAttempt } from '../messages/message-tracker.ts';
import { type LintRuleId, type LintSeverity, lintRules } from './lint-rules.ts';

/** What is remembered of one order, account, binding or card of a client. */
export interface Thing {
  /** Messages that may still be open, and the newest one; oldest first. */
  readonly messages: ClientMessage[];
  /** requestIds or digests of messages about it, oldest first: what is in here is not new. */
  readonly seen: string[];
  /** Event times of the same messages. */
  readonly seenTimes: number[];
  /** Greatest event time of those that are not remembered: up to it, a message may be repeated. */
  dropped: number;
  /** The message with the greatest event time that may have been applied. */
  newest: ClientMessage | undefined;
  constants: MessageContent['constants'] | undefined;
  /** Status → the attempt whose refusal said that it cannot go there. */
  refusedStates: Map<string, MessageAttempt> | undefined;
  /** A message of this status was lost, so one repetition is right. */
  lostState: string | undefined;
  /** Attempts that may still be in flight when the next one arrives. */
  readonly recent: MessageAttempt[];
  isSealed: boolean | undefined;
}

/** Lists begin with an item, which takes less than to grow an empty list. */
export const newThing = (message: ClientMessage): Thing => ({
  messages: [message],
  seen: [messageId(message.content)],
  seenTimes: [message.eventTime ?? -Infinity],
  dropped: -Infinity,
  newest: undefined,
  constants: undefined,
  refusedStates: undefined,
  lostState: undefined,
  recent: [message.first],
  isSealed: undefined,
});

/** Whether a message about it is the first of its requestId, as far as is remembered. */
export const isNewMessage = ({ seen }: Thing, message: ClientMessage): boolean =>
  message.count === 1 && !seen.includes(messageId(message.content));

/** What is remembered of a client. */
export interface ClientFacts {
  readonly clientId: string;
  /** Operation → group of its things. */
  readonly groups: Map<string, string>;
  /** Request-Time minus arrival of the newest messages, milliseconds. */
  readonly clockOffsets: number[];
  /** The newest Request-Time, read; undefined `epochMs`: it is malformed. */
  requestTime: { readonly text: string; readonly epochMs: number | undefined } | undefined;
  /** Messages in a row with one Request-Time. */
  sameTime: Standstill | undefined;
  /** How long each wait was that the client ended while the answer was only delayed. */
  readonly waits: number[];
  /** When it ended the newest of them. */
  gaveUpUs: number;
  /** Pauses between attempts, of all messages. */
  readonly pacing: Pacing;
  /** Two of its requests were in flight at once: it may have several workers. */
  isParallel: boolean;
  /** When nothing that it had sent was in flight any more, as far as is known. */
  busyUntilUs: number;
  /** Requests in a row, each on a new connection. */
  newConnections: number;
  /** Since when a connection is kept and free; infinite: none that is known. */
  freeSinceUs: number;
  /** Numeric ids in a row that rise by little. */
  rising: { last: bigint; count: number } | undefined;
  /** Operations that were encrypted; `both`: and not encrypted after that. */
  readonly encrypted: Map<string, 'always' | 'both'>;
  newestKey: { version: number; sinceUs: number } | undefined;
  /** Refusals in a row for the signature, by cause. */
  refusals: { cause: string; count: number } | undefined;
  /** When a traffic limit was known, and attempts of other messages since; by operation. */
  readonly limits: Map<string, TrafficLimit>;
  /** Digest of a symmetric key → key of the message. */
  readonly symmetricKeys: Map<string, string>;
  /** Odd things that have been reported, each once. */
  readonly reported: Set<string>;
}

/** Messages in a row with one Request-Time. */
interface Standstill {
  readonly time: string;
  readonly sinceUs: number;
  /** Time in which nothing was in flight. */
  idleUs: number;
  messages: number;
}

export interface Pacing {
  pauses: number;
  /** Those without a wait. */
  short: number;
  /** Plans that got shorter, and others. */
  shrinking: number;
  growing: number;
  /** The longest after which a message was repeated, microseconds. */
  longestUs: number;
}

export interface TrafficLimit {
  readonly knownUs: number;
  readonly attempt: MessageAttempt;
  readonly message: string;
  others: number;
}

export const newClientFacts = (clientId: string): ClientFacts => ({
  clientId,
  groups: new Map(),
  clockOffsets: [],
  requestTime: undefined,
  sameTime: undefined,
  waits: [],
  gaveUpUs: -Infinity,
  pacing: { pauses: 0, short: 0, shrinking: 0, growing: 0, longestUs: 0 },
  isParallel: false,
  busyUntilUs: -Infinity,
  newConnections: 0,
  freeSinceUs: Infinity,
  encrypted: new Map(),
  rising: undefined,
  newestKey: undefined,
  refusals: undefined,
  limits: new Map(),
  symmetricKeys: new Map(),
  reported: new Set(),
});

/** Bounds of what lint remembers. */
export const lintLimits = {
  clients: 2000,
  things: 4000,
  findings: 2000,
  messagesOfThing: 8,
  seenOfThing: 32,
  symmetricKeys: 64,
} as const;

export const isThing = (one: Thing | ClientMessage): one is Thing => 'messages' in one;

/** Everything that the rules remember, bounded. */
export class LintMemory {
  /** Of a thing that one attempt was about, its message: the rest follows from it. */
  readonly #things = new BoundedGroups<Thing | ClientMessage>(lintLimits.things);
  readonly clients = new BoundedMap<string, ClientFacts>(lintLimits.clients);
  /** Asked for twice at each exchange, mostly of one client. */
  #lastClient: ClientFacts | undefined;

  get dropped(): number {
    return this.#things.dropped + this.clients.dropped;
  }

  get things(): Iterable<Thing | ClientMessage> {
    return this.#things.values();
  }

  /**
   * What a message is about; undefined at the first attempt about it, for which nothing can be
   * compared. Most things have no second one, and take no memory of their own.
   * @param start makes what is remembered after the first attempt
   */
  thing(message: ClientMessage, start: (first: ClientMessage) => Thing): Thing | undefined {
    const { identity } = message;
    const group = this.#group(message);
    const entry = this.#things.use(group, identity);
    const known = entry.value;
    if (known !== undefined && isThing(known)) return known;
    if (known === undefined && message.count === 1) {
      entry.value = message;
      return undefined;
    }
    const thing = start(known ?? message);
    entry.value = thing;
    return thing;
  }

  client(clientId: string): ClientFacts {
    if (this.#lastClient?.clientId === clientId) return this.#lastClient;
    let facts = this.clients.use(clientId);
    if (facts === undefined) {
      facts = newClientFacts(clientId);
      this.clients.set(clientId, facts);
    }
    this.#lastClient = facts;
    return facts;
  }

  forget(clientId?: string): void {
    const prefix = clientId === undefined ? '' : `${clientId} `;
    this.#things.deleteGroups((group) => group.startsWith(prefix));
    this.#lastClient = undefined;
    this.clients.deleteWhere((key) => clientId === undefined || key === clientId);
  }

  #group({ clientId, operation }: ClientMessage): string {
    const { groups } = this.client(clientId);
    const known = groups.get(operation);
    if (known !== undefined) return known;
    const group = `${clientId} ${operation}`;
    groups.set(operation, group);
    return group;
  }
}

/** One occurrence of a rule. */
export interface Hit {
  readonly rule: LintRuleId;
  readonly severity: LintSeverity;
  readonly clientId: string;
  readonly sentence: string;
  /** The attempts that show it, oldest first. */
  readonly attempts: readonly Pick<MessageAttempt, 'journalNumber' | 'id' | 'receivedAt'>[];
  /** Members of the body that differ. */
  readonly members: readonly string[];
  /** Key of the message that is at fault, where it is one. */
  readonly message?: string | undefined;
}

export interface LintTuning {
  /** By which pauses are shorter than in production. */
  readonly pauseFactor: number;
  /** How long a message without a final answer may rest. */
  readonly abandonedAfterMs: number;
}

/** What a rule looks at: an attempt in its place, and what is remembered. */
export interface LintContext extends TrackedAttempt {
  readonly memory: LintMemory;
  readonly client: ClientFacts;
  readonly thing: Thing | undefined;
  readonly tuning: LintTuning;
  /** The client's clock in the simulator was not moved or held. */
  readonly isClockReal: boolean;
  /** Tests created the client, or it is the demo client. */
  readonly isTestClient: boolean;
  readonly report: (hit: Hit) => void;
}

/** Looks at each attempt, in the order of arrival. */
export type LintCheck = (context: LintContext) => void;

/** An attempt whose message is known. */
export interface MessageContext extends LintContext {
  readonly message: ClientMessage;
}

/** One that is not the first about its thing. */
export interface ThingContext extends MessageContext {
  readonly thing: Thing;
}

interface HitDetails {
  readonly severity?: LintSeverity;
  readonly attempts?: readonly (MessageAttempt | undefined)[];
  readonly members?: readonly string[];
}

export const reportHit = (
  { attempt, message, report }: LintContext,
  rule: LintRuleId,
  sentence: string,
  { severity = lintRules[rule].severity, attempts = [], members = [] }: HitDetails = {},
): void =>
  report({
    rule,
    severity,
    clientId: attempt.clientId ?? '',
    sentence,
    attempts: [...attempts.filter((one) => one !== undefined), attempt],
    members,
    message: message?.key,
  });

const minuteUs = 60_000_000;
export const tenMinutesUs = 10 * minuteUs;
export const hourUs = 60 * minuteUs;

/** `1.2 s`, `80 ms`. */
export const formatUs = (us: number): string =>
  us < 1_000_000 ? `${Math.round(us / 1000)} ms` : `${(us / 1_000_000).toFixed(1)} s`;
