/** A file of the data folder does not hold what was written to it. */
export class CorruptState extends Error {
  readonly file: string;

  constructor(file: string, reason: string) {
    super(reason);
    this.name = 'CorruptState';
    this.file = file;
  }
}
