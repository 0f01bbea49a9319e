import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { AdminApiError, AdminClient, type AdminRequest } from '../../sdk/admin/admin-client.ts';
import type { Client, LintReport, Problem, Setting } from '../../server/admin/types.gen.ts';
import { formatProblem } from '../../server/problems/problem.ts';
import { useEventCount } from '../stream/feed.ts';
import { type ContractView, parseContract } from './contract.ts';

/** An error response of the admin API; status 0: no response, status -1: an error in the page. */
export class AdminError extends Error {
  readonly status: number;
  readonly problems: readonly Problem[];
  readonly remedy: string | undefined;

  constructor(status: number, message: string, problems: readonly Problem[] = [], remedy?: string) {
    super(message);
    this.name = 'AdminError';
    this.status = status;
    this.problems = problems;
    this.remedy = remedy;
  }

  /** Converts any thrown value. */
  static from(thrown: unknown): AdminError {
    if (thrown instanceof AdminError) return thrown;
    if (!(thrown instanceof AdminApiError))
      return new AdminError(-1, thrown instanceof Error ? thrown.message : String(thrown));
    const { httpStatus, problems } = thrown;
    const message = problems.map(formatProblem).join('\n');
    // Without a response there is the page's own sentence, in the page's language.
    const known = httpStatus === 0 ? [] : problems;
    return new AdminError(httpStatus, message, known, problems[0]?.remedy);
  }
}

export interface RequestOptions extends AdminRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
}

/** The client of the admin API at the page's own origin. */
export const openAdminClient = (): AdminClient => new AdminClient(location.origin, readToken);

/**
 * Calls the admin API.
 * @returns a response with a 2xx status
 * @throws AdminError for any other, and without a response
 */
export const callAdmin = async (
  path: string,
  { method = 'GET', ...request }: RequestOptions = {},
): Promise<Response> => {
  try {
    return await openAdminClient().send(method, path, request);
  } catch (error) {
    if (request.signal?.aborted === true) throw error;
    throw AdminError.from(error);
  }
};

/**
 * Fetches JSON. The server validates its responses against openapi/admin.yaml, so the type is not
 * checked again.
 */
export const fetchJson = async <T>(path: string, asked?: RequestOptions): Promise<T> => {
  const response = await callAdmin(path, asked);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
};

export const fetchText = async (path: string, asked?: RequestOptions): Promise<string> =>
  (await callAdmin(path, asked)).text();

// Kept for this tab only, so that the token is not stored after the tab is closed.
const tokenKey = 'console.admin-token';

export const readToken = (): string | undefined => sessionStorage.getItem(tokenKey) ?? undefined;

export const storeToken = (token: string): void => sessionStorage.setItem(tokenKey, token.trim());

const recoveryListeners = new Set<() => void>();

/** Notifies listeners that the simulator responds again. */
export const announceRecovery = (): void => {
  for (const listener of [...recoveryListeners]) listener();
};

export const onRecovery = (listener: () => void): (() => void) => {
  recoveryListeners.add(listener);
  return () => void recoveryListeners.delete(listener);
};

/** Calls the callback of the latest render when the simulator responds again. */
export const useRecovery = (callback: () => void): void => {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => onRecovery(() => latest.current()), []);
};

const runCaches = new Set<() => void>();

/**
 * Caches a request for one run of the simulator. Failures are not cached; a restart clears the
 * cache.
 */
const oncePerRun = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | undefined;
  runCaches.add(() => {
    asked = undefined;
  });
  return () => {
    if (asked !== undefined) return asked;
    const own = ask();
    asked = own;
    own.catch(() => {
      if (asked === own) asked = undefined;
    });
    return own;
  };
};

/** Called after a restart: settings and contract may differ. */
export const clearRunCaches = (): void => {
  for (const clear of runCaches) clear();
};

/** Settings of the simulator by key; constant during a run. */
export const readSettings: () => Promise<ReadonlyMap<string, unknown>> = oncePerRun(async () => {
  const { settings } = await fetchJson<{ readonly settings: readonly Setting[] }>('/settings');
  return new Map(settings.map(({ key, value }) => [key, value]));
});

/** Base URL of the gateway: the page's origin, unless the admin API has its own listener. */
export const readGatewayUrl = (): Promise<string> =>
  readSettings().then(toGatewayUrl, () => location.origin);

const toGatewayUrl = (settings: ReadonlyMap<string, unknown>): string =>
  settings.get('adminPort') === 'same'
    ? location.origin
    : `http://${location.hostname}:${String(settings.get('port'))}`;

/** Base URL of the gateway; the page's origin until the settings are loaded. */
export const useGatewayUrl = (): string => {
  const [url, show] = useState(location.origin);
  useEffect(() => void readGatewayUrl().then(show), []);
  return url;
};

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

/** The served contract, loaded once for each run of the simulator. */
const fetchContract: () => Promise<ContractView> = oncePerRun(() =>
  fetchJson<unknown>('/contract').then(parseContract),
);

export const useContract = (): ContractView | undefined => {
  const [contract, show] = useState<ContractView | undefined>();
  const [turn, setTurn] = useState(0);
  useRecovery(() => {
    if (contract === undefined) setTurn((last) => last + 1);
  });
  useEffect(() => {
    let isHere = true;
    fetchContract().then(
      (value) => isHere && show(value),
      // The contract is optional: views that need other data show the error of their own request.
      () => undefined,
    );
    return () => {
      isHere = false;
    };
  }, [turn]);
  return contract;
};
