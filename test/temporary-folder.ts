import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives this process, and those that it starts, a folder of their own for temporary files; it goes
 * when the process ends, interrupted or not. So no test has to tidy up after itself, and none can
 * forget to.
 * @param others what else has to go then
 */
export const useOwnTemporaryFolder = (...others: readonly string[]): void => {
  const folder = mkdtempSync(join(tmpdir(), 'alipayhk-mock-tests-'));
  chmodSync(folder, 0o755); // a test that gives up its rights must still reach its own folder
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  process.on('exit', () => {
    for (const each of [folder, ...others])
      rmSync(each, { recursive: true, force: true, maxRetries: 5 });
  });
};
