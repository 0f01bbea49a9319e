import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { CatalogueCase } from '../../../conformance/certify/catalogue/case.ts';
import type { Progress } from '../../../conformance/certify/harness/runner.ts';
import { certifyTranslator } from '../../../conformance/certify/html/elements.ts';
import { renderHtml } from '../../../conformance/certify/html/page.ts';
import type { JudgeOptions } from '../../../conformance/certify/judge-run.ts';
import {
  describeEvidence,
  renderCaseLine,
  renderSummary,
  type TerminalOptions,
} from '../../../conformance/certify/render-terminal.ts';
import {
  type CaseResult,
  type CaseVerdict,
  type CertifyResult,
  caseVerdicts,
  certifyExitCode,
  checkVerdicts,
  type EvidenceLevel,
  evidenceLevels,
  type FailLevel,
} from '../../../conformance/certify/result.ts';
import {
  caseFolder,
  type ReceiverResult,
  readSavedRun,
  type SavedCase,
  type SavedRunFacts,
  saveCase,
  saveRunFacts,
  writeScript,
} from '../../../conformance/certify/run-certify.ts';
import { caseLabel, certifyTestReport } from '../../../conformance/certify/to-test-report.ts';
import type {
  CaseRecord,
  JobEnd,
  JobRecord,
  RunRecord,
} from '../../../conformance/certify/types.ts';
import {
  markdownCell,
  type ReportFormat,
  type ReportRenderer,
  relativePath,
  renderMarkdown,
} from '../../../conformance/report/formats.ts';
import { renderSarif } from '../../../conformance/report/sarif.ts';
import type { ReportLocation, TestReport } from '../../../conformance/report/test-report.ts';
import type { Translate } from '../../../conformance/report/translate.ts';
import { type RedactionOptions, toHar } from '../../../journal/exchange-views.ts';
import { version } from '../../../package-root.ts';
import { printable } from '../../../problems/display-text.ts';
import {
  errorMessage,
  formatJson,
  inputName,
  outputLanguage,
  readInputFile,
  translateOutput,
  usageError,
  writeStyled,
} from '../../input-output.ts';
import {
  type ReportFileOptions,
  readSarifLocation,
  repositoryFolder,
  writeReports,
} from '../../reports.ts';

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

/** Back to the first column, and the rest of the line erased. */
const eraseLine = '\r\u001b[K';

/** The rest is in the folder of the run. */
const maxLogLines = 8;

const explainEnd = (end: JobEnd): string => {
  if (end.kind === 'exited') return `the driver ended with exit code ${end.code}`;
  if (end.kind === 'signalled') return `the driver was ended by ${end.signal}`;
  return end.kind === 'deadline' ? 'the driver did not end in time' : '';
};

/** Prints cases as they end, and below them how far the run is. */
export class RunPrinter {
  readonly #stream: NodeJS.WriteStream;
  readonly #showsProgress: boolean;
  readonly options: TerminalOptions;
  #hasPrintedLog = false;
  readonly #printed = new Map<string, CaseVerdict>();

  /** @param isStdoutTaken a report goes to standard output */
  constructor(isStdoutTaken: boolean) {
    this.#stream = isStdoutTaken ? process.stderr : process.stdout;
    const isStyled = this.#stream.isTTY === true && process.env['NO_COLOR'] === undefined;
    this.options = { isStyled, translate: translateCertify };
    this.#showsProgress = process.stderr.isTTY === true;
  }

