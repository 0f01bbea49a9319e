import { type Command, InvalidArgumentError, Option } from 'commander';
import { demoClientId } from '../../clients/key-folder/key-folder.ts';
import { carriedSettingKeys, expectations } from '../../fidelity/capsule/capsule-file.ts';
import { addAdminOptions } from '../admin.ts';
import { usageError } from '../input-output.ts';
import {
  addSettingFlags,
  addSettingOptions,
  addSignerOptions,
  type Finish,
  parseKeyVersion,
  parseServerUrl,
  parseWholeNumber,
  resolveGivenSettings,
  resolveOptionSettings,
} from '../options.ts';
import { addReportOption } from '../reports.ts';
import type { CalibrateOptions } from './calibrate.ts';
import type { CompareOptions } from './compare.ts';
import type { CompareReportOptions } from './compare-report.ts';
import { withFilters } from './journal.ts';
import type {
  CapsuleExportOptions,
  FromHarOptions,
  ReplayCommandOptions,
  ShowCapsuleOptions,
  WriteOptions,
} from './run-capsule.ts';

const splitRows = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...text.split(',').map((row) => row.trim().toUpperCase()),
];

/** `alipayhk-mock calibrate`: which settings a real gateway has. */
export const addCalibrateCommand = (program: Command, finish: Finish): void => {
  const command = addSettingOptions(
    program
      .command('calibrate')
      .description(
        'ask a test environment of AlipayHK what no document says, and write the settings that it has',
      ),
    ['keys', 'contract', 'lenient'],
  )
    .requiredOption('--target <url>', 'the gateway’s test environment', parseServerUrl)
    .requiredOption('--out <folder>', 'folder for settings, results, report and transcript')
    .option('--client <id>', 'Client-Id to sign as', demoClientId)
    .option('--private-key <file>', 'the client’s private RSA key; default: of the key folder')
    .option(
      '--key-version <n>',
      'the version that --private-key is registered under',
      parseKeyVersion,
      1,
    )
    .option('--platform-key <file>', 'the platform’s public key, which verifies its responses')
    .option('--ec-private-key <file>', 'the client’s EC key, for ECC224')
    .option('--encryption-key <file>', 'the platform’s RSA key that bodies are encrypted for')
    .option('--encryption-key-version <n>', 'its version', parseKeyVersion, 1)
    .option(
      '--rows <ids>',
      'only these rows of the register, with commas; some are asked about on request alone',
      splitRows,
    )
    .option('--skip <ids>', 'not these rows', splitRows)
    .option('--paths-file <file>', 'further paths to try: operation → list of paths')
    .option('--identity <file>', 'values that exist there, e.g. merchantId, openId: field → value')
    .option('--ca <file>', 'certificates, PEM, that the target’s is checked with')
    .option('--budget <n>', 'most requests to send', parseWholeNumber(1, 10_000), 250)
    .option('--rate <n>', 'most requests a second', parseWholeNumber(1, 1000), 1)
    .option('--dry-run', 'print what would be sent, and send nothing; default on a terminal')
    .option('--yes', 'send')
    .option('--resume <file>', 'calibration.json of an earlier run: its results are kept')
    .option('--i-may-test-this <host>', 'repeats the host: AlipayHK allows this test of it')
    .option('--production-host-anyway <host>', 'a host that does not look like a test environment')
    .option('--shareable', 'write no Client-Id anywhere');
  addReportOption(command)
    .addHelpText('after', calibrateExamples)
    .action(async (options: CalibrateOptions, command: Command) =>
      finish(
        await (await import('./calibrate.ts')).runCalibrate(
          options,
          resolveOptionSettings(command),
        ),
      ),
    );
};

const calibrateExamples = `
Examples:
  alipayhk-mock calibrate --target http://127.0.0.1:8852 --out calibration --dry-run
  alipayhk-mock calibrate --target https://open-dev.example.com --client MYCLIENT \\
    --private-key merchant.pem --platform-key platform.pem \\
    --i-may-test-this open-dev.example.com --out calibration --yes`;

/** `alipayhk-mock compare`: the real gateway's answers beside the simulator's. */
export const addCompareCommand = (program: Command, finish: Finish): void => {
  const compare = addSignerOptions(
    addSettingOptions(
      program
        .command('compare')
        .description(
          'forward requests to the real gateway unchanged, and compare its answers with the simulator’s',
        ),
    ),
  )
    .option('--sign', 'take plain bodies, and sign them as --client for both sides')
    .option('--encrypt', 'with --sign: encrypt the bodies too; answers are decrypted')
    .option('--ca <file>', 'certificates, PEM, that the target’s is checked with')
    .option('--target <url>', 'the gateway’s test environment', parseServerUrl)
    .option('--out <file>', 'file for the record, a line of JSON for each exchange')
    .option(
      '--listen <port>',
      'port that your backend sends to; 0 takes a free one',
      parseWholeNumber(0, 65_535),
      8854,
    )
    .option('--timeout <ms>', 'timeout of an answer', parseWholeNumber(1, 3_600_000), 30_000)
    .option('--capsules <folder>', 'write a capsule of each new kind of difference, 50 at most')
    .option('--keep-data', 'keep the values that were sent and answered')
    .addOption(
      new Option(
        '--redact',
        'keep no values of fields in the record, and pseudonyms in capsules; the default',
      ).conflicts('keepData'),
    )
    .option('--import <file>', 'state that the simulator begins with, as "state export" writes it')
    .option('--sample <share>', 'share of the exchanges to compare, e.g. 0.1', parseShare, 1)
    .addHelpText('after', compareExamples)
    .action(async (options: Partial<CompareOptions>, command: Command) =>
      finish(
        await (await import('./compare.ts')).compare(
          requireOptions(options),
          resolveOptionSettings(command),
        ),
      ),
    );
  addReportOption(
    compare
      .command('report')
      .description('summarise a record by row of the fidelity register')
      .argument('<file>', 'what --out wrote; - for standard input')
      .option('--json', 'print JSON'),
  ).action(async (file: string, options: CompareReportOptions) =>
    finish((await import('./compare-report.ts')).compareReport(file, options)),
  );
};

const parseShare = (text: string): number => {
  const share = Number(text);
  if (share > 0 && share <= 1) return share;
  throw new InvalidArgumentError('Write a number above 0, at most 1.');
};

/** The subcommand needs neither of them, so they cannot be required by the parser. */
const requireOptions = (options: Partial<CompareOptions>): CompareOptions => {
  const { target, out, listen = 8854, timeout = 30_000 } = options;
  if (options.encrypt === true && options.sign !== true)
    throw usageError('--encrypt', 'is given without --sign', 'Add --sign, or leave it out.');
  if (target === undefined || out === undefined)
    throw usageError(
      target === undefined ? '--target' : '--out',
      'is required',
      'See alipayhk-mock compare --help.',
    );
  return { ...(options as CompareOptions), target, out, listen, timeout };
};

const compareExamples = `
Examples:
  alipayhk-mock compare --target https://open-dev.example.com --keys keys \\
    --config calibration/alipayhk-mock.calibrated.yaml --out compare.jsonl
  alipayhk-mock compare report compare.jsonl --report junit=compare.xml`;

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
