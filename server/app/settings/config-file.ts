import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { settingRows } from '../../domain/settings/settings-table.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { isRecord } from '../../problems/is-record.ts';
import { type LocatedYaml, readLocatedYaml } from '../../problems/located-yaml.ts';
import type { Problem } from '../../problems/problem.ts';
import type { SchemaIssue } from '../../problems/schema-issues.ts';
import { variableIn, variableProblem } from '../../problems/yaml-errors.ts';

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
export const settingsByCommand = '"alipayhk-mock serve --help"';

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
