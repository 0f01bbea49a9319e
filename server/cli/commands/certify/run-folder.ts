import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult } from '../../../conformance/certify/result.ts';
import { caseFolder, writeScript } from '../../../conformance/certify/run-certify.ts';

import type { CaseRecord } from '../../../conformance/certify/types.ts';
import { toHar } from '../../../journal/har.ts';
import { version } from '../../../package-root.ts';
import { errorMessage, formatJson, usageError } from '../../input-output.ts';

/** Shows that a folder was made by certify, so that its next run may replace it. */
const markerFile = 'certify-run.json';

/** What a run keeps of each case: jobs, reports, logs, exchanges, and the rules it played. */
export class RunFolder {
  readonly #folder: string;
  readonly #url: string;

  /** @throws StartupError for a folder that holds anything else */
  constructor(folder: string, url: string) {
    this.#folder = folder;
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
  add(result: CaseResult, record: CaseRecord): void {
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
  }
}

const isReplaceable = (folder: string): boolean => {
  const names = readdirSync(folder);
  return names.length === 0 || names.includes(markerFile);
};
