import { StoreError } from './store.ts';

const remedies: Record<string, string> = {
  ENOSPC: 'The disk is full: free some space.',
  EDQUOT: 'The quota of this user is used up: free some space.',
  EROFS: 'The file system is read-only: mount it writable again.',
  EACCES: 'This user may not write there: restore the permission.',
  EPERM: 'This user may not write there: restore the permission.',
  EIO: 'The disk reports an error: look at the system log.',
  ENOENT: 'The folder has gone: put it back.',
};

/** What a user is told when something could not be written. */
export const explainFailure = (file: string, error: unknown): StoreError => {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const remedy = remedies[code] ?? 'The folder was moved, replaced or removed: put it back, or stop and start again.';
  return new StoreError(
    `${file} cannot be written: ${message}. ${remedy} Nothing more is decided until what waits could be written; each request tries again.`,
    { cause: error },
  );
};
