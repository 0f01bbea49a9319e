import { appendFileSync, statSync } from 'node:fs';
import * as z from 'zod';
import { certifyTranslator } from '../../conformance/certify/html/elements.ts';
import { renderHtml } from '../../conformance/certify/html/page.ts';
import { describeEvidence, renderSummary } from '../../conformance/certify/render-terminal.ts';
import {
  type CertifyResult,
  caseVerdicts,
  certifyExitCode,
  checkVerdicts,
  type EvidenceLevel,
  evidenceLevels,
  type FailLevel,
} from '../../conformance/certify/result.ts';
import { certifyTestReport } from '../../conformance/certify/to-test-report.ts';
import {
  markdownCell,
  type ReportFormat,
  type ReportRenderer,
  relativePath,
  renderMarkdown,
} from '../../conformance/report/formats.ts';
import { renderSarif } from '../../conformance/report/sarif.ts';
import type { ReportLocation, TestReport } from '../../conformance/report/test-report.ts';
import type { Translate } from '../../conformance/report/translate.ts';
import {
  errorMessage,
  inputName,
  outputLanguage,
  readInputFile,
  translateOutput,
  usageError,
  writeStyled,
} from '../input-output.ts';
import {
  type ReportFileOptions,
  readSarifLocation,
  repositoryFolder,
  writeReports,
} from '../reports.ts';

export interface CertifyReportOptions extends ReportFileOptions {
  /** What results of SARIF point at: `PATH` or `PATH:LINE`. */
  readonly sarifLocation?: string;
  /** The command that drives the application, if there is one. */
  readonly command?: readonly string[];
}

/** Writes certify's reports; in a GitHub workflow the summary of the job too. */
export const writeCertifyReports = (result: CertifyResult, options: CertifyReportOptions): void => {
  const location = findLocation(options);
  const report = certifyTestReport(result, location);
  writeReports(options.report, report, certifyRenderers(result, report, location));
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary === undefined || summary === '') return;
  const markdown =
    certifyRenderers(result, report, location).markdown?.() ??
    renderMarkdown(report, [], reportTranslation());
  appendFileSync(summary, markdown);
};

/** A result must have a location: what was named, else the driver, else the settings. */
const findLocation = ({ sarifLocation, command = [] }: CertifyReportOptions): ReportLocation => {
  if (sarifLocation !== undefined) return readSarifLocation(sarifLocation);
  const driver = command.findLast(isFileBelow);
  return { file: relativePath(repositoryFolder(), driver ?? 'certify.yaml') };
};

const isFileBelow = (word: string): boolean =>
  !relativePath(process.cwd(), word).startsWith('..') &&
  statSync(word, { throwIfNoEntry: false })?.isFile() === true;

export interface ReportCommandOptions extends ReportFileOptions {
  readonly sarifLocation?: string;
  readonly failOn: FailLevel;
}

/** Makes reports of a saved result, so that a run need not be repeated for another format. */
export const reportSaved = (file: string, options: ReportCommandOptions): number => {
  const result = readSavedResult(file);
  writeCertifyReports(result, options);
  const isStyled = process.stdout.isTTY === true;
  if (!options.report.some((target) => target.file === '-'))
    writeStyled(renderSummary(result, { isStyled, translate: translateCertify }));
  return certifyExitCode(result, options.failOn);
};

/** What the reports read of a check. */
const savedCheck = z.looseObject({
  id: z.string(),
  verdict: z.enum(checkVerdicts),
  evidence: z.enum(evidenceLevels),
  required: z.boolean(),
  severity: z.enum(['critical', 'major', 'minor']),
  basis: z.string(),
  sentence: z.string(),
  exchanges: z.array(z.looseObject({ ref: z.string(), arrivalMs: z.number() })),
});

const listHeaderPairs = z.array(z.tuple([z.string(), z.string()]));

const savedExchange = z.looseObject({
  ref: z.string(),
  arrivalMs: z.number(),
  endedMs: z.number(),
  requestHeaders: listHeaderPairs,
  responseHeaders: listHeaderPairs,
});

