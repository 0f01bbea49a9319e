import { useState } from 'preact/hooks';
import { AdminError } from '../api/admin.ts';

export interface Action {
  readonly isBusy: boolean;
  readonly error: AdminError | undefined;
  /** Does something that may be refused; the refusal is kept to be shown. */
  run(work: () => Promise<unknown>): void;
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
      .catch((problem: unknown) => setError(problem instanceof AdminError ? problem : new AdminError(0, String(problem))))
      .finally(() => setBusy(false));
  };
  return { isBusy, error, run };
};
