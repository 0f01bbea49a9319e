import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Client, LintReport } from '../../server/admin/types.gen.ts';
import { useEventCount } from '../stream/feed.ts';
import { AdminError, fetchJson } from './admin-client.ts';
import { useRecovery } from './simulator-run.ts';

/**
 * A request to the admin API: pending, loaded or failed. The last value stays while it is reloaded.
 */
export interface Query<T> {
  readonly value: T | undefined;
  readonly error: AdminError | undefined;
  readonly isLoading: boolean;
  /** Repeats the request. */
  reload(): void;
}

/**
 * Requests the path whenever it changes; undefined requests nothing. After an error, repeats the
 * request once the simulator responds.
 * @param version repeats the request when it changes
 */
export const useQuery = <T>(path: string | undefined, version = 0): Query<T> => {
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
    fetchJson<T>(path, { signal: leaving.signal }).then(
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

export const useClients = (version = 0): Query<{ readonly clients: readonly Client[] }> =>
  useQuery('/clients', version);

/** What lint found; read again when it finds more. Undefined while lint is off. */
export const useLintReport = (): Query<LintReport> =>
  useQuery<LintReport>('/lint', useEventCount(['lint', 'reset']));

/** The rules of lint that exchanges show, by the ids of the exchanges. */
export const useLint = (): ReadonlyMap<string, readonly string[]> => {
  const { value } = useLintReport();
  return useMemo(() => {
    const rules = new Map<string, readonly string[]>();
    for (const { rule, exchanges } of value?.findings ?? [])
      for (const { id } of exchanges) rules.set(id, [...(rules.get(id) ?? []), rule]);
    return rules;
  }, [value]);
};

export interface Action {
  readonly isBusy: boolean;
  readonly error: AdminError | undefined;
  /** Runs an action; an error is kept to be shown. */
  run(work: () => Promise<unknown>): void;
  /** Clears the error. */
  clear(): void;
}

/** Runs the action of a button, one at a time. */
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
