import type { Diagnosis } from '../doctor/diagnosis.ts';
import type { Finding, RegisterId } from '../domain/contract/contract.ts';
import type { Delivery } from '../domain/scenarios/select-rule.ts';
import type { Collection, Records, ResultStatus } from '../domain/state/state.ts';

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
  readonly plain?: Buffer;
}

/** One record of the state that an exchange changed; null: there is none. */
export interface StateChange {
  readonly collection: Collection;
  readonly id: string;
  readonly before: Records[Collection] | null;
  readonly after: Records[Collection] | null;
}

/** The rule that had its say, and how it had the answer travel. */
export interface Scripted {
  /** `order-fails-twice, rule 1`. */
  readonly rule: string;
  readonly delivery: Delivery;
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

/**
 * One exchange: a request on its way to one reply. It holds what existed anyway; views are made
 * when somebody looks.
 */
export interface JournalEntry {
  /** Counts up from 1 and never repeats in a run. */
  readonly number: number;
  /** The Tracer-Id that was answered. */
  readonly id: string;
  readonly receivedAt: number;
  readonly method: string;
  readonly target: string;
  readonly operation?: string | undefined;
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
  readonly marks: readonly string[];
  readonly findings: readonly Finding[];
  readonly request: Message & {
    /** Names and values in turns, as on the wire. */
    readonly headerLines: readonly string[];
  };
  readonly reply: Message & { readonly httpStatus: number };
  readonly sealed: boolean;
  readonly changes: readonly StateChange[];
  readonly scripted?: Scripted | undefined;
  readonly keyVersions: KeyVersionsUsed;
  readonly milliseconds: number;
}
