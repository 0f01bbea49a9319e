import type { Diagnosis } from '../doctor/diagnosis.ts';
import type { RegisterId } from '../domain/contract/basis.ts';
import type { Finding } from '../domain/contract/contract.ts';
import type { DeliveryPlan } from '../domain/scenarios/select-rule.ts';
import type { Change, Collection, Records, ResultStatus } from '../domain/state/state.ts';
import type { Keyring } from '../protocol/keys/keyring.ts';
import type { DecryptError } from '../protocol/sealing.ts';
import type { HeldRecord } from '../storage/store.ts';

/** One step an exchange went through. */
export interface StepRecord {
  readonly name: string;
  readonly microseconds: number;
  readonly refused: boolean;
}

/** How an exchange ended, and why. */
export interface Verdict {
  /** The step that decided. */
  readonly step: string;
  readonly code: string;
  readonly status: ResultStatus;
  /** Entries of the fidelity register it rests on. */
  readonly basis: readonly RegisterId[];
  readonly reason: string;
}

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes on the wire. */
  readonly body: Buffer;
  /** The opened bytes of a sealed body. Views redact them unless `journal.plaintext` is on. */
  readonly plain?: Buffer | undefined;
}

/** One record of the state that an exchange changed; null: it does not exist. */
export interface StateChange {
  readonly collection: Collection;
  readonly id: string;
  readonly before: Records[Collection] | null;
  readonly after: Records[Collection] | null;
}

/** The rule that matched, and how it had the answer delivered. */
export interface Scripted {
  /** `order-fails-twice, rule 1`. */
  readonly rule: string;
  readonly delivery: DeliveryPlan;
}

/** Which key versions served an exchange; what is absent was not needed, or not come to. */
export interface KeyVersionsUsed {
  /** The client's, that the request's signature verified with. */
  readonly verified?: number;
  /** The platform's, that opened the request's body. */
  readonly opened?: number;
  /** The platform's, that the answer says it is signed with. */
  readonly signed?: number;
  /** The client's, that the answer is sealed for. */
  readonly sealed?: number;
}

/**
 * When a request arrived. Microseconds are of one monotonic clock, since the process started: no
 * client's clock moves or stops them.
 */
export interface Arrival {
  /** Counts up from 1 as heads of requests have been read; equals the exchange's number. */
  readonly order: number;
  readonly atUs: number;
}

/** The connection that a request came on. */
export interface Connection {
  /** Counts up from 1 as connections bring their first request. */
  readonly ordinal: number;
  /** 1 for the first request on the connection. */
  readonly position: number;
  readonly tls: boolean;
}

/** What of an answer has left, by the clock of the arrival. */
export interface Delivery {
  /** Undefined: no byte was handed to the connection. */
  readonly firstByteUs: number | undefined;
  /** The last byte that was handed over, whether the answer ends with it or not. */
  readonly lastByteUs: number | undefined;
  readonly endedUs: number;
  /** Bytes handed over, the head included. */
  readonly bytes: number;
  /**
   * Whether the whole message was handed to a connection that was still open and took it. A byte
   * that the operating system has taken may still be lost: more cannot be known here.
   */
  readonly complete: boolean;
  /** Who closed the connection; `keptAlive`: neither has, it can carry the next request. */
  readonly endedBy: 'server' | 'client' | 'keptAlive';
}

/** A request that has arrived and is not over. */
export interface OpenExchange {
  readonly number: number;
  readonly id: string;
  readonly receivedAt: number;
  readonly arrival: Arrival;
  readonly connection: Connection;
  readonly method: string;
  readonly target: string;
  readonly operation: string | undefined;
  /** As the request states it; not verified. */
  readonly clientId: string | undefined;
  /** Those it has gone through so far; `reply` is the last before the answer is sent. */
  readonly steps: readonly StepRecord[];
}

/** A diagnosis that is made later, or as soon as someone reads the entry. */
export interface PendingDiagnosis {
  /** How many diagnoses are pending, this one included. */
  readonly pendingInAll: number;
  /** Makes it now. */
  finish(): void;
  /** It is not wanted any more. */
  cancel(): void;
  onFinished(listener: () => void): void;
}

/** Records that a decision read, and what it changed. */
export interface TapedTransaction {
  readonly clientId: string;
  readonly read: readonly HeldRecord[];
  readonly changes: readonly Change[];
}

/**
 * What an exchange depended on besides its request. A replay that is given the same comes to the
 * same answer, byte for byte. By reference only.
 */
