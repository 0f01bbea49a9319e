import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  commonFormats,
  commonRenderers,
  type ReportFormat,
  type ReportRenderer,
  type ReportTarget,
  relativePath,
  relativeTo,
  reportFormats,
} from '../conformance/report/formats.ts';
import type { TestReport } from '../conformance/report/test-report.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
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

const maxRecordedEntries = 100_000;

const maxRecordedBytes = 256 * 1024 * 1024;

/** What an exchange needs in memory apart from its bodies. */
const entryOverheadBytes = 4096;

/**
 * Every exchange of a run, also those that the journal evicts or a reset deletes. Bounded, because
 * a command may run for hours; what came later is counted.
 */
export class ExchangeRecord {
  readonly #entries: JournalEntry[] = [];
  #bytes = 0;
  #omitted = 0;

  constructor(journal: Journal) {
    journal.listen({ onClose: (entry) => this.#add(entry) });
  }

  /** In the order of their arrival. */
  get entries(): readonly JournalEntry[] {
    return this.#entries.toSorted((a, b) => a.number - b.number);
  }

  get omitted(): number {
    return this.#omitted;
  }

  #add(entry: JournalEntry): void {
    this.#bytes += entryOverheadBytes + entry.request.body.length + entry.reply.body.length;
    if (this.#entries.length < maxRecordedEntries && this.#bytes < maxRecordedBytes)
      this.#entries.push(entry);
    else this.#omitted++;
  }
}
