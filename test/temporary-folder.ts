import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'alipayhk-mock-tests-';

/**
 * Gives this process, and those that it starts, a folder of their own for temporary files; it goes
 * when the process ends, interrupted or not. So no test has to tidy up after itself, and none can
 * forget to.
 * @param others what else has to go then
 */
export const useOwnTemporaryFolder = (...others: readonly string[]): void => {
  // Not one inside another: Chromium's socket, which is in it, allows a path of 107 bytes.
  const isNested = tmpdir().includes(prefix);
  const folder = isNested ? undefined : mkdtempSync(join(tmpdir(), prefix));
  if (folder !== undefined) {
    chmodSync(folder, 0o755); // a test that gives up its rights must still reach its own folder
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  }
  process.on('exit', () => {
    for (const each of [...(folder === undefined ? [] : [folder]), ...others])
      rmSync(each, { recursive: true, force: true, maxRetries: 5 });
  });
};
