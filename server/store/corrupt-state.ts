/** A file of the data folder does not hold what was written to it. */
export class CorruptState extends Error {
  readonly file: string;

  constructor(file: string, reason: string) {
    super(reason);
    this.name = 'CorruptState';
    this.file = file;
  }
}

/** A file of the data folder was written by a version of this program that this one does not know. */
export class LaterVersion extends Error {
  readonly file: string;

  constructor(file: string, found: number, known: number) {
    super(`has the format version ${found}, and this version of alipayhk-mock reads up to ${known}`);
    this.name = 'LaterVersion';
    this.file = file;
  }
}
