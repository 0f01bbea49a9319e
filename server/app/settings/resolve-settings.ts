import { resolve } from 'node:path';
import {
  flagName,
  type SettingRow,
  type Settings,
  settingRows,
  variableNames,
} from '../../domain/settings/settings-table.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import type { Gathered, Problem } from '../../problems/problem.ts';
import { checkValue, describePath, type SchemaIssue } from '../../problems/schema-issues.ts';
import { type ConfigFile, settingsByCommand } from './config-file.ts';

export interface SettingSources {
  /** Texts of the flags that were given, by setting. */
  readonly flags: ReadonlyMap<string, readonly string[] | boolean>;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile | undefined;
  readonly folder: string;
}

interface GivenSettings {
  readonly value: unknown;
  readonly folder: string;
  readonly problem: (issue: SchemaIssue, message: string, remedy: string) => Problem;
}

/**
 * Merges the sources: flag, then variable, then config file, then default. All that is wrong is
 * reported at once.
 */
export const resolveSettings = (sources: SettingSources): Gathered<Settings> => {
  const problems: Problem[] = [
    ...(sources.file?.problems ?? []),
    ...unknownVariables(sources.variables),
  ];
  const entries = settingRows.map((row): [string, unknown] => {
    const given = fromFlag(row, sources) ?? fromVariable(row, sources) ?? fromFile(row, sources);
    if (given === undefined) return [row.key, row.initial];
    const checked = checkValue(row.schema, given.value);
    if ('data' in checked)
      return [row.key, row.isPath === true ? absolute(checked.data, given.folder) : checked.data];
    const usual =
      row.placeholder === undefined ? `${row.help}.` : `Write ${row.placeholder}: ${row.help}.`;
    problems.push(
      ...checked.issues.map((issue) => {
        const name = describePath([row.key, ...issue.path]);
        const sentence = `${name}${issue.isName ? ' ' : ': '}${issue.message}`;
        return given.problem(issue, sentence, issue.remedy ?? usual);
      }),
    );
    return [row.key, row.initial];
  });
  // The one cast of the settings: every value has just passed its row's schema.
  return { value: Object.fromEntries(entries) as Settings, problems };
};

const fromFlag = (
  row: SettingRow,
  { flags, folder }: SettingSources,
): GivenSettings | undefined => {
  const raw = flags.get(row.key);
  if (raw === undefined || row.fromText === undefined) return undefined;
  const where = `--${flagName(row)}`;
  return {
    value: typeof raw === 'boolean' ? raw : readTexts(row, raw),
    folder,
    problem: (_issue, message, remedy) => ({ where, message, remedy }),
  };
};

const fromVariable = (
  row: SettingRow,
  { variables, folder }: SettingSources,
): GivenSettings | undefined => {
  const [own, ...further] = variableNames(row);
  const isGiven = (name: string | undefined): name is string =>
    name !== undefined &&
    (variables[name] ?? '') !== '' &&
    !isServiceLink(name, variables[name] ?? '');
  const where = isGiven(own)
    ? own
    : further.find((name) => isGiven(name) && (row.isMeant?.(variables[name] ?? '') ?? true));
  if (where === undefined || row.fromText === undefined) return undefined;
  return {
    value: readTexts(row, [variables[where] ?? '']),
    folder,
    problem: (_issue, message, remedy) => ({ where, message, remedy }),
  };
};

const fromFile = (row: SettingRow, { file }: SettingSources): GivenSettings | undefined => {
  if (file === undefined || !file.values.has(row.key)) return undefined;
  const value = file.values.get(row.key);
  const wrapped = row.repeats === true && typeof value === 'string' ? [value] : value;
  return {
    value: wrapped,
    folder: file.folder,
    problem: (issue, message, remedy) => file.problemAt(row.key, issue, message, remedy),
  };
};

const readTexts = (row: SettingRow, texts: readonly string[]): unknown => {
  const read = row.fromText ?? ((text: string) => text);
  return row.repeats === true ? texts.flatMap((text) => read(text)) : read(texts.at(-1) ?? '');
};

const absolute = (value: unknown, folder: string): unknown => {
  if (Array.isArray(value)) return value.map((one) => absolute(one, folder));
  return typeof value === 'string' && value !== '' ? resolve(folder, value) : value;
};

const prefix = 'ALIPAYHK_MOCK_';

const unknownVariables = (variables: SettingSources['variables']): Problem[] => {
  const known = [
    `${prefix}CONFIG`,
    ...settingRows.filter((row) => row.fromText !== undefined).flatMap(variableNames),
  ];
  return Object.entries(variables)
    .filter(
      ([name, value]) =>
        name.startsWith(prefix) && !known.includes(name) && !isServiceLink(name, value ?? ''),
    )
    .map(([name]) => ({
      where: name,
      message: 'is not a variable of this program',
      remedy: suggest(name, known, settingsByCommand),
    }));
};

/**
 * Kubernetes gives every container variables for each Service of its namespace, named after the
 * Service: for `alipayhk-mock` and `alipayhk-mock-admin` they look like settings of this program.
 */
export const isServiceLink = (name: string, value: string): boolean =>
  /_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
  (/(^|_)PORT$/.test(name) && /^(tcp|udp|sctp):\/\//i.test(value));

/**
 * The default settings with yours laid over them, by their dotted names: `{port: 0,
 * 'ordering.stale': 'refuse'}`.
 */
export const settingsWith = (overrides: Partial<Settings> = {}): Settings => ({
  ...defaultSettings(),
  ...overrides,
});

const defaultSettings = (): Settings => {
  const { value } = resolveSettings({
    flags: new Map(),
    variables: {},
    file: undefined,
    folder: process.cwd(),
  });
  return value;
};
