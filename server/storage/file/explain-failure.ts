import { StoreError } from '../store.ts';
import { type Durability, PartlyWritten } from './log-file.ts';

const remedies: Record<string, string> = {
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
    'A restart may find the change all the same, so the connection is closed without an answer. Nothing more is decided until that is settled.',
  waiting:
    'Nothing more is decided until what was answered before could be written. Each request tries again.',
};

/** What a user is told when something could not be written. */
export const explainFailure = (
  file: string,
  error: unknown,
  durability: Durability,
): StoreError => {
  const message = error instanceof Error ? error.message : String(error);
  const isOutcomeUnknown = error instanceof PartlyWritten;
  const remedy = remedies[codeOf(isOutcomeUnknown ? error.cause : error)] ?? moved;
  const consequence =
    durability === 'none' ? 'waiting' : isOutcomeUnknown ? 'unknown' : 'unchanged';
  return new StoreError(
    `${file} cannot be written: ${message}. ${remedy} ${consequences[consequence]}`,
    {
      cause: error,
      isOutcomeUnknown: consequence === 'unknown',
    },
  );
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
