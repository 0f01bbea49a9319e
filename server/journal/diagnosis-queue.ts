import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Diagnosis } from '../doctor/diagnosis.ts';
import type { JournalEntry, PendingDiagnosis } from './journal-entry.ts';

/** Processor time that one client's refusals get while other requests need the processor. */
const clientBudget: Budget = { burstMs: 250, msPerSecond: 30 };

/**
 * The same for all clients together: more than one client's share, so that one flood leaves
 * something for the others.
 */
const totalBudget: Budget = { burstMs: 500, msPerSecond: 60 };

/** Without a request for so long, the process counts as idle, and what is pending is diagnosed. */
const idleAfterMs = 25;

/** How often the queue checks whether it may continue. */
const checkEveryMs = 25;

interface Budget {
  readonly burstMs: number;
  readonly msPerSecond: number;
}

/**
 * Diagnoses one exchange.
 * @param isThorough whether the search may take as long as it needs; a quick one may end before its
 * result
 */
export type Diagnose = (isThorough: boolean) => Diagnosis;

/** Milliseconds, by two clocks. */
export interface DiagnosisClocks {
  /** Processor time: a diagnosis that has to wait for a processor must not cost more. */
  readonly cpuNow: () => number;
  readonly monotonicNow: () => number;
}

/**
 * Makes each refused exchange's diagnosis once: at once while the budgets allow, otherwise when the
 * process is idle or when someone reads the entry. Holds nothing that the journal does not hold: an
 * entry that leaves the journal takes its diagnosis with it.
 */
export class DiagnosisQueue {
  readonly #clocks: DiagnosisClocks;
  readonly #total: TokenBucket;
  readonly #buckets = new Map<string, TokenBucket>();
  /** By client; the clients take turns. */
  readonly #pending = new Map<string, Set<DiagnosisJob>>();
  #size = 0;
  #lastRequestAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(clocks: DiagnosisClocks) {
    this.#clocks = clocks;
    this.#total = new TokenBucket(totalBudget, clocks.monotonicNow);
  }

  /** How many diagnoses are pending. */
  get size(): number {
    return this.#size;
  }

  /** Called at every request, so that pending diagnoses wait while requests come. */
  noteRequest(): void {
    this.#lastRequestAt = this.#clocks.monotonicNow();
  }

  /**
   * @param clientId whose budget it uses; a known client, or '' for all others
   * @param isAlone whether no other request waits for the processor: then no budget is needed
   */
  submit(clientId: string, diagnose: Diagnose, isAlone: boolean): DiagnosisJob {
    const job = new DiagnosisJob(clientId, diagnose, this);
    if (isAlone) job.finish();
    else if (this.#isAllowed(clientId)) this.#runOnBudget(job);
    if (job.isPending) this.#enqueue(job);
    return job;
  }

  /** Takes a job out; it is finished, or no longer wanted. */
  remove(job: DiagnosisJob): void {
    const ofClient = this.#pending.get(job.clientId);
    if (ofClient?.delete(job) !== true) return;
    this.#size--;
    if (ofClient.size === 0) this.#pending.delete(job.clientId);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #isAllowed(clientId: string): boolean {
    return this.#total.isLeft() && this.#bucketFor(clientId).isLeft();
  }

  #bucketFor(clientId: string): TokenBucket {
    const known = this.#buckets.get(clientId);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(clientBudget, this.#clocks.monotonicNow);
    this.#buckets.set(clientId, bucket);
    // The oldest is most likely full again, and then equals a new one.
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > maxBuckets && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }

  #runOnBudget(job: DiagnosisJob): void {
    const { cpuNow, monotonicNow } = this.#clocks;
    const [cpu, wall] = [cpuNow(), monotonicNow()];
    job.tryQuickly();
    // Processor time may include other threads; this one cannot have used more than has passed.
    const spentMs = Math.min(cpuNow() - cpu, monotonicNow() - wall);
    this.#total.spend(spentMs);
    this.#bucketFor(job.clientId).spend(spentMs);
  }

  #enqueue(job: DiagnosisJob): void {
    const ofClient = this.#pending.get(job.clientId) ?? new Set<DiagnosisJob>();
    this.#pending.set(job.clientId, ofClient.add(job));
    this.#size++;
    this.#schedule(checkEveryMs);
  }

  #schedule(delayMs: number): void {
    this.#timer ??= setTimeout(() => this.#work(), delayMs).unref();
  }

  /**
   * Makes one diagnosis if it may, and comes back: requests that came meanwhile are served first.
   */
  #work(): void {
    this.#timer = undefined;
    const isIdle = this.#clocks.monotonicNow() - this.#lastRequestAt >= idleAfterMs;
    const job = this.#next(isIdle);
    if (job !== undefined && isIdle) job.finish();
    else if (job !== undefined) this.#runOnBudget(job);
    if (this.#size > 0) this.#schedule(job !== undefined && isIdle ? 0 : checkEveryMs);
  }

  #next(isIdle: boolean): DiagnosisJob | undefined {
    for (const [clientId, jobs] of this.#pending) {
      if (!isIdle && !this.#isAllowed(clientId)) continue;
      const job = isIdle ? first(jobs) : first(jobs, ({ wasTried }) => !wasTried);
      if (job === undefined) continue;
      // To the end of the line.
      this.#pending.delete(clientId);
      this.#pending.set(clientId, jobs);
      return job;
    }
    return undefined;
  }
}

