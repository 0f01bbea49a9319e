import type { Settings } from '../../domain/settings/settings-table.ts';
import { type AdminOptions, askAdmin, askJson } from '../ask-admin.ts';
import { exitCodes } from '../exit-codes.ts';

export interface ClientsOptions extends AdminOptions {
  readonly json?: boolean;
}

/** Makes a client in a running simulator and prints its Client-Id and private key. */
export const createClient = async (
  clientId: string | undefined,
  options: ClientsOptions,
  settings: Settings,
): Promise<number> => {
  const body = clientId === undefined ? {} : { clientId };
  const made = await askJson<{ clientId: string; privateKey: string }>(
    '/clients',
    options,
    settings,
    { method: 'POST', body },
  );
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(made, null, 2)}\n`
      : `${made.clientId}\n${made.privateKey}`,
  );
  return exitCodes.ok;
};

interface Listed {
  readonly clientId: string;
  readonly created: boolean;
  readonly scenarios: readonly string[];
}

export const listClients = async (options: ClientsOptions, settings: Settings): Promise<number> => {
  const { clients } = await askJson<{ clients: Listed[] }>('/clients', options, settings);
  const lines = clients.map(
    ({ clientId, created, scenarios }) =>
      `${clientId}${created ? '' : '  (key folder)'}${scenarios.length > 0 ? `  scenarios: ${scenarios.join(', ')}` : ''}`,
  );
  process.stdout.write(
    options.json === true ? `${JSON.stringify(clients, null, 2)}\n` : `${lines.join('\n')}\n`,
  );
  return exitCodes.ok;
};

/** Drops a client that was made in a running simulator: keys, state, journal. */
export const dropClient = async (
  clientId: string,
  options: ClientsOptions,
  settings: Settings,
): Promise<number> => {
  await askAdmin(`/clients/${encodeURIComponent(clientId)}`, options, settings, {
    method: 'DELETE',
  });
  process.stdout.write(`${clientId} is gone\n`);
  return exitCodes.ok;
};
