import { closeSync, constants, fstatSync, openSync, readSync, rmSync } from 'node:fs';
import type { Claim, JobEnd } from '../types.ts';
import {
  type Driver,
  type JobRequest,
  type JobResult,
  jobEnvironment,
  resultFile,
} from './driver.ts';
import {
  type ClaimResult,
  claimFromExitCode,
  maskKeys,
  ReportReader,
  readClaim,
} from './driver-output.ts';

import { DriverProcess, type ProcessEnd } from './driver-process.ts';

/** A report in a file is no longer than this. */
const maxReportBytes = 256 * 1024;

/** Codes of a shell that could not run what it was given. */
const shellFailures: Readonly<Record<number, string>> = {
  126: 'exit code 126: the shell may not execute the command',
  127: 'exit code 127: the shell does not find the command',
};

/**
 * Runs the command once for each job: the job on stdin, the report on stdout or in a file.
 * @param words the command and its arguments
 * @param nowUs microseconds of the journal's monotonic clock
 */
export const createCommandDriver = (words: readonly string[], nowUs: () => number): Driver => ({
  mode: 'command',
  endsWithJob: true,
  give: (request) => runJob(words, request, nowUs),
  close: () => Promise.resolve(),
});

type JobStopper = 'itself' | 'deadline' | 'kill' | 'stop';

const runJob = async (
  words: readonly string[],
  request: JobRequest,
  nowUs: () => number,
): Promise<JobResult> => {
  const { job, connection, stateFolder } = request;
  const reports = new ReportReader(nowUs);
  const driver = new DriverProcess({
    words,
    env: jobEnvironment(request),
    mark: `ALIPAYHK_CERTIFY_STATE=${stateFolder}`,
    onStdout: (chunk) => reports.write(chunk),
  });
  driver.write(`${JSON.stringify(job)}\n`, true);
  const endedBy = await awaitStopper(driver, request);
  const exitedUs = nowUs();
  const left = await driver.end(endedBy === 'kill');
  const exit = await driver.exited;
  reports.end();
  const file = readResultFile(resultFile(request));
  const said = file ?? reports.last;
  const read = readJobReport(said, exit, endedBy, job.job);
  const mask = (text: string): string => maskKeys(text, [connection.privateKey]);
  return {
    ...read,
    claimedUs:
      read.claim === undefined
        ? undefined
        : read.claimedBy === 'report' && file === undefined
          ? reports.atUs
          : exitedUs,
    end: toJobEnd(exit, endedBy),
    endedUs: nowUs(),
    remarks: [
      ...(file === undefined ? reports.remarks : []),
      ...read.remarks,
      ...(endedBy === 'itself' && left > 0
        ? [`left ${left} processes running when it ended; they were ended`]
        : []),
    ],
    log: driver.log(mask),
  };
};

/** Waits for the end of the process, or for a reason to end it. */
const awaitStopper = async (
  driver: DriverProcess,
  { deadlineMs, kill, stop }: JobRequest,
): Promise<JobStopper> => {
  let timer: NodeJS.Timeout | undefined;
  const reasons = new AbortController();
  const untilAborted = (signal: AbortSignal, reason: JobStopper): Promise<JobStopper> =>
    new Promise((resolve) => {
      if (signal.aborted) resolve(reason);
      signal.addEventListener('abort', () => resolve(reason), { signal: reasons.signal });
    });
  try {
    return await Promise.race([
      driver.exited.then((): JobStopper => 'itself'),
      new Promise<JobStopper>((resolve) => {
        timer = setTimeout(() => resolve('deadline'), deadlineMs);
      }),
      untilAborted(kill, 'kill'),
      untilAborted(stop, 'stop'),
    ]);
  } finally {
    clearTimeout(timer);
    reasons.abort();
  }
};

const toJobEnd = (exit: ProcessEnd, endedBy: JobStopper): JobEnd =>
  endedBy === 'deadline' || endedBy === 'stop'
    ? { kind: 'deadline' }
    : endedBy === 'kill'
      ? { kind: 'killed' }
      : exit;

interface ReportReading {
  readonly claim?: Claim | undefined;
  readonly claimedBy?: JobResult['claimedBy'];
  readonly remarks: readonly string[];
}

/** A report beats the exit code; a report that cannot be used is the driver's own failure. */
const readJobReport = (
  said: ClaimResult | undefined,
  exit: ProcessEnd,
  endedBy: JobStopper,
  job: string,
): ReportReading => {
  if (said !== undefined) return { ...checkReport(said, job), claimedBy: 'report' };
  if (endedBy !== 'itself' || exit.kind !== 'exited') return { remarks: [] };
  const failure = shellFailures[exit.code];
  if (failure !== undefined) return { ...driverError(failure), claimedBy: 'exit-code' };
  const claim = claimFromExitCode(exit.code);
  return claim === undefined ? { remarks: [] } : { claim, claimedBy: 'exit-code', remarks: [] };
};

/** A report about another job, or one that cannot be read, is an error of the driver. */
export const checkReport = (said: ClaimResult, job: string): ReportReading => {
  if ('problem' in said) return driverError(`the report cannot be used: ${said.problem}`);
  if (said.job !== undefined && said.job !== job)
    return driverError(`the report is about the job ${said.job}, and the job is ${job}`);
  return { claim: said.claim, remarks: [] };
};

const driverError = (reason: string): ReportReading => ({
  claim: { outcome: 'ERROR', reason },
  remarks: [reason],
});

/** @returns undefined where the driver has written nothing there */
const readResultFile = (file: string): ClaimResult | undefined => {
  let handle: number | undefined;
  try {
    // Neither a link that leads elsewhere nor a pipe that would block.
    handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const info = fstatSync(handle);
    if (!info.isFile() || info.size === 0) return undefined;
    if (info.size > maxReportBytes)
      return { problem: `the result file has more than ${maxReportBytes} bytes` };
    const bytes = Buffer.alloc(info.size);
    readSync(handle, bytes);
    const text = bytes.toString('utf8').trim();
    const last = text.split('\n').at(-1) ?? '';
    return (
      readClaim(text) ?? readClaim(last) ?? { problem: 'the result file holds no JSON report' }
    );
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
    rmSync(file, { force: true });
  }
};
