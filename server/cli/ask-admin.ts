import type { Command } from 'commander';
import { adminAddress } from '../../sdk/testing/admin-address.ts';
import { productHeader } from '../admin/product-header.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import { clipText } from '../problems/clip-text.ts';
import { StartupError } from '../problems/problem.ts';
import { TargetError } from '../protocol/request-url.ts';
import { adminUrl } from './commands/health.ts';
import { addSettingOptions, serverUrl } from './options.ts';

/** Where a running simulator's admin API is, and what lets one in. */
export interface AdminOptions {
  readonly url?: string;
  readonly token?: string;
}

export interface AdminRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * Asks the admin API of a running simulator. @throws StartupError when nobody answers or it refuses
 */
export const askAdmin = async (
  path: string,
  options: AdminOptions,
  settings: Settings,
  request: AdminRequest = {},
): Promise<Response> => {
  const { method = 'GET', body, headers = {}, signal } = request;
  const base = options.url ?? adminUrl(settings);
  const token = options.token ?? settings.adminToken;
  const address = adminRouteUrl(base, path);
  const response = await fetch(address, {
    redirect: 'error',
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    throw new StartupError([
      {
        where: base,
        message: `no answer: ${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)}`,
        remedy: 'Start the simulator, or name its address with --url.',
      },
    ]);
  });
  if (!response.headers.has(productHeader)) throw anotherProgram(base, response);
  if (!response.ok) throw await readAdminError(response, address.href);
  return response;
};

/** Ids become parts of the path; `..` would name another route. @throws StartupError */
const adminRouteUrl = (base: string, path: string): URL => {
  if (!URL.canParse(base))
    throw new StartupError([
      {
        where: '--url',
        message: `"${base}" is not an address`,
        remedy: 'Write e.g. http://127.0.0.1:8852.',
      },
    ]);
  try {
    return adminAddress(base, path);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    throw new StartupError([
      { where: path, message: error.message, remedy: 'Give an id as the simulator lists it.' },
    ]);
  }
};

/**
 * The same, for an answer that is JSON. Its shape is the contract's, openapi/admin.yaml; the caller
 * names it.
 */
export const askJson = async <T>(
  path: string,
  options: AdminOptions,
  settings: Settings,
  request: AdminRequest = {},
): Promise<T> => (await (await askAdmin(path, options, settings, request)).json()) as T;

/** A query of what was given; `?` included, empty when nothing was. */
export const queryText = (
  values: Readonly<Record<string, string | number | readonly string[] | undefined>>,
): string => {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, String(one)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
};

const anotherProgram = (base: string, { status }: Response): StartupError =>
  new StartupError([
    {
      where: base,
      message: `answers (HTTP ${status}), but not as the admin API of alipayhk-mock`,
      remedy: 'Name the address of a simulator with --url, and start it without --no-admin.',
    },
  ]);

const readAdminError = async (response: Response, where: string): Promise<StartupError> => {
  const text = await response.text();
  const { problems } = parse(text);
  return new StartupError(
    Array.isArray(problems)
      ? problems
      : [
          {
            where,
            message: `answered ${response.status}: ${clipText(text, 200)}`,
            remedy: 'Is a simulator listening there, with its admin API?',
          },
        ],
  );
};

const parse = (text: string): { readonly problems?: unknown } => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
};

/**
 * Settings that say where a simulator's admin API is; flags of the others would only fill the help.
 */
const adminSettings = ['host', 'port', 'adminHost', 'adminPort', 'adminToken'] as const;

/** Gives a command what it takes to reach a running simulator. */
export const withAdmin = (command: Command): Command =>
  addSettingOptions(command, adminSettings)
    .option('--url <url>', 'where the admin API listens; default: from host and port', serverUrl)
    .option('--token <token>', 'the admin token; the same as --admin-token');
