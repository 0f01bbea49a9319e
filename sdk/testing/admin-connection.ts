import { productHeader } from '../../server/admin/product-header.ts';
import { clipText } from '../../server/problems/clip-text.ts';
import { adminAddress } from './admin-address.ts';

/** What the admin API found wrong with what was asked. */
export interface AdminProblem {
  readonly where: string;
  readonly message: string;
  readonly remedy: string;
}

/** The admin API refused, or nobody answered. */
export class AdminApiError extends Error {
  override readonly name = 'AdminApiError';
  /** 0 when nobody answered. */
  readonly httpStatus: number;
  readonly problems: readonly AdminProblem[];

  constructor(
    asked: string,
    httpStatus: number,
    problems: readonly AdminProblem[],
    options?: ErrorOptions,
  ) {
    super(
      `${asked}: ${problems.map(({ where, message, remedy }) => `${where}: ${message}. ${remedy}`).join('\n')}`,
      options,
    );
    this.httpStatus = httpStatus;
    this.problems = problems;
  }
}

/** A running simulator's admin API. */
export class AdminConnection {
  readonly url: string;
  readonly #token: string | undefined;

  constructor(url: string, token: string | undefined) {
    this.url = url;
    this.#token = token;
  }

  /**
   * @returns the answer's JSON, its text when it is none, or undefined when there is nothing.
   * @throws AdminApiError
   */
  async ask<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    const asked = `${method} /__admin${path}`;
    const response = await fetch(adminAddress(this.url, path), {
      redirect: 'error',
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new AdminApiError(
        asked,
        0,
        [
          {
            where: this.url,
            message: `no answer: ${describeFailure(error)}`,
            remedy: 'Start the simulator, or correct its address.',
          },
        ],
        {
          cause: error,
        },
      );
    });
    if (!response.headers.has(productHeader))
      throw new AdminApiError(asked, response.status, [
        {
          where: this.url,
          message: `answers (HTTP ${response.status}), but not as the admin API of alipayhk-mock`,
          remedy: 'Correct the address, and start the simulator with its admin API.',
        },
      ]);
    const text = await response.text();
    if (!response.ok)
      throw new AdminApiError(asked, response.status, problemsIn(text, response.status));
    // The answer is what the admin API's contract says; the caller names it.
    return (isJson(response) ? JSON.parse(text) : text === '' ? undefined : text) as T;
  }
}

const isJson = (response: Response): boolean =>
  /^application\/json\b/.test(response.headers.get('content-type') ?? '');

const describeFailure = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);

const problemsIn = (text: string, status: number): readonly AdminProblem[] => {
  const bare = (message: string, remedy = ''): AdminProblem[] => [
    { where: `HTTP ${status}`, message, remedy },
  ];
  try {
    const { error, remedy, problems } = JSON.parse(text);
    return Array.isArray(problems) ? problems : bare(String(error), String(remedy ?? ''));
  } catch {
    return bare(clipText(text, 200));
  }
};
