import { omitUndefined } from '../../problems/plain-object.ts';
import {
  type CaseAttempt,
  type CaseEvidence,
  type JudgeLimits,
  type ReadingOptions,
  type RunFacts,
  readCase,
} from './case-evidence.ts';
import { type CatalogueCase, type CheckId, type ProfileId, profiles } from './catalogue/case.ts';
import { catalogue } from './catalogue/index.ts';
import { findShortestPauseUs } from './checks/index.ts';
import {
  basisFor,
  type CaseContext,
  judgeCase,
  listBasis,
  listChecks,
  severityFor,
} from './judge-case.ts';
import {
  type CaseResult,
  type CaseVerdict,
  type CertifyResult,
  type OpenReason,
  type StrayReference,
  summarizeCases,
} from './result.ts';
import type { CaseRecord, RunRecord, SkippedCase, SkipReason } from './types.ts';

export interface JudgeOptions {
  readonly reading: ReadingOptions;
  readonly limits: JudgeLimits;
  /** Absent: every case counts, with the lenient weights. */
  readonly profile?: ProfileId | undefined;
  /** Case → what the merchant has decided where several behaviours are right. */
  readonly accept?: Readonly<Record<string, string>> | undefined;
}

export const defaultJudgeLimits: JudgeLimits = { recommendedMs: 8000, ceilingMs: 30_000 };

/** What the judge makes of a run; who ran what, and when, is added by the harness. */
export type JudgedRun = Pick<
  CertifyResult,
  'profile' | 'mode' | 'revealed' | 'pauseFactor' | 'summary' | 'claimConstant' | 'cases' | 'stray'
>;

/** Judges a whole run. Pure: recorded runs can be judged again. */
export const judgeRun = (run: RunRecord<CatalogueCase>, options: JudgeOptions): JudgedRun => {
  const evidences = run.cases.map((record) => readCase(record, options.reading));
  const facts = gatherFacts(evidences);
  const isClaimConstant = hasConstantClaims(evidences);
  const context = (isControlFailed: boolean): CaseContext => ({
    facts,
    limits: options.limits,
    accept: options.accept ?? {},
    profile: options.profile === undefined ? undefined : profiles[options.profile],
    isControlFailed,
    isClaimConstant,
  });
  const controls = judgeControls(evidences, context(false));
  const ran = mergeRepeats(
    evidences.map((evidence) => ({
      isRepeat: evidence.record.isRepeat,
      result: judgeCase(evidence, context(controls.get(controlScope(evidence.record)) === false)),
    })),
  );
  const cases = [...ran, ...run.skipped.map(describeSkipped)].sort(byCatalogue);
  return {
    ...omitUndefined({ profile: options.profile }),
    mode: run.mode,
    revealed: run.isRevealed,
    pauseFactor: run.pauseFactor,
    summary: summarizeCases(cases),
    claimConstant: isClaimConstant,
    cases,
    stray: run.stray.map(
      ({ id, arrival, clientId, operation }): StrayReference => ({
        ref: id,
        atMs: Math.round(arrival.atUs / 1000),
        ...omitUndefined({ clientId, operation }),
      }),
    ),
  };
};

/**
 * What one case looks like as soon as it has ended. The rest of the run can still change it: by a
 * control that fails later, or by claims that turn out to be constant.
 * @param earlier what the cases before it have shown of the driver and of the client
 */
export const judgeAlone = (
  record: CaseRecord<CatalogueCase>,
  options: JudgeOptions,
  earlier: readonly CaseEvidence[] = [],
): CaseResult => {
  const evidence = readCase(record, options.reading);
  return judgeCase(evidence, {
    facts: gatherFacts([...earlier, evidence]),
    limits: options.limits,
    accept: options.accept ?? {},
    profile: options.profile === undefined ? undefined : profiles[options.profile],
    isControlFailed: false,
    isClaimConstant: false,
  });
};

/** Whether other cases of the operation count after its plain case ended so. */
export const isControlPassed = ({ verdict }: CaseResult): boolean =>
  verdict.startsWith('PASS') || verdict === 'WARN' || verdict === 'NOT APPLICABLE';

const controlScope = ({ run }: CaseRecord<CatalogueCase>): string =>
  `${run.operation} ${run.sealed ? 'sealed' : 'plain'}`;

const judgeControls = (
  evidences: readonly CaseEvidence[],
  context: CaseContext,
): ReadonlyMap<string, boolean> =>
  new Map(
    evidences
      .filter(({ plan }) => plan.id === 'C-PRE-01')
      .map((evidence) => [
        controlScope(evidence.record),
        isControlPassed(judgeCase(evidence, context)),
      ]),
  );

const timingChecks: ReadonlySet<string> = new Set<CheckId>([
  'pauses',
  'gives-up-by-itself',
  'whole-deadline',
]);

/**
 * Whether a case is worth running again, alone: nothing but time is violated, or it was stopped.
 * Who accepts a forgery sometimes accepts it, so everything else stays as it was seen.
 */
export const isWorthRepeating = ({ checks, verdict, timeline }: CaseResult): boolean => {
  const failed = checks.filter((check) => check.verdict === 'fail');
  if (failed.some(({ id, isTiming }) => !timingChecks.has(id) && isTiming !== true)) return false;
  return (
    failed.length > 0 || (verdict === 'ERROR' && timeline.some(({ kind }) => kind === 'killed'))
  );
};

interface JudgedCase {
  readonly isRepeat: boolean;
  readonly result: CaseResult;
}

