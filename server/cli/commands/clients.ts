import type { Command } from 'commander';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { type AdminOptions, connectAdmin } from '../admin.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatJson } from '../input-output.ts';
import {
  addSettingOptions,
  type Finish,
  parseServerUrl,
  resolveOptionSettings,
} from '../options.ts';
import { translateOutput } from '../output-language.ts';

interface ClientsOptions extends AdminOptions {
  readonly json?: boolean;
}

/** `alipayhk-mock clients …`: the clients of a running simulator. */
export const addClientsCommands = (program: Command, finish: Finish): void => {
  const clients = program
    .command('clients')
    .description(
      'create, list and drop clients of a running simulator, each with a world of its own',
    );
  const clientCommand = (name: string, description: string): Command =>
    addSettingOptions(clients.command(name).description(description))
      .option(
        '--url <url>',
        'where the simulator listens; default: from host and port',
        parseServerUrl,
      )
      .option('--json', 'print JSON');
  clientCommand('create', 'create a client and print its Client-Id and private key')
    .argument('[clientId]', 'generated when absent')
    .action(async (clientId: string | undefined, options: ClientsOptions, command: Command) => {
      finish(await createClient(clientId, options, resolveOptionSettings(command)));
    });
  clientCommand('list', 'list the known clients').action(
    async (options: ClientsOptions, command: Command) => {
      finish(await listClients(options, resolveOptionSettings(command)));
    },
  );
  clientCommand('drop', 'delete a created client: keys, state, journal')
    .argument('<clientId>', 'one that "clients list" names')
    .action(async (clientId: string, options: ClientsOptions, command: Command) => {
      finish(await dropClient(clientId, options, resolveOptionSettings(command)));
    });
};

const createClient = async (
  clientId: string | undefined,
  options: ClientsOptions,
  settings: Settings,
): Promise<number> => {
  const body = clientId === undefined ? {} : { clientId };
  const created = await connectAdmin(options, settings).post('/clients', { body });
  process.stdout.write(
    options.json === true
      ? formatJson(created)
      : `${created.clientId}\n${created.privateKey ?? ''}`,
  );
  return exitCodes.ok;
};

const listClients = async (options: ClientsOptions, settings: Settings): Promise<number> => {
  const { clients } = await connectAdmin(options, settings).get('/clients');
  const lines = clients.map(({ clientId, created, scenarios }) =>
    [
      clientId,
      ...(created ? [] : [translateOutput('(key folder)')]),
      ...(scenarios.length > 0 ? [translateOutput(`scenarios: ${scenarios.join(', ')}`)] : []),
    ].join('  '),
  );
  process.stdout.write(options.json === true ? formatJson(clients) : `${lines.join('\n')}\n`);
  return exitCodes.ok;
};

const dropClient = async (
  clientId: string,
  options: ClientsOptions,
  settings: Settings,
): Promise<number> => {
  await connectAdmin(options, settings).delete('/clients/{clientId}', { path: { clientId } });
  process.stdout.write(`${translateOutput(`${clientId} is dropped`)}\n`);
  return exitCodes.ok;
};
