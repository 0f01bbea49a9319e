import { type Command, Option } from 'commander';
import { coverageGroups } from '../../conformance/coverage/coverage-items.ts';
import {
  type CoverageGate,
  CoverageMergeError,
  type CoverageReport,
  checkGate,
  keepsRatchet,
  mergeReports,
  renderCoverage,
} from '../../conformance/coverage/coverage-report.ts';
import type { LintReport } from '../../conformance/lint/lint.ts';
import {
  isLintRule,
  type LintSeverity,
  lintRules,
  lintSeverities,
} from '../../conformance/lint/lint-rules.ts';
import { ExchangeFileError, readExchanges } from '../../conformance/lint/read-exchanges.ts';
import {
  countFindings,
  isAtLeast,
  lintCapsule,
  lintRecorded,
  listRules,
  renderFindings,
  renderRule,
  toTestReport,
} from '../../conformance/lint/render-lint.ts';
import { commonFormats } from '../../conformance/report/formats.ts';
import { readAllowances } from '../../conformance/traffic-observer.ts';
import { translateRemedy } from '../../doctor/catalogue/chinese-texts.ts';
import { endpoints } from '../../domain/operations/index.ts';
import { durationMs, type Settings } from '../../domain/settings/settings-table.ts';
import { version } from '../../package-root.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { isRecord } from '../../problems/plain-object.ts';
import { type AdminOptions, addAdminOptions, connectAdmin } from '../admin.ts';
import {
  errorMessage,
  exitCodes,
  formatJson,
  inputName,
  outputLanguage,
  printError,
  printWarning,
  readInputFile,
  translateOutput,
  usageError,
  writeNamed,
  writeOut,
} from '../input-output.ts';
import { type Finish, parseWholeNumber, resolveOptionSettings } from '../options.ts';
import {
  addReportOption,
  type ReportFileOptions,
  readSarifLocation,
  writeReports,
} from '../reports.ts';

interface LintCommandOptions extends AdminOptions, ReportFileOptions {
  readonly client?: string;
  readonly end?: boolean;
  readonly failOn: LintSeverity;
  readonly json?: boolean;
  readonly sarifLocation?: string;
  readonly list?: boolean;
  readonly explain?: string;
}

/** `alipayhk-mock lint`: what is wrong with the traffic of a running simulator, or of a file. */
export const addLintCommand = (program: Command, finish: Finish): void => {
  addReportOption(
    addAdminOptions(
      program
        .command('lint')
        .description(
          'print what is wrong with the traffic of a running simulator, of a file that ' +
            'exec --journal wrote, or of a capsule',
        ),
    ),
    [...commonFormats, 'sarif'],
  )
    .argument('[file]', 'a file that exec --journal wrote, or a capsule; - for standard input')
    .option('--client <id>', 'only this client’s findings')
    .option('--end', 'the traffic is over: messages that rest without an answer are abandoned')
    .addOption(
      new Option('--fail-on <severity>', 'exit code 1 from this severity on')
        .choices([...lintSeverities])
        .default('error'),
    )
    .option('--sarif-location <path[:line]>', 'the file that findings are shown at')
    .option('--json', 'print JSON')
    .option('--list', 'list the rules')
    .option('--explain <rule>', 'print a rule with its remedy in six languages')
    .addHelpText('after', lintExamples)
    .action(async (file: string | undefined, options: LintCommandOptions, command: Command) =>
      finish(await runLint(file, options, resolveOptionSettings(command))),
    );
};

const runLint = async (
  file: string | undefined,
  options: LintCommandOptions,
  settings: Settings,
): Promise<number> => {
  if (options.list === true) process.stdout.write(listRules(translateOutput));
  else if (options.explain !== undefined) explainRule(options.explain);
  else return printLintReport(await readLintReport(file, options, settings), { ...options, file });
  return exitCodes.ok;
};

const explainRule = (id: string): void => {
  if (!isLintRule(id))
    throw usageError(id, 'unknown lint rule', suggest(id, Object.keys(lintRules)));
  const inLanguage = outputLanguage() === 'en' ? undefined : translateRemedy;
  process.stdout.write(renderRule(id, translateOutput, inLanguage));
};

