import { type Command, Option } from 'commander';
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
import { commonFormats } from '../../conformance/report/write-reports.ts';
import { readAllowances } from '../../conformance/traffic-observer.ts';
import { translateRemedy } from '../../doctor/catalogue/chinese-texts.ts';
import { endpoints } from '../../domain/operations/index.ts';
import { durationMs, type Settings } from '../../domain/settings/settings-table.ts';
import { version } from '../../package-root.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { isRecord } from '../../problems/is-record.ts';
import { type AdminOptions, addAdminOptions, connectAdmin } from '../admin.ts';
import { exitCodes } from '../exit-codes.ts';
import { errorMessage, formatJson, inputName, readInputFile, usageError } from '../input-output.ts';
import { type Finish, resolveOptionSettings } from '../options.ts';
import { outputLanguage, translateOutput } from '../output-language.ts';
import {
  addReportOption,
  type ReportFileOptions,
  readSarifLocation,
  writeReports,
} from '../reports.ts';

export interface LintCommandOptions extends AdminOptions, ReportFileOptions {
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
      finish(await lint(file, options, resolveOptionSettings(command))),
    );
};

const lint = async (
  file: string | undefined,
  options: LintCommandOptions,
  settings: Settings,
): Promise<number> => {
  if (options.list === true) process.stdout.write(listRules(translateOutput));
  else if (options.explain !== undefined) explain(options.explain);
  else return printReport(await readReport(file, options, settings), { ...options, file });
  return exitCodes.ok;
};

const explain = (id: string): void => {
  if (!isLintRule(id))
    throw usageError(id, 'unknown lint rule', suggest(id, Object.keys(lintRules)));
  const inLanguage = outputLanguage() === 'en' ? undefined : translateRemedy;
  process.stdout.write(renderRule(id, translateOutput, inLanguage));
};

const printReport = async (
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

const readReport = async (
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