export interface ExchangeTape {
  /**
   * When the client's clock had moved on: the number of a reading and the milliseconds since the
   * request's arrival, in turns. Empty: all readings were the same.
   */
  readonly clockSteps: readonly number[];
  readonly transactions: readonly TapedTransaction[];
  /** Bytes drawn for what was encrypted in the answer. */
  readonly drawn: readonly Buffer[];
  /** The symmetric key of the request's body, once it was unwrapped. */
  readonly symmetricKey: Buffer | undefined;
  /** What of a faulty answer was written to the connection, head included. */
  readonly written: Buffer | undefined;
  readonly seed: number;
  /** Scenarios that were active for all clients, and for this one alone. */
  readonly scenarios: { readonly all: readonly string[]; readonly client: readonly string[] };
  /** Keys as they were then. */
  readonly keys: { readonly client: Keyring | undefined; readonly platform: Keyring };
}

/** `outbound`: the platform called the merchant. */
export type Direction = 'inbound' | 'outbound';

/** What an exchange in the other direction has besides. */
interface OutboundExchange {
  /** The message that it sent; all its attempts have the same. */
  readonly messageId: string;
  /** As `openapi/outbound.yaml` names it. */
  readonly call: string;
  readonly url: string;
  /** The answer was SUCCESS, signed, in time. */
  readonly acknowledged: boolean;
  /** From 1. */
  readonly attempt: number;
  /** By the client's clock; undefined: it is not sent again. */
  readonly nextAttemptAt: number | undefined;
  /** The scenario's rule that asked for it. */
  readonly rule: string | undefined;
}

/**
 * One exchange that is over: a request and what was answered to it. Holds references only; views
 * are built on demand.
 */
export interface JournalEntry {
  /** Counts up from 1 in the order of arrival, and never repeats in a run. */
  readonly number: number;
  /** The Tracer-Id that was answered. */
  readonly id: string;
  /** By the client's clock, milliseconds since 1970. */
  readonly receivedAt: number;
  readonly arrival: Arrival;
  /** Undefined: the exchange ended before all of the request had arrived. */
  readonly requestCompleteUs: number | undefined;
  readonly connection: Connection;
  readonly delivery: Delivery;
  readonly method: string;
  readonly target: string;
  readonly operation?: string | undefined;
  /** As the request states it, whether its signature verified or not. */
  readonly clientId?: string | undefined;
  /** The thing it was about, as the register's O-03 names it. */
  readonly identity?: string | undefined;
  /**
   * Why the signature or the sealing was refused; absent where there is nothing to diagnose, or not
   * diagnosed yet.
   */
  readonly diagnosis?: Diagnosis | undefined;
  /** Present until the diagnosis is made. */
  readonly pendingDiagnosis?: PendingDiagnosis | undefined;
  readonly steps: readonly StepRecord[];
  readonly verdict: Verdict;
  readonly tags: readonly string[];
  readonly findings: readonly Finding[];
  readonly request: Message & {
    /** Names and values in turns, as on the wire. */
    readonly headerLines: readonly string[];
  };
  /** What has left of the answer; status 0 until its head is out. */
  readonly reply: Message & { readonly httpStatus: number };
  readonly sealed: boolean;
  readonly changes: readonly StateChange[];
  readonly scripted?: Scripted | undefined;
  readonly keyVersions: KeyVersionsUsed;
  /** `keyVersions.verified`, for readers of every exchange: the others are read from headers. */
  readonly verifiedWith: number | undefined;
  /** SHA-256 of the symmetric key of a sealed request that was opened, in hex. */
  readonly symmetricKeyDigest?: string | undefined;
  /** Undefined: recorded without what a replay needs. */
  readonly tape?: ExchangeTape | undefined;
  /** From arrival to end. */
  readonly milliseconds: number;
  /** Absent: inbound. */
  readonly direction?: Direction | undefined;
  /** Present in the other direction only. */
  readonly outbound?: OutboundExchange | undefined;
}

export const isInbound = ({ direction }: Pick<JournalEntry, 'direction'>): boolean =>
  direction !== 'outbound';

/**
 * What a replay supplies in place of everything that differs from run to run: time, randomness,
 * private keys, connections. All of it is about the exchange that is being replayed.
 */
export interface Playback {
  readonly tracerId: () => string;
  readonly bytes: (count: number) => Buffer;
  /** A clock that shows what the recorded one showed. Nothing waits for it. */
  readonly clock: { now(): number; wait(): Promise<void> };
  readonly connection: () => Connection;
  /** Whether the recorded exchange was one too many in its second. */
  readonly isOverRate: () => boolean;
  /** The symmetric key of the request, or why it was not had. */
  readonly symmetricKey: () => Buffer | DecryptError;
  /** Signs with the recorded signature, if that verifies. Undefined: with the keys themselves. */
  readonly sign: ((content: Buffer) => Buffer) | undefined;
}
