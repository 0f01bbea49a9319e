import { readFileSync, writeFileSync } from 'node:fs';
import {
  type CoverageReport,
  checkGate,
  renderCoverage,
} from '../../server/conformance/coverage/coverage-report.ts';
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
  readonly report: CoverageReport;

  constructor(problems: readonly string[], report: CoverageReport) {
    super([...problems, renderCoverage(report)].join('\n'));
    this.report = report;
  }
}

/**
 * Writes what the run has covered.
 * @throws CoverageError `COVERAGE_TOO_LOW`
 */
export const finishCoverage = async (
  simulator: Simulator,
  { file, minHandled, ratchet }: CoverageRunOptions,
): Promise<void> => {
  const report = (await simulator.admin('GET', '/coverage')) as CoverageReport;
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  const { problems } = checkGate(report, {
    minHandled,
    ratchet:
      ratchet === undefined
        ? undefined
        : (JSON.parse(readFileSync(ratchet, 'utf8')) as CoverageReport),
  });
  const isGated = minHandled !== undefined || ratchet !== undefined;
  if (isGated && problems.length > 0) throw new CoverageError(problems, report);
};
