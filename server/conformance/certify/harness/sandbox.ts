import type { Contract, OperationId } from '../../../domain/contract/contract.ts';
import type { Rule } from '../../../domain/scenarios/scenario-file.ts';
import type { JsonObject } from '../../../domain/state/state.ts';
import type { JournalListener } from '../../../journal/journal.ts';
import type { SignatureAlgorithm } from '../../../protocol/algorithms.ts';

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
  readonly play: (script: Script) => () => void;
  readonly listen: (listener: JournalListener) => () => void;
  /** Whether an exchange of that client after that number is lost. */
  readonly hasEvictedSince: (number: number, clientId: string) => boolean;
  readonly newestNumber: () => number;
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
