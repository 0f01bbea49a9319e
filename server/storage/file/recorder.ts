import type { LoggedChanges } from './record-lines.ts';

/** Takes note of committed changes, so that they outlive the process. */
export interface Recorder {
  /**
   * Settles when the changes, and all before them, are as durable as configured.
   * @param undo called before a rejection, the latest change first: puts memory back to what it was
   */
  record(clientId: string, changes: LoggedChanges, undo: () => void): Promise<void>;
  /** After a failed write: settles once the next one may be tried, rejects while it may not. */
  recovered(): Promise<void> | undefined;
  close(): Promise<void>;
}

/** For state that lives as long as the process. */
export const nullRecorder: Recorder = {
  record: () => Promise.resolve(),
  recovered: () => undefined,
  close: () => Promise.resolve(),
};
