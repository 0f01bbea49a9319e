/** When a snapshot is written while requests are answered, and how. */
export interface SnapshotOptions {
  /** Change logs shorter than this are not worth one. */
  readonly minLogBytes: number;
  /** Nor are those shorter than this share of the last one. */
  readonly logShare: number;
  /**
   * Characters that are written at once: between two such slices the event loop is free. One takes
   * about a millisecond.
   */
  readonly sliceLength: number;
}

export const defaultHabits: SnapshotOptions = {
  minLogBytes: 64 * 1024 * 1024,
  logShare: 0.5,
  sliceLength: 128 * 1024,
};
