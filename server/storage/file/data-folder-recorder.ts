import type { Low } from 'lowdb';
import { isVolatile } from '../../domain/state/state.ts';
import type { State } from '../state-store.ts';
import { StoreError } from '../store.ts';
import type { ChangeLog } from './change-log.ts';
import type { Disk } from './disk.ts';
import { removeCovered } from './folder-files.ts';
import type { FolderLock } from './folder-lock.ts';
import type { Replayed } from './read-state.ts';
import type { LoggedChanges } from './record-lines.ts';
import type { Recorder } from './recorder.ts';
import type { SnapshotFile } from './snapshot-file.ts';
import type { SnapshotOptions } from './snapshot-habits.ts';
import type { SnapshotPace } from './snapshot-pace.ts';

/** More of them than this are gathered into a snapshot, however short they are. */
const mostLogs = 16;

export interface DataFolder {
  readonly disk: Disk;
  readonly folder: string;
  readonly log: ChangeLog;
  readonly lock: FolderLock;
  readonly pace: SnapshotPace;
  readonly habits: Pick<SnapshotOptions, 'minLogBytes' | 'logShare'>;
  readonly replayed: Replayed;
  readonly snapshot: Pick<SnapshotFile, 'bytes' | 'confirm'>;
  /** Told, in a sentence, when a snapshot could not be written. */
  readonly onTrouble: (sentence: string) => void;
}

/**
 * Records changes in the log of a folder, and puts a snapshot in the place of logs that have grown
 * long.
 */
export class DataFolderRecorder implements Recorder {
  readonly #database: Low<State>;
  readonly #home: DataFolder;
  #compacting: Promise<void> | undefined;
  /** Bytes of logs that the last snapshot does not contain: those of now, less these. */
  #contained: number;
  #noSnapshotBefore = 0;
  /** The last log that the snapshot on the disk contains. */
  #covered: number;

  constructor(database: Low<State>, home: DataFolder) {
    this.#database = database;
    this.#home = home;
    this.#contained = -home.replayed.bytes;
    this.#covered = database.data.covers.log;
    home.lock.onLost((holder) => home.log.fail(takenOver(home.folder, holder)));
    const { replayed, snapshot } = home;
    if (replayed.logs > mostLogs || replayed.bytes * 2 > snapshot.bytes) this.#compactBeside();
  }

  async record(clientId: string, changes: LoggedChanges, undo: () => void): Promise<void> {
    const kept =
      changes === 'forgotten'
        ? changes
        : changes.filter(({ collection }) => !isVolatile(collection));
    const recorded = this.#home.log.append(clientId, kept, undo);
    if (this.#isWorthwhile) this.#compactBeside();
    await recorded;
  }

  recovered(): Promise<void> | undefined {
    return this.#home.log.retryPending();
  }

  /**
   * What is short beside the snapshot is left to the replay of the next start: stopping takes no
   * longer the more is kept.
   */
  async close(): Promise<void> {
    const { log, lock, pace, snapshot } = this.#home;
    pace.giveUp();
    await this.#compacting;
    try {
      if (this.#logBytes * 4 > snapshot.bytes)
        await this.#compact(() => pace.hurry()).catch(() => {});
      await log.close(this.#covered);
    } finally {
      lock.release();
    }
  }

  get #logBytes(): number {
    return this.#home.log.bytes - this.#contained;
  }

  get #isWorthwhile(): boolean {
    const { log, snapshot, habits } = this.#home;
    return (
      this.#logBytes > Math.max(habits.minLogBytes, snapshot.bytes * habits.logShare) &&
      log.bytes >= this.#noSnapshotBefore
    );
  }

  #compactBeside(): void {
    this.#compacting ??= this.#compact(() => this.#home.pace.takeTime())
      .catch((error: unknown) => {
        this.#noSnapshotBefore = this.#home.log.bytes + this.#home.habits.minLogBytes;
        if (!this.#home.pace.isGivenUp) this.#home.onTrouble(noSnapshot(this.#home.folder, error));
      })
      .finally(() => {
        this.#compacting = undefined;
      });
  }

  /**
   * Begins the next log first, so that nobody waits for the snapshot. A failure leaves all logs in
   * place for the next attempt.
   */
  async #compact(setPace: () => void): Promise<void> {
    const { disk, folder, log, snapshot } = this.#home;
    setPace();
    const covers = await log.rotate();
    const contained = log.bytes;
    const { undone } = log;
    this.#database.data.covers = covers;
    snapshot.confirm = async () => {
      await log.flushed();
      if (log.undone !== undone) throw new Error('changes were undone that it may have seen');
    };
    await this.#database.write();
    this.#contained = contained;
    this.#covered = covers.log;
    await removeCovered(disk, folder, covers.log);
  }
}

const takenOver = (folder: string, holder: string): StoreError =>
  new StoreError(
    `${folder} was taken over by ${holder}, so nothing more can be kept here. Stop one of the two simulators, and give each a folder of its own with --data.`,
  );

const noSnapshot = (folder: string, error: unknown): string =>
  `${folder}: no new snapshot could be written: ${error instanceof Error ? error.message : String(error)}. Nothing is lost: the change logs stay, only longer than they need be, and it is tried again later.`;
