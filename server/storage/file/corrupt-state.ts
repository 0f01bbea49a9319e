/** A file of the data folder does not hold what was written to it. */
export class CorruptStateError extends Error {
  readonly file: string;

  constructor(file: string, reason: string) {
    super(reason);
    this.name = 'CorruptState';
    this.file = file;
  }
}

/** The checksum of a line covers those before it, so it cannot be said which of them is wrong. */
export const damagedLine = (
  file: string,
  { number }: { readonly number: number },
): CorruptStateError =>
  new CorruptStateError(file, `line ${number} is damaged, or a line before it is missing`);

/** A file of the data folder has a format that this version of the program does not read. */
export class UnsupportedFormat extends Error {
  readonly file: string;

  constructor(file: string, found: number, known: number) {
    const age = found < known ? ' of an unreleased version' : '';
    super(
      `has the format version ${found}${age}, and this version of alipayhk-mock reads only ${known}`,
    );
    this.name = 'UnsupportedFormat';
    this.file = file;
  }
}
