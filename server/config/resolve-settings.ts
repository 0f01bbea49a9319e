import { resolve } from 'node:path';
import type * as z from 'zod';
import { suggest } from '../problems/did-you-mean.ts';
import type { Gathered, Problem } from '../problems/problem.ts';
import type { ConfigFile } from './config-file.ts';
import { flagOf, type SettingRow, type Settings, settingRows, variablesOf } from './settings-table.ts';

export interface SettingSources {
  /** Texts of the flags that were given, by setting. */
  readonly flags: ReadonlyMap<string, readonly string[] | boolean>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile | undefined;
  readonly folder: string;
}

interface Given {
  readonly value: unknown;
  readonly folder: string;
  readonly problem: (message: string, remedy: string) => Problem;
}

/** Merges the sources: flag, then variable, then config file, then default. All that is wrong is reported at once. */
export const resolveSettings = (sources: SettingSources): Gathered<Settings> => {
  const problems: Problem[] = [...(sources.file?.problems ?? []), ...unknownVariables(sources.variables)];
  const entries = settingRows.map((row): [string, unknown] => {
    const given = fromFlag(row, sources) ?? fromVariable(row, sources) ?? fromFile(row, sources);
    if (given === undefined) return [row.key, row.initial];
    const checked = row.schema.safeParse(given.value);
    if (checked.success) return [row.key, row.isPath === true ? absolute(checked.data, given.folder) : checked.data];
    problems.push(
      given.problem(
        `${row.key}: ${reasons(checked.error)}`,
        row.placeholder === undefined ? `${row.help}.` : `Write ${row.placeholder}: ${row.help}.`,
      ),
    );
    return [row.key, row.initial];
  });
  // The one cast of the settings: every value has just passed its row's schema.
  return { value: Object.fromEntries(entries) as Settings, problems };
};

const fromFlag = (row: SettingRow, { flags, folder }: SettingSources): Given | undefined => {
  const raw = flags.get(row.key);
  if (raw === undefined || row.fromText === undefined) return undefined;
  const where = `--${flagOf(row)}`;
  return {
    value: typeof raw === 'boolean' ? raw : readTexts(row, raw),
    folder,
    problem: (message, remedy) => ({ where, message, remedy }),
  };
};

const fromVariable = (row: SettingRow, { variables, folder }: SettingSources): Given | undefined => {
  const [own, ...further] = variablesOf(row);
  const isGiven = (name: string | undefined): name is string => name !== undefined && (variables[name] ?? '') !== '';
  const where = isGiven(own) ? own : further.find((name) => isGiven(name) && (row.isMeant?.(variables[name] ?? '') ?? true));
  if (where === undefined || row.fromText === undefined) return undefined;
  return { value: readTexts(row, [variables[where] ?? '']), folder, problem: (message, remedy) => ({ where, message, remedy }) };
};

const fromFile = (row: SettingRow, { file }: SettingSources): Given | undefined => {
  if (file === undefined || !file.values.has(row.key)) return undefined;
  const value = file.values.get(row.key);
  const wrapped = row.repeats === true && typeof value === 'string' ? [value] : value;
  return { value: wrapped, folder: file.folder, problem: (message, remedy) => file.problemAt(row.key, message, remedy) };
};

const readTexts = (row: SettingRow, texts: readonly string[]): unknown => {
  const read = row.fromText ?? ((text: string) => text);
  return row.repeats === true ? texts.flatMap((text) => read(text)) : read(texts.at(-1) ?? '');
};

const absolute = (value: unknown, folder: string): unknown => {
  if (Array.isArray(value)) return value.map((one) => absolute(one, folder));
  return typeof value === 'string' && value !== '' ? resolve(folder, value) : value;
};

const reasons = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}`).join('; ');

const prefix = 'ALIPAYHK_MOCK_';

const unknownVariables = (variables: SettingSources['variables']): Problem[] => {
  const known = [`${prefix}CONFIG`, ...settingRows.filter((row) => row.fromText !== undefined).map((row) => variablesOf(row)[0] ?? '')];
  return Object.keys(variables)
    .filter((name) => name.startsWith(prefix) && !known.includes(name))
    .map((name) => ({ where: name, message: 'is not a variable of this program', remedy: suggest(name, known) }));
};
