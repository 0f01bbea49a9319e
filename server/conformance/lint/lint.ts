import type { Basis } from '../../domain/contract/basis.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { isInbound, type JournalEntry, type OpenExchange } from '../../journal/journal-entry.ts';
import type { AttemptOptions, MessageAttempt } from '../messages/attempt.ts';
import { type ClientMessage, hasUnknownOutcome, isOpen } from '../messages/client-message.ts';
import { MessageTracker, streamLimits, type TrackedAttempt } from '../messages/message-tracker.ts';
import { checkOrder, checkRequestIds, rememberAttempt, startThing } from './check-order.ts';
import { checkRetries, checkTrafficLimit, nameMessage, signatureCodes } from './check-retries.ts';
import { checkAnswer, checkClocks, checkEncryption, checkWire } from './check-wire.ts';
import {
  formatUs,
  type Hit,
  isThing,
  type LintContext,
  LintMemory,
  type LintTuning,
  lintLimits,
  type MessageContext,
  type Thing,
  type ThingContext,
} from './lint-memory.ts';
import type { LintRemedyId } from './lint-remedies.ts';
import { type LintRuleId, type LintSeverity, lintRules, lintSeverities } from './lint-rules.ts';

/** What was found, once for each rule and client, with a count. */
export interface LintFinding {
  readonly rule: LintRuleId;
  readonly severity: LintSeverity;
  readonly basis: Basis;
  readonly clientId: string;
  /** The exchanges that show the worst and first occurrence, oldest first. */
  readonly exchanges: readonly LintedExchange[];
  readonly sentence: string;
  /** Members of the body that differ. */
  readonly members: readonly string[];
  readonly remedyId: LintRemedyId;
  /** By the client's clock, milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface LintedExchange {
  readonly number: number;
  /** The Tracer-Id. */
  readonly id: string;
}

/** Findings that are expected, and why. */
export interface LintAllowance {
  readonly rule: LintRuleId;
  /** Absent: of every client. */
  readonly clientId?: string | undefined;
  readonly reason: string;
}

/** An allowance, and how many findings it has silenced. */
export interface UsedAllowance extends LintAllowance {
  readonly matched: number;
}

export interface LintReport {
  readonly findings: readonly LintFinding[];
  readonly allowances: readonly UsedAllowance[];
  /** When the observation began, milliseconds since 1970. */
  readonly since: number;
  /** How many clients, messages and findings were dropped to keep the bounds. */
  readonly evicted: number;
}

export interface LintOptions extends Omit<AttemptOptions, 'keepEntries'>, LintTuning {
  readonly allowances?: readonly LintAllowance[];
  /** Whether the client's clock in the simulator was neither moved nor held at that attempt. */
  readonly isClockReal: (attempt: MessageAttempt) => boolean;
  /** Whether tests created the client, or it is the demo client. */
  readonly isTestClient: (clientId: string) => boolean;
  /** Called with a finding that is new, or worse than before. */
  readonly onFinding?: (finding: LintFinding) => void;
  /** Called with each attempt, and the rules that it has violated. */
  readonly onAttempt?: (tracked: TrackedAttempt, hits: readonly Hit[]) => void;
  readonly since: number;
}

type MutableFinding = { -readonly [K in keyof LintFinding]: LintFinding[K] } & {
  /** The client was deleted or reset since. */
  isPast: boolean;
};

/** Reads ordinary traffic, one exchange at a time, with bounded state. */
export class Lint {
  readonly #options: LintOptions;
  readonly #tracker: MessageTracker;
  readonly #memory = new LintMemory();
  readonly #findings = new Map<string, MutableFinding>();
  readonly #allowances: LintAllowance[];
  #dropped = 0;
  /** Counts findings of clients that were reset. */
  #past = 0;

