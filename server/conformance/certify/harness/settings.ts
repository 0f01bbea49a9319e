import type { OperationId } from '../../../domain/contract/contract.ts';
import type { JsonObject } from '../../../domain/state/state.ts';
import type { CaseCrypto } from './plan-runs.ts';

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
