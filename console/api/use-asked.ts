import { useEffect, useState } from 'preact/hooks';
import { AdminError, askJson } from './admin.ts';
import { useRecovery } from './recovery.ts';

/**
 * What was asked for: on its way, there, or refused. What was there before stays while it is asked
 * for again.
 */
export interface Asking<T> {
  readonly value: T | undefined;
  readonly error: AdminError | undefined;
  readonly isLoading: boolean;
  /** Asks again. */
  reload(): void;
}

/**
 * Asks the admin API whenever the path changes; undefined asks nothing. After an error it asks
 * again once the simulator answers.
 * @param version asks again when it changes: something has happened that may change the answer
 */
export const useAsked = <T>(path: string | undefined, version = 0): Asking<T> => {
  const [turn, setTurn] = useState(0);
  const [got, setGot] = useState<{
    readonly path?: string;
    readonly value?: T;
    readonly error?: AdminError;
  }>({});
  const reload = (): void => setTurn((last) => last + 1);
  useEffect(() => {
    if (path === undefined) return;
    const leaving = new AbortController();
    askJson<T>(path, { signal: leaving.signal }).then(
      (value) => setGot({ path, value }),
      (error: unknown) => {
        if (!leaving.signal.aborted) setGot({ path, error: AdminError.from(error) });
      },
    );
    return () => leaving.abort();
  }, [path, turn, version]);
  useRecovery(() => {
    if (got.error !== undefined) reload();
  });
  const isThis = got.path === path;
  return {
    value: isThis ? got.value : undefined,
    error: isThis ? got.error : undefined,
    isLoading: path !== undefined && !isThis,
    reload,
  };
};
