import type { Problem, paths } from '../../server/admin/types.gen.ts';
import { clipText } from '../../server/problems/display-text.ts';
import { omitUndefined } from '../../server/problems/plain-object.ts';
import { requestUrl, TargetError } from '../../server/protocol/http-call.ts';

/**
 * The client of a simulator's admin API, for the command line, for tests and for the console's
 * page: it needs nothing but `fetch`. Paths, parameters, bodies and responses are typed by the
 * API's document.
 */

/** The product as its health answers name it. */
export const productName = 'alipayhk-mock';

/** On every response of the admin API, with the version: no other program answers with it. */
export const productHeader = 'x-alipayhk-mock';

/** One thing that is wrong with a request: where, what, remedy. */
export type AdminProblem = Problem;

/**
 * - `ADMIN_UNREACHABLE`: no response came.
 * - `ADMIN_NOT_FOUND`: another program answers at the address, or the admin API is off.
 * - `ADMIN_UNUSABLE_PATH`: an id, such as `..`, would name another route; nothing was sent.
 * - `ADMIN_REFUSED`: the admin API refused the request; `httpStatus` has its status.
 */
export type AdminErrorCode =
  | 'ADMIN_UNREACHABLE'
  | 'ADMIN_NOT_FOUND'
  | 'ADMIN_UNUSABLE_PATH'
  | 'ADMIN_REFUSED';

/**
 * The admin API refused a request, or did not answer. `code` says which, `problems` say why.
 *
 * @example
 * try {
 *   await simulator.scenarios.activate('order-fails');
 * } catch (error) {
 *   if (error instanceof AdminApiError) console.error(error.code, error.problems);
 * }
 */
export class AdminApiError extends Error {
  override readonly name = 'AdminApiError';
  readonly code: AdminErrorCode;
  /** 0 when no response came. */
  readonly httpStatus: number;
  readonly problems: readonly AdminProblem[];

  constructor(code: AdminErrorCode, response: AdminErrorResponse, options?: ErrorOptions) {
    const { request, httpStatus = 0, problems } = response;
    const sentences = problems.map(
      ({ where, message, remedy }) => `${where}: ${message}. ${remedy}`,
    );
    super(`${request}: ${sentences.join('\n')}`, options);
    this.code = code;
    this.httpStatus = httpStatus;
    this.problems = problems;
  }
}

interface AdminErrorResponse {
  /** Method and path, for the message. */
  readonly request: string;
  readonly httpStatus?: number;
  readonly problems: readonly AdminProblem[];
}

export interface AdminRequest {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: { readonly type: string; readonly value: string };
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Method = 'get' | 'post' | 'put' | 'delete';

/** The routes of the admin API that take a method. */
type PathWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? P : never;
}[keyof paths];
type OperationAt<M extends Method, P extends keyof paths> =
  paths[P] extends Record<M, infer O> ? O : never;

type PathValues<O> = O extends { parameters: { path: infer V } }
  ? { readonly path: Readonly<V> }
  : { readonly path?: never };
/** A parameter that takes a list takes one value too. */
type QueryValue<V> = V extends readonly (infer I)[] ? I | readonly I[] : V;
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;
interface QueryValues<O> {
  readonly query?: { readonly [K in keyof QueryOf<O>]: QueryValue<QueryOf<O>[K]> | undefined };
}
type JsonContent<B> = B extends { content: { 'application/json': infer J } } ? J : never;
/** Members with a default may be left out, which the document's types do not say. */
type JsonBody<O> = O extends { requestBody: infer B }
  ? { readonly body: Partial<JsonContent<B>> }
  : O extends { requestBody?: infer B }
    ? [NonNullable<B>] extends [never]
      ? { readonly body?: never }
      : { readonly body?: Partial<JsonContent<NonNullable<B>>> }
    : { readonly body?: never };
type AdminCall<O> = PathValues<O> &
  QueryValues<O> &
  JsonBody<O> &
  Pick<AdminRequest, 'headers' | 'signal'>;
/** Left out altogether when every part of it may be. */
type CallArguments<O> = object extends AdminCall<O> ? [call?: AdminCall<O>] : [call: AdminCall<O>];

type Content<R> = R extends { content: { 'application/json': infer J } }
  ? J
  : R extends { content: { 'text/plain': infer T } }
    ? T
    : undefined;
/** The decoded response: JSON, text, or undefined for an empty one. */
type AdminResponse<O> = O extends { responses: infer R }
  ? Content<R[Extract<keyof R, 200 | 201 | 204>]>
  : never;

/** A running simulator's admin API. */
export class AdminClient {
  /** Where the admin API listens. */
  readonly url: string;
  readonly #token: () => string | undefined;

  /**
   * @param url the listener's address; a path in front of `/__admin` is kept, any other is ignored
   * @param token the admin token, or what reads it for each request; absent when none is needed
   */
  constructor(url: string, token?: string | (() => string | undefined)) {
    this.url = url;
    this.#token = typeof token === 'function' ? token : () => token;
  }

  /** @throws AdminApiError */
  get<P extends PathWith<'get'>>(path: P, ...[call]: CallArguments<OperationAt<'get', P>>) {
    return this.#call<AdminResponse<OperationAt<'get', P>>>('GET', path, call);
  }

