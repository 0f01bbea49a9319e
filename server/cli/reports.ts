import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TestReport } from '../conformance/report/test-report.ts';
import {
  commonFormats,
  commonRenderers,
  type ReportFormat,
  type ReportRenderer,
  type ReportTarget,
  relativePath,
  relativeTo,
  reportFormats,
} from '../conformance/report/write-reports.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { writeOut } from './input-output.ts';

export interface ReportFileOptions {
  readonly report: readonly ReportTarget[];
}

/** Adds `--report FORMAT=FILE`, which may be repeated, with the formats that the command has. */
export const addReportOption = (
  command: Command,
  formats: readonly ReportFormat[] = commonFormats,
): Command =>
  command.addOption(
    new Option(
      '--report <format=file>',
      `write a report; - for standard output; repeatable; formats: ${formats.join(', ')}`,
    )
      .default([], 'none')
      .argParser((text: string, before: readonly ReportTarget[]) => [
        ...before,
        parseReportTarget(text, formats),
      ]),
  );

const parseReportTarget = (text: string, formats: readonly ReportFormat[]): ReportTarget => {
  const [word = '', ...rest] = text.split('=');
  const file = rest.join('=');
  const name = word === 'md' ? 'markdown' : word;
  const format = formats.find((one) => one === name);
  if (format === undefined) {
    const hint = suggest(name, formats);
    const known: readonly string[] = reportFormats;
    throw new InvalidArgumentError(
      known.includes(name) ? `This command has no report "${name}". ${hint}` : hint,
    );
  }
  // An annotation works when the step prints it.
  if (file === '' && format === 'github') return { format, file: '-' };
  if (file === '') throw new InvalidArgumentError(`Write a file after the format: ${format}=FILE.`);
  return { format, file };
};

/**
 * Writes the reports that were asked for.
 * @param more writers of formats that only this command has, and of those that it writes otherwise
 */
export const writeReports = (
  targets: readonly ReportTarget[],
  report: TestReport,
  more: Readonly<Partial<Record<ReportFormat, ReportRenderer>>> = {},
): void => {
  const renderers: Readonly<Partial<Record<ReportFormat, ReportRenderer>>> = {
    ...commonRenderers(relativeTo(repositoryFolder(), report)),
    ...more,
  };
  for (const { format, file } of targets) {
    const render = renderers[format];
    if (render === undefined) throw new Error(`no writer for the report ${format}`);
    writeOut(render(), file === '-' ? undefined : file);
  }
};

/** The folder that annotations are relative to: in a GitHub workflow the repository's. */
export const repositoryFolder = (): string => process.env['GITHUB_WORKSPACE'] ?? process.cwd();

/** `path` or `path:line`, relative to the repository. */
export const readSarifLocation = (
  text: string,
): { readonly file: string; readonly line?: number } => {
  const [, path = text, line] = /^(.+?)(?::(\d+))?$/.exec(text) ?? [];
  const file = relativePath(repositoryFolder(), path);
  return line === undefined ? { file } : { file, line: Number(line) };
};
