import type { Adapter } from 'lowdb';
import type { Disk } from './disk.ts';
import { readFirstSnapshot } from './first-format.ts';
import { firstSnapshotFile, snapshotFile } from './folder-files.ts';
import { type Pace, SnapshotFile } from './snapshot-file.ts';
import type { State } from './universe.ts';

/** What lowdb reads from and writes to: the snapshot of a folder, whatever format it was written in. */
export class StateAdapter implements Adapter<State> {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #snapshot: SnapshotFile;
  /** Whether what was read is of an older format. */
  isOld = false;

  constructor(disk: Disk, folder: string, pace: Pace, sliceLength: number) {
    this.#disk = disk;
    this.#folder = folder;
    this.#snapshot = new SnapshotFile(disk, snapshotFile(folder), pace, sliceLength);
  }

  /** Length of the snapshot. */
  get bytes(): number {
    return this.#snapshot.bytes;
  }

  async read(): Promise<State | null> {
    const newest = await this.#snapshot.read();
    if (newest !== null) return newest;
    const first = await readFirstSnapshot(this.#disk, firstSnapshotFile(this.#folder));
    this.isOld = first !== null;
    return first;
  }

  write(state: State): Promise<void> {
    return this.#snapshot.write(state);
  }
}
