import type { JobEnd } from '../types.ts';
import { checkReport } from './command-driver.ts';
import { commonEnvironment, type Driver, type JobRequest, type JobResult } from './driver.ts';
import { LineSplitter, maskKeys, readClaim } from './driver-output.ts';

import { DriverProcess } from './driver-process.ts';

export interface StreamDriverOptions {
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
