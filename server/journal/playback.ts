import type { DecryptError } from '../protocol/sealing.ts';
import type { Connection } from './journal-entry.ts';

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
