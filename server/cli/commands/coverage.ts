import type { Command } from 'commander';
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
import type { Settings } from '../../domain/settings/settings-table.ts';
import { version } from '../../package-root.ts';
import { type AdminOptions, addAdminOptions, connectAdmin } from '../admin.ts';
import { exitCodes } from '../exit-codes.ts';
import {
  errorMessage,
  formatJson,
  printError,
  printWarning,
  readInputFile,
  usageError,
  writeNamed,
  writeOut,
} from '../input-output.ts';
import { type Finish, parseWholeNumber, resolveOptionSettings } from '../options.ts';
import { translateOutput } from '../output-language.ts';
import { addReportOption, type ReportFileOptions } from '../reports.ts';

/** What a run must have covered, as options of a command. */
export interface GateOptions {
  readonly minHandled?: number;
  /** `A=100,D=80`. */
  readonly minCoverage?: string;
  /** A file with an earlier report. */
  readonly coverageRatchet?: string;
}

export interface CoverageCommandOptions extends AdminOptions, GateOptions, ReportFileOptions {
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
