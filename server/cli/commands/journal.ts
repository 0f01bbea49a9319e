import { type Command, Option } from 'commander';
import { addAdminOptions } from '../admin.ts';
import {
  collectStatus,
  type Finish,
  parseTime,
  parseWholeNumber,
  resolveOptionSettings,
} from '../options.ts';
import {
  exportExchanges,
  type FilterOptions,
  listExchanges,
  type TailOptions,
  tailExchanges,
} from './journal-list.ts';
import { type ShowOptions, showExchange } from './journal-show.ts';

/** `alipayhk-mock journal …`: the exchanges of a running simulator. */
export const addJournalCommands = (program: Command, finish: Finish): void => {
  const journal = program
    .command('journal')
    .description('list, follow, show and export what a running simulator received and answered')
    .addHelpText('after', journalExamples);

  withFilters(
    addAdminOptions(journal.command('list').description('list exchanges, the newest last')),
  )
    .option('--limit <n>', 'maximum number of exchanges', parseWholeNumber(1, 1000), 50)
    .option('--json', 'print JSON')
    .action(async (options: FilterOptions, command: Command) =>
      finish(await listExchanges(options, resolveOptionSettings(command))),
    );

  addAdminOptions(
    journal.command('tail').description('print exchanges as they arrive, until stopped'),
  )
    .option('--client <id>', 'only this client’s')
    .option('--json', 'print JSON, an exchange a line')
    .action(async (options: TailOptions, command: Command) =>
      finish(await tailExchanges(options, resolveOptionSettings(command))),
    );

  addAdminOptions(
    journal
      .command('show')
      .description('show an exchange: steps, diagnosis, state before and after, headers, bodies'),
  )
    .argument('<id>', 'Tracer-Id of the response, or number of the exchange')
    .option('--curl', 'print the curl line that sends it again')
    .option('--json', 'print JSON, as "doctor" reads it')
    .action(async (id: string, options: ShowOptions, command: Command) =>
      finish(await showExchange(id, options, resolveOptionSettings(command))),
    );

  withFilters(
    addAdminOptions(
      journal
        .command('export')
        .description('write exchanges as an HTTP Archive, which browsers and other tools open'),
    ),
  )
    .addOption(new Option('--har', 'as HTTP Archive 1.2, the only format').default(true).hideHelp())
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (options: FilterOptions, command: Command) =>
      finish(await exportExchanges(options, resolveOptionSettings(command))),
    );
};

export const collect = (
  value: string,
  before: readonly string[] | undefined,
): readonly string[] => [...(before ?? []), value];

/** Adds what narrows a list of exchanges. */
export const withFilters = (command: Command): Command =>
  command
    .option('--client <id>', 'of this client')
    .option('--operation <name>', 'of this operation; repeatable', collect)
    .option('--code <code>', 'with this result code; repeatable', collect)
    .option('--status <S|F|U>', 'with this result status; repeatable', collectStatus)
    .option('--step <name>', 'decided or refused at this step; repeatable', collect)
    .option('--finding <id>', 'with this finding; repeatable', collect)
    .option('--tag <tag>', 'duplicate, mismatch, stale, scripted, …; repeatable', collect)
    .option('--identity <text>', 'about this order, account, binding, card')
    .option('--trace <id>', 'of this trace, by its traceparent; repeatable', collect)
    .option('--from <time>', 'received then or later, ISO 8601', parseTime)
    .option('--to <time>', 'received before then', parseTime)
    .option('--search <text>', 'with this text in id, identity, path or reason')
    .option('--since <number>', 'with a greater number', parseWholeNumber(0, 1e15));

const journalExamples = `
Examples:
  alipayhk-mock journal tail
  alipayhk-mock journal list --code INVALID_SIGNATURE --limit 5
  alipayhk-mock journal show 17                      steps, finding, state before and after
  alipayhk-mock journal show 17 --curl | sh          send it again
  alipayhk-mock journal show 17 --json | alipayhk-mock doctor -
  alipayhk-mock journal export --har --out exchanges.har

Exit codes: 0 done, 2 no answer, or unknown exchange.`;
