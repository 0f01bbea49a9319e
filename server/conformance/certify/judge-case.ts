import { decodeText, redactHeaderLines, redactHeaders } from '../../journal/exchange-views.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { clipText } from '../../problems/display-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import {
  type CaseAttempt,
  type CaseEvidence,
  type CheckContext,
  type CheckFinding,
  describeAnswer,
  fail,
  lastClaim,
  open,
  subjects,
} from './case-evidence.ts';
import {
  type BasisKind,
  type CaseCheck,
  type CaseSeverity,
  type CatalogueCase,
  type CheckId,
  distrustChecks,
  type Profile,
} from './catalogue/case.ts';
import { checks } from './checks/index.ts';
import type {
  CaseCheckResult,
  CaseResult,
  CaseVerdict,
  EvidenceExchange,
  TimelineEvent,
  WireExchange,
} from './result.ts';
import type { CaseRun, HarnessError, JobRecord } from './types.ts';

/** What one case is judged with. */
export interface CaseContext extends Omit<CheckContext, 'evidence'> {
  readonly profile: Profile | undefined;
  /** The plain case of this operation has not passed, so no other case of it counts. */
  readonly isControlFailed: boolean;
  /** Claims said the same whatever was delivered: they are worth nothing. */
  readonly isClaimConstant: boolean;
}

/** Judges one case. Pure: the same record gives the same result. */
export const judgeCase = (evidence: CaseEvidence, context: CaseContext): CaseResult => {
  const { record, plan } = evidence;
  const error = findCaseError(evidence);
  if (error !== undefined) return concludeCase(evidence, { verdict: 'ERROR', error });
  const inapplicable = whyNotApplicable(evidence);
  if (inapplicable !== undefined)
    return concludeCase(evidence, { verdict: 'NOT APPLICABLE', message: inapplicable });
  const blocked = findBlock(evidence, context);
  const remarks: string[] = [];
  const results = listChecks(plan).map((check) => {
    const found = blocked ?? checks[check.id]({ ...context, evidence });
    if (found.note !== undefined) remarks.push(found.note);
    return weigh(check, context.isClaimConstant ? distrustClaims(found) : found, evidence, context);
  });
  const stopped = record.jobs.find(({ end }) => end.kind === 'deadline');
  if (stopped !== undefined && !results.some(({ verdict }) => isViolation(verdict)))
    return concludeStopped(evidence, context, results, stopped);
  return concludeCase(evidence, {
    verdict: combine(results),
    checks: results,
    message: blocked?.sentence,
    remarks,
  });
};

const isViolation = (verdict: CaseCheckResult['verdict']): boolean =>
  verdict === 'fail' || verdict === 'warn';

const honesty: CaseCheck = {
  id: 'honest-claim',
  required: false,
  severity: 'major',
  basis: 'safety',
};

/** The case's own checks, and the one that all cases have. */
export const listChecks = ({ checks: own }: CatalogueCase): readonly CaseCheck[] => [
  ...own.map((check) => (typeof check === 'string' ? { id: check } : check)),
  honesty,
];

const findCaseError = ({ record }: CaseEvidence): HarnessError | undefined => {
  if (record.error !== undefined) return record.error;
  const broken = record.jobs.find(({ claim }) => claim?.outcome === 'ERROR');
  return broken === undefined
    ? undefined
    : {
        message: `the driver reported ERROR: ${broken.claim?.reason ?? 'without a reason'}`,
        remedy: 'Repair the set-up that the driver needs, then run the case again.',
      };
};

const whyNotApplicable = ({ record, plan, messages }: CaseEvidence): string | undefined => {
  const refused = record.jobs.find(
    ({ job, claim }) => job.action !== 'resume' && claim?.outcome === 'UNSUPPORTED',
  );
  if (refused !== undefined)
    return refused.claim?.reason ?? `the application does not do ${refused.job.action} here`;
  const needsReused = plan.play.find(({ connection }) => connection === 'reused');
  const attempts = messages.find(({ number }) => number === needsReused?.message)?.attempts ?? [];
  const isReused = attempts.some(({ connection }) => connection.position > 1);
  return needsReused !== undefined && attempts.length > 0 && !isReused
    ? 'the client opens a new connection for every message'
    : undefined;
};

const nothingCame =
  'no request of this case arrived: the driver must send to ALIPAYHK_BASE_URL, as ALIPAYHK_CLIENT_ID';

