import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OperationId } from '../../../domain/contract/contract.ts';
import { suggest } from '../../../problems/did-you-mean.ts';
import { clipText } from '../../../problems/display-text.ts';
import type { SignatureAlgorithm } from '../../../protocol/signatures.ts';
import type { CatalogueCase } from '../catalogue/case.ts';
import { catalogue } from '../catalogue/index.ts';
import { defaultJudgeLimits, type JudgeOptions, judgeAlone } from '../judge-run.ts';
import type { CaseResult } from '../result.ts';
import type { Claim, Job } from '../types.ts';
import type { Driver, JobRequest, JobResult } from './driver.ts';
import { controlCase, type PlannedCase, planCases, planControls, runsIn } from './plan-runs.ts';
import { runCase } from './run-case.ts';
import { randomLetters } from './runner.ts';
import { CaseSessionError, type HarnessSettings, type Sandbox } from './sandbox.ts';
import { TrafficSorter } from './traffic.ts';

export interface CaseOptions {
  readonly operation: OperationId;
  /** The first that applies when absent. */
  readonly variant?: string | undefined;
  readonly algorithm: SignatureAlgorithm;
  readonly sealed: boolean;
  readonly pauseFactor: number;
  /** How long nothing may arrive after the last report. */
  readonly quietMs: number;
}

/** The next job of a case, or its verdict. */
export interface CaseStep {
  readonly run: string;
  readonly case: string;
  readonly variant: string | undefined;
  readonly operation: OperationId;
  readonly isDone: boolean;
  readonly job?: Job;
  readonly result?: CaseResult;
}

export interface CaseSessionsDeps {
  readonly sandbox: Sandbox;
  readonly reading: JudgeOptions['reading'];
  readonly onVerdict: (step: CaseStep, clientId: string) => void;
  /** The name of this replica, where there are others. */
  readonly replica?: string | undefined;
  /** Passes a report on to the replica that has its run; undefined: that one has gone. */
  readonly askReplica?: (replica: string, report: string) => Promise<string | undefined>;
}

const maxSessions = 50;
/** A run without a report for so long is ended. */
const idleMs = 600_000;

/**
 * Cases that a caller drives itself: it gets a job, makes the application send, and reports what the
 * application believes, until there is a verdict.
 */
export class CaseSessions {
  readonly #deps: CaseSessionsDeps;
  readonly #sessions = new Map<string, CaseSession>();

  constructor(deps: CaseSessionsDeps) {
    this.#deps = deps;
  }

