import type { LoggedChanges } from './record-lines.ts';

/** Takes note of committed changes, so that they outlive the process. */
export interface Recorder {
  /** Settles when the changes, and all before them, are as durable as configured. */
  record(clientId: string, changes: LoggedChanges): Promise<void>;
  /** While what was changed before could not be written: settles once it is, rejects when it still is not. */
  recovered(): Promise<void> | undefined;
  close(): Promise<void>;
}

/** For state that lives as long as the process. */
export const forgetful: Recorder = { record: () => Promise.resolve(), recovered: () => undefined, close: () => Promise.resolve() };
