import { createHash } from 'node:crypto';
import type { Log, Result } from 'sarif';
import type { ReportCase, ReportFinding, ReportRule, TestReport } from './test-report.ts';

/**
 * The report as SARIF 2.1.0: one rule for each check, one result for each error or warning.
 *
 * GitHub rejects a whole file when one result has no location or an absolute one, so each result
 * gets one: its own, else the fallback.
 *
 * @param fallback a file of the repository, relative: what sends the requests
 */
export const renderSarif = (
  report: TestReport,
  fallback: { readonly file: string; readonly line?: number },
): string => {
  // What could not be judged is no finding about the code.
  const judged = report.cases.filter(({ status }) => status !== 'error');
  const findings = judged.flatMap((one) =>
    one.findings
      .filter(({ level }) => level !== 'note')
      .map((finding): Located => ({ one, finding, location: finding.location ?? fallback })),
  );
  const rules = collectRules(report, findings);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'alipayhk-mock',
            semanticVersion: report.version,
            rules: rules.map(toDescriptor),
          },
        },
        automationDetails: { id: `alipayhk-mock/${report.name}/` },
        columnKind: 'utf16CodeUnits',
        results: findings.map((located) =>
          toSarifResult(
            located,
            rules.findIndex(({ id }) => id === located.finding.rule),
          ),
        ),
        properties: { ...report.properties },
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

interface Located {
  readonly one: ReportCase;
  readonly finding: ReportFinding;
  readonly location: { readonly file: string; readonly line?: number; readonly column?: number };
}

/** A result must name a rule that is listed. */
const collectRules = (report: TestReport, findings: readonly Located[]): readonly ReportRule[] => {
  const rules = new Map((report.rules ?? []).map((rule) => [rule.id, rule]));
  for (const { finding } of findings)
    if (!rules.has(finding.rule))
      rules.set(finding.rule, { id: finding.rule, title: finding.rule, level: finding.level });
  return [...rules.values()];
};

const toDescriptor = ({ id, title, help, level, properties }: ReportRule) => ({
  id,
  shortDescription: { text: title },
  help: { text: help ?? title, markdown: help ?? title },
  defaultConfiguration: { level },
  properties: { ...properties },
});

const toSarifResult = ({ one, finding, location }: Located, ruleIndex: number): Result => {
  const { line, column } = location;
  const text =
    finding.remedy === undefined ? finding.message : `${finding.message}. ${finding.remedy}`;
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: finding.level,
    message: { text: escapeLinks(`${one.name}: ${text}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: toUri(location.file), uriBaseId: '%SRCROOT%' },
          region:
            column === undefined
              ? { startLine: line ?? 1 }
              : { startLine: line ?? 1, startColumn: column },
        },
      },
    ],
    // From what stays the same between runs, so that an alert stays the same alert.
    partialFingerprints: {
      'alipayhkMockFinding/v1': createHash('sha256')
        .update([finding.rule, one.group, one.name].join('\0'))
        .digest('hex')
        .slice(0, 32),
    },
    properties: { case: one.name, group: one.group, ...one.properties, ...finding.properties },
  };
};

/** In a message, `[text](1)` would be a link. */
const escapeLinks = (text: string): string => text.replace(/[[\]\\]/g, '\\$&');

/** A relative reference; an absolute path would be refused. */
const toUri = (file: string): string =>
  file
    .replace(/^([a-z]:)?[/\\]+/i, '')
    .split(/[/\\]/)
    .map(encodeURIComponent)
    .join('/');
