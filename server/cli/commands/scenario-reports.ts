import { version } from '../../app/version.ts';
import type {
  ReportCase,
  ReportFinding,
  TestReport,
} from '../../conformance/report/test-report.ts';
import { relativePath } from '../../conformance/report/write-reports.ts';
import type { Scenario } from '../../domain/scenarios/compile-scenario.ts';
import { readLocatedYaml } from '../../problems/located-yaml.ts';
import type { Problem } from '../../problems/problem.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import type { PlayedStep } from './play-expectations.ts';

/** A scenario whose `expect` was played. */
export interface PlayedScenario {
  readonly scenario: Scenario;
  readonly steps: readonly PlayedStep[];
  readonly durationMs: number;
}

/** Reports `scenarios run`: each difference at the step of `expect` that it is about. */
export const reportRun = (played: readonly PlayedScenario[], startedAt: number): TestReport => ({
  name: 'scenarios run',
  version,
  startedAt,
  durationMs: played.reduce((sum, { durationMs }) => sum + durationMs, 0),
  cases: played.map(({ scenario, steps, durationMs }): ReportCase => {
    const findings = steps.flatMap(({ differences }, index) =>
      differences.map((message) =>
        toFinding('scenario-expectation', 'error', stepProblem(scenario.file, index, message)),
      ),
    );
    return {
      group: 'scenarios',
      name: scenario.name,
      status: findings.length === 0 ? 'passed' : 'failed',
      durationMs,
      findings,
    };
  }),
});

const stepProblem = (file: string, index: number, difference: string): Problem =>
  readLocatedYaml(file).problemAt(
    ['expect', index],
    `step ${index + 1} of expect: ${difference}`,
    'Change the rules or the expectation.',
  );

interface CheckedFiles {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly startedAt: number;
  readonly durationMs: number;
}

/** Reports `scenarios check`: a case for each file, its errors and warnings at their lines. */
export const reportCheck = (checked: CheckedFiles): TestReport => {
  const { files, problems, warnings, startedAt, durationMs } = checked;
  const names = [...new Set([...files, ...problems.map(({ where }) => where)])];
  return {
    name: 'scenarios check',
    version,
    startedAt,
    durationMs,
    cases: names.map((file): ReportCase => {
      const isHere = ({ where }: Problem): boolean => where === file;
      const errors = problems.filter(isHere);
      return {
        group: 'scenario files',
        name: relativePath(process.cwd(), file),
        status: errors.length === 0 ? 'passed' : 'failed',
        durationMs: 0,
        findings: [
          ...errors.map((problem) => toFinding('scenario-file', 'error', problem)),
          ...warnings
            .filter(isHere)
            .map((problem) => toFinding('scenario-warning', 'warning', problem)),
        ],
      };
    }),
  };
};

const toFinding = (
  rule: string,
  level: ReportFinding['level'],
  { where, line, column, message, remedy }: Problem,
): ReportFinding => ({
  rule,
  level,
  message,
  remedy,
  location: { file: where, ...omitUndefined({ line, column }) },
});
