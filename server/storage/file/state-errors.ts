import { errorCode, errorText, StartupError } from '../../problems/problem.ts';
import { StoreError } from '../store.ts';

/** A file of the data folder does not hold what was written to it. */
export class CorruptStateError extends Error {
  readonly code = 'STATE_DAMAGED';
  readonly file: string;

  constructor(file: string, reason: string) {
    super(reason);
    this.name = 'CorruptStateError';
    this.file = file;
  }
}

/** The checksum of a line covers those before it: which of them is wrong cannot be said. */
export const damagedLine = (file: string, number: number): CorruptStateError =>
  new CorruptStateError(file, `line ${number} is damaged, or a line before it is missing`);

export const startupError = (where: string, message: string, remedy: string): StartupError =>
  new StartupError([{ where, message, remedy }]);

export const unsupportedVersion = (file: string, found: number, read: number): StartupError =>
  startupError(
    file,
    `has the format version ${found}${found < read ? ' of an unreleased version' : ''}, ` +
      `and this version of alipayhk-mock reads only ${read}`,
    'Name another folder with --data. To keep the state, export it with the version that wrote ' +
      'it (state export) and import it here (state import).',
  );

const remedyByCode: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space.',
  EDQUOT: 'The quota of this user is used up: free some space.',
  EROFS: 'The file system is read-only: mount it writable again.',
  EACCES: 'This user may not write there: restore the permission.',
  EPERM: 'This user may not write there: restore the permission.',
  EIO: 'The disk reports an error: look at the system log.',
  ENOENT: 'The folder has gone: put it back.',
};

const moved = 'The folder was moved, replaced or removed: put it back, or stop and start again.';

/** What became of the request. */
const consequences = {
  unchanged: 'Nothing was changed. Each request tries again.',
  unknown:
    'A restart may find the change all the same, so the connection is closed without an answer. ' +
    'Nothing more is decided until that is settled.',
  waiting:
    'Nothing more is decided until what was answered before could be written. Each request tries ' +
    'again.',
};

/** The error of a request whose changes could not be written. */
export const explainFailure = (
  file: string,
  error: unknown,
  consequence: keyof typeof consequences,
): StoreError => {
  const remedy = remedyByCode[errorCode(error)] ?? moved;
  return new StoreError(
    `${file} cannot be written: ${errorText(error)}. ${remedy} ${consequences[consequence]}`,
    { cause: error, isOutcomeUnknown: consequence === 'unknown' },
  );
};
