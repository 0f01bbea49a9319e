import type { Finding, RegisterId } from '../contract/finding.ts';
import type { Diagnosis } from '../doctor/diagnosis.ts';
import type { ResultStatus } from '../world/state.ts';

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
  readonly body: Buffer;
}

/** One exchange: a request on its way to one reply. */
export interface JournalEntry {
  readonly id: string;
  readonly receivedAt: number;
  readonly tracerId: string;
  readonly method: string;
  readonly target: string;
  readonly operation?: string;
  readonly clientId?: string;
  /** The thing it was about, as the register's O-03 names it. */
  readonly identity?: string;
  /** Why the signature or the sealing was refused, where the doctor found out. */
  readonly diagnosis?: Diagnosis;
  readonly steps: readonly StepRecord[];
  readonly verdict: Verdict;
  readonly marks: readonly string[];
  readonly findings: readonly Finding[];
  readonly request: Message;
  readonly reply: Message & { readonly httpStatus: number };
  readonly sealed: boolean;
  readonly milliseconds: number;
}
