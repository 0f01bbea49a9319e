import type { Contract, OperationId } from '../../../domain/contract/contract.ts';
import type { Rule } from '../../../domain/scenarios/scenario-file.ts';
import type { JsonObject } from '../../../domain/state/state.ts';
import type { JournalListener } from '../../../journal/journal.ts';
import type { SignatureAlgorithm } from '../../../protocol/signatures.ts';
import type { CaseCrypto } from './plan-runs.ts';

/** What a case needs of a simulator. The program that runs certify provides it. */
export interface Sandbox {
  /** Where drivers reach it. */
  readonly url: string;
  readonly contract: Contract;
  /** Microseconds of the journal's monotonic clock. */
  readonly nowUs: () => number;
  /** A client that no other case has. */
  readonly createClient: (wanted: SandboxClientOptions) => Promise<SandboxClient>;
  /** A client that is known already; undefined: it is not, or has no private key here. */
  readonly knownClient: (
    clientId: string,
    algorithm: SignatureAlgorithm,
  ) => SandboxClient | undefined;
  /** Plays rules to a client from now on. @returns how to end that */
  readonly play: (script: Script) => Promise<() => Promise<void>>;
  /** Hands what has happened by now to those that listen. */
  readonly catchUp: () => Promise<void>;
  readonly listen: (listener: JournalListener) => () => void;
  /** Whether an exchange is of this run; absent: every one is. */
  readonly isOwn?: ((exchange: { readonly clientId?: string | undefined }) => boolean) | undefined;
  /** Whether an exchange of that client after that number is lost. */
  readonly hasEvictedSince: (number: number, clientId: string) => boolean;
  readonly newestNumber: () => number;
  /** Deletes the clients that were created where others would keep them. */
  readonly close: () => Promise<void>;
  /** What is wrong with a message by the contract, a sentence a field. */
  readonly validate: (operation: OperationId, message: JsonObject) => Promise<readonly string[]>;
}

export interface SandboxClientOptions {
  readonly algorithm: SignatureAlgorithm;
  /** Versions of the platform's key that this client is answered with. */
  readonly platformKeyVersions: readonly number[];
}

export interface SandboxClient {
  readonly clientId: string;
  /** Bare base64 of PKCS#8. */
  readonly privateKey: string;
  readonly keyVersion: number;
  /** Bare base64 of SPKI, by version. */
  readonly platformKeys: Readonly<Record<string, string>>;
}

/** Rules of a case, under a name that the journal shows: `certify-7f3a01, rule 2`. */
export interface Script {
  readonly name: string;
  readonly clientId: string;
  readonly operation: OperationId;
  readonly rules: readonly Rule[];
}

/** What the harness must know; `certify.yaml` and the command line together make it. */
export interface HarnessSettings {
  readonly operations: readonly OperationId[];
  readonly modes: readonly CaseCrypto[];
  readonly every: 'primary' | 'operation';
  /** The merchant's own fields, by operation. */
  readonly messages: Partial<Readonly<Record<OperationId, JsonObject>>>;
  readonly pauseFactor: number;
  readonly realPauses: boolean;
  /** How long a job may take, and how long a case is watched at most. */
  readonly patienceMs: number;
  /** How long a client may wait for an answer at most. */
  readonly ceilingMs: number;
  /** The least time without traffic that shows that nothing more comes. */
  readonly quietMs: number;
  readonly jobs: number;
  readonly isRevealed: boolean;
  /** The application has a fixed identity. */
  readonly client: string | undefined;
  /** The application makes its own numbers: cases run one at a time. */
  readonly isSerial: boolean;
}

/** A case that cannot be started, or a run that does not wait for a report. */
export class CaseSessionError extends Error {
  readonly code:
    | 'UNKNOWN_CASE'
    | 'CASE_NOT_POSSIBLE'
    | 'UNKNOWN_RUN'
    | 'RUN_BUSY'
    | 'TOO_MANY_RUNS';
  readonly remedy: string;

  constructor(code: CaseSessionError['code'], message: string, remedy: string) {
    super(message);
    this.name = 'CaseSessionError';
    this.code = code;
    this.remedy = remedy;
  }
}
