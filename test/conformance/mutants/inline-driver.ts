import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Driver,
  type JobRequest,
  type JobResult,
  jobEnvironment,
} from '../../../server/conformance/certify/harness/driver.ts';
import { readClaim } from '../../../server/conformance/certify/harness/driver-output.ts';

import type { Job } from '../../../server/conformance/certify/types.ts';

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
