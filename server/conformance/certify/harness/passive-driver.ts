import type { Job } from '../types.ts';
import type { Driver, JobRequest, JobResult } from './driver.ts';
import type { Sandbox } from './sandbox.ts';

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
    return (await hasArrived(sandbox, AbortSignal.any([AbortSignal.timeout(waitMs), stop])))
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
