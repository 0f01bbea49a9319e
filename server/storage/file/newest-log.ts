import { LineChain, readLines } from './checked-line.ts';
import { CorruptStateError } from './corrupt-state.ts';
import type { Disk } from './disk.ts';
import { type LogEnd, readHeader, schemaVersion } from './file-header.ts';
import { newestLogFile } from './folder-files.ts';

const format = 'alipayhk-mock newest log';

/**
 * Names the newest change log, in a file of its own: nothing else would miss it once it is deleted.
 * A log is named before its first line is written, and after its header is.
 * @param end how it ended, once nothing more is appended: then the loss of its last lines is
 * noticed too
 */
export const nameNewestLog = async (
  disk: Disk,
  folder: string,
  newestLog: number,
  end?: LogEnd,
): Promise<void> => {
  const next = `${newestLogFile(folder)}.next`;
  await disk.remove(next); // left by a process that was killed
  const file = await disk.create(next);
  try {
    const bytes = Buffer.from(
      new LineChain().line(JSON.stringify({ format, schemaVersion, newestLog, end })),
    );
    for (let from = 0; from < bytes.length; ) from += await file.write(bytes, from, from);
    await file.sync();
    await disk.rename(next, newestLogFile(folder));
  } catch (error) {
    await disk.remove(next).catch(() => {});
    throw error;
  } finally {
    await file.close();
  }
};

export interface NewestLog {
  readonly log: number;
  readonly end?: LogEnd | undefined;
}

/** @returns undefined when no log is named. @throws CorruptState, UnsupportedFormat */
export const readNewestLog = async (disk: Disk, folder: string): Promise<NewestLog | undefined> => {
  const file = newestLogFile(folder);
  if (!(await disk.list(folder)).includes('newest-log')) return undefined;
  let newest: NewestLog | undefined;
  const { rest } = await readLines(disk.read(file), (line) => {
    const header = line.number === 1 ? readHeader(file, line, new LineChain()) : undefined;
    newest =
      header?.format === format && header.newestLog !== undefined
        ? { log: header.newestLog, end: header.end }
        : undefined;
  });
  if (newest === undefined || rest.length > 0)
    throw new CorruptStateError(file, 'line 1 is damaged');
  return newest;
};
