import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import {
  flagName,
  type SettingRow,
  type Settings,
  settingRows,
  variableNames,
} from '../../domain/settings/settings-table.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import {
  type LocatedYaml,
  readLocatedYaml,
  variableIn,
  variableProblem,
} from '../../problems/located-yaml.ts';
import { isRecord } from '../../problems/plain-object.ts';
import type { Gathered, Problem } from '../../problems/problem.ts';
import { checkValue, describePath, type SchemaIssue } from '../../problems/schema-issues.ts';

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

export const configFileNames = [
  'alipayhk-mock.config.yaml',
  'alipayhk-mock.config.yml',
  'alipayhk-mock.config.json',
] as const;

/** What a config file says, by setting. */
export interface ConfigFile {
  readonly folder: string;
  readonly values: ReadonlyMap<string, unknown>;
  readonly problems: readonly Problem[];
  /** Names the place of an issue within the value of a setting. */
  problemAt(
    key: string,
    issue: Pick<SchemaIssue, 'path' | 'isName'>,
    message: string,
    remedy: string,
  ): Problem;
}

/** The config file of a folder, if there is one. */
export const findConfigFile = (folder: string): string | undefined =>
  configFileNames.map((name) => join(folder, name)).find((file) => existsSync(file));

/**
 * Reads a config file; settings may be nested (`order: {extraFields: note}`) or dotted
 * (`order.extraFields: note`).
 */
export const readConfigFile = (file: string): ConfigFile => {
  const source = readLocatedYaml(file);
  const { values, paths, unknown } = settingsIn(source.value);
  const places = [...values].flatMap(([key, value]) =>
    variablesIn(value, paths.get(key) ?? []).map((place) => ({ key, ...place })),
  );
  const unfilled = new Set(places.map(({ key }) => key));
  return {
    folder: dirname(file),
    values: new Map([...values].filter(([key]) => !unfilled.has(key))),
    problems: [
      ...source.problems,
      ...unknown.map((path) => unknownSetting(source, path)),
      ...places.map(({ path, variable }) => {
        const { message, remedy } = variableProblem(variable);
        return source.problemAt(path, message, remedy);
      }),
    ],
    problemAt: (key, { path, isName }, message, remedy) => {
      const whole = [...(paths.get(key) ?? []), ...path];
      return isName
        ? source.problemAtName(whole, message, remedy)
        : source.problemAt(whole, message, remedy);
    },
  };
};

interface Place {
  readonly path: readonly PropertyKey[];
  readonly variable: string;
}

/** Texts of a setting that still hold a `${NAME}`. */
const variablesIn = (value: unknown, path: readonly PropertyKey[]): Place[] => {
  if (typeof value === 'string') {
    const variable = variableIn(value);
    return variable === undefined ? [] : [{ path, variable }];
  }
  if (Array.isArray(value))
    return value.flatMap((one: unknown, index) => variablesIn(one, [...path, index]));
  return isRecord(value)
    ? Object.entries(value).flatMap(([name, one]) => variablesIn(one, [...path, name]))
    : [];
};

/** Settings in nested or dotted spelling, and unknown names. */
export const settingsIn = (
  given: unknown,
): { values: Map<string, unknown>; paths: Map<string, string[]>; unknown: string[][] } => {
  const values = new Map<string, unknown>();
  const paths = new Map<string, string[]>();
  const unknown: string[][] = [];
  const collect = (node: unknown, path: string[]): void => {
    const key = path.join('.');
    if (settingKeys.includes(key)) {
      values.set(key, node);
      paths.set(key, path);
    } else if (
      isRecord(node) &&
      (path.length === 0 || settingKeys.some((known) => known.startsWith(`${key}.`)))
    ) {
      for (const [name, child] of Object.entries(node))
        if (name !== '$schema' || path.length > 0) collect(child, [...path, name]);
    } else unknown.push(path);
  };
  if (given !== null && given !== undefined) collect(given, []);
  return { values, paths, unknown };
};

const settingKeys: readonly string[] = settingRows.map((row) => row.key);

const unknownSetting = (source: LocatedYaml, path: string[]): Problem =>
  path.length === 0
    ? source.problemAt(
        path,
        'the file must hold settings by name',
        'Write lines such as "port: 8852".',
      )
    : source.problemAtName(
        path,
        notASetting(path),
        suggest(path.join('.'), settingKeys, settingsByCommand),
      );

/** What lists the settings, with their variables. */
const settingsByCommand = '"alipayhk-mock serve --help"';

export const notASetting = (path: readonly string[]): string =>
  `"${path.join('.')}" is not a setting`;

/**
 * The JSON Schema of the config file, so that editors complete and check it. Nested and dotted
 * spellings are both known.
 */
export const configFileSchema = (): Record<string, unknown> => {
  const plain: Record<string, unknown> = { $schema: { type: 'string' } };
  const groups: Record<string, Record<string, unknown>> = {};
  for (const row of settingRows) {
    const { $schema: _, ...schema } = z.toJSONSchema(row.schema, {
      target: 'draft-7',
      io: 'input',
    });
    const described = { ...schema, description: row.help, default: row.initial };
    plain[row.key] = described;
    const [group = '', name] = row.key.split('.');
    if (name !== undefined) groups[group] = { ...groups[group], [name]: described };
  }
  const nested = Object.fromEntries(
    Object.entries(groups).map(([group, properties]) => [group, objectNode(properties)]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'alipayhk-mock config file',
    ...objectNode({ ...plain, ...nested }),
  };
};

const objectNode = (properties: Record<string, unknown>) => ({
  type: 'object',
  additionalProperties: false,
  properties,
});
