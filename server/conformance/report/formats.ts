import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { CTRFReport, Test } from 'ctrf';
import XmlBuilder from 'fast-xml-builder';
import { clipText, printable, printableLine } from '../../problems/display-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import {
  countCases,
  describeFindings,
  groupCases,
  leadSentence,
  type ReportCase,
  type ReportFinding,
  type TestReport,
} from './test-report.ts';
import { inEnglish, type Translate, translateText } from './translate.ts';

/**
 * The report as JUnit XML, in the form that Jenkins, GitLab and GitHub's actions read: a suite for
 * each group. A case that could not be judged is an error: a skipped one would be green.
 */
export const renderJunit = (report: TestReport): string => {
  const suites = [...groupCases(report.cases)].map(([group, cases]) => ({
    ...attributes({
      name: group,
      ...suiteCounts(cases),
      time: seconds(cases.reduce((sum, { durationMs }) => sum + durationMs, 0)),
      timestamp: new Date(report.startedAt).toISOString().slice(0, 19),
    }),
    properties: propertyList(report.properties),
    testcase: cases.map(testCase),
  }));
  return builder.build({
    '?xml': attributes({ version: '1.0', encoding: 'UTF-8' }),
    testsuites: {
      ...attributes({
        name: `alipayhk-mock ${report.name}`,
        ...suiteCounts(report.cases),
        time: seconds(report.durationMs),
      }),
      testsuite: suites,
    },
  });
};

const builder = new XmlBuilder({
  attributeNamePrefix: '@',
  ignoreAttributes: false,
  suppressBooleanAttributes: false,
  format: true,
  suppressEmptyNode: true,
});

const suiteCounts = (cases: readonly ReportCase[]): Record<string, string> => {
  const { failed, error, skipped } = countCases(cases);
  return {
    tests: String(cases.length),
    failures: String(failed),
    errors: String(error),
    skipped: String(skipped),
  };
};

const testCase = (one: ReportCase) => {
  const text = describeFindings(one);
  const message = leadSentence(one);
  const type = one.verdict ?? one.findings[0]?.rule ?? one.status;
  const { file, line } = one.findings.find(({ location }) => location)?.location ?? {};
  return omitUndefined({
    ...attributes({
      name: one.name,
      classname: one.group,
      time: seconds(one.durationMs),
      file,
      line: line?.toString(),
    }),
    properties: propertyList(one.properties),
    ...caseToSarifResult(one, { ...attributes({ message, type }), '#text': xmlText(text) }),
  });
};

type Element = Readonly<Record<string, string>>;

const caseToSarifResult = (
  { status, flaky }: ReportCase,
  result: Element,
): Record<string, unknown> => {
  if (status === 'failed') return { failure: result };
  if (status === 'error') return { error: result };
  if (status === 'skipped') return { skipped: result };
  // The name that Surefire gave it, and that CI servers count.
  if (flaky === true) return { flakyFailure: result };
  return result['#text'] === '' ? {} : { 'system-out': result['#text'] };
};

const propertyList = (properties: Readonly<Record<string, string>> = {}) => {
  const property = Object.entries(properties).map(([name, value]) => attributes({ name, value }));
  return property.length === 0 ? undefined : { property };
};

/** A line feed in an attribute would be read as a space. */
const attributes = (values: Readonly<Record<string, string | undefined>>): Element =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[`@${name}`, xmlText(printableLine(value))]],
    ),
  );

/** What XML 1.0 cannot hold at all, not even escaped, apart from control characters. */
const notInXml = /[\p{Surrogate}\ufffe\uffff]/gu;

const xmlText = (text: string): string => printable(text).replace(notInXml, '\ufffd');

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

/**
 * The report as workflow commands: GitHub shows each error and warning as an annotation, at its
 * line of the file where it has one. A workflow command works when a step prints it. Notes are left
 * out: GitHub shows ten annotations of a step.
 */
export const renderGithub = ({ cases }: TestReport): string =>
  cases
    .flatMap((one) => {
      const title = `${one.group}: ${one.name}`;
      const shown = one.findings.filter(({ level }) => level !== 'note');
      if (shown.length > 0) return shown.map((finding) => command(finding, title));
      return one.status === 'failed' || one.status === 'error'
        ? [command({ rule: one.status, level: 'error', message: leadSentence(one) }, title)]
        : [];
    })
    .map((line) => `${line}\n`)
    .join('');

const command = ({ level, message, remedy, location }: ReportFinding, title: string): string => {
  const { file, line, column } = location ?? {};
  const properties = Object.entries({ file, line, col: line && column, title })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const text = remedy === undefined ? message : `${message}\n${remedy}`;
  return `::${level} ${properties.join(',')}::${escapeData(text)}`;
};

/** As `@actions/core` does: a line feed would end the command, and the rest could be another. */
const escapeData = (text: string): string =>
  printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

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

