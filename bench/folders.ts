import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Kept between runs: the peers, as they were installed. */
export const peersFolder = join(tmpdir(), 'alipayhk-mock-bench-peers');

/** The figures of the last run. */
export const resultsFolder = join(tmpdir(), 'alipayhk-mock-bench');

/** A folder for this run, deleted when the process ends. */
export const createRunFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'alipayhk-mock-bench-run-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
};
