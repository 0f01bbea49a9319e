import type { OperationId } from '../../domain/contract/contract.ts';
import type { Rule } from '../../domain/scenarios/scenario-file.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import type { JournalEntry, OpenExchange } from '../../journal/journal-entry.ts';
import type { SignatureAlgorithm } from '../../protocol/signatures.ts';

/** Version of the protocol between certify and a driver. */
export const driverProtocol = 1;

/** How the merchant's application is made to send. */
export const driveModes = ['command', 'stream', 'hook', 'passive'] as const;
export type DriveMode = (typeof driveModes)[number];
/** `receiver`: nothing is made to send; only the merchant's own server is called. */
export type RunMode = DriveMode | 'receiver';

/** How the traffic of one case is kept apart from that of all others. */
export type Separation =
  /** A Client-Id of its own. */
  | 'client'
  /** A token in the fields that name the order, account, binding or card. */
  | 'token'
  /** It is the only case that runs. */
  | 'serial';

// ── Jobs and reports ────────────────────────────────────────────────────────────────────────────

/** What a driver makes the application do. */
export type JobAction = 'send' | 'sendAll' | 'resume' | 'stop' | 'report';

/** One JSON object for the driver: on stdin, as a line, or as the body of a POST. */
export interface Job {
  readonly protocol: typeof driverProtocol;
  /** Unique in the run: `7f3a-1`. */
  readonly job: string;
  readonly action: JobAction;
  readonly operation: OperationId;
  readonly path: string;
  readonly sealed: boolean;
  /** Business data without requestId: the one message of `send`. */
  readonly message?: JsonObject;
  /** What to send, in this order: one message of `send`, none of `resume`. */
  readonly messages?: readonly JsonObject[];
  /** Where to and as whom, where the environment cannot say it: stream and hook. */
  readonly connection?: JobConnection;
}

export interface JobConnection {
  readonly baseUrl: string;
  readonly clientId: string;
  /** Bare base64 of PKCS#8. */
  readonly privateKey: string;
  readonly keyVersion: number;
  /** Bare base64 of SPKI, by version. */
  readonly platformKeys: Readonly<Record<string, string>>;
  /** The folder that a command driver has in `ALIPAYHK_CERTIFY_STATE`. */
  readonly state: string;
  readonly pauseFactor: number;
}

export const claimedOutcomes = ['SUCCESS', 'FAILED', 'UNKNOWN', 'UNSUPPORTED', 'ERROR'] as const;
export type ClaimedOutcome = (typeof claimedOutcomes)[number];

/** What the driver says the application believes. */
export interface Claim {
  readonly outcome: ClaimedOutcome;
  readonly resultCode?: string | undefined;
  readonly reason?: string | undefined;
  /** When the application will send again by itself; real milliseconds, already scaled. */
  readonly nextAttemptInMs?: number | undefined;
  /** A person was notified. */
  readonly alerted?: boolean | undefined;
  readonly observed?: { readonly orderStatus?: string | undefined } | undefined;
  readonly attempts?: number | undefined;
  /** The pause factor was applied. */
  readonly pausesScaled?: boolean | undefined;
  readonly requestId?: string | undefined;
  /** Messages that a `resume` has sent again. */
  readonly resent?: number | undefined;
  /** Of `sendAll` with mixed outcomes, one for each message. */
  readonly outcomes?: readonly MessageClaim[] | undefined;
}

export interface MessageClaim {
  /** Place of the message in the job, from 1. */
  readonly message: number;
  readonly outcome: ClaimedOutcome;
  readonly resultCode?: string | undefined;
}

/** How the work on a job ended. */
export type JobEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** Ended by the harness because the deadline had passed. */
  | { readonly kind: 'deadline' }
  /** Killed by the harness because the case says so. */
  | { readonly kind: 'killed' }
  /** Stream and hook: the report came, the application runs on. */
  | { readonly kind: 'answered' }
  /** Passive: a person or a test suite sends. */
  | { readonly kind: 'watched' }
  /** The job could not be given to the driver. */
  | { readonly kind: 'not-given'; readonly problem: string };

/** One job, and what came of it. Microseconds are of the journal's monotonic clock. */
export interface JobRecord {
  /** Without `connection`: it holds a private key. */
  readonly job: Omit<Job, 'connection'>;
  /** 1 for the first `resume` of the case; undefined for other actions. */
  readonly resume?: number | undefined;
  readonly givenUs: number;
  /** Undefined: it ended without an opinion. */
  readonly claim?: Claim | undefined;
  /** When the report had been read. */
  readonly claimedUs?: number | undefined;
  readonly claimedBy?: 'report' | 'exit-code' | undefined;
  readonly end: JobEnd;
  /** When nothing of this job could send any more, or the quiet time began. */
  readonly endedUs: number;
  /** What is wrong with the report or the log, in sentences: two reports, text that is no UTF-8. */
  readonly remarks: readonly string[];
  /** The driver's stdout and stderr, keys masked, as far as they are kept. */
  readonly log: string;
}

// ── Cases ───────────────────────────────────────────────────────────────────────────────────────

type ScriptedThen = Rule['then'];

/** What the simulator does with some attempts; afterwards comes the next step, then it behaves. */
export interface PlayStep {
  /** How a rule says it; an empty one behaves as usual. */
  readonly then: ScriptedThen;
  /** Laid over `then` by each variant of the case. */
  readonly vary?: boolean;
  /** How many attempts get it; 1 when absent. */
  readonly times?: number | 'always';
  /** Only attempts of this message, from 1; of any when absent. */
  readonly message?: number;
  /** Only a request that is not the first on its connection. */
  readonly connection?: 'reused';
}

