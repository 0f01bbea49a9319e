import { type Command, Option } from 'commander';
import { exportForms } from '../../protocol/keys/key-forms.ts';
import { addSettingOptions, resolveOptionSettings } from '../options.ts';
import { type AddOptions, addKey } from './keys-add.ts';
import { type ExportKeyOptions, exportKey } from './keys-export.ts';
import { type ListOptions, listKeys } from './keys-list.ts';
import {
  type CreateOptions,
  createKey,
  type RetireOptions,
  type RotateOptions,
  retireKey,
  rotateKey,
} from './keys-versions.ts';

const keySettings = ['keys', 'lenient'] as const;

/**
 * `alipayhk-mock keys …`: makes, registers, shows, hands out, replaces and ends keys of a key
 * folder.
 */
export const addKeysCommands = (program: Command, finish: (exitCode: number) => void): void => {
  const keys = program
    .command('keys')
    .description('create, add, list, export, rotate and retire keys of a key folder (--keys DIR)')
    .addHelpText('after', keysExamples);

  withParty(
    keys
      .command('create')
      .description(
        'make the first key of a client or of the platform; a new folder gets the platform’s keys too',
      ),
  )
    .addOption(type)
    .addOption(bits)
    .action(async (options: CreateOptions, command: Command) =>
      finish(await createKey(options, resolveOptionSettings(command))),
    );

  withParty(
    keys
      .command('add')
      .description('register a public key, in whatever form it is held, as the next version'),
  )
    .argument(
      '<file>',
      'the key: PEM, bare base64, DER, JWK, certificate, CSR or PKCS#12; - for standard input',
    )
    .option('--version <n>', 'as this version; default: the next one')
    .addOption(from)
    .option(
      '--overlap <duration>',
      'let the older versions retire so long after the new one begins, e.g. 24h; default: they stay',
    )
    .option(
      '--private-too',
      'the file holds a private key, and the folder may keep it: for clients that "send" signs as',
    )
    .addOption(password)
    .action(async (file: string, options: AddOptions, command: Command) =>
      finish(await addKey(file, options, resolveOptionSettings(command))),
    );

  withParty(
    keys.command('list').description('show every key version, its life and its fingerprint'),
  )
    .option('--json', 'as JSON')
    .action((options: ListOptions, command: Command) =>
      finish(listKeys(options, resolveOptionSettings(command))),
    );

  withParty(
    keys.command('export').description('write a key in the form that an SDK or a tool wants'),
  )
    .option('--version <n>', 'default: the newest active one')
    .addOption(algorithm)
    .addOption(
      new Option('--form <form>', formsHelp).choices(Object.keys(exportForms)).default('pem'),
    )
    .option('--private', 'the private key, where the folder holds it')
    .addOption(password)
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
    .addOption(type)
    .addOption(bits)
    .addOption(from)
    .option(
      '--overlap <duration>',
      'how long the older versions stay active beside the new one, e.g. 24h; 0s: not at all',
      '24h',
    )
    .action(async (options: RotateOptions, command: Command) =>
      finish(await rotateKey(options, resolveOptionSettings(command))),
    );

  withParty(keys.command('retire').description('end a version’s life, now or at a time'))
    .requiredOption('--version <n>', 'which one')
    .addOption(algorithm)
    .option('--at <time>', 'ISO-8601 with an offset, or +24h from now; default: now')
    .option('--anyway', 'even if the client is left without an active key')
    .action((options: RetireOptions, command: Command) =>
      finish(retireKey(options, resolveOptionSettings(command))),
    );
};

const withParty = (command: Command): Command =>
  addSettingOptions(command, keySettings)
    .option('--client <id>', 'whose key: the client’s')
    .option('--platform', 'whose key: the platform’s');

const type = new Option('--type <type>', 'RSA for RSA256, EC (secp224r1) for ECC224')
  .choices(['rsa', 'ec'])
  .default('rsa');
const bits = new Option('--bits <n>', 'length of an RSA key').default('2048');
const algorithm = new Option('--algorithm <name>', 'versions are counted for each algorithm apart')
  .choices(['RSA256', 'ECC224'])
  .default('RSA256');
const from = new Option(
  '--from <time>',
  'active from then on: ISO-8601 with an offset, or +24h from now',
);
const password = new Option(
  '--password <text>',
  'opens (add) or locks (export) PKCS#12 and encrypted PKCS#8',
);
const formsHelp = `how it is written: ${Object.entries(exportForms)
  .map(([name, { help }]) => `${name}: ${help}`)
  .join('; ')}`;

const keysExamples = `
Examples:
  alipayhk-mock keys create --keys ./my-keys --client SHOP      a new folder: the platform's keys and a pair for SHOP
  alipayhk-mock keys add --keys ./my-keys --client SHOP public.pem
  alipayhk-mock keys rotate --keys ./my-keys --platform --overlap 1h
  alipayhk-mock keys export --keys ./my-keys --platform --form base64
  alipayhk-mock keys retire --keys ./my-keys --client SHOP --version 1 --at +1h

A running simulator takes changes up within a second or two.`;