  /** @throws CaseSessionError */
  start(id: string, options: CaseOptions): Promise<CaseStep> {
    const plan = catalogue.find((one) => one.id === id);
    if (plan === undefined)
      throw new CaseSessionError(
        'UNKNOWN_CASE',
        `unknown case ${clipText(id, 40)}`,
        suggest(
          id,
          catalogue.map((one) => one.id),
        ),
      );
    if (this.#sessions.size >= maxSessions)
      throw new CaseSessionError(
        'TOO_MANY_RUNS',
        `${maxSessions} runs are open`,
        'Finish one of them, or wait: they end after ten minutes without a report.',
      );
    const session = new CaseSession(choosePlanned(plan, options), options, this.#deps);
    this.#sessions.set(session.run, session);
    void session.ended.then(() => this.#sessions.delete(session.run));
    return session.next();
  }

  /** @throws CaseSessionError */
  finish(run: string, claim: Claim): Promise<CaseStep> {
    const [owner = ''] = run.split('.');
    const { askReplica, replica } = this.#deps;
    if (askReplica !== undefined && owner !== replica && owner !== run)
      return askReplica(owner, JSON.stringify({ run, claim })).then(readPassedOn);
    const session = this.#sessions.get(run);
    if (session === undefined) throw unknownRun();
    return session.report(claim);
  }

  /** A report that another replica passes on. @returns the step or the refusal, as JSON */
  async finishFor(report: string): Promise<string> {
    const { run, claim } = JSON.parse(report) as { readonly run: string; readonly claim: Claim };
    try {
      return JSON.stringify({ step: await this.finish(run, claim) });
    } catch (error) {
      if (!(error instanceof CaseSessionError)) throw error;
      const { code, message, remedy } = error;
      return JSON.stringify({ refusal: { code, message, remedy } });
    }
  }

  /** Ends all runs. */
  close(): void {
    for (const session of this.#sessions.values()) session.stop();
  }
}

const unknownRun = (): CaseSessionError =>
  new CaseSessionError('UNKNOWN_RUN', 'no such run waits for a report', 'Start the case.');

/** @throws CaseSessionError as the replica that has the run did */
const readPassedOn = (reply: string | undefined): CaseStep => {
  if (reply === undefined) throw unknownRun();
  const { step, refusal } = JSON.parse(reply);
  if (refusal !== undefined)
    throw new CaseSessionError(refusal.code, refusal.message, refusal.remedy);
  return step;
};

/** @throws CaseSessionError for what the case is not about */
const choosePlanned = (
  plan: CatalogueCase,
  { operation, variant, algorithm, sealed }: CaseOptions,
): PlannedCase<CatalogueCase> => {
  if (!runsIn(plan, 'hook'))
    throw new CaseSessionError(
      'CASE_NOT_POSSIBLE',
      `${plan.id} ends the application's process`,
      'Run alipayhk-mock certify with a command.',
    );
  const mode = { algorithm, sealed: sealed || plan.needsSealed === true };
  const wanted = { cases: [plan], operations: [operation], modes: [mode] };
  const planned =
    plan.id === controlCase ? planControls(wanted) : planCases({ ...wanted, every: 'operation' });
  const chosen = planned.find((one) => variant === undefined || one.variant === variant);
  if (chosen !== undefined) return chosen;
  const variants = planned.map((one) => one.variant);
  throw new CaseSessionError(
    'CASE_NOT_POSSIBLE',
    `${[plan.id, variant].filter(Boolean).join(' ')} is not about ${operation}`,
    variants.length > 0 ? `Variants: ${variants.join(', ')}.` : 'Choose another operation.',
  );
};

/** One run of a case. */
class CaseSession {
  readonly run: string;
  /** Resolves when the case is judged, or was stopped. */
  readonly ended: Promise<void>;
  readonly #planned: PlannedCase<CatalogueCase>;
  readonly #options: CaseOptions;
  readonly #deps: CaseSessionsDeps;
  readonly #stop = new AbortController();
  #waiting: { resolve: (step: CaseStep) => void; reject: (error: unknown) => void } | undefined;
  #answer: ((claim: Claim | undefined) => void) | undefined;
  #clientId = '';

  constructor(planned: PlannedCase<CatalogueCase>, options: CaseOptions, deps: CaseSessionsDeps) {
    this.#planned = planned;
    this.#options = options;
    this.#deps = deps;
    const id = randomUUID();
    this.run = deps.replica === undefined ? id : `${deps.replica}.${id}`;
    // The caller waits for the first job before anything can happen.
    this.ended = Promise.resolve().then(() => this.#play());
  }

  /** The next job, or the verdict. */
  next(): Promise<CaseStep> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  /** @throws CaseSessionError while nothing waits for a report */
  report(claim: Claim): Promise<CaseStep> {
    const answer = this.#answer;
    if (answer === undefined)
      throw new CaseSessionError('RUN_BUSY', 'the run is being judged', 'Wait for the answer.');
    this.#answer = undefined;
    const step = this.next();
    answer(claim);
    return step;
  }

  stop(): void {
    this.#stop.abort();
    this.#answer?.(undefined);
  }

  async #play(): Promise<void> {
    const { reading, onVerdict } = this.#deps;
    const sandbox = this.#ownSandbox();
    const folder = mkdtempSync(join(tmpdir(), 'alipayhk-case-'));
    const traffic = new TrafficSorter(sandbox);
    try {
      const record = await runCase(
        this.#planned,
        { token: `C${randomLetters(10)}`, isRepeat: false },
        {
          ...{ sandbox, folder, traffic, driver: this.#driver(), settings: this.#settings() },
          stop: this.#stop.signal,
          quietMs: () => this.#options.quietMs,
        },
      );
      // The doctor's sentence says more than the refusal.
      for (const { pendingDiagnosis } of record.exchanges) pendingDiagnosis?.finish();
      const result = judgeAlone(record, { reading, limits: defaultJudgeLimits });
      const step = { ...this.#head(), isDone: true, result };
      onVerdict(step, this.#clientId);
      this.#waiting?.resolve(step);
    } catch (error) {
      this.#waiting?.reject(error);
    } finally {
      traffic.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #head(): Omit<CaseStep, 'isDone'> {
    const { plan, variant, operation } = this.#planned;
    return { run: this.run, case: plan.id, variant, operation };
  }

  /** Without the traffic of other clients: the simulator has other work too. */
  #ownSandbox(): Sandbox {
    const { sandbox } = this.#deps;
    const isOwn = ({ clientId }: { readonly clientId?: string | undefined }): boolean =>
      clientId === this.#clientId;
    return {
      ...sandbox,
      createClient: async (wanted) => {
        const client = await sandbox.createClient(wanted);
        this.#clientId = client.clientId;
        return client;
      },
      listen: ({ onOpen, onClose }) =>
        sandbox.listen({
          onOpen: (exchange) => isOwn(exchange) && onOpen?.(exchange),
          onClose: (entry, request) => isOwn(entry) && onClose?.(entry, request),
        }),
    };
  }

  #driver(): Driver {
    return {
      mode: 'hook',
      endsWithJob: false,
      give: (request) => this.#give(request),
      close: () => Promise.resolve(),
    };
  }

  async #give({ job }: JobRequest): Promise<JobResult> {
    const claim = job.action === 'stop' ? undefined : await this.#ask(job);
    const endedUs = this.#deps.sandbox.nowUs();
    const common = { endedUs, remarks: [], log: '' };
    if (claim === undefined) return { ...common, end: { kind: 'deadline' } };
    return { ...common, claim, claimedUs: endedUs, claimedBy: 'report', end: { kind: 'answered' } };
  }

  #ask(job: Job): Promise<Claim | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.stop(), idleMs).unref();
      this.#answer = (claim) => {
        clearTimeout(timer);
        resolve(claim);
      };
      this.#waiting?.resolve({ ...this.#head(), isDone: false, job });
    });
  }

  #settings(): HarnessSettings {
    const { pauseFactor, quietMs } = this.#options;
    const { operation, algorithm, sealed } = this.#planned;
    return {
      ...{
        operations: [operation],
        modes: [{ algorithm, sealed }],
        every: 'primary',
        messages: {},
      },
      ...{ pauseFactor, quietMs, realPauses: false, patienceMs: 30_000 },
      ...{ ceilingMs: defaultJudgeLimits.ceilingMs, jobs: 1, isRevealed: false },
      ...{ client: undefined, isSerial: false },
    };
  }
}