  constructor(options: LintOptions) {
    this.#options = options;
    this.#allowances = [...(options.allowances ?? [])];
    this.#tracker = new MessageTracker({
      endpoints: options.endpoints,
      policies: options.policies,
      isNumberedAtEnd: options.isNumberedAtEnd ?? false,
      keepEntries: false,
      limits: streamLimits,
      onAttempt: (tracked) => this.#check(tracked),
    });
  }

  /** Notes a request that has arrived. */
  addOpen(exchange: OpenExchange): void {
    this.#tracker.addOpen(exchange);
  }

  /**
   * Adds an exchange that is over.
   * @param request its body as the gateway has parsed it, if it was decided on
   */
  add(entry: JournalEntry, request?: JsonObject): void {
    if (!isInbound(entry)) {
      for (const hit of checkAnswer(entry)) this.#report(hit);
      return;
    }
    this.#tracker.add(entry, request);
    if (entry.pendingDiagnosis === undefined) this.addDiagnosis(entry);
  }

  /** An exchange that is over and is not the client's own traffic. */
  ignore(entry: JournalEntry): void {
    this.#tracker.ignore(entry);
  }

  /** Adds what the doctor found, or that it had nothing to look for. */
  addDiagnosis(entry: JournalEntry): void {
    const { clientId = '', verdict, diagnosis, scripted } = entry;
    const client = this.#memory.client(clientId);
    if (!signatureCodes.has(verdict.code) || scripted !== undefined) {
      if (entry.verifiedWith !== undefined) client.refusals = undefined;
      return;
    }
    const cause = diagnosis?.cause?.id ?? verdict.code;
    const count = client.refusals?.cause === cause ? client.refusals.count + 1 : 1;
    client.refusals = { cause, count };
    if (count < refusalsInARow) return;
    const found = diagnosis?.cause?.sentence ?? verdict.reason;
    this.#report({
      rule: 'L-RTY-11',
      severity: lintRules['L-RTY-11'].severity,
      clientId,
      sentence: `${count} requests in a row were refused with ${verdict.code}: ${found}`,
      attempts: [{ journalNumber: entry.number, id: entry.id, receivedAt: entry.receivedAt }],
      members: [],
    });
  }

  /** Silences findings, those of before included. */
  allow(allowance: LintAllowance): void {
    if (this.#allowances.length >= lintLimits.findings) this.#allowances.shift();
    this.#allowances.push(allowance);
  }

  /**
   * What was found.
   * @param options.clientId of this client alone, since it was created or reset
   * @param options.nowUs by the monotonic clock: messages that rest and requests in flight are
   * judged by it
   * @param options.isEnd the observation ends: a message that rests is abandoned
   */
  report({ clientId, nowUs, isEnd = false }: ReportOptions): LintReport {
    if (isEnd) this.#tracker.flush(clientId);
    const resting = new Map([...this.#findings].map(([key, one]) => [key, { ...one }]));
    const hits = [...this.#judgeResting(nowUs, isEnd), ...this.#judgePending(nowUs)];
    for (const hit of hits) addHit(resting, hit);
    const matched = this.#allowances.map(() => 0);
    const findings = [...resting.values()].filter((finding) => {
      const isWanted = clientId === undefined || (finding.clientId === clientId && !finding.isPast);
      const place = this.#allowances.findIndex((one) => silences(one, finding));
      if (place >= 0) matched[place] = (matched[place] ?? 0) + finding.count;
      return isWanted && place < 0;
    });
    return {
      findings: findings.sort(byWorst).map(({ isPast: _, ...finding }) => finding),
      allowances: this.#allowances.map((one, at) => ({ ...one, matched: matched[at] ?? 0 })),
      since: this.#options.since,
      evicted: this.#dropped + this.#tracker.dropped + this.#memory.dropped,
    };
  }

  /** After a reset or the deletion of a client, or of all: what comes is not compared with before. */
  forget(clientId?: string): void {
    this.#tracker.flush(clientId);
    this.#tracker.forget(clientId);
    this.#memory.forget(clientId);
    for (const [key, finding] of [...this.#findings]) {
      if (finding.isPast) continue;
      if (clientId !== undefined && finding.clientId !== clientId) continue;
      finding.isPast = true;
      this.#findings.delete(key);
      // The allowance goes with the client: what it has silenced must not be found afterwards.
      if (clientId !== undefined && this.#isAllowedFor(clientId, finding)) continue;
      this.#findings.set(`past ${++this.#past} ${key}`, finding);
    }
    if (clientId !== undefined) {
      const kept = this.#allowances.filter((one) => one.clientId !== clientId);
      this.#allowances.splice(0, Infinity, ...kept);
    }
  }

  #isAllowedFor(clientId: string, finding: LintFinding): boolean {
    return this.#allowances.some((one) => one.clientId === clientId && silences(one, finding));
  }

  /** Deletes the findings and what is remembered. */
  clear(): void {
    this.forget();
    this.#findings.clear();
  }

  #check(tracked: TrackedAttempt): void {
    const { attempt } = tracked;
    const clientId = attempt.clientId ?? '';
    let hits: Hit[] | undefined;
    const { message, before, isLibraryRetry, isLate } = tracked;
    // One literal instead of spreads: it is made for every exchange.
    const context: LintContext = {
      attempt,
      message,
      before,
      isLibraryRetry,
      isLate,
      memory: this.#memory,
      client: this.#memory.client(clientId),
      thing: message && this.#memory.thing(message, startThing),
      tuning: this.#options,
      isClockReal: this.#options.isClockReal(attempt),
      isTestClient: this.#options.isTestClient(clientId),
      report: (hit) => {
        hits ??= [];
        hits.push(hit);
        this.#report(hit);
      },
    };
    applyRules(context);
    rememberPace(context);
    this.#options.onAttempt?.(tracked, hits ?? noHits);
  }

  readonly #report = (hit: Hit): void => {
    const finding = addHit(this.#findings, hit);
    if (this.#findings.size > lintLimits.findings) {
      const [oldest] = this.#findings.keys();
      this.#findings.delete(oldest ?? '');
      this.#dropped++;
    }
    if (finding === undefined || this.#allowances.some((one) => silences(one, finding))) return;
    const { isPast: _, ...shown } = finding;
    this.#options.onFinding?.(shown);
  };
  /** L-RTY-09 and L-ORD-05: messages without a final answer that have not been sent again. */
  *#judgeResting(nowUs: number, isEnd: boolean): Iterable<Hit> {
    for (const thing of this.#memory.things) {
      const messages = isThing(thing) ? thing.messages : [thing];
      for (const message of messages) {
        if (!this.#isAbandoned(message, nowUs)) continue;
        const newer = messages.filter(({ first }) => first.number > message.last.number);
        const next = newer.find((one) => movesOn(message, one));
        if (next !== undefined) yield wentOn(message, next);
        else if (isEnd || newer.length > 0 || (isThing(thing) && hasNewer(thing, message)))
          yield hitForAbandoned(message, nowUs);
      }
    }
  }

  #isAbandoned(message: ClientMessage, nowUs: number): boolean {
    const { last, applicationCount } = message;
    if (!isOpen(message, nowUs) || !hasUnknownOutcome(last) || last.isAmbiguous) return false;
    const { abandonedAfterMs, pauseFactor } = this.#options;
    const planned = (plannedPausesMs[applicationCount] ?? 0) * 1.1 * pauseFactor;
    // Who has waited for so long before may do so again, and twice as long if its pauses double.
    const { longestUs } = this.#memory.client(message.clientId).pacing;
    const endedUs = last.delivery?.endedUs ?? nowUs;
    return (
      nowUs - endedUs >=
      Math.max(abandonedAfterMs * 1000, planned * 1000, Math.min(longestUs * usualGrowth, mostUs))
    );
  }

  /** L-TIM-03 for requests that are still in flight. */
  *#judgePending(nowUs: number): Iterable<Hit> {
    for (const attempt of this.#tracker.pending()) {
      const waited = nowUs - attempt.atUs;
      if (waited <= pendingUs) continue;
      yield {
        rule: 'L-TIM-03',
        severity: 'warning',
        clientId: attempt.clientId ?? '',
        sentence: `an attempt without an answer has been open for ${formatUs(waited)}`,
        attempts: [attempt],
        members: [],
      };
    }
  }
}

const applyRules = (context: LintContext): void => {
  checkClocks(context);
  checkWire(context);
  checkTrafficLimit(context);
  if (!hasMessage(context)) return;
  const isRepeated = hasThing(context);
  if (isRepeated) checkRetries(context);
  checkRequestIds(context);
  if (isRepeated) checkOrder(context);
  checkEncryption(context);
  if (isRepeated) rememberAttempt(context);
};

/** Remembers how the client works, for the attempts that follow. */
const rememberPace = (context: LintContext): void => {
  const { attempt, before, client, isLibraryRetry, message, tuning } = context;
  const { atUs, delivery } = attempt;
  if (atUs < client.busyUntilUs) client.isParallel = true;
  client.busyUntilUs = Math.max(client.busyUntilUs, delivery?.endedUs ?? atUs);
  const beganUs = before?.delivery?.endedUs;
  if (message === undefined || beganUs === undefined || isLibraryRetry) return;
  // Those of the printed plan are known.
  const plannedMs = plannedPausesMs[message.applicationCount - 1] ?? Infinity;
  if (atUs - beganUs < plannedMs * 900 * tuning.pauseFactor)
    client.pacing.longestUs = Math.max(client.pacing.longestUs, atUs - beganUs);
};

const hasMessage = (context: LintContext): context is MessageContext =>
  context.message !== undefined;

const hasThing = (context: MessageContext): context is ThingContext => context.thing !== undefined;

const noHits: readonly Hit[] = [];

export interface ReportOptions {
  readonly clientId?: string | undefined;
  readonly nowUs: number;
  readonly isEnd?: boolean;
}

const refusalsInARow = 3;

/** The printed plan waits for so long after the fourth and the fifth attempt. */
const plannedPausesMs: Readonly<Record<number, number>> = { 4: 600_000, 5: 1_800_000 };

const usualGrowth = 2.2;
const mostUs = 3_600_000_000;

const pendingUs = 60_000_000;

const movesOn = ({ content }: ClientMessage, next: ClientMessage): boolean =>
  content.state !== undefined &&
  next.content.state !== undefined &&
  next.content.state !== content.state;

const hasNewer = ({ newest }: Thing, { last }: ClientMessage): boolean =>
  newest !== undefined && newest.first.number > last.number;

const wentOn = (message: ClientMessage, next: ClientMessage): Hit => {
  const { last } = message;
  const belief =
    last.view === 'untrusted'
      ? 'believed an answer that proves nothing'
      : 'took an unknown outcome for a success';
  return {
    rule: 'L-ORD-05',
    severity: lintRules['L-ORD-05'].severity,
    clientId: message.clientId,
    sentence:
      `${nameMessage(message)} (${message.content.state}) has no final answer and was not sent ` +
      `again, but ${next.content.state} followed: the client ${belief}`,
    attempts: [last, next.first],
    members: [],
  };
};

const hitForAbandoned = (message: ClientMessage, nowUs: number): Hit => {
  const { last } = message;
  return {
    rule: 'L-RTY-09',
    severity: lintRules['L-RTY-09'].severity,
    clientId: message.clientId,
    sentence:
      `${nameMessage(message)} has no final answer after ${message.applicationCount} attempts, ` +
      `and has not been sent again for ${formatUs(nowUs - last.atUs)}`,
    attempts: [last],
    members: [],
  };
};

/** @returns the finding if it is new, or worse than before */
const addHit = (findings: Map<string, MutableFinding>, hit: Hit): MutableFinding | undefined => {
  const { rule, severity, clientId, attempts } = hit;
  const key = `${rule} ${clientId}`;
  const time = attempts.at(-1)?.receivedAt ?? 0;
  const known = findings.get(key);
  if (known === undefined) {
    const { basis, remedy: remedyId } = lintRules[rule];
    const found: MutableFinding = {
      ...{ rule, severity, basis, clientId, ...shownOf(hit), remedyId },
      first: time,
      last: time,
      count: 1,
      isPast: false,
    };
    findings.set(key, found);
    return found;
  }
  known.count++;
  known.last = time;
  if (lintSeverities.indexOf(severity) >= lintSeverities.indexOf(known.severity)) return undefined;
  Object.assign(known, { severity, ...shownOf(hit) });
  return known;
};

/** What a finding shows of one occurrence. */
const shownOf = ({
  sentence,
  attempts,
  members,
}: Hit): Pick<LintFinding, 'exchanges' | 'sentence' | 'members'> => ({
  exchanges: attempts.slice(-2).map(({ journalNumber, id }) => ({ number: journalNumber, id })),
  sentence,
  members,
});

const silences = (
  { rule, clientId }: LintAllowance,
  finding: Pick<LintFinding, 'rule' | 'clientId'>,
): boolean => rule === finding.rule && (clientId === undefined || clientId === finding.clientId);

const byWorst = (a: LintFinding, b: LintFinding): number =>
  lintSeverities.indexOf(a.severity) - lintSeverities.indexOf(b.severity) || a.first - b.first;
