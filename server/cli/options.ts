import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  findConfigFile,
  readConfigFile,
  resolveSettings,
} from '../app/settings/resolve-settings.ts';
import { demoClientId } from '../clients/key-folder/key-folder.ts';
import {
  durationMs,
  flagName,
  type Settings,
  settingRows,
  variableNames,
} from '../domain/settings/settings-table.ts';
import { StartupError } from '../problems/problem.ts';
import type { SignatureAlgorithm } from '../protocol/signatures.ts';

/** Takes the exit code of the command that ran. */
export type Finish = (exitCode: number) => void;

/** Heads the flags of settings in a command's help, below its own options. */
export const settingsHeading = 'Settings:';

/** Adds a flag to a command for every setting that can be written as text, or for some. */
export const addSettingOptions = (
  command: Command,
  only?: readonly string[],
  /** Help of settings whose meaning differs from `serve`. */
  help: Readonly<Record<string, string>> = {},
): Command => {
  command.addOption(
    new Option(
      '--config <file>',
      'config file (variable ALIPAYHK_MOCK_CONFIG); ' +
        'default: alipayhk-mock.config.{yaml,yml,json} in this folder',
    ),
  );
  return addSettingFlags(command, only, help);
};

/** The same without `--config`, which can mean another file. */
export const addSettingFlags = (
  command: Command,
  only?: readonly string[],
  help: Readonly<Record<string, string>> = {},
): Command => {
  for (const row of settingRows) {
    if (row.fromText === undefined || only?.includes(row.key) === false) continue;
    const initial =
      row.initial === '' || (Array.isArray(row.initial) && row.initial.length === 0)
        ? ''
        : `; default: ${String(row.initial)}`;
    const option = new Option(
      `--${flagName(row)} ${row.placeholder ?? '[on|off]'}`,
      help[row.key] ?? `${row.help} (${variableNames(row).join(', ')}${initial})`,
    );
    option
      .argParser((text: string, before: string[] | undefined) => [...(before ?? []), text])
      .helpGroup(settingsHeading);
    command.addOption(option);
    if (row.initial !== true) continue;
    const negated = new Option(`--no-${flagName(row)}`, `the same as --${flagName(row)} off`);
    command.addOption(negated.helpGroup(settingsHeading));
  }
  return command;
};

/**
 * Resolves the settings from flags, variables and config file.
 * @throws StartupError with all their errors
 */
export const resolveOptionSettings = (command: Command): Settings => {
  const options: Record<string, unknown> = command.opts();
  return resolveNamedSettings(
    options,
    typeof options['config'] === 'string' ? options['config'] : undefined,
  );
};

/** The same for a command whose `--config` means another file. */
export const resolveFlagSettings = (command: Command): Settings =>
  resolveNamedSettings(command.opts(), undefined);

const resolveNamedSettings = (
  options: Record<string, unknown>,
  configFile: string | undefined,
): Settings => {
  const variables = process.env;
  const folder = process.cwd();
  const named = configFile ?? variables['ALIPAYHK_MOCK_CONFIG'];
  const file =
    named === undefined || named === '' ? findConfigFile(folder) : resolve(folder, named);
  const { value, problems } = resolveSettings({
    flags: givenFlags(options),
    variables,
    file: file === undefined ? undefined : readConfigFile(file),
    folder,
  });
  if (problems.length > 0) throw new StartupError(problems);
  return value;
};

/**
 * The settings that flags name, and nothing else: for a command that takes the others from a file.
 * @throws StartupError with all their errors
 */
export const resolveGivenSettings = (command: Command): Partial<Settings> => {
  const flags = givenFlags(command.opts());
  const { value, problems } = resolveSettings({
    ...{ flags, variables: {}, file: undefined },
    folder: process.cwd(),
  });
  if (problems.length > 0) throw new StartupError(problems);
  return Object.fromEntries(Object.entries(value).filter(([key]) => flags.has(key)));
};

/** How a setting is written on the command line: `--https-port`. */
export const flagFor = (key: string): string => {
  const row = settingRows.find((one) => one.key === key);
  return row === undefined ? key : `--${flagName(row)}`;
};

