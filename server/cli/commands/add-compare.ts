import { type Command, InvalidArgumentError, Option } from 'commander';
import { usageError } from '../input-output.ts';
import {
  addSettingOptions,
  addSignerOptions,
  type Finish,
  parseServerUrl,
  parseWholeNumber,
  resolveOptionSettings,
} from '../options.ts';
import { addReportOption } from '../reports.ts';
import type { CompareOptions } from './compare.ts';
import type { CompareReportOptions } from './compare-report.ts';

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
