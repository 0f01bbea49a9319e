import XmlBuilder from 'fast-xml-builder';
import { printable, printableLine } from '../../problems/display-text.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import {
  countCases,
  describeFindings,
  groupCases,
  leadSentence,
  type ReportCase,
  type TestReport,
} from './test-report.ts';

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
    ...resultOf(one, { ...attributes({ message, type }), '#text': xmlText(text) }),
  });
};

type Element = Readonly<Record<string, string>>;

const resultOf = ({ status, flaky }: ReportCase, result: Element): Record<string, unknown> => {
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