const cataloguePlaces = new Map(catalogue.map(({ id }, index) => [id, index]));

const byCatalogue = (a: CaseResult, b: CaseResult): number =>
  (cataloguePlaces.get(a.id) ?? 0) - (cataloguePlaces.get(b.id) ?? 0);

const skips: Readonly<
  Record<
    SkipReason,
    { readonly verdict: CaseVerdict; readonly message: string; readonly openReason?: OpenReason }
  >
> = {
  'control-failed': {
    verdict: 'NOT JUDGED',
    message: 'C-PRE-01 has not passed for this operation: repair that first',
    openReason: 'control-failed',
  },
  unsupported: { verdict: 'NOT APPLICABLE', message: 'the application does not do this operation' },
  mode: { verdict: 'NOT APPLICABLE', message: 'this way of driving cannot show it' },
  interrupted: {
    verdict: 'NOT JUDGED',
    message: 'the run was interrupted before',
    openReason: 'no-traffic',
  },
};

/** A case that did not run. */
const describeSkipped = ({ run, reason }: SkippedCase<CatalogueCase>): CaseResult => {
  const { plan, variant, operation, algorithm, sealed } = run;
  const { verdict, message, openReason } = skips[reason];
  return {
    id: plan.id,
    ...omitUndefined({ variant }),
    operation,
    crypto: algorithm,
    sealed,
    verdict,
    message,
    severity: severityFor(run),
    basis: listBasis(plan),
    counted: true,
    durationMs: 0,
    attempts: 0,
    checks: listChecks(plan).map((check) => ({
      id: check.id,
      verdict: verdict === 'NOT JUDGED' ? 'open' : 'n/a',
      evidence: '-',
      required: check.required ?? true,
      severity: check.severity ?? severityFor(run),
      basis: basisFor(check, run),
      sentence: message,
      exchanges: [],
      ...omitUndefined({ reason: openReason }),
    })),
    timeline: [],
    notes: [],
  };
};

/** Both runs of a case that was repeated stay: the second decides, and shows the first. */
const mergeRepeats = (judged: readonly JudgedCase[]): readonly CaseResult[] => {
  const cases: CaseResult[] = [];
  for (const { isRepeat, result } of judged) {
    const place = isRepeat ? cases.findIndex((other) => isSameCase(other, result)) : -1;
    const { first: _, ...first } = cases[place] ?? {};
    if (place === -1) cases.push(result);
    else
      cases[place] = {
        ...result,
        verdict: result.verdict.startsWith('PASS') ? 'PASS (alone)' : result.verdict,
        first: first as Omit<CaseResult, 'first'>,
      };
  }
  return cases;
};

const isSameCase = (a: CaseResult, b: CaseResult): boolean =>
  a.id === b.id && a.variant === b.variant && a.operation === b.operation && a.sealed === b.sealed;

/** They show how long the client pauses after U. */
const usualCases: ReadonlySet<string> = new Set(['C-UNK-01', 'C-UNK-02', 'C-UNK-03']);

export const gatherFacts = (evidences: readonly CaseEvidence[]): RunFacts => {
  const claims = evidences.flatMap(({ record }) => record.jobs.flatMap(({ claim }) => claim ?? []));
  const attempts = new Map<string, CaseAttempt[]>();
  const pauses = new Map<string, number>();
  for (const evidence of evidences) {
    const { operation, plan } = evidence;
    const own = attempts.get(operation) ?? [];
    own.push(...evidence.attempts);
    attempts.set(operation, own);
    const pause = usualCases.has(plan.id) ? findShortestPauseUs(evidence) : undefined;
    if (pause !== undefined)
      pauses.set(operation, Math.min(pause, pauses.get(operation) ?? Infinity));
  }
  return {
    reportsCodes: claims.some(({ resultCode }) => resultCode !== undefined),
    reportsAlerts: claims.some(({ alerted }) => alerted !== undefined),
    usualPauseUs: pauses,
    sharedIds: findSharedIds(evidences),
    attempts,
  };
};

interface IdOwner {
  readonly message: string;
  readonly fields: string;
}

/** requestIds that messages of different content had. */
const findSharedIds = (
  evidences: readonly CaseEvidence[],
): ReadonlyMap<string, readonly string[]> => {
  const owners = new Map<string, IdOwner>();
  const shared = new Map<string, string[]>();
  evidences.forEach(({ operation, messages }, index) => {
    for (const { number, attempts } of messages) {
      for (const { content } of attempts) {
        if (content?.requestId === undefined) continue;
        const key = `${operation} ${content.requestId}`;
        const owner = owners.get(key);
        if (owner === undefined)
          owners.set(key, { message: `${index} ${number}`, fields: content.fields });
        else if (owner.message !== `${index} ${number}` && owner.fields !== content.fields) {
          const ids = shared.get(operation) ?? [];
          if (!ids.includes(content.requestId)) ids.push(content.requestId);
          shared.set(operation, ids);
        }
      }
    }
  });
  return shared;
};

/** Every claim says the same, although all three letters were delivered and verified. */
const hasConstantClaims = (evidences: readonly CaseEvidence[]): boolean => {
  const views = new Set(evidences.flatMap(({ attempts }) => attempts.map(({ view }) => view)));
  if (!(views.has('S') && views.has('F') && views.has('U'))) return false;
  const outcomes = new Set(
    evidences.flatMap(({ messages }) =>
      messages.flatMap(({ claims }) => claims.map(({ outcome }) => outcome)),
    ),
  );
  return outcomes.size === 1;
};
