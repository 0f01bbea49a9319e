import type { Settings } from '../config/settings-table.ts';
import { StartupError } from '../problems/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { adminUrl } from './health.ts';

export interface ClientsOptions {
  readonly url?: string;
  readonly json?: boolean;
}

/** Makes a client in a running simulator and prints its Client-Id and private key. */
export const createClient = async (clientId: string | undefined, options: ClientsOptions, settings: Settings): Promise<number> => {
  const made = await askAdmin('POST', '/clients', options, settings, clientId === undefined ? {} : { clientId });
  process.stdout.write(
    options.json === true ? `${JSON.stringify(made, null, 2)}\n` : `${String(made['clientId'])}\n${String(made['privateKey'])}`,
  );
  return exitCodes.ok;
};

export const listClients = async (options: ClientsOptions, settings: Settings): Promise<number> => {
  const { clients } = await askAdmin('GET', '/clients', options, settings);
  const lines = (clients as { clientId: string; created: boolean; scenarios: string[] }[]).map(
    ({ clientId, created, scenarios }) =>
      `${clientId}${created ? '' : '  (key folder)'}${scenarios.length > 0 ? `  scenarios: ${scenarios.join(', ')}` : ''}`,
  );
  process.stdout.write(options.json === true ? `${JSON.stringify(clients, null, 2)}\n` : `${lines.join('\n')}\n`);
  return exitCodes.ok;
};

/** Drops a client that was made in a running simulator: keys, state, journal. */
export const dropClient = async (clientId: string, options: ClientsOptions, settings: Settings): Promise<number> => {
  await askAdmin('DELETE', `/clients/${encodeURIComponent(clientId)}`, options, settings);
  process.stdout.write(`${clientId} is gone\n`);
  return exitCodes.ok;
};

/** Asks the admin API of a running simulator. @throws StartupError when nobody answers or it refuses */
const askAdmin = async (
  method: string,
  path: string,
  { url }: ClientsOptions,
  settings: Settings,
  body?: unknown,
): Promise<Record<string, unknown>> => {
  const base = url ?? adminUrl(settings);
  const headers = {
    'content-type': 'application/json',
    ...(settings.adminToken === '' ? {} : { authorization: `Bearer ${settings.adminToken}` }),
  };
  const response = await fetch(new URL(`/__admin${path}`, base), {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new StartupError([
      {
        where: base,
        message: `no answer: ${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)}`,
        remedy: 'Start the simulator, or name its address with --url.',
      },
    ]);
  });
  const text = await response.text();
  const answer: Record<string, unknown> = text === '' ? {} : JSON.parse(text);
  if (!response.ok)
    throw new StartupError([
      {
        where: `${base}/__admin${path}`,
        message: String(answer['error'] ?? response.status),
        remedy: String(answer['remedy'] ?? 'Correct it and try again.'),
      },
    ]);
  return answer;
};
