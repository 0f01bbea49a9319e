import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { findConfigFile, readConfigFile } from '../app/settings/config-file.ts';
import { resolveSettings } from '../app/settings/resolve-settings.ts';
import {
  flagName,
  type Settings,
  settingRows,
  variableNames,
} from '../domain/settings/settings-table.ts';
import { StartupError } from '../problems/problem.ts';

/** Gives a command a flag for every setting that can be written as text, or for some of them. */
export const addSettingOptions = (
  command: Command,
  only?: readonly string[],
  /** What a setting means to this command where that differs from `serve`. */
  help: Readonly<Record<string, string>> = {},
): Command => {
  command.addOption(
    new Option(
      '--config <file>',
      'config file (variable ALIPAYHK_MOCK_CONFIG); default: alipayhk-mock.config.{yaml,yml,json} in this folder',
    ),
  );
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
    command.addOption(
      option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]),
    );
    if (row.initial === true)
      command.addOption(new Option(`--no-${flagName(row)}`, `the same as --${flagName(row)} off`));
  }
  return command;
};

/**
 * The settings as flags, variables and config file give them.
 * @throws StartupError with everything that is wrong with them.
 */
export const resolveOptionSettings = (command: Command): Settings => {
  const variables = process.env;
  const folder = process.cwd();
  const options: Record<string, unknown> = command.opts();
  const named =
    typeof options['config'] === 'string' ? options['config'] : variables['ALIPAYHK_MOCK_CONFIG'];
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

/** How a setting is written on the command line: `--https-port`. */
export const flagNamed = (key: string): string => {
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
