import * as z from 'zod';
import { operationIds } from '../../domain/contract/contract.ts';
import { outboundCallIds } from '../../domain/outbound/outbound-calls.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { checkYaml, type LocatedYaml } from '../../problems/located-yaml.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import type { Gathered, Problem } from '../../problems/problem.ts';
import { profileIds } from './catalogue/case.ts';
import {
  type CaseCheckResult,
  type CaseResult,
  type CertifyResult,
  type Expectation,
  type ExpectationSummary,
  failLevels,
  summarizeCases,
} from './result.ts';

const json: z.ZodType<unknown> = z.json();
const millisecondsBetween = (least: number, most: number) => z.int().min(least).max(most);

const mode = z
  .strictObject({
    algorithm: z.enum(['RSA256', 'ECC224']).default('RSA256').describe('signature algorithm'),
    sealed: z.boolean().default(false).describe('whether the bodies are encrypted'),
  })
  .refine(({ algorithm, sealed }) => !sealed || algorithm === 'RSA256', {
    error: 'encrypted bodies need an RSA key: write algorithm: RSA256',
  });

/** `certify.yaml`: what is integrated, and how it is judged. */
const certifyFile = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).max(100).optional().describe('what is judged, for the reports'),
  profile: z
    .enum(profileIds)
    .optional()
    .describe('frozen set of the cases that count; all count when absent'),
  operations: z
    .array(z.enum(operationIds))
    .min(1)
    .optional()
    .describe('the integrated ones, the most important first; all when absent'),
  modes: z
    .array(mode)
    .min(1)
    .optional()
    .describe('how the application signs and encrypts; RSA256 without encryption when absent'),
  messages: z
    .partialRecord(z.enum(operationIds), z.record(z.string(), json))
    .optional()
    .describe('fields that are laid over our samples, by operation; null removes one'),
  timeouts: z
    .strictObject({
      recommendedMs: millisecondsBetween(1, 600_000)
        .optional()
        .describe('how long a client should wait for an answer at most; default: 8000'),
      ceilingMs: millisecondsBetween(1, 600_000)
        .optional()
        .describe('how long it may wait at most; default: 30000'),
    })
    .optional(),
  retry: z
    .strictObject({
      pauseFactor: z
        .number()
        .min(0.0001)
        .max(1)
        .optional()
        .describe('the application multiplies its pauses by this; default: 0.05'),
      patienceMs: millisecondsBetween(100, 3_600_000)
        .optional()
        .describe('how long a job may take, and a case is watched, at most; default: 30000'),
      realPauses: z
        .boolean()
        .optional()
        .describe('true: pauses are not scaled, and the printed plan is judged in real time'),
    })
    .optional(),
  receiver: z
    .strictObject({
      url: z.url().optional().describe("address of the merchant's own server"),
      client: z.string().min(1).optional().describe('Client-Id that is called; the demo client'),
      calls: z
        .array(z.enum(outboundCallIds))
        .min(1)
        .optional()
        .describe('the integrated calls; those that are documented completely when absent'),
      applied: z
        .url()
        .optional()
        .describe('where the merchant says how often an event was applied'),
    })
    .optional()
    .describe('what AlipayHK calls: the family OUT is played against it'),
  every: z
    .enum(['primary', 'operation'])
    .optional()
    .describe('primary: each case on the first operation that it applies to; operation: on all'),
  accept: z
    .record(z.string(), z.string())
    .optional()
    .describe('decisions where several behaviours are right: C-FIN-04: retry'),
  failOn: z
    .enum(failLevels)
    .optional()
    .describe('from which severity on a failure ends the run with exit code 1; default: major'),
  expectedFailures: z
    .string()
    .min(1)
    .optional()
    .describe('file of failures that are expected, relative to this file'),
});

export type CertifyFile = z.infer<typeof certifyFile>;

/** Reads `certify.yaml`. */
export const readCertifyFile = (source: LocatedYaml): Gathered<CertifyFile> => {
  if (source.problems.length > 0) return { value: {}, problems: source.problems };
  // A file of comments alone is like none.
  if (source.value === null) return { value: {}, problems: [] };
  const checked = checkYaml(
    source,
    certifyFile,
    'docs/certify.schema.json describes every member.',
  );
  return 'problems' in checked
    ? { value: {}, problems: checked.problems }
    : { value: checked.data, problems: [] };
};

/** The JSON Schema for editors. */
export const certifyFileSchema = (): Record<string, unknown> => ({
  // Counts up when a file that was right would no longer be.
  $id: 'alipayhk-mock/certify/v1',
  title: 'alipayhk-mock certify',
  ...z.toJSONSchema(certifyFile, { target: 'draft-7', io: 'input' }),
});

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1)]).optional();

