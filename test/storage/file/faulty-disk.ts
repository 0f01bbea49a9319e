import * as fs from 'node:fs';
import type { Disk } from '../../../server/storage/file/line-file.ts';

export const failure = (code: string): Error =>
  Object.assign(new Error(`${code}: as the test wants it`), { code });

export type Operation = 'open' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove';

/** The real disk, except for what the test says. */
export class FaultyDisk implements Disk {
  /** Called before each operation; what it throws is what the disk says. */
  before: (operation: Operation, file: string) => void = () => {};
  /** Delays the syncs of a file. */
  beforeSync: (file: string) => Promise<void> | undefined = () => undefined;
  /** At most so many bytes are taken by one write. */
  bytesPerWrite = Number.POSITIVE_INFINITY;
  /** So many bytes fit on the disk altogether. */
  room = Number.POSITIVE_INFINITY;
  /** The name that a handle was opened by: a number is given again once it is closed. */
  readonly #names = new Map<number, string>();

  readonly openSync: Disk['openSync'] = (file, flags, mode) => {
    this.before('open', String(file));
    const handle = fs.openSync(file, flags, mode);
    this.#names.set(handle, String(file));
    return handle;
  };

  // Of the ways to call it, the store has one.
  readonly writeSync = ((
    handle: number,
    bytes: Buffer,
    offset: number,
    wanted: number,
    position: number,
  ) => {
    this.before('write', this.#nameOf(handle));
    const length = Math.min(wanted, this.bytesPerWrite, this.room);
    if (length === 0) throw failure('ENOSPC');
    this.room -= length;
    return fs.writeSync(handle, bytes, offset, length, position);
  }) as Disk['writeSync'];

  readonly fdatasync = ((handle: number, done: (error: unknown) => void) => {
    const name = this.#nameOf(handle);
    const sync = async (): Promise<void> => {
      await this.beforeSync(name);
      this.before('sync', name);
      fs.fdatasync(handle, done);
    };
    sync().catch(done);
  }) as Disk['fdatasync'];

  readonly ftruncateSync: Disk['ftruncateSync'] = (handle, length) => {
    this.before('truncate', this.#nameOf(handle));
    fs.ftruncateSync(handle, length);
  };

  readonly renameSync: Disk['renameSync'] = (from, to) => {
    this.before('rename', String(to));
    fs.renameSync(from, to);
  };

  readonly rmSync: Disk['rmSync'] = (file, options) => {
    this.before('remove', String(file));
    fs.rmSync(file, options);
  };

  #nameOf(handle: number): string {
    return this.#names.get(handle) ?? '';
  }
}
