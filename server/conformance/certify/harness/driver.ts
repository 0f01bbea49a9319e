import { abortAfter } from '../../../protocol/abort-after.ts';
import { omitUndefined } from '../../../protocol/omit-undefined.ts';
import {
  type Claim,
  type DriveMode,
  driverProtocol,
  type Job,
  type JobConnection,
  type JobEnd,
} from '../types.ts';
import type { Sandbox } from './sandbox.ts';

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

/** Variables of certify itself that a driver has no use for, or must not know. */
const withheld = /^ALIPAYHK_(MOCK_|ADMIN_|CERTIFY)/;

const inheritedVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !withheld.test(name)));

/** Where a driver may write its report. */
export const resultFile = ({ stateFolder, job }: JobRequest): string =>
  `${stateFolder}.${job.job}.result`;

/** The environment of a driver that runs once for each job. */
export const jobEnvironment = (request: JobRequest): NodeJS.ProcessEnv => {
  const { connection, stateFolder, deadlineMs, caseName } = request;
  const versions = Object.keys(connection.platformKeys).map(Number);
  const newest = String(Math.max(...versions));
  return {
    ...commonEnvironment(connection.pauseFactor, deadlineMs),
    ALIPAYHK_BASE_URL: connection.baseUrl,
    ALIPAYHK_CLIENT_ID: connection.clientId,
    ALIPAYHK_PRIVATE_KEY: connection.privateKey,
    ALIPAYHK_KEY_VERSION: String(connection.keyVersion),
    ALIPAYHK_PLATFORM_KEY: connection.platformKeys[newest] ?? '',
    ALIPAYHK_PLATFORM_KEYS: JSON.stringify(connection.platformKeys),
    ALIPAYHK_CERTIFY_STATE: stateFolder,
    ALIPAYHK_CERTIFY_RESULT: resultFile(request),
    ...omitUndefined({ ALIPAYHK_CERTIFY_CASE: caseName }),
  };
};

/** What does not depend on the job. */
export const commonEnvironment = (pauseFactor: number, deadlineMs: number): NodeJS.ProcessEnv => ({
  ...inheritedVariables(),
  ALIPAYHK_CERTIFY: String(driverProtocol),
  ALIPAYHK_CERTIFY_PAUSE_FACTOR: String(pauseFactor),
  ALIPAYHK_CERTIFY_DEADLINE_MS: String(deadlineMs),
});

export interface PassiveDriverOptions {
  readonly sandbox: Pick<Sandbox, 'listen' | 'nowUs'>;
  /** Shows a person what to do. */
  readonly ask: (text: string) => void;
  /** How long a person or a test suite has to make the application send. */
  readonly waitMs: number;
}

/**
 * Gives its jobs to a person, in words, and waits for the first request. Nothing is claimed: what
 * is judged is the wire alone.
 */
export const createPassiveDriver = ({ sandbox, ask, waitMs }: PassiveDriverOptions): Driver => ({
  mode: 'passive',
  endsWithJob: false,
  give: async ({ job, stop }: JobRequest): Promise<JobResult> => {
    const { nowUs } = sandbox;
    // Whatever the application does by itself is watched afterwards.
    if (job.action !== 'send' && job.action !== 'sendAll') return watchedResult(nowUs());
    ask(describeJob(job));
    return (await hasArrived(sandbox, abortAfter(waitMs, stop)))
      ? watchedResult(nowUs())
      : {
          end: { kind: 'not-given', problem: 'no request arrived in time' },
          endedUs: nowUs(),
          remarks: [],
          log: '',
        };
  },
  close: () => Promise.resolve(),
});

const watchedResult = (endedUs: number): JobResult => ({
  end: { kind: 'watched' },
  endedUs,
  remarks: [],
  log: '',
});

const hasArrived = ({ listen }: Pick<Sandbox, 'listen'>, signal: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    const stopListening = listen({
      onOpen: () => {
        stopListening();
        resolve(true);
      },
    });
    const giveUp = (): void => {
      stopListening();
      resolve(false);
    };
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
  });

const describeJob = ({ operation, path, sealed, message, messages = [] }: Job): string => {
  const all = message === undefined ? messages : [message];
  const what = all.length === 1 ? 'this message' : `these ${all.length} messages, in this order`;
  return [
    `Make your application send ${what} with ${operation}${sealed ? ', encrypted' : ''}`,
    `(POST ${path}), or one of its own like it:`,
    ...all.map((one) => JSON.stringify(one)),
  ].join('\n');
};