const printLintReport = async (
  report: LintReport,
  options: LintCommandOptions & { readonly file: string | undefined },
): Promise<number> => {
  const { failOn, json, report: targets, file = '-', sarifLocation } = options;
  const { findings, allowances } = report;
  // A report on standard output is read by a program.
  const isPiped = targets.some((target) => target.file === '-');
  const print = (text: string): void =>
    void (isPiped ? process.stderr : process.stdout).write(text);
  if (json === true) print(formatJson(report));
  else {
    if (findings.length > 0) print(`${renderFindings(findings, translateOutput)}\n`);
    const about = options.client === undefined ? '' : ` about client ${options.client}`;
    print(`${translateOutput(`lint found ${countFindings(findings)}${about}`)}\n`);
    for (const { rule, reason, matched } of allowances)
      if (matched === 0)
        print(`note: ${translateOutput(`${rule} is allowed (${reason}), and unused`)}\n`);
  }
  const testReport = toTestReport(report, version, failOn);
  const { renderSarif } = await import('../../conformance/report/sarif.ts');
  // A result without a file is refused by those who read it.
  const fallback = file === '-' ? 'alipayhk-mock.config.yaml' : file;
  writeReports(targets, testReport, {
    sarif: () => renderSarif(testReport, readSarifLocation(sarifLocation ?? fallback)),
  });
  return findings.some((one) => isAtLeast(one, failOn)) ? exitCodes.failed : exitCodes.ok;
};

const readLintReport = async (
  file: string | undefined,
  options: LintCommandOptions,
  settings: Settings,
): Promise<LintReport> => {
  const { client, end = false } = options;
  if (file === undefined)
    return (await connectAdmin(options, settings).get('/lint', {
      query: { clientId: client, isEnd: end },
    })) as LintReport;
  const report = await lintFile(file, {
    endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
    policies: settings,
    pauseFactor: settings['lint.pauseFactor'],
    abandonedAfterMs: durationMs(settings['lint.abandonedAfter']) ?? 0,
    allowances: readAllowances(settings['lint.allow']),
  });
  return client === undefined
    ? report
    : { ...report, findings: report.findings.filter(({ clientId }) => clientId === client) };
};

const lintFile = async (
  file: string,
  options: Parameters<typeof lintRecorded>[1],
): Promise<LintReport> => {
  const bytes = readInputFile(file);
  const where = inputName(file);
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    if (!isCapsule(json)) return lintRecorded(readExchanges(json), options);
    const { entries, leftOut } = await (await import('./run-capsule.ts')).readCapsuleEntries(
      bytes,
      where,
    );
    if (leftOut > 0)
      process.stderr.write(
        `note: ${leftOut} of ${entries.length + leftOut} exchanges cannot be read from the ` +
          'capsule: they have no answer, or their key was discarded\n',
      );
    return lintCapsule(entries, options);
  } catch (error) {
    if (!(error instanceof ExchangeFileError || error instanceof SyntaxError)) throw error;
    const path = error instanceof ExchangeFileError && error.path !== '' ? `: ${error.path}` : '';
    throw usageError(
      `${where}${path}`,
      errorMessage(error),
      'Write it with alipayhk-mock exec --journal FILE -- COMMAND, or with capsule export.',
    );
  }
};

const isCapsule = (json: unknown): boolean =>
  isRecord(json) && typeof json['format'] === 'string' && json['format'].includes('/capsule/');

const lintExamples = `
Examples:
  alipayhk-mock lint
  alipayhk-mock lint exchanges.json --report sarif=lint.sarif
  alipayhk-mock lint refused.capsule.json
  alipayhk-mock lint --explain L-RTY-01`;

/** What a run must have covered, as options of a command. */
export interface GateOptions {
  readonly minHandled?: number;
  /** `A=100,D=80`. */
  readonly minCoverage?: string;
  /** A file with an earlier report. */
  readonly coverageRatchet?: string;
}

interface CoverageCommandOptions extends AdminOptions, GateOptions, ReportFileOptions {
  readonly out?: string;
  readonly json?: boolean;
}

export const addGateOptions = (command: Command): Command =>
  command
    .option(
      '--min-handled <percent>',
      'exit code 1 when less of all items is handled',
      parseWholeNumber(0, 100),
    )
    .option('--min-coverage <list>', 'the same for groups of items, e.g. A=100,D=80')
    .option(
      '--coverage-ratchet <file>',
      'exit code 1 when an item that this earlier report has as handled is not any more',
    );

/** `alipayhk-mock coverage`: of a running simulator, or merged from files. */
export const addCoverageCommand = (program: Command, finish: Finish): void => {
  const command = addAdminOptions(
    program
      .command('coverage')
      .description(
        'print what the traffic of a running simulator has covered, or merge reports of runs',
      ),
  );
  addReportOption(addGateOptions(command), ['html'])
    .argument('[files...]', 'reports that exec --coverage wrote')
    .option('--out <file>', 'write the (merged) report to this file')
    .option('--json', 'print JSON')
    .addHelpText('after', coverageExamples)
    .action(async (files: string[], options: CoverageCommandOptions, command: Command) =>
      finish(await runCoverage(files, options, resolveOptionSettings(command))),
    );
};

