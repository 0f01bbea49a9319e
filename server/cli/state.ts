import { type Command, Option } from 'commander';
import { withAdmin } from './admin-options.ts';
import { resolveOptionSettings } from './setting-options.ts';
import { exportState, importState, type TransferOptions } from './state-transfer.ts';
import {
  listState,
  type ResetOptions,
  resetState,
  resets,
  type StateOptions,
  showState,
} from './state-view.ts';

/** `alipayhk-mock state …`: what a running simulator holds. */
export const addStateCommands = (program: Command, finish: (exitCode: number) => void): void => {
  const state = program
    .command('state')
    .description('list, show, export, import and reset what a running simulator holds')
    .addHelpText('after', examples);

  withAdmin(state.command('list').description('whose worlds hold how much'))
    .option('--json', 'print JSON')
    .action(async (options: StateOptions, command: Command) =>
      finish(await listState(options, resolveOptionSettings(command))),
    );

  withAdmin(state.command('show').description('records of a client’s collection, or one of them'))
    .argument('<clientId>', 'whose world')
    .argument(
      '<collection>',
      'accounts, linkages, payments, orders, cards, requests, calls, stories',
    )
    .argument('[identity]', 'the identity, or one of its values: T-1')
    .option('--json', 'print JSON')
    .action(
      async (
        clientId: string,
        collection: string,
        identity: string | undefined,
        options: StateOptions,
        command: Command,
      ) =>
        finish(
          await showState(
            { clientId, collection, identity },
            options,
            resolveOptionSettings(command),
          ),
        ),
    );

  withAdmin(
    state.command('export').description('write everything that is held, as "import" takes it'),
  )
    .option('--client <id>', 'only this client’s')
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (options: TransferOptions, command: Command) =>
      finish(await exportState(options, resolveOptionSettings(command))),
    );

  withAdmin(
    state
      .command('import')
      .description('take up what was exported; worlds that it does not name stay'),
  )
    .argument('<file>', 'a file of "export"; - for standard input')
    .addOption(
      new Option(
        '--mode <mode>',
        'replace: its worlds become exactly that; merge: its records are put beside what is held',
      )
        .choices(['replace', 'merge'])
        .default('replace'),
    )
    .action(async (file: string, options: TransferOptions, command: Command) =>
      finish(await importState(file, options, resolveOptionSettings(command))),
    );

  withAdmin(state.command('reset').description('begin anew'))
    .addOption(
      new Option('--what <what>', 'exactly that and nothing else').choices(resets).default('state'),
    )
    .option('--client <id>', 'only this client’s')
    .action(async (options: ResetOptions, command: Command) =>
      finish(await resetState(options, resolveOptionSettings(command))),
    );
};

const examples = `
Examples:
  alipayhk-mock state list
  alipayhk-mock state show 4Q5Y8W0WSG45P907917 orders T-1
  alipayhk-mock state export --out before.json && alipayhk-mock state import before.json
  alipayhk-mock state reset --what request-ids
  alipayhk-mock state reset --what everything

Exit codes: 0 done, 2 nobody answers, or it refuses.`;
