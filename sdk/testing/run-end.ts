import { readFileSync, writeFileSync } from 'node:fs';
import type { LintFinding } from '../../server/admin/types.gen.ts';
import {
  type CoverageReport,
  checkGate,
  keepsRatchet,
  renderCoverage,
} from '../../server/conformance/coverage/coverage-report.ts';
import { isLintRule, lintRules } from '../../server/conformance/lint/lint-rules.ts';
import { AdminApiError } from '../admin/admin-client.ts';
import { LintError } from './assertions.ts';
import type { MockServerSettings } from './create-mock-server.ts';
import type { Simulator } from './simulator.ts';

/** Coverage of a whole test run. */
export interface CoverageRunOptions {
  /** Where the report is written. */
  readonly file?: string;
  /** Percent of all items that must be handled. */
  readonly minHandled?: number;
  /** File of an earlier report: what it has as handled must be handled. */
  readonly ratchet?: string;
}

/** A test run has covered too little. `code` is `COVERAGE_TOO_LOW`. */
export class CoverageError extends Error {
  override readonly name = 'CoverageError';
  readonly code = 'COVERAGE_TOO_LOW';
  declare readonly report: CoverageReport;

  /** @param file where the report is */
  constructor(problems: readonly string[], report: CoverageReport, file?: string) {
    const forAll =
      file === undefined ? 'name a file for the report' : `alipayhk-mock coverage ${file}`;
    super([...problems, renderCoverage(report, { maxMissing: 20, forAll })].join('\n'));
    // Test runners print what an error has, and this is long.
    Object.defineProperty(this, 'report', { value: report });
  }
}

/**
 * Writes what the run has covered, unless that would lower the bar of the next run: a file that the
 * run is compared with is kept when it covers too little.
 * @throws CoverageError `COVERAGE_TOO_LOW`
 */
const finishCoverage = async (
  simulator: Simulator,
  { file, minHandled, ratchet }: CoverageRunOptions,
): Promise<void> => {
  const report = (await simulator.admin('GET', '/coverage')) as CoverageReport;
  const earlier = ratchet === undefined ? undefined : readRatchet(ratchet);
  const { problems } = checkGate(report, { minHandled, ratchet: earlier });
  const isGated = minHandled !== undefined || ratchet !== undefined;
  const isTooLow = isGated && problems.length > 0;
  const isKept = keepsRatchet(problems, file, ratchet);
  if (file !== undefined && !isKept) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  if (isTooLow) throw new CoverageError(problems, report, isKept ? undefined : file);
};

/** @throws Error that names the file */
const readRatchet = (file: string): CoverageReport => {
  try {
    const report: CoverageReport = JSON.parse(readFileSync(file, 'utf8'));
    if (Array.isArray(report.groups)) return report;
  } catch (error) {
    throw new Error(
      `${file}: the earlier report cannot be read: ${(error as Error).message}. ` +
        'Run without ratchet once, with file, to write it.',
    );
  }
  throw new Error(`${file}: is not a report of coverage. Name one that file wrote.`);
};

/**
 * Prints what lint has found in a whole run, once for each rule, and closes the simulator. What a
 * test allows with `allowLint` is not found.
 * @throws LintError `LINT_ERRORS` when `lint.mode` is `strict`: also for clients that no fixture
 * watches
 * @throws CoverageError `COVERAGE_TOO_LOW`
 */
export const finishRun = async (
  server: Simulator & { readonly close: () => Promise<void> },
  {
    coverage,
    isStrict,
  }: { readonly coverage?: CoverageRunOptions | undefined; readonly isStrict: boolean },
): Promise<void> => {
  try {
    const findings = await readFindings(server);
    if (findings.length > 0) process.stderr.write(`\n${describeRunFindings(findings)}\n`);
    const errors = findings.filter(({ severity }) => severity === 'error');
    if (coverage !== undefined) await finishCoverage(server, coverage);
    if (isStrict && errors.length > 0) throw new LintError(errors);
  } catch (error) {
    // Vitest prints what a teardown throws, and ends with 0 nevertheless.
    process.exitCode = 1;
    throw error;
  } finally {
    await server.close();
  }
};

export const isLintStrict = ({ lint, ...dotted }: MockServerSettings = {}): boolean =>
  (dotted['lint.mode'] ?? lint?.mode) === 'strict';

/** Errors and warnings. */
const readFindings = async (simulator: Simulator): Promise<readonly LintFinding[]> => {
  try {
    const { findings } = (await simulator.admin('GET', '/lint?isEnd=true')) as {
      readonly findings: readonly LintFinding[];
    };
    return findings.filter(({ severity }) => severity !== 'note');
  } catch (error) {
    // Lint is off.
    if (error instanceof AdminApiError && error.httpStatus === 404) return [];
    throw error;
  }
};

/** In a run each test has its own client: each rule is shown once, by its worst finding. */
const describeRunFindings = (findings: readonly LintFinding[]): string => {
  const rules = new Map<string, LintFinding[]>();
  for (const finding of findings)
    rules.set(finding.rule, [...(rules.get(finding.rule) ?? []), finding]);
  return [...rules].flatMap(([rule, found]) => describeRule(rule, found)).join('\n');
};

const describeRule = (rule: string, found: readonly LintFinding[]): readonly string[] => {
  const [worst] = found;
  if (worst === undefined) return [];
  const count = found.reduce((sum, one) => sum + one.count, 0);
  const clients = new Set(found.map(({ clientId }) => clientId)).size;
  const why = isLintRule(rule) ? `${lintRules[rule].why} ` : '';
  return [
    `lint ${worst.severity}: ${rule} ${worst.sentence}`,
    `  ${count === 1 ? 'once' : `${count} times`}, ` +
      (clients === 1 ? `client ${worst.clientId}` : `${clients} clients`),
    `  ${why}alipayhk-mock lint --explain ${rule}`,
  ];
};
