import type { Command } from 'commander';
import { demoClientId } from '../../clients/key-folder/key-folder-layout.ts';
import {
  addSettingOptions,
  type Finish,
  parseKeyVersion,
  parseServerUrl,
  parseWholeNumber,
  resolveOptionSettings,
} from '../options.ts';
import { addReportOption } from '../reports.ts';
import type { CalibrateOptions } from './calibrate.ts';

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