const runCoverage = async (
  files: readonly string[],
  options: CoverageCommandOptions,
  settings: Settings,
): Promise<number> => {
  // Before the report is written: it may be the file that the run is compared with.
  const gate = readGate(options);
  const report =
    files.length === 0
      ? ((await connectAdmin(options, settings).get('/coverage')) as CoverageReport)
      : mergeFiles(files);
  if (options.report.length > 0) {
    const { renderCoveragePage } = await import('../../conformance/certify/html/page.ts');
    for (const { file } of options.report)
      writeOut(renderCoveragePage(report, version), file === '-' ? undefined : file);
  }
  // A report on standard output is read by a program.
  const isPiped = options.report.some(({ file }) => file === '-');
  const text =
    options.json === true
      ? formatJson(report)
      : `${renderCoverage(report, { translate: translateOutput })}\n`;
  (isPiped ? process.stderr : process.stdout).write(text);
  return judgeCoverage(report, gate, options.out);
};

const mergeFiles = (files: readonly string[]): CoverageReport => {
  try {
    return mergeReports(files.map(readCoverage));
  } catch (error) {
    if (!(error instanceof CoverageMergeError)) throw error;
    throw usageError(files.join(', '), error.message, 'Merge reports of one version.');
  }
};

/** @throws StartupError that names the file */
const readCoverage = (file: string): CoverageReport => {
  let json: unknown;
  try {
    json = JSON.parse(readInputFile(file).toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw notCoverage(file, errorMessage(error));
  }
  if (typeof json === 'object' && json !== null && 'groups' in json && 'contract' in json)
    return json as CoverageReport;
  throw notCoverage(file, 'is not a report of coverage');
};

const notCoverage = (file: string, message: string): Error =>
  usageError(file, message, 'Write it with alipayhk-mock exec --coverage FILE -- COMMAND.');

/** A gate, and the file that holds what must stay handled. */
export interface FileGate extends CoverageGate {
  readonly ratchetFile?: string | undefined;
}

/**
 * Reads what a run must have covered; undefined: nothing is asked for.
 * @throws StartupError for groups or a file that cannot be read
 */
export const readGate = (options: GateOptions): FileGate | undefined => {
  const { minHandled, minCoverage, coverageRatchet } = options;
  const isGated = [minHandled, minCoverage, coverageRatchet].some((one) => one !== undefined);
  if (!isGated) return undefined;
  return {
    minHandled,
    minByGroup: readGroups(minCoverage),
    ratchet: coverageRatchet === undefined ? undefined : readCoverage(coverageRatchet),
    ratchetFile: coverageRatchet,
  };
};

/**
 * Prints what fails, and writes the report unless the file keeps its own.
 * @returns the exit code: 0, 1, or 4 when nothing was seen
 */
export const judgeCoverage = (
  report: CoverageReport,
  gate: FileGate | undefined,
  file: string | undefined,
): number => {
  const { problems, isEmpty } =
    gate === undefined ? { problems: [], isEmpty: false } : checkGate(report, gate);
  for (const problem of problems) printError(`coverage: ${problem}`);
  if (keepsRatchet(problems, file, gate?.ratchetFile))
    printWarning(`${file} is kept as it was, because the gate fails`);
  else if (file !== undefined) writeNamed(file, formatJson(report));
  if (isEmpty) return exitCodes.notEnoughSeen;
  return problems.length > 0 ? exitCodes.failed : exitCodes.ok;
};

/** @throws StartupError for anything but `A=100,D=80` */
const readGroups = (text = ''): ReadonlyMap<string, number> =>
  new Map(
    text
      .split(',')
      .filter((part) => part !== '')
      .map((part) => {
        const [, group = '', percent] = /^([A-Z])=(\d{1,3})$/.exec(part.trim()) ?? [];
        if (!Object.hasOwn(coverageGroups, group) || Number(percent) > 100)
          throw usageError(
            `--min-coverage ${part}`,
            'is not a group and a percentage',
            `Write e.g. A=100,D=80; the groups are ${Object.keys(coverageGroups).join(', ')}.`,
          );
        return [group, Number(percent)] as const;
      }),
  );

const coverageExamples = `
Examples:
  alipayhk-mock exec --coverage coverage.json --min-handled 60 -- npm test
  alipayhk-mock coverage shard-1.json shard-2.json --out coverage.json --min-coverage A=100
  alipayhk-mock coverage coverage.json --coverage-ratchet coverage.main.json`;