/** A message of a case: the operation's sample, changed. */
export interface MessageTemplate {
  /** Laid over the sample, by operation. */
  readonly fields?: Partial<Readonly<Record<OperationId, JsonObject>>>;
  /** About the same order, account or card as the first message. */
  readonly isSameThing?: boolean;
  /** Added to the event time of the case. */
  readonly eventTimeOffsetMs?: number;
}

/** A job of a case, in order. `resume` is repeated as often as the claim announces, at most 3. */
export interface JobPlan {
  readonly action: 'send' | 'sendAll' | 'resume';
  /** Of `send`: which message, from 1; the first when absent. */
  readonly message?: number;
  /** Kill the process as soon as this attempt has arrived and its answer is withheld. */
  readonly killAtAttempt?: number;
}

/** In the languages that the console has. */
export interface Text {
  readonly en: string;
  readonly 'zh-HK': string;
}

/** What the harness must know of a case. The catalogue's rows have more. */
export interface CasePlan {
  /** `C-SEC-01`. */
  readonly id: string;
  readonly title: Text;
  readonly operations: 'all' | readonly OperationId[];
  /** All modes when absent. */
  readonly modes?: readonly DriveMode[];
  /** Runs only where an encrypted mode is declared. */
  readonly needsSealed?: boolean;
  readonly variants?: Readonly<Record<string, CaseVariant>>;
  /** One message, the sample, when absent. */
  readonly messages?: readonly MessageTemplate[];
  readonly play: readonly PlayStep[];
  readonly jobs: readonly JobPlan[];
  /** Versions that the platform holds, and those given to the driver; 1 and 1 when absent. */
  readonly platformKeys?: { readonly held: readonly number[]; readonly given: readonly number[] };
  /** Measures times: runs alone, after all others. */
  readonly isTimed?: boolean;
  /** For `--list` and the time left; milliseconds beside the client's own pauses. */
  readonly expectedMs?: number;
}

export interface CaseVariant {
  /** Laid over the steps that vary. */
  readonly then?: ScriptedThen;
  /** Where only some operations have it. */
  readonly operations?: readonly OperationId[];
}

/** A case that is to run: one variant on one operation. */
export interface CaseRun<Plan extends CasePlan = CasePlan> {
  readonly plan: Plan;
  readonly variant: string | undefined;
  readonly operation: OperationId;
  readonly algorithm: SignatureAlgorithm;
  readonly sealed: boolean;
  /** In every identity field of the messages; no other case of the run has it. */
  readonly token: string;
  /** In the order of the plan's messages, as the driver gets them. */
  readonly messages: readonly JsonObject[];
  /** The rules of the play, in order; `played` counts them from 0. */
  readonly rules: readonly Rule[];
}

// ── What is handed to the judge ─────────────────────────────────────────────────────────────────

/** All that was seen of one case. The judge needs nothing else, and asks for nothing. */
export interface CaseRecord<Plan extends CasePlan = CasePlan> {
  readonly run: CaseRun<Plan>;
  readonly mode: DriveMode;
  readonly separation: Separation;
  readonly clientId: string;
  readonly startedUs: number;
  /** When the watching ended: from then on nothing that arrives is in `exchanges`. */
  readonly endedUs: number;
  /** In the order in which they were given. */
  readonly jobs: readonly JobRecord[];
  /** In the order of arrival, with those that broke off. */
  readonly exchanges: readonly JournalEntry[];
  /** Requests that were still in flight when the watching ended. */
  readonly open: readonly OpenExchange[];
  /** Number of an exchange → index of the rule of `run.rules` that answered it. */
  readonly played: ReadonlyMap<number, number>;
  /** How long the harness watched after the last job ended; 0 where the process had ended. */
  readonly quietMs: number;
  readonly pauseFactor: number;
  /** Traffic of no running case arrived meanwhile: absence proves nothing. */
  readonly hasStray: boolean;
  /** Some exchanges of the case are lost. */
  readonly hasEvicted: boolean;
  /** The harness or the driver could not do its work: the case is an ERROR. */
  readonly error?: HarnessError | undefined;
  /** The same case was run before; this is the second time, alone. */
  readonly isRepeat: boolean;
}

export interface HarnessError {
  readonly message: string;
  readonly remedy: string;
}

/** An exchange that belongs to no case. */
export type StrayExchange = JournalEntry;

/** All that was seen of a run. */
export interface RunRecord<Plan extends CasePlan = CasePlan> {
  readonly mode: RunMode;
  /** In the order in which they ended; a repeated one twice. */
  readonly cases: readonly CaseRecord<Plan>[];
  readonly stray: readonly StrayExchange[];
  readonly pauseFactor: number;
  readonly realPauses: boolean;
  /** The case's names were given to the driver. */
  readonly isRevealed: boolean;
  /** Interrupted before all cases had run. */
  readonly isInterrupted: boolean;
  /** Cases that were planned and did not run. */
  readonly skipped: readonly SkippedCase<Plan>[];
}

/** Why a case that was planned did not run. */
export const skipReasons = [
  /** First contact failed on this operation: nothing else can be judged. */
  'control-failed',
  /** The driver does not do this operation. */
  'unsupported',
  /** The mode cannot show it. */
  'mode',
  'interrupted',
] as const;
export type SkipReason = (typeof skipReasons)[number];

export interface SkippedCase<Plan extends CasePlan = CasePlan> {
  readonly run: CaseRun<Plan>;
  readonly reason: SkipReason;
}
