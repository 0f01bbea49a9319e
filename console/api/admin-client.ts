import type { Problem } from '../../server/admin/types.gen.ts';

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
    return thrown instanceof AdminError
      ? thrown
      : new AdminError(-1, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as is, with its media type. */
  readonly text?: { readonly type: string; readonly value: string };
  readonly signal?: AbortSignal;
}

/**
 * Calls the admin API.
 * @throws AdminError unless the status is 2xx
 * @returns the response, if it is a good one;
 */
export const callAdmin = async (
  path: string,
  { method = 'GET', body, text, signal }: RequestOptions = {},
): Promise<Response> => {
  const content =
    text ??
    (body === undefined ? undefined : { type: 'application/json', value: JSON.stringify(body) });
  const headers = new Headers(authorization());
  if (content !== undefined) headers.set('content-type', content.type);
  const response = await fetch(`/__admin${path}`, {
    method,
    headers,
    body: content?.value ?? null,
    signal: signal ?? null,
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new AdminError(0, error instanceof Error ? error.message : String(error));
  });
  if (!response.ok) throw await toAdminError(response);
  return response;
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

const toAdminError = async (response: Response): Promise<AdminError> => {
  const said: unknown = await response.json().catch(() => undefined);
  if (typeof said !== 'object' || said === null)
    return new AdminError(response.status, `${response.status} ${response.statusText}`);
  const { error, problems, remedy } = said as {
    error?: unknown;
    problems?: unknown;
    remedy?: unknown;
  };
  return new AdminError(
    response.status,
    typeof error === 'string' ? error : `${response.status} ${response.statusText}`,
    Array.isArray(problems) ? (problems as Problem[]) : [],
    typeof remedy === 'string' ? remedy : undefined,
  );
};

// Kept for this tab only, so that the token is not stored after the tab is closed.
const key = 'console.admin-token';

export const readToken = (): string | undefined => sessionStorage.getItem(key) ?? undefined;

export const storeToken = (token: string): void => sessionStorage.setItem(key, token.trim());

export const authorization = (): Record<string, string> => {
  const token = readToken();
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
};
