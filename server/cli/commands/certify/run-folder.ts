import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueCase } from '../../../conformance/certify/catalogue/case.ts';
import type { JudgeOptions } from '../../../conformance/certify/judge-run.ts';
import type { CaseResult, CertifyResult } from '../../../conformance/certify/result.ts';
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
import type { CaseRecord, RunRecord } from '../../../conformance/certify/types.ts';
import { type RedactionOptions, toHar } from '../../../journal/exchange-views.ts';
import { version } from '../../../package-root.ts';
import { errorMessage, formatJson, usageError } from '../../input-output.ts';

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
export interface KeptRun
  extends Pick<CertifyResult, 'tool' | 'subject' | 'startedAt' | 'durationMs'> {
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
