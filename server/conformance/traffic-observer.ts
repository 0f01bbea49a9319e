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
import { arrivalNumber } from './messages/attempt.ts';

export interface ObserverDeps {
  readonly settings: Settings;
  readonly contract: Contract;
  readonly endpoints: readonly Endpoint[];
  readonly journal: Journal;
  /** The journal numbers exchanges as they end. */
  readonly isNumberedAtEnd: boolean;
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

/** Two hundred exchanges at most, in about two milliseconds. */
const batchMs = 50;

/** Requests that the simulator itself sends: the page and the command line. */
export const ownUserAgent = 'alipayhk-mock';

/** An exchange that is over and has not been read yet, and its body if it was decided on. */
interface Closed {
  readonly entry: JournalEntry;
  readonly request: JsonObject | undefined;
}

/**
 * Lint and coverage of the traffic. What the journal reports is only queued while requests are
 * answered. It is read a moment later, and what came meanwhile with it, in the order of
 * arrival: the processor's caches then hold the code and the tables of all of them, instead of
 * loading both for each, and most requests need not be noted as in flight.
 */
export class TrafficObserver {
  readonly #lint: Lint;
  readonly #coverage: Coverage;
  readonly #nowUs: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #journal: Journal;
  readonly #isNumberedAtEnd: boolean;
  #closed: Closed[] = [];
  /** Number of the newest request that was noted as in flight. */
  #noted = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #stop: () => void;

  constructor(deps: ObserverDeps) {
    const { settings, contract, journal, originMs, nowUs } = deps;
    this.#nowUs = nowUs;
    this.#onError = deps.onError;
    this.#journal = journal;
    this.#isNumberedAtEnd = deps.isNumberedAtEnd;
    this.#coverage = new Coverage({
      contract,
      documentedOnly: false,
      hasInconsistentCode: settings['idempotency.mismatch'] === 'REPEAT_REQ_INCONSISTENT',
    });
    this.#lint = new Lint({
      endpoints: new Map(deps.endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
      policies: settings,
      isNumberedAtEnd: deps.isNumberedAtEnd,
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
      onClose: (entry, request) => {
        this.#closed.push({ entry, request });
        this.#timer ??= setTimeout(() => this.#drain(), batchMs).unref();
      },
      onDiagnosis: (entry) => {
        this.#drain();
        this.#try(() => this.#lint.addDiagnosis(entry));
      },
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

  #add({ entry, request }: Closed): void {
    if (!isInbound(entry)) this.#coverage.addCall(entry);
    if (entry.request.headers['user-agent']?.startsWith(ownUserAgent) === true)
      this.#lint.ignore(entry);
    else this.#lint.add(entry, request);
  }

  #drain(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#noteOpen();
    const closed = this.#closed;
    if (closed.length === 0) return;
    this.#closed = [];
    const numbering = { isNumberedAtEnd: this.#isNumberedAtEnd };
    const place = ({ entry }: Closed): number => arrivalNumber(entry, numbering);
    closed.sort((a, b) => place(a) - place(b));
    for (const one of closed) this.#try(() => this.#add(one));
  }

  /** What was opened and closed since the last time need not be noted. */
  #noteOpen(): void {
    // Where replicas share the journal, those that are known here are numbered otherwise.
    if (this.#isNumberedAtEnd) return;
    for (const exchange of this.#journal.open) {
      if (exchange.number <= this.#noted) continue;
      this.#noted = exchange.number;
      this.#lint.addOpen(exchange);
    }
  }

  #try(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#onError(error);
    }
  }
}

export const readAllowances = (given: Settings['lint.allow']): readonly LintAllowance[] =>
  given.flatMap((one) => {
    const { rule, ...rest } =
      typeof one === 'string' ? { rule: one, reason: 'the settings allow it' } : one;
    return isLintRule(rule) ? [{ rule, ...rest }] : [];
  });