const expectedFailure = z.strictObject({
  id: z.string(),
  variant: oneOrMore,
  operation: oneOrMore,
  sealed: z.boolean().optional(),
  reason: z.string().min(1),
  until: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .optional(),
  issue: z.string().optional(),
  flaky: z.boolean().optional(),
});

const expectedFailuresFile = z.array(expectedFailure);

/** An entry of the expected-failures file. */
type ExpectedFailure = z.infer<typeof expectedFailure>;

/** What an entry may name. */
interface KnownIds {
  /** The checks of each case. */
  readonly cases: ReadonlyMap<string, readonly string[]>;
  readonly lintRules: readonly string[];
  /** Old id → the present one. */
  readonly renamed: ReadonlyMap<string, string>;
  readonly operations: readonly string[];
}

export interface ExpectedFailures {
  readonly entries: readonly ExpectedFailure[];
  /** Renamed ids, and reasons that are still to be written. */
  readonly warnings: readonly string[];
}

/** Reads an expected-failures file; ids that do not exist are problems with their line. */
export const readExpectedFailures = (
  source: LocatedYaml,
  known: KnownIds,
): Gathered<ExpectedFailures> => {
  if (source.problems.length > 0) return { value: noFailures, problems: source.problems };
  // An empty file is an empty list.
  if (source.value === null) return { value: noFailures, problems: [] };
  const checked = checkYaml(
    source,
    expectedFailuresFile,
    'Write a list of entries with id and reason; until is a day, such as 2027-03-31.',
  );
  if ('problems' in checked) return { value: noFailures, problems: checked.problems };
  const warnings: string[] = [];
  const entries = checked.data.map((entry) => {
    const id = known.renamed.get(entry.id);
    if (id !== undefined) warnings.push(`${entry.id} is now ${id}: change the entry`);
    if (entry.reason === todo) warnings.push(`${entry.id} has no reason yet: replace ${todo}`);
    return { ...entry, id: id ?? entry.id };
  });
  const problems = entries.flatMap((entry, index) => entryProblems(entry, index, source, known));
  return { value: { entries, warnings }, problems };
};

const noFailures: ExpectedFailures = { entries: [], warnings: [] };

const entryProblems = (
  { id, operation }: ExpectedFailure,
  index: number,
  source: LocatedYaml,
  known: KnownIds,
): readonly Problem[] => {
  const { caseId, check } = splitId(id);
  const checks = known.cases.get(caseId);
  const ids = [...known.cases.keys(), ...known.lintRules];
  const unknown =
    checks === undefined
      ? !known.lintRules.includes(id) && suggest(id, ids, 'alipayhk-mock certify --list')
      : check !== undefined && !checks.includes(check) && suggest(check, checks);
  const operations = toList(operation) ?? [];
  return [
    ...(unknown === false
      ? []
      : [source.problemAt([index, 'id'], `${id} does not exist`, unknown)]),
    ...operations
      .filter((name) => !known.operations.includes(name))
      .map((name) =>
        source.problemAt(
          [index, 'operation'],
          `unknown operation "${name}"`,
          suggest(name, known.operations),
        ),
      ),
  ];
};

const splitId = (id: string): { readonly caseId: string; readonly check: string | undefined } => {
  const [caseId = '', check] = id.split('.');
  return { caseId, check };
};

const toList = (value: string | readonly string[] | undefined): readonly string[] | undefined =>
  typeof value === 'string' ? [value] : value;

interface ApplyOptions {
  /** The day of the run: `2027-01-31`. */
  readonly today: string;
  /** Only these cases were to run; entries of others say nothing about this run. */
  readonly chosen?: ReadonlySet<string> | undefined;
}

/**
 * Weighs a result against what was expected. An expected failure is XFAIL; an entry none of whose
 * cases fails is stale, and these cases are XPASS, unless it is marked as flaky. Entries by check
 * excuse this check alone.
 */
export const applyExpectedFailures = (
  result: CertifyResult,
  { entries, warnings }: ExpectedFailures,
  { today, chosen }: ApplyOptions,
): CertifyResult => {
  const relevant = entries.filter(
    ({ id }) => chosen === undefined || chosen.has(splitId(id).caseId),
  );
  const expired = relevant.filter(({ until }) => until !== undefined && until < today);
  const live = relevant.filter((entry) => !expired.includes(entry));
  const outcomes = live.map((entry) => weighEntry(entry, result));
  const isStale = ({ kind }: Weighed): boolean => kind === 'stale';
  const cases = result.cases.map((one) => outcomes.reduce(applyEntry, one));
  const accepted = cases.filter(({ verdict }) => verdict === 'XFAIL');
  const summary: ExpectationSummary = {
    stale: outcomes.filter(isStale).map(({ expectation }) => expectation),
    unconfirmed: outcomes
      .filter(({ kind }) => kind === 'unconfirmed')
      .map(({ expectation }) => expectation),
    expired: expired.map(toExpectation),
    warnings,
    acceptsCritical: accepted.some((one) =>
      one.checks.some(({ verdict, severity }) => verdict === 'fail' && severity === 'critical'),
    ),
  };
  return { ...result, cases, summary: summarizeCases(cases), expectations: summary };
};

