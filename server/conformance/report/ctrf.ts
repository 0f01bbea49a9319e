import type { CTRFReport, Test } from 'ctrf';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import {
  countCases,
  describeFindings,
  groupCases,
  leadSentence,
  type ReportCase,
  type TestReport,
} from './test-report.ts';

/** The report in the Common Test Report Format. */
export const renderCtrf = (report: TestReport): string => {
  const { passed, failed, error, skipped } = countCases(report.cases);
  const start = Math.round(report.startedAt);
  const stop = Math.round(report.startedAt + report.durationMs);
  const document: CTRFReport = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    timestamp: new Date(stop).toISOString(),
    generatedBy: 'alipayhk-mock',
    results: {
      tool: { name: 'alipayhk-mock', version: report.version },
      summary: {
        tests: report.cases.length,
        passed,
        failed,
        skipped,
        pending: 0,
        other: error,
        flaky: report.cases.filter(({ flaky }) => flaky === true).length,
        suites: groupCases(report.cases).size,
        start,
        stop,
        duration: Math.round(report.durationMs),
      },
      tests: report.cases.map(toTest),
      extra: { ...report.properties },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};

/** CTRF has no status for what could not be judged. */
const ctrfStatuses = {
  passed: 'passed',
  failed: 'failed',
  error: 'other',
  skipped: 'skipped',
} as const;

const toTest = (one: ReportCase): Test => {
  const { location } = one.findings.find((finding) => finding.location !== undefined) ?? {};
  const text = describeFindings(one);
  return {
    name: one.name,
    suite: [one.group],
    status: ctrfStatuses[one.status],
    duration: Math.round(one.durationMs),
    rawStatus: one.verdict ?? one.status,
    retries: one.retries ?? 0,
    flaky: one.flaky ?? false,
    ...omitUndefined({
      message: one.status === 'passed' && one.findings.length === 0 ? undefined : leadSentence(one),
      trace: text === '' ? undefined : text,
      filePath: location?.file,
      line: location?.line,
    }),
    extra: {
      ...one.properties,
      findings: one.findings.map(({ rule, level, message, properties }) => ({
        rule,
        level,
        message,
        ...properties,
      })),
    },
  };
};
