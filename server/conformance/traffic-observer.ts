import type { Contract } from '../domain/contract/contract.ts';
import type { Endpoint } from '../domain/operations/endpoint.ts';
import { durationMs, type Settings } from '../domain/settings/settings-table.ts';
import type { JsonObject } from '../domain/state/state.ts';
import type { Journal } from '../journal/journal.ts';
import { isInbound, type JournalEntry } from '../journal/journal-entry.ts';
import { Coverage } from './coverage/coverage.ts';
import type { CoverageReport } from './coverage/coverage-report.ts';
import {
  Lint,
  type LintAllowance,
  type LintFinding,
  type LintReport,
  type ReportOptions,
} from './lint/lint.ts';
import { isLintRule } from './lint/lint-rules.ts';

export interface ObserverDeps {
  readonly settings: Settings;
  readonly contract: Contract;
  readonly endpoints: readonly Endpoint[];
  readonly journal: Journal;
  /** Whether tests created the client, or it is the demo client. */
  readonly isTestClient: (clientId: string) => boolean;
  /** When the monotonic clock began, milliseconds since 1970. */
  readonly originMs: number;
  /** Monotonic microseconds since the process started. */
  readonly nowUs: () => number;
  readonly onFinding: (finding: LintFinding) => void;
  /** Lint failed on an exchange, which is a bug; the traffic is answered as before. */
  readonly onError: (error: unknown) => void;
}

/** How far a client's clock may be from the machine's, and still count as not moved. */
const realClockMs = 2000;

/** A hundred exchanges at most, in less than two milliseconds. */
const batchMs = 10;

/** Requests that the simulator itself sends: the page and the command line. */
export const ownUserAgent = 'alipayhk-mock';

/**
 * Lint and coverage of the traffic. What the journal reports is only queued while requests are
 * answered. It is read a few milliseconds later, and what came meanwhile with it: the processor's
 * caches then hold the code and the tables of all of them, instead of loading both for each.
 */
export class TrafficObserver {
  readonly #lint: Lint;
  readonly #coverage: Coverage;
  readonly #nowUs: () => number;
  readonly #onError: (error: unknown) => void;
  #queue: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #stop: () => void;

  constructor(deps: ObserverDeps) {
    const { settings, contract, journal, originMs, nowUs } = deps;
    this.#nowUs = nowUs;
    this.#onError = deps.onError;
    this.#coverage = new Coverage({
      contract,
      documentedOnly: false,
      hasInconsistentCode: settings['idempotency.mismatch'] === 'REPEAT_REQ_INCONSISTENT',
    });
    this.#lint = new Lint({
      endpoints: new Map(deps.endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
      policies: settings,
      pauseFactor: settings['lint.pauseFactor'],
      abandonedAfterMs: durationMs(settings['lint.abandonedAfter']) ?? 0,
      allowances: readAllowances(settings['lint.allow']),
      isClockReal: ({ receivedAt, atUs }) =>
        Math.abs(receivedAt - (originMs + atUs / 1000)) < realClockMs,
      isTestClient: deps.isTestClient,
      onFinding: deps.onFinding,
      onAttempt: (tracked, hits) => this.#coverage.add(tracked, hits),
      since: Math.round(originMs + nowUs() / 1000),
    });
    this.#stop = journal.listen({
      onOpen: (exchange) => this.#enqueue(() => this.#lint.addOpen(exchange)),
      onClose: (entry, request) => {
        this.#enqueue(() => this.#add(entry, request));
      },
      onDiagnosis: (entry) => this.#enqueue(() => this.#lint.addDiagnosis(entry)),
      onDelete: (clientId) => this.forget(clientId),
    });
  }

  /** What lint has found. */
  lint(options: Omit<ReportOptions, 'nowUs'> = {}): LintReport {
    this.#drain();
    return this.#lint.report({ ...options, nowUs: this.#nowUs() });
  }

  allow(allowance: LintAllowance): void {
    this.#lint.allow(allowance);
  }

  coverage(): CoverageReport {
    this.#drain();
    return this.#coverage.report();
  }

  /** After a reset or the deletion of a client, or of all. */
  forget(clientId?: string): void {
    this.#drain();
    this.#lint.forget(clientId);
  }

  /** Deletes what was found and counted. */
  clear(): void {
    this.#drain();
    this.#lint.clear();
    this.#coverage.clear();
  }

  close(): void {
    this.#stop();
    clearTimeout(this.#timer);
  }

  #add(entry: JournalEntry, request: JsonObject | undefined): void {
    if (!isInbound(entry)) this.#coverage.addCall(entry);
    if (entry.request.headers['user-agent']?.startsWith(ownUserAgent) === true)
      this.#lint.ignore(entry);
    else this.#lint.add(entry, request);
  }

  #enqueue(task: () => void): void {
    this.#queue.push(task);
    this.#timer ??= setTimeout(() => this.#drain(), batchMs).unref();
  }

  #drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const tasks = this.#queue;
    this.#queue = [];
    for (const task of tasks) {
      try {
        task();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

export const readAllowances = (given: Settings['lint.allow']): readonly LintAllowance[] =>
  given.flatMap((one) => {
    const { rule, ...rest } =
      typeof one === 'string' ? { rule: one, reason: 'the settings allow it' } : one;
    return isLintRule(rule) ? [{ rule, ...rest }] : [];
  });