/** Why no check of the case can be judged. */
const findBlock = (evidence: CaseEvidence, context: CaseContext): CheckFinding | undefined => {
  const { attempts, plan, record } = evidence;
  if (context.isControlFailed && plan.id !== 'C-PRE-01')
    return open('control-failed', 'C-PRE-01 has not passed for this operation: repair that first');
  if (attempts.length === 0) return open('no-traffic', nothingCame);
  if (record.hasEvicted) return open('evicted', 'some exchanges of the case are lost');
  return plan.play.length === 0 ? undefined : findMiss(evidence);
};

/** A fault that did not strike as planned proves nothing. */
const findMiss = ({ attempts, record }: CaseEvidence): CheckFinding | undefined => {
  const struck = attempts.find(({ played }) => played !== undefined);
  if (struck === undefined) {
    const refused = attempts.find(({ isRefusal }) => isRefusal);
    return refused === undefined
      ? open('fault-did-not-strike', 'no attempt was answered as the case plans')
      : open(
          'refused-before-script',
          `the message was refused before the case began: ${refused.code}, ` +
            `${refused.entry?.diagnosis?.cause?.sentence ?? refused.entry?.verdict.reason ?? ''}`,
        );
  }
  const then = record.run.rules[struck.played ?? 0]?.then;
  if (then === undefined) return undefined;
  const { fault, security, result } = then.sequence === undefined ? then : {};
  const isAsPlanned =
    (fault === undefined || struck.fault === fault.id) &&
    (security === undefined || struck.security === security.id) &&
    (result === undefined || struck.fault !== undefined || isDelivered(struck, result));
  return isAsPlanned
    ? undefined
    : open('fault-did-not-strike', 'the planned answer was not delivered as planned');
};

/** A code that a security fault changes on the wire is still the one that was decided. */
const isDelivered = ({ code, delivery }: CaseAttempt, result: string): boolean =>
  code === result && delivery?.complete === true;

const distrustClaims = (finding: CheckFinding): CheckFinding =>
  finding.evidence === 'C'
    ? open('claim-constant', 'the driver claims the same whatever is delivered')
    : finding;

const weigh = (
  check: CaseCheck,
  found: CheckFinding,
  evidence: CaseEvidence,
  { profile }: CaseContext,
): CaseCheckResult => {
  const { plan } = evidence;
  const { run } = evidence.record;
  const basis = basisFor(check, run);
  const warnsOnly =
    basis === 'inf' ||
    check.atMost === 'warn' ||
    ((profile?.warnsOnly ?? alwaysWarns).includes(plan.id) && distrustChecks.has(check.id));
  const shown = found.attempts ?? subjects(evidence).flatMap(({ attempts }) => attempts);
  return {
    id: check.id,
    verdict: found.verdict === 'fail' && warnsOnly ? 'warn' : found.verdict,
    evidence: found.evidence,
    required: check.required ?? true,
    severity: check.severity ?? severityFor(run),
    basis,
    sentence: found.sentence,
    exchanges: shown.slice(0, maxShown).map((attempt) => referTo(attempt, evidence)),
    ...omitUndefined({
      reason: found.reason,
      members: found.members,
      isTiming: found.isTiming,
    }),
  };
};

const maxShown = 8;
/** Without a profile the lenient one decides what may only warn. */
const alwaysWarns: readonly string[] = ['C-SEC-05', 'C-SEC-06'];

type JudgedPlan = Pick<CaseRun<CatalogueCase>, 'plan' | 'variant' | 'operation'>;

export const severityFor = ({ plan, variant }: JudgedPlan): CaseSeverity =>
  plan.variants?.[variant ?? '']?.severity ?? plan.severity;

/** How well a check of a case is founded. */
export const basisFor = (check: CaseCheck, { plan, variant, operation }: JudgedPlan): BasisKind => {
  if (check.basis !== undefined) return check.basis;
  if (plan.inferredFor?.includes(operation) === true) return 'inf';
  return plan.variants?.[variant ?? '']?.basis ?? plan.basis[0].kind;
};

/** Kinds and register entries: `doc`, `G-04`. */
export const listBasis = ({ basis }: CatalogueCase): readonly string[] =>
  basis.flatMap(({ kind, register }) => (register === undefined ? [kind] : [kind, register]));

