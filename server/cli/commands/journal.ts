import { type Command, Option } from 'commander';
import { addAdminOptions } from '../admin.ts';
import { moment, resolveOptionSettings, resultStatus, wholeNumber } from '../options.ts';
import {
  exportExchanges,
  type FilterOptions,
  listExchanges,
  type TailOptions,
  tailExchanges,
} from './journal-list.ts';
import { type ShowOptions, showExchange } from './journal-show.ts';

/** `alipayhk-mock journal …`: what a running simulator received and answered, and why. */
export const addJournalCommands = (program: Command, finish: (exitCode: number) => void): void => {
  const journal = program
    .command('journal')
    .description('list, follow, show and export what a running simulator received and answered')
    .addHelpText('after', journalExamples);

  withFilters(addAdminOptions(journal.command('list').description('exchanges, the newest last')))
    .option('--limit <n>', 'at most so many', wholeNumber(1, 1000), 50)
    .option('--json', 'print JSON')
    .action(async (options: FilterOptions, command: Command) =>
      finish(await listExchanges(options, resolveOptionSettings(command))),
    );

  addAdminOptions(
    journal.command('tail').description('print exchanges as they come, until stopped'),
  )
    .option('--client <id>', 'only this client’s')
    .option('--json', 'print JSON, an exchange a line')
    .action(async (options: TailOptions, command: Command) =>
      finish(await tailExchanges(options, resolveOptionSettings(command))),
    );

  addAdminOptions(
    journal
      .command('show')
      .description('one exchange: steps, finding, state before and after, headers and bodies'),
  )
    .argument('<id>', 'the answer’s Tracer-Id, or the exchange’s number')
    .option('--curl', 'print the curl line that sends it again')
    .option('--json', 'print JSON, as "doctor" reads it')
    .action(async (id: string, options: ShowOptions, command: Command) =>
      finish(await showExchange(id, options, resolveOptionSettings(command))),
    );

  withFilters(
    addAdminOptions(
      journal
        .command('export')
        .description('write exchanges as HTTP Archive, for browsers’ and other tools'),
    ),
  )
    .addOption(
      new Option('--har', 'as HTTP Archive 1.2, the only form there is').default(true).hideHelp(),
    )
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (options: FilterOptions, command: Command) =>
      finish(await exportExchanges(options, resolveOptionSettings(command))),
    );
};

const several = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

const withFilters = (command: Command): Command =>
  command
    .option('--client <id>', 'of this client')
    .option('--operation <name>', 'of this operation; repeatable', several)
    .option('--code <code>', 'with this result code; repeatable', several)
    .option('--status <S|F|U>', 'with this result status; repeatable', resultStatus)
    .option('--step <name>', 'decided or refused at this step; repeatable', several)
    .option('--finding <id>', 'with this finding; repeatable', several)
    .option('--mark <mark>', 'duplicate, mismatch, stale, scripted, …; repeatable', several)
    .option('--identity <text>', 'about this order, account, binding, card')
    .option('--from <time>', 'received then or later, ISO 8601', moment)
    .option('--to <time>', 'received before then', moment)
    .option('--search <text>', 'with this text in id, identity, path or reason')
    .option('--since <number>', 'with a greater number', wholeNumber(0, 1e15));

const journalExamples = `
Examples:
  alipayhk-mock journal tail
  alipayhk-mock journal list --code INVALID_SIGNATURE --limit 5
  alipayhk-mock journal show 17                      steps, finding, state before and after
  alipayhk-mock journal show 17 --curl | sh          send it again
  alipayhk-mock journal show 17 --json | alipayhk-mock doctor -
  alipayhk-mock journal export --har --out exchanges.har

Exit codes: 0 done, 2 nobody answers, or there is no such exchange.`;
