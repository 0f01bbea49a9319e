import type { Settings } from '../config/settings-table.ts';
import { exitCodes } from './exit-codes.ts';

export interface HealthOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** Asks a running simulator whether it is ready; the health check of the container image. */
export const health = async ({ url, json = false }: HealthOptions, settings: Settings): Promise<number> => {
  const base = url ?? adminUrl(settings);
  try {
    const response = await fetch(new URL('/__admin/health', base), { signal: AbortSignal.timeout(2000) });
    // Without the admin API any answer at all is the best sign of life there is.
    const isReady = response.status === 200 || !settings.admin;
    const words = `${isReady ? 'ready' : `not ready (${response.status})`}: ${base}`;
    process.stdout.write(`${json ? JSON.stringify({ ready: isReady, url: base, httpStatus: response.status }) : words}\n`);
    return isReady ? exitCodes.ok : exitCodes.failed;
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    if (json) process.stdout.write(`${JSON.stringify({ ready: false, url: base, why })}\n`);
    else process.stderr.write(`no answer from ${base}: ${why}\n`);
    return exitCodes.failed;
  }
};

/** Where the admin API of a simulator with these settings can be reached from this machine. */
export const adminUrl = ({ host, port, adminHost, adminPort }: Settings): string =>
  adminPort === 'same' ? localUrl({ host, port }) : localUrl({ host: adminHost || host, port: adminPort });

/** Where a simulator with these settings can be reached from this machine. */
export const localUrl = ({ host, port }: Pick<Settings, 'host' | 'port'>): string => {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
};
