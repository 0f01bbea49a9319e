import { useEffect, useState } from 'preact/hooks';
import { AdminError, askJson } from './admin.ts';

/** What was asked for: on its way, there, or refused. What was there before stays while it is asked for again. */
export interface Asking<T> {
  readonly value: T | undefined;
  readonly error: AdminError | undefined;
  readonly isLoading: boolean;
  /** Asks again. */
  reload(): void;
}

/**
 * Asks the admin API whenever the path changes; undefined asks nothing.
 * @param version asks anew when it changes, too: something has happened that may change the answer
 */
export const useAsked = <T>(path: string | undefined, version = 0): Asking<T> => {
  const [turn, setTurn] = useState(0);
  const [got, setGot] = useState<{ readonly path?: string; readonly value?: T; readonly error?: AdminError }>({});
  useEffect(() => {
    if (path === undefined) return;
    const leaving = new AbortController();
    askJson<T>(path, { signal: leaving.signal }).then(
      (value) => setGot({ path, value }),
      (error: unknown) => {
        if (!leaving.signal.aborted) setGot({ path, error: error instanceof AdminError ? error : new AdminError(0, String(error)) });
      },
    );
    return () => leaving.abort();
  }, [path, turn, version]);
  const isThis = got.path === path;
  return {
    value: isThis ? got.value : undefined,
    error: isThis ? got.error : undefined,
    isLoading: path !== undefined && !isThis,
    reload: () => setTurn((last) => last + 1),
  };
};