const givenFlags = (options: Record<string, unknown>): Map<string, readonly string[] | boolean> => {
  const flags = new Map<string, readonly string[] | boolean>();
  for (const row of settingRows) {
    const value = options[new Option(`--${flagName(row)}`).attributeName()];
    if (Array.isArray(value)) flags.set(row.key, value.map(String));
    else if (typeof value === 'boolean') flags.set(row.key, value);
  }
  return flags;
};

/** Builds a parser for commander, which adds the option's name to the error. */
export const parseWholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    if (/^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}.`);
  };

/** Parses a key version, as `keyVersion` of a Signature header has it. */
export const parseKeyVersion = parseWholeNumber(1, 999_999_999);

/** Parses the address of a server. */
export const parseServerUrl = (text: string): string => {
  if (/^https?:\/\/[^/]/i.test(text) && URL.canParse(text)) return text;
  const guess = `http://${text}`;
  const isHostAndPort = /^[\w.-]+:\d+(\/|$)/.test(text) && URL.canParse(guess);
  const example = isHostAndPort ? guess : 'http://127.0.0.1:8852';
  throw new InvalidArgumentError(`Write an address with its scheme, e.g. ${example}.`);
};

/** Parses a duration into milliseconds. */
export const parseDuration = (text: string): number => {
  const milliseconds = durationMs(text);
  if (milliseconds !== undefined) return milliseconds;
  throw new InvalidArgumentError('Write e.g. 90s, 30m, 25h.');
};

/** Parses a time as the admin API takes it. */
export const parseTime = (text: string): string => {
  if (/^\d{5,16}$/.test(text)) return text;
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError(
    'Write e.g. 2026-08-01T00:00:00+08:00, or milliseconds since 1970.',
  );
};

/** Collects the result statuses of a repeatable option. */
export const collectStatus = (
  text: string,
  before: readonly ('S' | 'F' | 'U')[] | undefined,
): readonly ('S' | 'F' | 'U')[] => {
  const status = text.toUpperCase();
  if (status === 'S' || status === 'F' || status === 'U') return [...(before ?? []), status];
  throw new InvalidArgumentError('Write S, F or U.');
};

/** The client that a command signs as, its keys, and where the command sends. */
export interface MerchantOptions {
  readonly url?: string;
  readonly client: string;
  readonly algorithm: SignatureAlgorithm;
  readonly privateKey?: string;
  readonly keyVersion: number;
  readonly platformKey?: string;
}

export const addMerchantOptions = (
  command: Command,
  urlHelp = 'where the simulator listens; default: from host and port',
): Command => addSignerOptions(command.option('--url <url>', urlHelp, parseServerUrl));

/** Whom a command signs as. */
export const addSignerOptions = (command: Command): Command =>
  command
    .option(
      '--client <id>',
      'Client-Id to sign as; its private key is in the key folder or in --private-key',
      demoClientId,
    )
    .addOption(
      new Option('--algorithm <name>', 'signature algorithm')
        .choices(['RSA256', 'ECC224'])
        .default('RSA256'),
    )
    .option('--private-key <file>', "the client's private key, in place of the key folder's")
    .option(
      '--key-version <n>',
      'the version that --private-key is registered under',
      parseKeyVersion,
      1,
    )
    .option('--platform-key <file>', "the platform's public key, in place of the key folder's");

/** The request body that a command sends or signs. */
export interface BodyOptions {
  readonly example?: string;
  readonly set: readonly string[];
  readonly body?: string;
}

export const addBodyOptions = (command: Command): Command =>
  command
    .option('--example <name>', "the contract's example to send, e.g. MOVIE_TICKET")
    .option(
      '--set <field=value>',
      'set a field; the value is JSON or plain text; null deletes the field; repeatable',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option('--body <file>', 'send the bytes of this file as they are; - for standard input');

/** Names of the operations on the command line. */
export const shortNames: Readonly<Record<string, string>> = {
  'additional-info': 'syncAdditionalInfo',
  'account-linkage': 'syncAccountLinkage',
  'payment-info': 'syncPaymentInfo',
  'order-sync': 'syncOrder',
  'membership-card': 'updateMembershipCard',
};

export const operationHelp = `${Object.keys(shortNames).join(', ')}, or the operationId`;