/** The case's verdict, from those of its checks. */
export const combine = (results: readonly CaseCheckResult[]): CaseVerdict => {
  if (results.some(({ verdict }) => verdict === 'fail')) return 'FAIL';
  const required = results.filter((check) => check.required);
  if (required.some(({ verdict }) => verdict === 'open')) return 'NOT JUDGED';
  if (results.some(({ verdict }) => verdict === 'warn')) return 'WARN';
  const passed = required.filter(({ verdict }) => verdict === 'pass');
  if (passed.length === 0) return 'NOT APPLICABLE';
  return passed.some(({ evidence }) => evidence === 'C') ? 'PASS (claimed)' : 'PASS';
};

const timeOut = 'gives-up-by-itself' satisfies CheckId;

/** Ended at the deadline although no check is violated: it waits without end, or something broke. */
const concludeStopped = (
  evidence: CaseEvidence,
  context: CaseContext,
  results: readonly CaseCheckResult[],
  stopped: JobRecord,
): CaseResult => {
  const waiting = evidence.attempts.find(
    ({ delivery, atUs }) =>
      atUs < stopped.endedUs && (delivery === undefined || delivery.endedUs >= stopped.endedUs),
  );
  if (waiting === undefined)
    return concludeCase(evidence, {
      verdict: 'ERROR',
      checks: results,
      error: {
        ...(evidence.record.mode === 'command'
          ? {
              message: 'the driver did not end before its deadline, and no request was open',
              remedy: 'Let it report and exit when the application has an opinion.',
            }
          : {
              message: 'the driver did not report before its deadline, and no request was open',
              remedy: 'Let it report when the application has an opinion; its log may say more.',
            }),
      },
    });
  const found = fail('W', 'was still waiting for an answer when it was ended', {
    attempts: [waiting],
  });
  const check: CaseCheck = { id: timeOut, severity: 'critical', basis: 'sister' };
  const all = [
    ...results.filter(({ id }) => id !== timeOut),
    weigh(check, found, evidence, context),
  ];
  return concludeCase(evidence, { verdict: combine(all), checks: all });
};

interface CaseConclusion {
  readonly verdict: CaseVerdict;
  readonly checks?: readonly CaseCheckResult[];
  readonly message?: string | undefined;
  readonly error?: HarnessError | undefined;
  readonly remarks?: readonly string[];
}

const concludeCase = (
  evidence: CaseEvidence,
  { verdict, checks: results = [], message, error, remarks = [] }: CaseConclusion,
): CaseResult => {
  const { record, plan, attempts, operation } = evidence;
  const { timeline, notes } = describeCase(evidence);
  const subject = subjects(evidence).at(-1);
  const claim =
    (subject === undefined ? undefined : lastClaim(subject)?.job.claim) ??
    record.jobs.findLast((job) => job.claim !== undefined)?.claim;
  return {
    id: plan.id,
    ...omitUndefined({ variant: record.run.variant }),
    operation,
    crypto: record.run.algorithm,
    sealed: record.run.sealed,
    verdict,
    severity: severityFor(record.run),
    basis: listBasis(plan),
    counted: true,
    durationMs: Math.round((record.endedUs - record.startedUs) / 1000),
    attempts: attempts.length,
    checks: results,
    timeline,
    notes: [...notes, ...remarks],
    ...omitUndefined({ claim, message, error }),
    wire: [...record.exchanges]
      .sort((a, b) => a.number - b.number)
      .map((entry) => wireExchange(entry, record.jobs[0]?.givenUs ?? record.startedUs)),
  };
};

/** A case in words. */
interface CaseDescription {
  readonly timeline: readonly TimelineEvent[];
  readonly notes: readonly string[];
}

const describeCase = (evidence: CaseEvidence): CaseDescription => {
  const { record } = evidence;
  const toMs = (us: number): number => Math.round((us - record.startedUs) / 1000);
  return {
    timeline: [
      ...record.jobs.flatMap((job) => jobEvents(job, toMs)),
      ...evidence.attempts.flatMap((attempt) => attemptEvents(attempt, toMs)),
    ].sort((a, b) => a.atMs - b.atMs),
    notes: describeNotes(evidence),
  };
};

/** An attempt as evidence. */
const referTo = (attempt: CaseAttempt, { record }: CaseEvidence): EvidenceExchange =>
  refer(attempt, (us) => Math.round((us - record.startedUs) / 1000));

type ToMs = (us: number) => number;