interface Weighed {
  readonly entry: ExpectedFailure;
  readonly expectation: Expectation;
  readonly kind: 'fails' | 'stale' | 'unconfirmed' | 'passes';
}

/** What a run says about an entry as a whole. */
const weighEntry = (entry: ExpectedFailure, result: CertifyResult): Weighed => {
  const { check } = splitId(entry.id);
  const verdicts: readonly string[] = entry.id.startsWith('L-')
    ? lintVerdicts(entry.id, result.lint)
    : result.cases
        .filter((one) => fits(entry, one))
        .flatMap((one) =>
          check === undefined
            ? caseVerdict(one)
            : one.checks.filter(({ id }) => id === check).map(({ verdict }) => verdict),
        );
  const expectation = toExpectation(entry);
  if (verdicts.some((verdict) => verdict === 'fail' || verdict === 'warn'))
    return { entry, expectation, kind: 'fails' };
  if (!verdicts.includes('pass')) return { entry, expectation, kind: 'unconfirmed' };
  return { entry, expectation, kind: entry.flaky === true ? 'passes' : 'stale' };
};

const caseVerdict = ({ verdict }: CaseResult): CaseCheckResult['verdict'] => {
  if (verdict === 'FAIL') return 'fail';
  if (verdict === 'WARN') return 'warn';
  return verdict.startsWith('PASS') ? 'pass' : 'open';
};

/** Lint looks at all traffic: a rule without a finding has passed. */
const lintVerdicts = (id: string, findings: CertifyResult['lint']): readonly string[] => [
  findings.some(({ rule }) => rule === id) ? 'fail' : 'pass',
];

const fits = ({ id, variant, operation, sealed }: ExpectedFailure, one: CaseResult): boolean =>
  splitId(id).caseId === one.id &&
  (variant === undefined || (toList(variant) ?? []).includes(one.variant ?? '')) &&
  (operation === undefined || (toList(operation) ?? []).includes(one.operation)) &&
  (sealed === undefined || sealed === one.sealed);

const applyEntry = (one: CaseResult, { entry, expectation, kind }: Weighed): CaseResult => {
  if (!fits(entry, one)) return one;
  const { check } = splitId(entry.id);
  if (check !== undefined) return excuseCheck(one, check, expectation, kind);
  if (one.verdict === 'FAIL') return { ...one, verdict: 'XFAIL', expectation };
  if (kind === 'stale' && one.verdict.startsWith('PASS'))
    return { ...one, verdict: 'XPASS', expectation };
  return one;
};

const excuseCheck = (
  one: CaseResult,
  id: string,
  expectation: Expectation,
  kind: Weighed['kind'],
): CaseResult => {
  if (kind === 'stale')
    return one.verdict.startsWith('PASS') ? { ...one, verdict: 'XPASS', expectation } : one;
  const checks = one.checks.map(
    (check): CaseCheckResult =>
      check.id === id && check.verdict === 'fail' ? { ...check, expectation } : check,
  );
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  const isExcused = failed.length > 0 && failed.every((check) => check.expectation !== undefined);
  return one.verdict === 'FAIL' && isExcused
    ? { ...one, checks, verdict: 'XFAIL', expectation }
    : { ...one, checks };
};

const toExpectation = ({ id, reason, until, issue, flaky }: ExpectedFailure): Expectation => ({
  id,
  reason,
  ...omitUndefined({ until, issue, flaky }),
});

const todo = 'TODO';

/** Entries for everything that failed, one for each case, variant and operation, to be written. */
export const listFailures = (cases: readonly CaseResult[]): readonly ExpectedFailure[] =>
  cases
    .filter(({ verdict }) => verdict === 'FAIL' || verdict === 'XFAIL')
    .map((one) => ({
      id: one.id,
      ...omitUndefined({ variant: one.variant }),
      operation: one.operation,
      ...omitUndefined({ sealed: one.sealed ? true : undefined }),
      reason: one.expectation?.reason ?? todo,
      ...omitUndefined({ until: one.expectation?.until, issue: one.expectation?.issue }),
    }));
