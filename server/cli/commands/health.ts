import type { Command } from 'commander';
import { adminAddress, productName } from '../../../sdk/admin/admin-client.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { exitCodes } from '../exit-codes.ts';
import { printError } from '../input-output.ts';
import {
  addSettingOptions,
  type Finish,
  parseServerUrl,
  resolveOptionSettings,
} from '../options.ts';

/** `alipayhk-mock health`: whether a running simulator is ready. */
export const addHealthCommand = (program: Command, finish: Finish): void => {
  addSettingOptions(
    program
      .command('health')
      .description('check whether a running simulator is ready; exit code 0 or 1'),
  )
    .option('--url <url>', 'where it listens; default: from host and port', parseServerUrl)
    .option('--json', 'print JSON')
    .action(async (options: HealthOptions, command: Command) => {
      finish(await health(options, resolveOptionSettings(command)));
    });
};

export interface HealthOptions {
  readonly url?: string;
  readonly json?: boolean;
}

const probeTimeoutMs = 2000;

/** How an address responded. */
interface HealthProbe {
  readonly httpStatus?: number;
  /** Why it is not ready; absent when it is. */
  readonly why?: string;
}

/**
 * Checks whether a running simulator is ready; the health check of the container image. It asks the
 * admin API first, then `/health` on the port of the operations, which exists with `--no-admin` too.
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
  if (json)
    process.stdout.write(`${JSON.stringify({ ready: isReady, url: base, httpStatus, why })}\n`);
  else if (isReady) process.stdout.write(`ready: ${base}\n`);
  else printError(`${base} is not ready: ${why}`);
  return isReady ? exitCodes.ok : exitCodes.failed;
};

const probe = async (address: URL): Promise<HealthProbe> => {
  try {
    const response = await fetch(address, {
      signal: AbortSignal.timeout(probeTimeoutMs),
      redirect: 'manual',
    });
    const { status: httpStatus } = response;
    const answer = await readHealth(response);
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
      return { why: `no answer within ${probeTimeoutMs} ms` };
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { why: `no answer: ${cause}` };
  }
};

const readHealth = async (
  response: Response,
): Promise<{ readonly name?: unknown; readonly status?: unknown } | undefined> => {
  try {
    const value: unknown = await response.json();
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** The admin API's address for this machine, by the settings. */
export const adminUrl = ({ host, port, adminHost, adminPort }: Settings): string =>
  adminPort === 'same'
    ? localUrl({ host, port })
    : localUrl({ host: adminHost || host, port: adminPort });

/** The simulator's address for this machine, by the settings. */
export const localUrl = ({ host, port }: Pick<Settings, 'host' | 'port'>): string => {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
};
