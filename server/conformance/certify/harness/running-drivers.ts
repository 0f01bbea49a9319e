import { setTimeout as sleep } from 'node:timers/promises';
import { clipText } from '../../../problems/display-text.ts';
import { errorCode, errorText } from '../../../problems/problem.ts';
import { abortAfter } from '../../../protocol/http-call.ts';
import { AnswerTooLargeError, headersByName, sendRaw } from '../../../protocol/send-raw.ts';
import type { Job, JobEnd } from '../types.ts';
import {
  type ClaimResult,
  commonEnvironment,
  type Driver,
  DriverUnavailableError,
  type JobRequest,
  type JobResult,
  LineSplitter,
  maskKeys,
  readClaim,
} from './driver.ts';
import { checkReport, DriverProcess } from './driver-process.ts';

interface StreamDriverOptions {
  readonly words: readonly string[];
  /** Microseconds of the journal's monotonic clock. */
  readonly nowUs: () => number;
  readonly pauseFactor: number;
  readonly patienceMs: number;
  /** A folder that only this run has. */
  readonly folder: string;
}

/** How much longer the first job of a process may take: a virtual machine starts slowly. */
const startGraceMs = 30_000;

/**
 * One process for all jobs: a job a line on stdin, a report a line on stdout, in any order. A
 * process that ends is started again for the next job.
 */
export const createStreamDriver = (options: StreamDriverOptions): Driver => {
  const processes = new Set<StreamProcess>();
  let current: StreamProcess | undefined;
  const open = (): StreamProcess => {
    if (current === undefined || !current.takesJobs) {
      current = new StreamProcess(options);
      processes.add(current);
    }
    return current;
  };
  return {
    mode: 'stream',
    endsWithJob: false,
    give: (request) => open().give(request),
    close: async () => {
      await Promise.all([...processes].map((one) => one.close()));
    },
  };
};

type Settle = (result: Omit<JobResult, 'log' | 'endedUs' | 'remarks'> & Remarks) => void;

interface Remarks {
  readonly remarks?: readonly string[];
}

class StreamProcess {
  readonly #options: StreamDriverOptions;
  readonly #process: DriverProcess;
  readonly #lines: LineSplitter;
  readonly #open = new Map<string, Settle>();
  readonly #answered = new Set<string>();
  readonly #keys = new Set<string>();
  /** About the process rather than a job; the next job that ends takes them along. */
  readonly #remarks: string[] = [];
  #hasReported = false;
  #isRetired = false;
  #idle: (() => void) | undefined;

  constructor(options: StreamDriverOptions) {
    this.#options = options;
    const { words, pauseFactor, patienceMs, folder } = options;
    this.#lines = new LineSplitter((line) => this.#read(line));
    this.#process = new DriverProcess({
      words,
      env: { ...commonEnvironment(pauseFactor, patienceMs), ALIPAYHK_CERTIFY_STATE: folder },
      mark: `ALIPAYHK_CERTIFY_STATE=${folder}`,
      onStdout: (chunk) => this.#lines.write(chunk),
    });
    this.#process.exited.then(
      (end) => this.#settleAll(end),
      () => {},
    );
  }

  get takesJobs(): boolean {
    return !this.#isRetired && !this.#process.hasEnded;
  }

  async give(request: JobRequest): Promise<JobResult> {
    const { job, connection, deadlineMs, kill, stop } = request;
    const { nowUs } = this.#options;
    this.#keys.add(connection.privateKey);
    const over = new AbortController();
    const graceMs = this.#hasReported ? 0 : startGraceMs;
    const timer = setTimeout(() => this.#end(job.job, { kind: 'deadline' }), deadlineMs + graceMs);
    const { signal } = over;
    kill.addEventListener('abort', () => this.#end(job.job, { kind: 'killed' }), { signal });
    stop.addEventListener('abort', () => this.#end(job.job, { kind: 'deadline' }), { signal });
    const answer = new Promise<Parameters<Settle>[0]>((resolve) => {
      this.#open.set(job.job, resolve);
    });
    this.#process.write(`${JSON.stringify(job)}\n`, false);
    try {
      const result = await Promise.race([answer, rejection(this.#process.exited)]);
      if (result.end.kind === 'killed') await this.#retire(true);
      else if (result.end.kind !== 'answered') await this.#retire(false);
      return {
        ...result,
        endedUs: nowUs(),
        remarks: [...(result.remarks ?? []), ...this.#remarks.splice(0)],
        log: this.#process.log((text) => maskKeys(text, [...this.#keys])),
      };
    } finally {
      clearTimeout(timer);
      over.abort();
    }
  }

  /** Closes stdin, which means: finish and exit. */
  async close(): Promise<void> {
    this.#process.write('', true);
    await Promise.race([this.#process.exited.catch(() => {}), finishGrace()]);
    await this.#process.end();
  }

  #read(line: string): void {
    const said = readClaim(line);
    if (said === undefined) return;
    this.#hasReported = true;
    const [only] = this.#open.size === 1 ? this.#open.keys() : [];
    const job = ('job' in said ? said.job : undefined) ?? only;
    if (job === undefined) {
      this.#remarks.push('wrote a report that does not name its job; not read');
      return;
    }
    if (!this.#open.has(job)) {
      const what = this.#answered.has(job) ? 'a second report on' : 'a report on the unknown job';
      this.#remarks.push(`wrote ${what} ${job}; not read`);
      return;
    }
    this.#settle(job, {
      ...checkReport(said, job),
      claimedBy: 'report',
      claimedUs: this.#options.nowUs(),
      end: { kind: 'answered' },
    });
  }

  #end(job: string, end: JobEnd): void {
    this.#settle(job, { end });
  }

  #settleAll(end: JobEnd): void {
    this.#lines.end();
    for (const job of [...this.#open.keys()]) this.#settle(job, { end });
  }

  #settle(job: string, result: Parameters<Settle>[0]): void {
    const settle = this.#open.get(job);
    if (settle === undefined) return;
    this.#open.delete(job);
    this.#answered.add(job);
    settle(result);
    if (this.#open.size === 0) this.#idle?.();
  }

  /** Takes no more jobs, and ends when those of others are done. */
  async #retire(isKill: boolean): Promise<void> {
    this.#isRetired = true;
    if (!isKill && !this.#process.hasEnded && this.#open.size > 0)
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    await this.#process.end(isKill);
  }
}

/** Rejects as the promise does, and never resolves. */
const rejection = (promise: Promise<unknown>): Promise<never> =>
  new Promise((_resolve, reject) => {
    promise.catch(reject);
  });

const finishGraceMs = 2000;

const finishGrace = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, finishGraceMs).unref());

interface HookDriverOptions {
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
