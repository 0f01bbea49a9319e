import type { ReportCase } from '../../conformance/report/test-report.ts';
import type { RegisterId } from '../../domain/contract/basis.ts';
import { readFidelityRegister } from '../../domain/contract/fidelity.ts';
import {
  type CompareReport,
  type Difference,
  type RowComparison,
  readComparisonRecords,
  summarizeComparison,
} from '../../fidelity/compare/comparison.ts';
import { shippedRegister, version } from '../../package-root.ts';
import { printable } from '../../problems/display-text.ts';
import {
  exitCodes,
  formatJson,
  inputName,
  readInputFile,
  translateOutput,
  usageError,
} from '../input-output.ts';
import { type ReportFileOptions, writeReports } from '../reports.ts';

export interface CompareReportOptions extends ReportFileOptions {
  readonly json?: boolean;
}

/** Prints what a comparison found, by row of the register; exit code 1 where something differs. */
export const compareReport = (file: string, options: CompareReportOptions): number => {
  const remedy = 'Name the file that `compare --out` wrote.';
  const { records, badLine } = readComparisonRecords(readInputFile(file, remedy).toString('utf8'));
  if (badLine !== undefined)
    throw usageError(`${inputName(file)}:${badLine}`, 'is no record of a comparison', remedy);
  const register = readFidelityRegister(shippedRegister);
  const report = summarizeComparison(
    records,
    register.map(({ id }) => id as RegisterId),
  );
  process.stdout.write(
    options.json === true ? formatJson(report) : `${printable(describeReport(report))}\n`,
  );
  const questions = new Map(register.map(({ id, question }): [string, string] => [id, question]));
  const times = records.map(({ at }) => Date.parse(at));
  writeReports(options.report, {
    name: 'compare',
    version,
    startedAt: times[0] ?? 0,
    durationMs: (times.at(-1) ?? 0) - (times[0] ?? 0),
    cases: [...report.rows.map((row) => rowCase(row, questions)), ...unattributedCases(report)],
  });
  return report.differing === 0 && report.failed === 0 ? exitCodes.ok : exitCodes.failed;
};

const describeReport = (report: CompareReport): string =>
  [
    translateOutput(
      `${report.exchanges} exchanges: ${report.differing} with differences, ` +
        `${report.failed} not compared`,
    ),
    ...report.rows.map(({ row, agreements, differences, example }) =>
      [
        `  ${translateOutput(`${row}  ${agreements} agree, ${differences} differ`)}`,
        ...(example === undefined
          ? []
          : [
              `    ${translateOutput(`#${example.n} ${describeComparedDifference(example.difference)}`)}`,
            ]),
      ].join('\n'),
    ),
    ...report.unattributed.map(
      ({ n, difference }) =>
        `  ${translateOutput(`no row  #${n} ${describeComparedDifference(difference)}`)}`,
    ),
    translateOutput(`never exercised: ${report.neverExercised.join(', ') || 'none'}`),
  ].join('\n');

const describeComparedDifference = ({ path, real, mock, class: kind }: Difference): string =>
  `${kind}, ${path}: the gateway ${real}, the simulator ${mock}`;

const rowCase = (
  { row, differences, example }: RowComparison,
  questions: ReadonlyMap<string, string>,
): ReportCase => ({
  group: 'fidelity register',
  name: `${row} ${questions.get(row) ?? ''}`.trim(),
  status: differences === 0 ? 'passed' : 'failed',
  durationMs: 0,
  findings:
    example === undefined
      ? []
      : [
          {
            rule: row,
            level: 'error',
            message: `exchange ${example.n}: ${describeComparedDifference(example.difference)}`,
            remedy: `See ${row} in docs/fidelity.md for the setting.`,
          },
        ],
});

const unattributedCases = ({ unattributed }: CompareReport): readonly ReportCase[] =>
  unattributed.map(
    ({ n, difference }): ReportCase => ({
      group: 'without a row',
      name: `exchange ${n}, ${difference.path}`,
      status: 'failed',
      durationMs: 0,
      findings: [
        { rule: difference.class, level: 'error', message: describeComparedDifference(difference) },
      ],
    }),
  );