/** What the reports read of a case. */
const savedCase = z.looseObject({
  id: z.string(),
  operation: z.string(),
  verdict: z.enum(caseVerdicts),
  severity: z.enum(['critical', 'major', 'minor']),
  basis: z.array(z.string()),
  durationMs: z.number(),
  checks: z.array(savedCheck),
  timeline: z.array(z.looseObject({ atMs: z.number(), kind: z.string(), text: z.string() })),
  notes: z.array(z.string()),
  wire: z.array(savedExchange).optional(),
});

const savedResult = z.looseObject({
  schema: z.literal(1),
  tool: z.looseObject({ version: z.string(), contract: z.string() }),
  subject: z.looseObject({ name: z.string() }),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  summary: z.looseObject({
    pass: z.number(),
    fail: z.number(),
    evidence: z.record(z.string(), z.number()),
  }),
  cases: z.array(savedCase),
  stray: z.array(z.looseObject({ ref: z.string(), atMs: z.number() })),
  harness: z.looseObject({ selfChecks: z.string(), messages: z.array(z.string()) }),
});

/** @throws StartupError for what is no result of certify, or of another version of the schema */
const readSavedResult = (file: string): CertifyResult => {
  const text = readInputFile(file, 'Name the file that certify wrote with --report json=FILE.');
  const unusable = (why: string) =>
    usageError(
      inputName(file),
      `is no result of certify: ${why}`,
      'Name the file that certify wrote with --report json=FILE.',
    );
  let value: unknown;
  try {
    value = JSON.parse(text.toString());
  } catch (error) {
    throw unusable(`it is no JSON: ${errorMessage(error)}`);
  }
  const checked = savedResult.safeParse(value);
  if (!checked.success)
    throw unusable(`${checked.error.issues[0]?.path.join('.') || 'the file'} is not as expected`);
  return value as CertifyResult;
};

/**
 * The writers of the formats that only certify has, and of those that show more of its result than
 * a test report holds.
 *
 * @param location relative to the repository, for results of SARIF
 */
export const certifyRenderers = (
  result: CertifyResult,
  report: TestReport,
  location: ReportLocation,
): Readonly<Partial<Record<ReportFormat, ReportRenderer>>> => ({
  json: () => `${JSON.stringify(result, null, 2)}\n`,
  html: () => renderHtml(result, reportTranslation()),
  sarif: () => renderSarif(report, location),
  markdown: () => renderMarkdown(report, summaryLines(result), reportTranslation()),
});

/** Undefined in English: nothing is looked up. */
const reportTranslation = (): Translate | undefined =>
  outputLanguage() === 'en' ? undefined : translateCertify;

const summaryLines = ({ subject, profile, summary, expectations }: CertifyResult): string[] => {
  const evidence = Object.entries(summary.evidence)
    .filter(([, count]) => count > 0)
    .map(([level, count]) =>
      translateCertify(`${count} ${describeEvidence(level as EvidenceLevel)}`),
    );
  const commit = subject.commit === undefined ? '' : ` at ${markdownCell(subject.commit)}`;
  return [
    `${markdownCell(subject.name)}${commit}, profile ${profile ?? 'none: every case counts'}. ` +
      'Not issued by AlipayHK.',
    '',
    `Checks: ${evidence.join(', ') || 'none'}.`,
    ...(expectations?.acceptsCritical === true ? ['', 'Critical findings are accepted.'] : []),
    ...(expectations?.stale ?? []).map(
      ({ id }) => `\n${markdownCell(id)} passes: remove its line.`,
    ),
    ...(expectations?.unconfirmed ?? []).map(
      ({ id }) => `\n${markdownCell(id)} was not confirmed.`,
    ),
  ];
};

/** Titles and sentences of certify in the language of this run. */
export const translateCertify = (text: string): string =>
  outputLanguage() === 'en' ? text : certifyTranslator(translateOutput)(text);
