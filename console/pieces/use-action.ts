import { useState } from 'preact/hooks';
import { AdminError } from '../api/admin.ts';
import { useRecovery } from '../api/recovery.ts';

export interface Action {
  readonly isBusy: boolean;
  readonly error: AdminError | undefined;
  /** Does something that may be refused; the refusal is kept to be shown. */
  run(work: () => Promise<unknown>): void;
  /** Drops the error: what it was about has changed. */
  clear(): void;
}

/** Something that a button does, at most once at a time. */
export const useAction = (): Action => {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<AdminError | undefined>();
  const run = (work: () => Promise<unknown>): void => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    work()
      .catch((problem: unknown) => setError(AdminError.from(problem)))
      .finally(() => setBusy(false));
  };
  useRecovery(() => {
    if (error?.status === 0) setError(undefined);
  });
  return { isBusy, error, run, clear: () => setError(undefined) };
};
