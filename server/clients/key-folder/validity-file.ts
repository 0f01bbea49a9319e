import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { checkYaml, type LocatedYaml, readLocatedYaml } from '../../problems/located-yaml.ts';
import type { Gathered, Problem } from '../../problems/problem.ts';
import { alwaysValid, type Validity } from '../../protocol/keys/keyring.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import type { KeyFamily } from '../../protocol/signatures.ts';
import { readTimestamp, writeTimestamp } from '../../protocol/timestamps.ts';
import { algorithmNames, validityFileName } from './key-folder-layout.ts';

/** When the versions of an owner's keys are valid; one that is not named is always active. */
export type Validities = Readonly<Record<KeyFamily, ReadonlyMap<number, Validity>>>;

const validityTime = z
  .string()
  .refine(
    (text) => /^\d{4}-/.test(text) && readTimestamp(text) !== undefined,
    'must be a time with an offset, e.g. 2026-08-01T00:00:00+08:00',
  )
  .transform((text) => readTimestamp(text)?.epochMs ?? Number.NaN);
const validity = z
  .strictObject({ from: validityTime.optional(), until: validityTime.optional() })
  .refine(
    ({ from = -Infinity, until = Infinity }) => !(from >= until),
    'until must be later than from',
  );
const versions = z.record(z.string(), validity).superRefine((named, { addIssue }) => {
  for (const name of Object.keys(named))
    if (!/^v\d{1,9}$/.test(name))
      addIssue({ code: 'custom', path: [name], message: 'must be a key version, e.g. v1' });
});
const validitySchema = z.strictObject({ RSA256: versions.optional(), ECC224: versions.optional() });

const remedy =
  'Write e.g. "RSA256: { v1: { until: 2026-08-01T00:00:00+08:00 } }", or let "keys rotate" and ' +
  `"keys retire" write ${validityFileName}.`;
const families = ['RSA', 'EC'] as const satisfies readonly KeyFamily[];

/**
 * Reads an owner's `key-validity.yaml`.
 * @param held whether a version has a key file: a validity without one is a mistake
 */
export const readValidities = (
  home: string,
  held: (family: KeyFamily, version: number) => boolean,
): Gathered<Validities> => {
  const file = join(home, validityFileName);
  if (!existsSync(file)) return { value: { RSA: new Map(), EC: new Map() }, problems: [] };
  const source = readLocatedYaml(file);
  const checked =
    source.problems.length > 0
      ? source
      : checkYaml({ ...source, value: source.value ?? {} }, validitySchema, remedy);
  if (!('data' in checked))
    return { value: { RSA: new Map(), EC: new Map() }, problems: checked.problems };
  const parseValidities = (family: KeyFamily): Map<number, Validity> =>
    new Map(
      Object.entries(checked.data[algorithmNames[family]] ?? {}).map(([name, { from, until }]) => [
        Number(name.slice(1)),
        parseValidity(from, until),
      ]),
    );
  const value = { RSA: parseValidities('RSA'), EC: parseValidities('EC') };
  return {
    value,
    problems: families.flatMap((family) => findStrays(source, family, value[family], held)),
  };
};

const parseValidity = (from: number | undefined, until: number | undefined): Validity =>
  omitUndefined({ from, until });

const findStrays = (
  source: LocatedYaml,
  family: KeyFamily,
  validities: ReadonlyMap<number, Validity>,
  held: (family: KeyFamily, version: number) => boolean,
): Problem[] =>
  [...validities.keys()]
    .filter((version) => !held(family, version))
    .map((version) =>
      source.problemAt(
        [algorithmNames[family], `v${version}`],
        `${algorithmNames[family]} version ${version} has a validity period but no key file`,
        'Delete the line, or put the key file there.',
      ),
    );

/** Writes a temporary file and renames it: a reader sees the old or the new one. */
export const writeValidities = (home: string, validities: Validities): string => {
  const file = join(home, validityFileName);
  const sections = families.flatMap((family) =>
    parseSection(algorithmNames[family], validities[family]),
  );
  const temporary = join(home, `.${validityFileName}.${process.pid}`);
  writeFileSync(temporary, `${[...heading, ...sections].join('\n')}\n`);
  renameSync(temporary, file);
  return file;
};

const heading = [
  '# When each key version serves: from that moment on, until that moment. ' +
    'What is not named here is always active.',
];

const parseSection = (name: string, validities: ReadonlyMap<number, Validity>): string[] => {
  const lines = [...validities].filter(([, one]) => one !== alwaysValid).sort(([a], [b]) => a - b);
  return lines.length === 0
    ? []
    : [`${name}:`, ...lines.map(([version, one]) => `  v${version}: { ${flow(one)} }`)];
};

const flow = (one: Validity): string =>
  (['from', 'until'] as const)
    .flatMap((end) => (one[end] === undefined ? [] : `${end}: ${writeTimestamp(one[end])}`))
    .join(', ');