const jobEvents = (record: JobRecord, toMs: ToMs): readonly TimelineEvent[] => {
  const { job, claim, claimedUs, end, endedUs } = record;
  const events: TimelineEvent[] = [
    { atMs: toMs(record.givenUs), kind: 'job', text: `job ${job.action}` },
  ];
  if (claim !== undefined && claimedUs !== undefined)
    events.push({
      atMs: toMs(claimedUs),
      kind: 'report',
      text: [`claimed ${claim.outcome}`, claim.resultCode, claim.reason]
        .filter((part) => part !== undefined && part !== claim.outcome)
        .join(', '),
    });
  if (end.kind === 'killed' || end.kind === 'deadline')
    events.push({
      atMs: toMs(endedUs),
      kind: 'killed',
      text: end.kind === 'killed' ? 'killed, as the case plans' : 'ended at the deadline',
    });
  if (claim === undefined && (end.kind === 'exited' || end.kind === 'signalled'))
    events.push({
      atMs: toMs(endedUs),
      kind: 'exit',
      text:
        end.kind === 'exited'
          ? `ended without an opinion, exit code ${end.code}`
          : `ended without an opinion by ${end.signal}`,
    });
  return events;
};

const attemptEvents = (attempt: CaseAttempt, toMs: ToMs): readonly TimelineEvent[] => {
  const { id, atUs, content, delivery, message, isLibraryRetry } = attempt;
  const requestId = content?.requestId;
  const events: TimelineEvent[] = [
    {
      atMs: toMs(atUs),
      kind: 'attempt',
      text:
        `message ${message}${requestId === undefined ? '' : ` as ${requestId}`}` +
        (isLibraryRetry ? ', repeated by the HTTP library' : ''),
      ref: id,
    },
  ];
  if (delivery?.complete === true && delivery.lastByteUs !== undefined)
    events.push({
      atMs: toMs(delivery.lastByteUs),
      kind: 'delivered',
      text: describeAnswer(attempt),
      ref: id,
    });
  else if (delivery !== undefined)
    events.push({
      atMs: toMs(delivery.endedUs),
      kind: 'ended',
      text: `${describeAnswer(attempt)}, ended by the ${delivery.endedBy === 'client' ? 'client' : 'server'}`,
      ref: id,
    });
  return events;
};

const describeNotes = ({ attempts, record }: CaseEvidence): readonly string[] => {
  const retries = attempts.filter(({ isLibraryRetry }) => isLibraryRetry).length;
  return [
    ...(retries > 0 ? [`the HTTP library repeated ${retries} of the requests by itself`] : []),
    ...record.jobs.flatMap(({ remarks }) => remarks),
  ];
};

const refer = (attempt: CaseAttempt, toMs: ToMs): EvidenceExchange => {
  const { id, number, atUs, delivery, view, code, status, fault, phase, security } = attempt;
  const struck =
    security === undefined
      ? fault === undefined
        ? undefined
        : `fault:${fault}@${phase ?? ''}`
      : `security:${security}`;
  const { lastByteUs } = delivery ?? {};
  return {
    ref: id,
    number,
    arrivalMs: toMs(atUs),
    view,
    code,
    status,
    ...omitUndefined({
      lastByteMs: lastByteUs === undefined ? undefined : toMs(lastByteUs),
      endedMs: delivery === undefined ? undefined : toMs(delivery.endedUs),
      endedBy: delivery?.endedBy,
      struck,
      requestId: attempt.content?.requestId,
    }),
  };
};

/** Bodies of the catalogue are shorter; what a fault makes longer says nothing more. */
const maxBodyLength = 4000;

/**
 * What is shown of an exchange as evidence: the messages as they were on the wire, so that sealed
 * ones stay sealed, with credentials redacted.
 *
 * @param startedUs when the case began, by the journal's monotonic clock
 */
export const wireExchange = (entry: JournalEntry, startedUs: number): WireExchange => ({
  ref: entry.id,
  number: entry.number,
  arrivalMs: toMilliseconds(entry.arrival.atUs - startedUs),
  endedMs: toMilliseconds(entry.delivery.endedUs - startedUs),
  method: entry.method,
  target: entry.target,
  requestHeaders: redactHeaderLines(entry.request.headerLines),
  requestBody: showBody(entry.request.body),
  httpStatus: entry.reply.httpStatus,
  responseHeaders: Object.entries(redactHeaders(entry.reply.headers)),
  responseBody: showBody(entry.reply.body),
  rule: entry.scripted?.rule,
  reason: entry.verdict.reason,
});

const toMilliseconds = (microseconds: number): number => Math.round(microseconds / 1000);

const showBody = (body: Buffer): string => {
  const text = decodeText(body);
  return text === undefined ? `(${body.length} bytes, no text)` : clipText(text, maxBodyLength);
};
