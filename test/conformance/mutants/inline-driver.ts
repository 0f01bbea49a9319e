import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Driver,
  type JobRequest,
  type JobResult,
  jobEnvironment,
  readClaim,
} from '../../../server/conformance/certify/harness/driver.ts';
import type { Job, JobConnection } from '../../../server/conformance/certify/types.ts';
import { omitUndefined } from '../../../server/problems/plain-object.ts';

export interface Client {
  readonly NoOpinion: new () => Error;
  readonly startMerchant: (
    mutant: string,
    env: NodeJS.ProcessEnv,
    signal: AbortSignal,
  ) => (job: Job) => Promise<object>;
}

const clientFile = join(import.meta.dirname, 'client.mjs');

export const loadMutants = (): Promise<Client> => import(pathToFileURL(clientFile).href);

const { NoOpinion, startMerchant } = await loadMutants();

/**
 * Runs the client of the mutants in this process, where starting one for each job would take longer
 * than the job. Otherwise it does what the command driver does.
 *
 * @param environment added to what a driver gets
 */
export const createInlineDriver = (mutant: string, environment: NodeJS.ProcessEnv): Driver => ({
  mode: 'command',
  endsWithJob: true,
  give: (request) => runJob(request, mutant, environment),
  close: () => Promise.resolve(),
});

const nowUs = (): number => performance.now() * 1000;

const runJob = async (
  request: JobRequest,
  mutant: string,
  environment: NodeJS.ProcessEnv,
): Promise<JobResult> => {
  const end = new AbortController();
  const deadline = setTimeout(() => end.abort('deadline'), request.deadlineMs);
  request.kill.addEventListener('abort', () => end.abort('killed'), { once: true });
  const env = { ...jobEnvironment(request), ...environment };
  const isEnded = new Promise<undefined>((resolve) => {
    end.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const result = startMerchant(
    mutant,
    env,
    end.signal,
  )(request.job).catch((error: unknown) => {
    if (error instanceof NoOpinion || end.signal.aborted) return undefined;
    throw error;
  });
  const report = await Promise.race([result, isEnded]);
  const claimedUs = nowUs();
  clearTimeout(deadline);
  const common = { endedUs: claimedUs, remarks: [], log: '' };
  if (end.signal.aborted)
    return { ...common, end: { kind: end.signal.reason === 'killed' ? 'killed' : 'deadline' } };
  if (report === undefined) return { ...common, end: { kind: 'exited', code: 1 } };
  const said = readClaim(JSON.stringify(report));
  if (said === undefined || 'problem' in said) throw new Error(said?.problem ?? 'no report');
  const { claim } = said;
  return { ...common, claim, claimedUs, claimedBy: 'report', end: { kind: 'exited', code: 0 } };
};

/** A step of a case that the caller drives, as the admin API returns it. */
export interface DrivenStep {
  readonly run: string;
  readonly job?: Job & { readonly connection: JobConnection };
  readonly result?: object;
}

export interface DrivenCase {
  readonly mutant: string;
  readonly first: DrivenStep;
  readonly stateFolder: string;
  /** Where the client sends to; what the job says when absent. */
  readonly baseUrl?: string;
  /** Passes on what the client says. @returns the next step */
  readonly report: (said: object) => Promise<DrivenStep>;
}

/** Does every job of a case that the caller drives. @returns the result, with its verdict */
export const driveCase = async ({
  mutant,
  first,
  stateFolder,
  baseUrl,
  report,
}: DrivenCase): Promise<object | undefined> => {
  for (let step = first; ; ) {
    const { run, job, result } = step;
    if (job === undefined) return result;
    const { connection, ...bare } = job;
    const env = {
      ALIPAYHK_BASE_URL: baseUrl ?? connection.baseUrl,
      ALIPAYHK_CLIENT_ID: connection.clientId,
      ALIPAYHK_PRIVATE_KEY: connection.privateKey,
      ALIPAYHK_PLATFORM_KEYS: JSON.stringify(connection.platformKeys),
      ALIPAYHK_CERTIFY_PAUSE_FACTOR: String(connection.pauseFactor),
      ALIPAYHK_CERTIFY_STATE: stateFolder,
    };
    const said = await startMerchant(mutant, env, new AbortController().signal)(bare);
    const { outcome, nextAttemptInMs } = said as { outcome: string; nextAttemptInMs?: number };
    step = await report(omitUndefined({ run, outcome, nextAttemptInMs }));
  }
};