/** A job summary of GitHub holds one mebibyte. */
const maxSummaryBytes = 900_000;

/** What passed is in the table because of a warning. */
const statusMarks = { failed: '❌', error: '❔', passed: '⚠️', skipped: '➖' } as const;
const statusRanks = { failed: 0, error: 1, passed: 2, skipped: 3 } as const;

/**
 * The report as Markdown for a job summary or a merge request: counts, then a table of what did not
 * pass or has a warning. Cells hold no markup of the values that they show.
 *
 * @param summary lines below the counts, as Markdown
 */
export const renderMarkdown = (
  report: TestReport,
  summary: readonly string[] = [],
  translate: Translate = inEnglish,
): string => {
  const say = (text: string): string => translateText(text, translate);
  const { passed, failed, error, skipped } = countCases(report.cases);
  const shown = report.cases
    .filter(isNotable)
    .toSorted((a, b) => statusRanks[a.status] - statusRanks[b.status]);
  const head = [
    `## alipayhk-mock ${report.name}`,
    '',
    say(
      `${passed} passed, ${failed} failed, ${error} not judged, ${skipped} skipped, ` +
        `in ${(report.durationMs / 1000).toFixed(1)} s`,
    ),
    '',
    ...summary.map(say),
  ];
  const table = [`| | ${say('case')} | ${say('what was found')} |`, '| --- | --- | --- |'];
  const rows = cutRows(
    shown.map((one) => tableRow(one, say)),
    maxSummaryBytes - [...head, ...table].join('\n').length,
  );
  return `${[...head, ...(rows.length === 0 ? [] : ['', ...table, ...rows])].join('\n')}\n`;
};

const isNotable = ({ status, findings, flaky }: ReportCase): boolean =>
  status === 'failed' ||
  status === 'error' ||
  flaky === true ||
  findings.some(({ level }) => level === 'warning');

const tableRow = (one: ReportCase, say: Translate): string => {
  const [finding] = one.findings;
  const text = [leadSentence(one), finding?.remedy]
    .filter((part) => part !== undefined)
    .map(say)
    .join('. ');
  return `| ${statusMarks[one.status]} | ${markdownCell(one.name)} | ${markdownCell(text)} |`;
};

const cutRows = (rows: readonly string[], limit: number): readonly string[] => {
  let length = 0;
  const kept = rows.filter((line) => {
    length += Buffer.byteLength(line) + 1;
    return length < limit - 200;
  });
  if (kept.length === rows.length) return rows;
  return [...kept, `| | | ${rows.length - kept.length} more, left out here |`];
};

/** What Markdown or HTML could read as markup, and what makes links of addresses. */
const markup = /[\\`*_[\]<>#|~&$:]|(?<=www)\./gi;

/**
 * Text of a cell: a value of the run must neither end the cell nor become a link, an image or a
 * mention of a user.
 */
export const markdownCell = (text: string): string =>
  printableLine(clipText(text, 500))
    .replace(markup, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('@', '&#64;&#8203;');

export const reportFormats = [
  'json',
  'junit',
  'ctrf',
  'github',
  'sarif',
  'markdown',
  'html',
] as const;

export type ReportFormat = (typeof reportFormats)[number];

/** A report that was asked for: `junit=results.xml`. */
export interface ReportTarget {
  readonly format: ReportFormat;
  /** `-` is standard output. */
  readonly file: string;
}

export type ReportRenderer = () => string;

/** What every command that checks something can write. */
export const commonFormats = ['json', 'junit', 'ctrf', 'github'] as const;

/** The writers of `commonFormats`. Nothing is rendered before its file is written. */
export const commonRenderers = (
  report: TestReport,
): Readonly<Record<(typeof commonFormats)[number], ReportRenderer>> => ({
  json: () => `${JSON.stringify({ schema: 1, ...report }, null, 2)}\n`,
  junit: () => renderJunit(report),
  ctrf: () => renderCtrf(report),
  github: () => renderGithub(report),
});

/**
 * The report with the files of its findings as other tools name them: relative to the repository,
 * with slashes. A file outside the folder keeps its name.
 */
export const relativeTo = (folder: string, report: TestReport): TestReport => ({
  ...report,
  cases: report.cases.map(
    (one): ReportCase => ({
      ...one,
      findings: one.findings.map((finding) => withRelativeFile(folder, finding)),
    }),
  ),
});

const withRelativeFile = (folder: string, finding: ReportFinding): ReportFinding => {
  if (finding.location === undefined) return finding;
  return {
    ...finding,
    location: { ...finding.location, file: relativePath(folder, finding.location.file) },
  };
};

/** A path as annotations and SARIF want it; absolute when the file is outside the folder. */
export const relativePath = (folder: string, file: string): string => {
  const path = relative(folder, resolve(file));
  const isInside = path !== '' && !path.startsWith('..') && !isAbsolute(path);
  return (isInside ? path : file).split(sep).join('/');
};
