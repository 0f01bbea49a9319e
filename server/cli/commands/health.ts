import type { Command } from 'commander';
import { adminAddress, productName } from '../../../sdk/admin/admin-client.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { exitCodes } from '../exit-codes.ts';
import { addSettingOptions, type Finish, resolveOptionSettings, serverUrl } from '../options.ts';

/** `alipayhk-mock health`: whether a running simulator is ready. */
export const addHealthCommand = (program: Command, finish: Finish): void => {
  addSettingOptions(
    program
      .command('health')
      .description('ask a running simulator whether it is ready; exit code 0 or 1'),
  )
    .option('--url <url>', 'where it listens; default: from host and port', serverUrl)
    .option('--json', 'print JSON')
    .action(async (options: HealthOptions, command: Command) => {
      finish(await health(options, resolveOptionSettings(command)));
    });
};

export interface HealthOptions {
  readonly url?: string;
  readonly json?: boolean;
}

const timeoutMs = 2000;

/** What an address answered. */
interface Probe {
  readonly httpStatus?: number;
  /** Absent when it is this product and ready. */
  readonly why?: string;
}

/**
 * Asks a running simulator whether it is ready; the health check of the container image. The admin
 * API is asked first, then `/health` of the operations' port, which is there with `--no-admin` too.
 */
export const health = async (
  { url, json = false }: HealthOptions,
  settings: Settings,
): Promise<number> => {
  const base = url ?? adminUrl(settings);
  const first = await probe(adminAddress(base, '/health'));
  const second =
    first.why === undefined ? first : await probe(new URL('/health', url ?? localUrl(settings)));
  const { httpStatus, why } = second.why === undefined ? second : first;
  const isReady = why === undefined;
  const status = httpStatus === undefined ? {} : { httpStatus };
  if (json)
    process.stdout.write(
      `${JSON.stringify({ ready: isReady, url: base, ...status, ...(isReady ? {} : { why }) })}\n`,
    );
  else if (isReady) process.stdout.write(`ready: ${base}\n`);
  else process.stderr.write(`not ready: ${base}: ${why}\n`);
  return isReady ? exitCodes.ok : exitCodes.failed;
};

const probe = async (address: URL): Promise<Probe> => {
  try {
    const response = await fetch(address, {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
    });
    const { status: httpStatus } = response;
    const answer = await readAnswer(response);
    if (answer?.name !== productName)
      return {
        httpStatus,
        why: `another program answers there (HTTP ${httpStatus}), not ${productName}`,
      };
    return httpStatus === 200 && answer.status === 'ready'
      ? { httpStatus }
      : { httpStatus, why: `HTTP ${httpStatus}` };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return { why: `no answer within ${timeoutMs} ms` };
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { why: `no answer: ${cause}` };
  }
};

const readAnswer = async (
  response: Response,
): Promise<{ readonly name?: unknown; readonly status?: unknown } | undefined> => {
  try {
    const value: unknown = await response.json();
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Where the admin API of a simulator with these settings can be reached from this machine. */
export const adminUrl = ({ host, port, adminHost, adminPort }: Settings): string =>
  adminPort === 'same'
    ? localUrl({ host, port })
    : localUrl({ host: adminHost || host, port: adminPort });

/** Where a simulator with these settings can be reached from this machine. */
export const localUrl = ({ host, port }: Pick<Settings, 'host' | 'port'>): string => {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
};