const first = (
  jobs: ReadonlySet<DiagnosisJob>,
  isWanted: (job: DiagnosisJob) => boolean = () => true,
): DiagnosisJob | undefined => {
  for (const job of jobs) if (isWanted(job)) return job;
  return undefined;
};

/** Clients are known ones; more than these are remembered at most. */
const maxBuckets = 1000;

/** One exchange's diagnosis, made or pending. */
export class DiagnosisJob implements PendingDiagnosis {
  readonly clientId: string;
  readonly #queue: DiagnosisQueue;
  /** Undefined once it has a result, or is not wanted any more: it refers to the request. */
  #diagnose: Diagnose | undefined;
  #wasTried = false;
  #result: Diagnosis | undefined;
  #onFinished: (() => void) | undefined;

  constructor(clientId: string, diagnose: Diagnose, queue: DiagnosisQueue) {
    this.clientId = clientId;
    this.#diagnose = diagnose;
    this.#queue = queue;
  }

  get result(): Diagnosis | undefined {
    return this.#result;
  }

  get isPending(): boolean {
    return this.#diagnose !== undefined;
  }

  /** How many diagnoses are pending, this one included. */
  get pendingInAll(): number {
    return this.#queue.size;
  }

  /** Whether a quick search has ended before its result: the next one needs more time. */
  get wasTried(): boolean {
    return this.#wasTried;
  }

  finish(): void {
    if (this.#diagnose !== undefined) this.#settle(this.#diagnose(true));
  }

  /**
   * Searches within tight limits; a search that they end without a result leaves the diagnosis
   * pending.
   */
  tryQuickly(): void {
    const found = this.#diagnose?.(false);
    this.#wasTried = true;
    if (found !== undefined && (found.exhausted || found.cause !== undefined)) this.#settle(found);
  }

  #settle(result: Diagnosis): void {
    this.cancel();
    this.#result = result;
    this.#onFinished?.();
  }

  cancel(): void {
    this.#diagnose = undefined;
    this.#queue.remove(this);
  }

  onFinished(listener: () => void): void {
    this.#onFinished = listener;
  }
}

/** Milliseconds to spend: so many at first, and so many more with every second. */
class TokenBucket {
  readonly #budget: Budget;
  readonly #now: () => number;
  #leftMs: number;
  #at: number;

  constructor(budget: Budget, now: () => number) {
    this.#budget = budget;
    this.#now = now;
    this.#leftMs = budget.burstMs;
    this.#at = now();
  }

  isLeft(): boolean {
    const now = this.#now();
    this.#leftMs = Math.min(
      this.#budget.burstMs,
      this.#leftMs + ((now - this.#at) / 1000) * this.#budget.msPerSecond,
    );
    this.#at = now;
    return this.#leftMs > 0;
  }

  spend(milliseconds: number): void {
    this.#leftMs -= milliseconds;
  }
}

/** Since Node 23.9. */
type ThreadUsage = {
  readonly threadCpuUsage?: () => { readonly user: number; readonly system: number };
};

/** Processor time in milliseconds: of this thread where Node reports it, else of the process. */
export const cpuNow: () => number = (() => {
  const usage =
    (process as ThreadUsage).threadCpuUsage?.bind(process) ?? process.cpuUsage.bind(process);
  return () => {
    const { user, system } = usage();
    return (user + system) / 1000;
  };
})();

/**
 * Makes the diagnoses of these entries that are still pending. Requests that come meanwhile are
 * served between two of them.
 */
export const diagnosePending = async (
  entries: readonly JournalEntry[],
  signal?: AbortSignal,
): Promise<void> => {
  for (const { pendingDiagnosis } of entries) {
    if (signal?.aborted === true) return;
    if (pendingDiagnosis === undefined) continue;
    pendingDiagnosis.finish();
    await nextTurn();
  }
};
