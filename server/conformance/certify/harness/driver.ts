import type { Claim, DriveMode, Job, JobConnection, JobEnd } from '../types.ts';

/** A job for a driver, and how long and under what conditions it may work on it. */
export interface JobRequest {
  readonly job: Job;
  readonly connection: JobConnection;
  /** An empty folder of the case, the same for all of its jobs. */
  readonly stateFolder: string;
  /** Only with `--reveal`. */
  readonly caseName: string | undefined;
  readonly deadlineMs: number;
  /** Ends the process at once, because the case says so. */
  readonly kill: AbortSignal;
  /** The run is over. */
  readonly stop: AbortSignal;
}

/** What came of a job; microseconds of the journal's monotonic clock. */
export interface JobResult {
  readonly claim?: Claim | undefined;
  readonly claimedUs?: number | undefined;
  readonly claimedBy?: 'report' | 'exit-code' | undefined;
  readonly end: JobEnd;
  readonly endedUs: number;
  readonly remarks: readonly string[];
  readonly log: string;
}

/** Makes the merchant's application send. */
export interface Driver {
  readonly mode: DriveMode;
  /** Whether the end of a job is the end of all that could send for it. */
  readonly endsWithJob: boolean;
  /**
   * Never rejects for what the driver does wrong: that is in the result.
   * @throws DriverUnavailableError when it cannot be reached or run at all
   */
  readonly give: (request: JobRequest) => Promise<JobResult>;
  /** Ends it, and whatever it left. */
  readonly close: () => Promise<void>;
}

/** The command cannot be run, or nothing answers at the hook's address. */
export class DriverUnavailableError extends Error {
  readonly code: 'CANNOT_RUN' | 'HOOK_UNAVAILABLE';
  readonly remedy: string;

  constructor(code: DriverUnavailableError['code'], message: string, remedy: string) {
    super(message);
    this.name = 'DriverUnavailableError';
    this.code = code;
    this.remedy = remedy;
  }
}