  printCase(result: CaseResult): void {
    this.#printed.set(caseLabel(result), result.verdict);
    this.#erase();
    writeStyled(`${renderCaseLine(result, this.options)}\n`, this.#stream);
  }

  /** Shows a person what to do next. */
  ask(text: string): void {
    this.#erase();
    const lines = text.split('\n').map(translateOutput);
    writeStyled(`\n${printable(lines.join('\n'))}\n`, this.#stream);
  }

  /** What a driver wrote whose first contact shows nothing: most likely it is not set up yet. */
  printLog({ verdict }: CaseResult, jobs: readonly JobRecord[]): void {
    const last = jobs.at(-1);
    if ((verdict !== 'ERROR' && verdict !== 'NOT JUDGED') || last === undefined) return;
    if (this.#hasPrintedLog) return;
    this.#hasPrintedLog = true;
    const { log, end, remarks } = last;
    const lines = [
      ...log.trimEnd().split('\n').slice(-maxLogLines),
      ...remarks,
      explainEnd(end),
    ].map(translateOutput);
    const text = lines.filter((line) => line !== '').map((line) => `    ${printable(line)}\n`);
    writeStyled(text.join(''), this.#stream);
  }

  showProgress({ done, total, leftMs, running }: Progress): void {
    if (!this.#showsProgress || running === 0) return;
    const left = leftMs === undefined ? '' : `, about ${Math.ceil(leftMs / 1000)} s left`;
    const text = translateOutput(`${done} of ${total} cases, ${running} running${left}`);
    writeStyled(`${eraseLine}${text}`, process.stderr);
  }

  /** Prints again what the rest of the run has changed, so that no line contradicts the summary. */
  printChanged(cases: readonly CaseResult[]): void {
    const changed = cases.filter((one) => {
      const before = this.#printed.get(caseLabel(one));
      return before !== undefined && before !== one.verdict;
    });
    if (changed.length === 0) return;
    this.#erase();
    writeStyled(`\n${translateOutput('after the whole run:')}\n`, this.#stream);
    for (const one of changed) this.printCase(one);
  }

  /** @param summary its lines are escaped already */
  end(summary: string): void {
    this.#erase();
    writeStyled(`\n${summary}`, this.#stream);
  }

  #erase(): void {
    if (this.#showsProgress) writeStyled(eraseLine, process.stderr);
  }
}

/** Shows that a folder was made by certify, so that its next run may replace it. */
const markerFile = 'certify-run.json';

/** What a run keeps of each case: jobs, reports, logs, exchanges, and the rules it played. */
export class RunFolder {
  readonly #folder: string;
  readonly #url: string;
  readonly #showing: RedactionOptions;

  /** @throws StartupError for a folder that holds anything else */
  constructor(folder: string, url: string, showing: RedactionOptions) {
    this.#folder = folder;
    this.#showing = showing;
    this.#url = url;
    try {
      if (existsSync(folder) && !isReplaceable(folder))
        throw usageError(
          folder,
          'holds files that certify did not write',
          'Name another folder with --out.',
        );
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, markerFile), formatJson({ schema: 1, version }));
      // The folder is for people and for CI artifacts, not for the repository.
      writeFileSync(join(folder, '.gitignore'), '*\n');
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error;
      throw usageError(
        folder,
        `cannot be written: ${errorMessage(error)}`,
        'Name a folder that this user may write with --out.',
      );
    }
  }

  /** A case that is repeated gets a folder of its own. */
  add(result: CaseResult, record: CaseRecord<CatalogueCase>): void {
    const name = `${caseFolder(result)}${record.isRepeat ? '-again' : ''}`;
    const folder = join(this.#folder, name);
    mkdirSync(folder, { recursive: true });
    const { jobs, exchanges, run } = record;
    const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);
    write('jobs.json', formatJson(jobs.map(({ log: _, ...job }) => job)));
    write(
      'driver.log',
      jobs.map(({ job, log }) => `== ${job.action} ${job.job}\n${log}\n`).join('\n'),
    );
    const evicted = record.hasEvicted ? 1 : 0;
    write('exchanges.har', formatJson(toHar(exchanges, { version, url: this.#url, evicted })));
    write('script.yaml', writeScript(run));
    write('verdict.json', formatJson(result));
    write('record.json', formatJson(saveCase(record, this.#showing)));
  }

  /** A case of the family OUT; it is judged when it is played. */
  addReceiver({ result, exchanges }: ReceiverResult): void {
    const folder = join(this.#folder, caseFolder(result));
    mkdirSync(folder, { recursive: true });
    const har = toHar(exchanges, { version, url: this.#url, evicted: 0 });
    writeFileSync(join(folder, 'exchanges.har'), formatJson(har));
    writeFileSync(join(folder, 'verdict.json'), formatJson(result));
  }

  /** What `certify judge` needs of the run as a whole. */
  end(record: RunRecord<CatalogueCase>, run: KeptRun): void {
    const kept = { schema: 1, version, ...run, facts: saveRunFacts(record, this.#showing) };
    writeFileSync(join(this.#folder, markerFile), formatJson(kept));
  }
}

/** How a run was judged, and what its reports say about it. */
interface KeptRun extends Pick<CertifyResult, 'tool' | 'subject' | 'startedAt' | 'durationMs'> {
  readonly judging: Pick<JudgeOptions, 'limits' | 'profile' | 'accept'>;
  /** How each case is run again: id → command. */
  readonly again: Readonly<Record<string, string>>;
  /** Cases of the family OUT, as they were judged. */
  readonly receiver?: readonly CaseResult[];
}

/** @throws StartupError for a folder that certify did not write, or an older version */
export const readRunFolder = (
  folder: string,
): { readonly run: KeptRun; readonly record: RunRecord<CatalogueCase> } => {
  try {
    const read = (...path: readonly string[]): unknown =>
      JSON.parse(readFileSync(join(folder, ...path), 'utf8'));
    const { facts, ...run } = read(markerFile) as KeptRun & { facts: SavedRunFacts };
    const cases = readdirSync(folder, { withFileTypes: true })
      .filter((one) => one.isDirectory() && existsSync(join(folder, one.name, 'record.json')))
      .map(({ name }) => read(name, 'record.json') as SavedCase);
    return { run, record: readSavedRun(facts, cases) };
  } catch (error) {
    throw usageError(
      folder,
      `is not the folder of a whole run: ${errorMessage(error)}`,
      'Name the folder that certify wrote with --out.',
    );
  }
};

const isReplaceable = (folder: string): boolean => {
  const names = readdirSync(folder);
  return names.length === 0 || names.includes(markerFile);
};