  /** @throws AdminApiError */
  post<P extends PathWith<'post'>>(path: P, ...[call]: CallArguments<OperationAt<'post', P>>) {
    return this.#call<AdminResponse<OperationAt<'post', P>>>('POST', path, call);
  }

  /** @throws AdminApiError */
  put<P extends PathWith<'put'>>(path: P, ...[call]: CallArguments<OperationAt<'put', P>>) {
    return this.#call<AdminResponse<OperationAt<'put', P>>>('PUT', path, call);
  }

  /** @throws AdminApiError */
  delete<P extends PathWith<'delete'>>(
    path: P,
    ...[call]: CallArguments<OperationAt<'delete', P>>
  ) {
    return this.#call<AdminResponse<OperationAt<'delete', P>>>('DELETE', path, call);
  }

  /** Any route, written out. @returns the decoded response @throws AdminApiError */
  async request<T = unknown>(method: string, path: string, request?: AdminRequest): Promise<T> {
    return (await decodeResponse(await this.send(method, path, request))) as T;
  }

  /**
   * Any route, for what reads the response itself, e.g. as a stream.
   * @returns a response with a status from 200 to 299
   * @throws AdminApiError; the reason of `signal` when that ended it
   */
  async send(method: string, path: string, request: AdminRequest = {}): Promise<Response> {
    const { headers, signal } = request;
    const name = `${method} /__admin${path}`;
    const content = request.text ?? toJsonContent(request.body);
    const token = this.#token();
    const response = await fetch(this.#address(name, path), {
      redirect: 'error',
      method,
      headers: omitUndefined({
        'content-type': content?.type,
        authorization: token === undefined ? undefined : `Bearer ${token}`,
        ...headers,
      }),
      ...omitUndefined({ body: content?.value, signal }),
    }).catch((error: unknown) => {
      if (signal?.aborted === true) throw error;
      throw this.#unreachable(name, error);
    });
    if (!response.headers.has(productHeader)) throw this.#notFound(name, response);
    if (!response.ok) throw await toRefusal(name, response);
    return response;
  }

  async #call<T>(method: string, path: string, call: RawCall = {}): Promise<T> {
    const filled = path.replace(/\{(\w+)\}/g, (_braces, name: string) =>
      encodeURIComponent(String(call.path?.[name])),
    );
    return this.request<T>(method, `${filled}${queryText(call.query ?? {})}`, call);
  }

  #address(request: string, path: string): URL {
    try {
      return adminAddress(this.url, path);
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      const remedy = 'Give an id as the simulator lists it.';
      const problems = [{ where: path, message: error.message, remedy }];
      throw new AdminApiError('ADMIN_UNUSABLE_PATH', { request, problems }, { cause: error });
    }
  }

  #unreachable(request: string, cause: unknown): AdminApiError {
    const message = `no response: ${describeCause(cause)}`;
    const remedy = 'Start the simulator, or correct its address.';
    const problems = [{ where: this.url, message, remedy }];
    return new AdminApiError('ADMIN_UNREACHABLE', { request, problems }, { cause });
  }

  #notFound(request: string, { status: httpStatus }: Response): AdminApiError {
    const message = `answers (HTTP ${httpStatus}), but not as the admin API of ${productName}`;
    const remedy = 'Correct the address, and start the simulator with its admin API.';
    const problems = [{ where: this.url, message, remedy }];
    return new AdminApiError('ADMIN_NOT_FOUND', { request, httpStatus, problems });
  }
}

interface RawCall extends AdminRequest {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: QueryParameters;
}

/**
 * The address of a route of the admin API. A base that names `/__admin` itself, as
 * `ALIPAYHK_ADMIN_URL` does, keeps what is in front of it; any other path is that of the operations
 * and has no effect here.
 * @throws TargetError when a part of the path, such as an id `..`, would make it another route
 */
export const adminAddress = (base: string, path: string): URL => {
  const url = new URL(base);
  const prefix = /^(.*)\/__(?:admin|console)(?:\/|$)/.exec(url.pathname)?.[1] ?? '';
  return requestUrl(url, `${prefix}/__admin${path}`);
};

type QueryParameters = Readonly<Record<string, unknown>>;

/** A query of the values that are given, several of a list; `?` included, empty without values. */
export const queryText = (values: QueryParameters): string => {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, String(one)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
};

const toJsonContent = (body: unknown): AdminRequest['text'] =>
  body === undefined ? undefined : { type: 'application/json', value: JSON.stringify(body) };

const decodeResponse = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  const isJson = /^application\/json\b/.test(response.headers.get('content-type') ?? '');
  return isJson ? JSON.parse(text) : text === '' ? undefined : text;
};

const toRefusal = async (request: string, response: Response): Promise<AdminApiError> => {
  const httpStatus = response.status;
  const problems = parseProblems(await response.text(), httpStatus);
  return new AdminApiError('ADMIN_REFUSED', { request, httpStatus, problems });
};

const parseProblems = (text: string, status: number): readonly AdminProblem[] => {
  try {
    const { problems } = JSON.parse(text);
    if (Array.isArray(problems)) return problems;
  } catch {
    // No JSON: not written by the admin API itself.
  }
  const remedy = 'Check that a simulator listens there, with its admin API.';
  return [{ where: `HTTP ${status}`, message: clipText(text, 200), remedy }];
};

const describeCause = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
