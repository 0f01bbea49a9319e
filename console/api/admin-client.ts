import { AdminApiError, AdminClient, type AdminRequest } from '../../sdk/admin/admin-client.ts';
import type { Problem } from '../../server/admin/types.gen.ts';
import { formatProblem } from '../../server/problems/problem.ts';

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
const key = 'console.admin-token';

export const readToken = (): string | undefined => sessionStorage.getItem(key) ?? undefined;

export const storeToken = (token: string): void => sessionStorage.setItem(key, token.trim());
