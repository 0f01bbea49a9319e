import type { KeyObject } from 'node:crypto';
import type { SealingScheme } from '../../protocol/sealing.ts';

/** A private key that may open the wrapped key. It is used here and never shown. */
export interface UnwrappingKey {
  /**
   * `receiver`: whose key it should be wrapped for. `other`: anyone else whose key the sender may
   * have taken, such as its own.
   */
  readonly owner: 'receiver' | 'other';
  readonly version: number;
  readonly key: KeyObject;
}

/** A sealed message that could not be opened. */
export interface SealingCase {
  /** As sent. */
  readonly headerName: string;
  readonly header: string;
  /** The bytes on the wire. */
  readonly body: Buffer;
  readonly keys: readonly UnwrappingKey[];
  /** How the receiver is set to open. */
  readonly scheme: SealingScheme;
}
