import { type Command, Option } from 'commander';
import { carriedSettingKeys, expectations } from '../../fidelity/capsule/capsule-file.ts';
import { addAdminOptions } from '../admin.ts';
import {
  addSettingFlags,
  addSettingOptions,
  type Finish,
  parseServerUrl,
  parseWholeNumber,
  resolveGivenSettings,
  resolveOptionSettings,
} from '../options.ts';
import { addReportOption } from '../reports.ts';
import { withFilters } from './journal.ts';
import type {
  CapsuleExportOptions,
  FromHarOptions,
  ReplayCommandOptions,
  ShowCapsuleOptions,
  WriteOptions,
} from './run-capsule.ts';

/** `alipayhk-mock capsule …`: exchanges in a file that another machine replays. */
export const addCapsuleCommands = (program: Command, finish: Finish): void => {
  const capsule = program
    .command('capsule')
    .description('put exchanges into a file that another machine replays byte for byte')
    .addHelpText('after', capsuleExamples);
  const run = () => import('./run-capsule.ts');

  withDataOptions(
    withFilters(
      addAdminOptions(
        capsule.command('export').description('export exchanges of a running simulator'),
      ),
    ),
  )
    .argument('[id...]', 'Tracer-Ids or numbers; all that the options select when absent')
    .option('--last <n>', 'the newest so many', parseWholeNumber(1, 10_000))
    .option('--open', 'with --keep-data: add what decrypts encrypted bodies')
    .option('--minimal', 'leave out what the last exchange replays without')
    .action(async (ids: string[], options: CapsuleExportOptions, command: Command) =>
      finish(await (await run()).exportCapsuleFile(ids, options, resolveOptionSettings(command))),
    );

  capsule
    .command('show')
    .description('show what a capsule contains, of whom, and what of it was replaced')
    .argument('<file>', 'the capsule; - for standard input')
    .option('--diff <file>', 'show in what another capsule differs')
    .option('--json', 'print JSON')
    .action(async (file: string, options: ShowCapsuleOptions) =>
      finish((await run()).showCapsule(file, options)),
    );

  addReportOption(
    addSettingFlags(
      capsule
        .command('replay')
        .description('replay a capsule in a simulator of its own, and compare every byte'),
      carriedSettingKeys,
    ),
  )
    .argument('<file>', 'the capsule; - for standard input')
    .addOption(
      new Option('--expect <what>', 'what has to be the same')
        .choices(expectations)
        .default(undefined, 'bytes; with --url verdict'),
    )
    .option(
      '--url <url>',
      'send the requests to a running simulator instead, with its own settings and state',
      parseServerUrl,
    )
    .option('--token <token>', 'with --url: the admin token of that simulator')
    .option('--json', 'print JSON')
    .action(async (file: string, options: ReplayCommandOptions, command: Command) =>
      finish(await (await run()).replay(file, options, resolveGivenSettings(command))),
    );

  capsule
    .command('strip')
    .description('remove what decrypts the messages of a capsule')
    .argument('<file>', 'the capsule; - for standard input')
    .requiredOption('--discard-secrets', 'remove symmetric keys and random bytes')
    .requiredOption('--out <file>', 'file to write')
    .action(async (file: string, options: WriteOptions) =>
      finish((await run()).stripCapsule(file, options)),
    );

  withDataOptions(
    addSettingOptions(
      capsule
        .command('from-har')
        .description('play the requests of an HTTP Archive, and make a capsule of that'),
    ),
  )
    .argument('<file>', 'the HTTP Archive; - for standard input')
    .requiredOption('--client <id>', 'whose requests; its public key is in the key folder')
    .action(async (file: string, options: FromHarOptions, command: Command) =>
      finish(await (await run()).fromHar(file, options, resolveOptionSettings(command))),
    );
};

const withDataOptions = (command: Command): Command =>
  command
    .option('--keep-data', 'keep the values that were sent')
    .addOption(
      new Option(
        '--redact',
        'replace all values that the contract does not contain by pseudonyms; the default',
      ).conflicts('keepData'),
    )
    .option('--note <text>', 'a sentence that the capsule carries')
    .requiredOption('--out <file>', 'file to write; - for standard output');

const capsuleExamples = `
Examples:
  alipayhk-mock capsule export --last 1 --out refused.capsule.json
  alipayhk-mock capsule export --code INVALID_SIGNATURE --keep-data --out refused.capsule.json
  alipayhk-mock capsule show refused.capsule.json
  alipayhk-mock capsule replay refused.capsule.json
  alipayhk-mock capsule replay refused.capsule.json --expect verdict --ordering-stale refuse
  alipayhk-mock capsule replay refused.capsule.json --url http://127.0.0.1:8852

Exit codes: 0 the same, or written; 1 differs; 2 the file is unusable or was changed.`;
