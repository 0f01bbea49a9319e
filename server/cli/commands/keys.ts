import { type Command, Option } from 'commander';
import { exportForms } from '../../protocol/keys/key-forms.ts';
import { addSettingOptions, type Finish, resolveOptionSettings } from '../options.ts';
import { type AddOptions, addKey, type ExportKeyOptions, exportKey } from './keys-add-export.ts';

import {
  type CreateOptions,
  createKey,
  type ListOptions,
  printKeys,
  type RetireOptions,
  type RotateOptions,
  retireKey,
  rotateKey,
} from './keys-versions.ts';

const keySettings = ['keys', 'lenient'] as const;

/** `alipayhk-mock keys …`: the keys of a key folder. */
export const addKeysCommands = (program: Command, finish: Finish): void => {
  const keys = program
    .command('keys')
    .description('create, add, list, export, rotate and retire keys of a key folder (--keys DIR)')
    .addHelpText('after', keysExamples);

  withParty(
    keys
      .command('create')
      .description(
        'make the first key of a client or the platform; a new folder gets the platform’s keys too',
      ),
  )
    .addOption(typeOption)
    .addOption(bitsOption)
    .action(async (options: CreateOptions, command: Command) =>
      finish(await createKey(options, resolveOptionSettings(command))),
    );

  withParty(
    keys
      .command('add')
      .description('register a public key, in any supported format, as the next version'),
  )
    .argument(
      '<file>',
      'the key: PEM, bare base64, DER, JWK, certificate, CSR or PKCS#12; - for standard input',
    )
    .option('--version <n>', 'as this version; default: the next one')
    .addOption(fromOption)
    .option(
      '--overlap <duration>',
      'retire the older versions so long after the new one starts, e.g. 24h; default: never',
    )
    .option(
      '--private-too',
      'keep the private key of the file too: for clients that "send" signs as',
    )
    .addOption(passwordOption)
    .action(async (file: string, options: AddOptions, command: Command) =>
      finish(await addKey(file, options, resolveOptionSettings(command))),
    );

  withParty(keys.command('list').description('list the key versions with validity and fingerprint'))
    .option('--json', 'as JSON')
    .action((options: ListOptions, command: Command) =>
      finish(printKeys(options, resolveOptionSettings(command))),
    );

  withParty(keys.command('export').description('write a key in the format of an SDK or a tool'))
    .option('--version <n>', 'default: the newest active one')
    .addOption(algorithmOption)
    .addOption(
      new Option('--form <form>', formsHelp).choices(Object.keys(exportForms)).default('pem'),
    )
    .option('--private', 'export the private key, if the folder has it')
    .addOption(passwordOption)
    .option(
      '--out <file>',
      'write to this file (private keys with mode 600) instead of standard output',
    )
    .action(async (options: ExportKeyOptions, command: Command) =>
      finish(await exportKey(options, resolveOptionSettings(command))),
    );

  withParty(
    keys
      .command('rotate')
      .description('make the next version; the older ones retire after the overlap'),
  )
    .addOption(typeOption)
    .addOption(bitsOption)
    .addOption(fromOption)
    .option(
      '--overlap <duration>',
      'how long the older versions stay active next to the new one, e.g. 24h; 0s: not at all',
      '24h',
    )
    .action(async (options: RotateOptions, command: Command) =>
      finish(await rotateKey(options, resolveOptionSettings(command))),
    );

  withParty(keys.command('retire').description('retire a version, now or at a time'))
    .requiredOption('--version <n>', 'the version to retire')
    .addOption(algorithmOption)
    .option('--at <time>', 'ISO-8601 with an offset, or +24h from now; default: now')
    .option('--anyway', 'even if the client has no active key then')
    .action((options: RetireOptions, command: Command) =>
      finish(retireKey(options, resolveOptionSettings(command))),
    );
};

const withParty = (command: Command): Command =>
  addSettingOptions(command, keySettings)
    .option('--client <id>', 'whose key: the client’s')
    .option('--platform', 'whose key: the platform’s');

const typeOption = new Option('--type <type>', 'RSA for RSA256, EC (secp224r1) for ECC224')
  .choices(['rsa', 'ec'])
  .default('rsa');
const bitsOption = new Option('--bits <n>', 'length of an RSA key').default('2048');
const algorithmOption = new Option('--algorithm <name>', 'each algorithm has its own versions')
  .choices(['RSA256', 'ECC224'])
  .default('RSA256');
const fromOption = new Option(
  '--from <time>',
  'active from then on: ISO-8601 with an offset, or +24h from now',
);
const passwordOption = new Option(
  '--password <text>',
  'password of PKCS#12 and encrypted PKCS#8, to read (add) or to set (export)',
);
const formsHelp = `file format: ${Object.entries(exportForms)
  .map(([name, { help }]) => `${name}: ${help}`)
  .join('; ')}`;

const keysExamples = `
Examples:
  alipayhk-mock keys create --keys ./my-keys --client SHOP    new folder: platform keys and SHOP's
  alipayhk-mock keys add --keys ./my-keys --client SHOP public.pem
  alipayhk-mock keys rotate --keys ./my-keys --platform --overlap 1h
  alipayhk-mock keys export --keys ./my-keys --platform --form base64
  alipayhk-mock keys retire --keys ./my-keys --client SHOP --version 1 --at +1h

A running simulator reloads changed keys within a second or two.`;
