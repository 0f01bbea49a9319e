import type { Command } from 'commander';
import { AdminClient, adminAddress, productName } from '../../sdk/admin/admin-client.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import { tryParseJsonObject } from '../problems/json-text.ts';
import { errorText } from '../problems/problem.ts';
import { sendRaw } from '../protocol/send-raw.ts';
import { exitCodes, printError, translateOutput, usageError } from './input-output.ts';
import {
  addSettingOptions,
  type Finish,
  parseServerUrl,
  resolveOptionSettings,
} from './options.ts';

/** Where a running simulator's admin API is, and the token for it. */
export interface AdminOptions {
  readonly url?: string;
  readonly token?: string;
}

/**
 * Settings that say where a simulator's admin API is; flags of the others would only fill the help.
 */
const adminSettings = ['host', 'port', 'adminHost', 'adminPort', 'adminToken', 'language'] as const;

/** Adds the options that a command needs to reach a running simulator. */
export const addAdminOptions = (command: Command): Command =>
  addSettingOptions(command, adminSettings)
    .option(
      '--url <url>',
      'where the admin API listens; default: from host and port',
      parseServerUrl,
    )
    .option('--token <token>', 'the admin token; the same as --admin-token');

/**
 * The admin API of a running simulator. Its errors need no handling: `run` prints their problems.
 * @throws StartupError when the settings give no usable address
 */
export const connectAdmin = (options: AdminOptions, settings: Settings): AdminClient => {
  const url = options.url ?? adminUrl(settings);
  if (URL.canParse(url))
    return new AdminClient(url, (options.token ?? settings.adminToken) || undefined);
  throw usageError('--url', `"${url}" is not an address`, 'Write e.g. http://127.0.0.1:8852.');
};

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

interface HealthOptions {
  readonly url?: string;
  readonly json?: boolean;
}

const probeTimeoutMs = 2000;
const maxProbeBytes = 64 * 1024;
const healthRequest = { method: 'GET', rawHeaders: [], body: Buffer.alloc(0) } as const;

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
const health = async (
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
  else if (isReady) process.stdout.write(`${translateOutput(`ready: ${base}`)}\n`);
  else printError(`${base} is not ready: ${why}`);
  return isReady ? exitCodes.ok : exitCodes.failed;
};

const probe = async (address: URL): Promise<HealthProbe> => {
  try {
    const { httpStatus, body } = await sendRaw(address, healthRequest, {
      timeoutMs: probeTimeoutMs,
      maxAnswerBytes: maxProbeBytes,
    });
    const answer = tryParseJsonObject(body.toString());
    if (answer?.['name'] !== productName)
      return {
        httpStatus,
        why: `another program answers there (HTTP ${httpStatus}), not ${productName}`,
      };
    return httpStatus === 200 && answer['status'] === 'ready'
      ? { httpStatus }
      : { httpStatus, why: `HTTP ${httpStatus}` };
  } catch (error) {
    const { cause } = error as Error;
    if (cause instanceof Error && cause.name === 'TimeoutError')
      return { why: `no answer within ${probeTimeoutMs} ms` };
    return { why: `no answer: ${errorText(error)}` };
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
