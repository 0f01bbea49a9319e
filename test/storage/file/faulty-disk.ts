import { type Disk, type DiskFile, realDisk } from '../../../server/storage/file/line-file.ts';

export const failure = (code: string): Error =>
  Object.assign(new Error(`${code}: as the test wants it`), { code });

export type Operation = 'open' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove';

/** The real disk, except for what the test says. */
export class FaultyDisk implements Disk {
  /** Called before each operation; what it throws is what the disk says. */
  before: (operation: Operation, file: string) => void | Promise<void> = () => {};
  /** At most so many bytes are taken by one write. */
  bytesPerWrite = Number.POSITIVE_INFINITY;
  /** So many bytes fit on the disk altogether. */
  room = Number.POSITIVE_INFINITY;
  /** Writes that found no room. */
  refusals = 0;

  readonly open = async (file: string, flags: 'wx' | 'r+'): Promise<DiskFile> => {
    await this.before('open', file);
    const opened = await realDisk.open(file, flags);
    return {
      // Of the ways to call it, the store has one.
      write: (async (bytes: Buffer, from: number, wanted: number, position: number) => {
        await this.before('write', file);
        const length = Math.min(wanted, this.bytesPerWrite, this.room);
        if (length === 0) {
          this.refusals += 1;
          throw failure('ENOSPC');
        }
        this.room -= length;
        return opened.write(bytes, from, length, position);
      }) as DiskFile['write'],
      datasync: async () => {
        await this.before('sync', file);
        await opened.datasync();
      },
      truncate: async (length?: number) => {
        await this.before('truncate', file);
        await opened.truncate(length);
      },
      close: () => opened.close(),
    };
  };

  readonly rename = async (from: string, to: string): Promise<void> => {
    await this.before('rename', to);
    await realDisk.rename(from, to);
  };
  readonly remove = async (file: string): Promise<void> => {
    await this.before('remove', file);
    await realDisk.remove(file);
  };
}
