import { setTimeout as sleep } from 'node:timers/promises';
import { clipText } from '../../../problems/display-text.ts';
import { errorCode, errorText } from '../../../problems/problem.ts';
import { abortAfter } from '../../../protocol/abort-after.ts';
import { AnswerTooLargeError, headersByName, sendRaw } from '../../../protocol/send-raw.ts';
import type { Job } from '../types.ts';
import { checkReport } from './command-driver.ts';
import { type Driver, DriverUnavailableError, type JobRequest, type JobResult } from './driver.ts';
import { type ClaimResult, maskKeys, readClaim } from './driver-output.ts';

export interface HookDriverOptions {
  readonly url: URL;
  /** Whether the jobs carry credentials: not where the application has a fixed identity. */
  readonly sendsConnection: boolean;
  /** Microseconds of the journal's monotonic clock. */
  readonly nowUs: () => number;
}

const maxHookAnswerBytes = 256 * 1024;
const hookCheckTimeoutMs = 10_000;
/** How often a job that is in the application's queue is asked about. */
const reportPollMs = 250;

const loopbackNames = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** @returns whether the address is on this machine */
export const isLoopbackUrl = ({ hostname }: URL): boolean => loopbackNames.test(hostname);

/**
 * Gives the jobs to an application that runs. It answers with the report, or with 202 and nothing:
 * then it is asked for the report until it has one.
 */
export const createHookDriver = ({ url, sendsConnection, nowUs }: HookDriverOptions): Driver => ({
  mode: 'hook',
  endsWithJob: false,
  give: async (request) => {
    const { connection: _, ...bare } = request.job;
    const job: Job = sendsConnection ? request.job : bare;
    const given = await giveJob(url, job, request);
    const log = given.kind === 'not-given' ? given.problem : given.kind;
    if (given.kind === 'not-given')
      return { end: given, endedUs: nowUs(), remarks: [given.problem], log };
    if (given.kind === 'deadline')
      return { end: { kind: 'deadline' }, endedUs: nowUs(), remarks: [], log };
    return toResult(given, request, nowUs());
  },
  close: () => Promise.resolve(),
});

type Given =
  | { readonly kind: 'answered'; readonly text: string; readonly said: ClaimResult }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'not-given'; readonly problem: string };

const toResult = (
  { text, said }: Extract<Given, { kind: 'answered' }>,
  { job, connection }: JobRequest,
  atUs: number,
): JobResult => {
  const { claim, remarks } = checkReport(said, job.job);
  return {
    claim,
    claimedUs: atUs,
    claimedBy: 'report',
    end: { kind: 'answered' },
    endedUs: atUs,
    remarks,
    log: maskKeys(text, [connection.privateKey]),
  };
};

const giveJob = async (url: URL, job: Job, { deadlineMs, stop }: JobRequest): Promise<Given> => {
  const deadline = abortAfter(deadlineMs, stop);
  for (let body: object = job; ; body = { ...job, action: 'report' }) {
    const answer = await sendToHook(url, 'POST', JSON.stringify(body), deadline);
    if ('problem' in answer)
      return deadline.aborted
        ? { kind: 'deadline' }
        : { kind: 'not-given', problem: `the hook ${answer.problem}` };
    if (answer.status === 200) return readHookReport(answer.text);
    if (answer.status !== 202)
      return { kind: 'not-given', problem: `the hook ${describeStatus(answer)}` };
    await sleep(reportPollMs, undefined, { signal: deadline }).catch(() => {});
    if (deadline.aborted) return { kind: 'deadline' };
  }
};

const readHookReport = (text: string): Given => {
  const said = readClaim(text.trim());
  return said === undefined
    ? {
        kind: 'not-given',
        problem: `the hook answered 200 without a report: ${clipText(text, 200) || '(nothing)'}`,
      }
    : { kind: 'answered', text, said };
};

const describeStatus = ({ status, location, text }: HookAnswer): string =>
  status >= 300 && status < 400
    ? `redirects to ${location ?? '(nothing)'}; name the address itself`
    : `answered ${status}: ${clipText(text, 200) || '(nothing)'}`;

interface HookAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

/** Redirects are not followed: certify sends to the named address and to no other. */
const sendToHook = async (
  url: URL,
  method: 'GET' | 'POST',
  body: string,
  signal: AbortSignal,
): Promise<HookAnswer | { readonly problem: string }> => {
  const rawHeaders = ['Content-Type', 'application/json; charset=UTF-8'];
  const request = { method, rawHeaders, body: Buffer.from(body) };
  try {
    const answer = await sendRaw(url, request, { signal, maxAnswerBytes: maxHookAnswerBytes });
    const { location } = headersByName(answer.rawHeaders);
    return { status: answer.httpStatus, location, text: answer.body.toString() };
  } catch (error) {
    if (error instanceof AnswerTooLargeError)
      return { problem: `answered with more than ${maxHookAnswerBytes} bytes` };
    return { problem: `cannot be reached: ${errorCode(error) || errorText(error)}` };
  }
};

/** Asks whether the application is there before the run. @throws DriverUnavailableError */
export const checkHook = async (url: URL): Promise<void> => {
  const answer = await sendToHook(url, 'GET', '', AbortSignal.timeout(hookCheckTimeoutMs));
  const problem =
    'problem' in answer
      ? answer.problem
      : answer.status === 200 || answer.status === 405
        ? undefined
        : describeStatus(answer);
  if (problem === undefined) return;
  throw new DriverUnavailableError(
    'HOOK_UNAVAILABLE',
    `--hook ${url.href}: ${problem}`,
    'Start the application; a GET on its hook must be answered with 200 or 405.',
  );
};
