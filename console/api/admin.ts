import type { components } from '../../server/admin/types.gen.ts';
import { authorization } from './admin-token.ts';

/** Something wrong with what was asked, as the admin API and the command line say it. */
export type Problem = components['schemas']['Problem'];

/** The admin API refused, or did not answer (status 0), or the page itself failed (status -1). */
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

  /** Anything that was thrown, as an error that can be shown. */
  static from(thrown: unknown): AdminError {
    return thrown instanceof AdminError
      ? thrown
      : new AdminError(-1, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, with its media type. */
  readonly text?: { readonly type: string; readonly value: string };
  readonly signal?: AbortSignal;
}

/** Asks the admin API. @returns the response, if it is a good one; @throws AdminError otherwise */
export const askAdmin = async (
  path: string,
  { method = 'GET', body, text, signal }: Asked = {},
): Promise<Response> => {
  const content =
    text ??
    (body === undefined ? undefined : { type: 'application/json', value: JSON.stringify(body) });
  const response = await fetch(`/__admin${path}`, {
    method,
    headers: {
      ...authorization(),
      ...(content === undefined ? {} : { 'content-type': content.type }),
    },
    ...(content === undefined ? {} : { body: content.value }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new AdminError(0, error instanceof Error ? error.message : String(error));
  });
  if (!response.ok) throw await refusalOf(response);
  return response;
};

/**
 * Asks for JSON. The shape is what openapi/admin.yaml promises; the server checks itself against
 * that document.
 */
export const askJson = async <T>(path: string, asked?: Asked): Promise<T> => {
  const response = await askAdmin(path, asked);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
};

export const askText = async (path: string, asked?: Asked): Promise<string> =>
  (await askAdmin(path, asked)).text();

const refusalOf = async (response: Response): Promise<AdminError> => {
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
