import * as z from 'zod';
import { nearestWord } from './did-you-mean.ts';
import { quoteValue } from './display-text.ts';
import { isRecord } from './plain-object.ts';

export type Path = readonly PropertyKey[];

/** What keeps a value from fitting a schema, in words of ours. */
export interface SchemaIssue {
  readonly path: Path;
  readonly message: string;
  /** undefined: the caller knows a better one. */
  readonly remedy: string | undefined;
  /** The issue is the name itself, not the value under it. */
  readonly isName: boolean;
}

export type Checked<T> = { readonly data: T } | { readonly issues: readonly SchemaIssue[] };

/**
 * Checks a value against a schema.
 * The one place that turns what the validator finds into sentences: none of its own text is passed
 * on.
 */
export const checkValue = <T>(schema: z.ZodType<T>, value: unknown): Checked<T> => {
  // Almost every schema checks one value: code for it would cost more than it saves.
  const options = { error: sentenceFor, reportInput: true, jitless: true };
  const checked = schema.safeParse(value, options);
  if (checked.success) return { data: checked.data };
  const issues = checked.error.issues.flatMap((issue) => readIssue(issue, [], schema));
  return { issues: withoutRepeats(issues) };
};

/** Names a place in a file; rules, calls and list items are counted from 1. */
export const describePath = (path: Path): string => {
  const [list, index, ...rest] = path;
  const name = list === 'rules' ? 'rule' : list === 'expect' ? 'expect' : undefined;
  if (name === undefined || typeof index !== 'number') return joinPath(path) || 'the file';
  return [`${name} ${index + 1}`, ...(rest.length === 0 ? [] : [joinPath(rest)])].join(': ');
};

const joinPath = (path: Path): string =>
  path
    .map((key, at) =>
      typeof key === 'number' ? `[${key + 1}]` : `${at === 0 ? '' : '.'}${String(key)}`,
    )
    .join('');

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** Never shown: an issue with this text is taken apart further. */
const toTakeApart = '\u0000';

const sentenceFor = (issue: RawIssue): string => {
  const got = issue.input === undefined ? '' : ` (got ${quoteValue(issue.input)})`;
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is missing'
        : `must be ${kindNames[issue.expected] ?? issue.expected}${got}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is missing';
      return `must be ${joinChoices(issue.values.map((value) => quoteValue(value)))}${got}`;
    case 'too_small':
      return `${limit('at least', issue.minimum, issue.origin)}${got}`;
    case 'too_big':
      return `${limit('at most', issue.maximum, issue.origin)}${got}`;
    case 'invalid_format':
      return `${formatSentence(issue)}${got}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}${got}`;
    case 'custom':
      return `is not accepted${got}`;
    default:
      return toTakeApart;
  }
};

/** What a validator's types are called in messages. */
export const kindNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'a mapping of names to values',
  record: 'a mapping of names to values',
  array: 'a list',
  tuple: 'a list',
  null: 'null',
};

const limit = (word: string, bound: number | bigint, origin: string): string => {
  if (origin === 'string')
    return word === 'at least' && bound === 1
      ? 'must not be empty'
      : `must have ${word} ${bound} characters`;
  if (origin === 'array' || origin === 'set')
    return `must have ${word} ${bound} ${Number(bound) === 1 ? 'item' : 'items'}`;
  return `must be ${word} ${bound}`;
};

const formatSentence = (
  issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidStringFormat>,
): string => {
  if (issue.format === 'datetime')
    return 'must be a time with an offset, e.g. "2026-08-01T00:00:00+08:00"';
  if ('prefix' in issue) return `must begin with "${String(issue['prefix'])}"`;
  return 'is not written in the form that is expected here';
};

const joinChoices = (values: readonly string[]): string => {
  const [last, ...before] = [...values].reverse();
  return before.length === 0 ? (last ?? 'nothing') : `${before.reverse().join(', ')} or ${last}`;
};

const readIssue = (issue: Issue, above: Path, schema: z.ZodType): SchemaIssue[] => {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownNameIssue(path, key, schema));
  if (issue.code === 'invalid_key')
    return [unknownNameIssue(path.slice(0, -1), String(path.at(-1)), schema)];
  if (issue.code === 'invalid_element')
    return issue.issues.flatMap((one) => readIssue(one, path, schema));
  if (issue.message !== toTakeApart) return [plainIssue(path, issue)];
  if (issue.code !== 'invalid_union')
    return [{ path, message: 'is not accepted', remedy: undefined, isName: false }];
  return readUnion(issue, path, schema);
};

const plainIssue = (path: Path, issue: Issue): SchemaIssue => {
  const message = withInput(issue);
  const sent = /\(got (.*)\)$/.exec(message)?.[1];
  return {
    path,
    message,
    remedy: sent === undefined ? ownRemedy(issue) : remedyFor(issue, sent),
    isName: false,
  };
};

/** Schemas that bring a sentence of their own do not see the value. */
const withInput = ({ message, code, input }: Issue): string => {
  const isScalar = ['string', 'number', 'boolean'].includes(typeof input);
  return code === 'custom' || !isScalar || message.includes('(got ')
    ? message
    : `${message} (got ${quoteValue(input)})`;
};

/** A schema that brings a sentence of its own may bring a remedy too. */
const ownRemedy = (issue: Issue): string | undefined => {
  const remedy: unknown = issue.code === 'custom' ? issue.params?.['remedy'] : undefined;
  return typeof remedy === 'string' ? remedy : undefined;
};

const remedyFor = (issue: Issue, sent: string): string | undefined => {
  if (issue.code === 'invalid_type' && issue.expected === 'boolean')
    return 'Write true or false, without quotation marks.';
  if (
    issue.code === 'invalid_type' &&
    issue.expected === 'string' &&
    /^[-\d.]|^(true|false|null)$/.test(sent)
  )
    return `Put it in quotation marks: "${sent}".`;
  if (issue.code !== 'invalid_value') return undefined;
  const nearest = nearestWord(sent.replace(/^"|"$/g, ''), issue.values.map(String));
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
};

const unknownNameIssue = (path: Path, key: string, schema: z.ZodType): SchemaIssue => {
  const known = knownNames(schema, path);
  const nearest = nearestWord(key, known);
  const isShort = known.length > 0 && known.length <= 15;
  return {
    path: [...path, key],
    message:
      nearest === undefined && isShort
        ? `is not known here; known: ${known.join(', ')}`
        : 'is not known here',
    remedy: nearest === undefined ? undefined : `Did you mean "${nearest}"?`,
    isName: true,
  };
};

/** What fits none of several shapes: the shape that was meant says more than a list of all. */
const readUnion = (
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  schema: z.ZodType,
): SchemaIssue[] => {
  const branches = issue.errors.map((errors) =>
    errors.flatMap((one) => readIssue(one, path, schema)),
  );
  const deeper = branches.filter((found) => found.every((one) => one.path.length > path.length));
  const [meant] = deeper.sort((a, b) => a.length - b.length);
  if (meant !== undefined) return meant;
  const listed = branches.flatMap(
    ([first]) => /^must be (.*?)(?: \(got .*\))?$/s.exec(first?.message ?? '')?.[1] ?? [],
  );
  const got = branches.flatMap(
    ([first]) => /\(got .*\)$/s.exec(first?.message ?? '')?.[0] ?? [],
  )[0];
  const remedy = branches.flatMap(([first]) => first?.remedy ?? [])[0];
  const wanted = [...new Set(listed.flatMap((one) => one.split(/, | or /)))];
  const isMissing =
    branches.length > 0 && branches.every(([first]) => first?.message === 'is missing');
  const message = isMissing
    ? 'is missing'
    : wanted.length === 0
      ? 'is not accepted'
      : `must be ${joinChoices(wanted)}`;
  return [
    { path, message: got === undefined ? message : `${message} ${got}`, remedy, isName: false },
  ];
};

type JsonSchema = Readonly<Record<string, unknown>>;

/** The names that a mapping under this path may have, by the schema. */
const knownNames = (schema: z.ZodType, path: Path): string[] => {
  const root: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const found = path.reduce<JsonSchema[]>(
    (nodes, key) => nodes.flatMap((node) => findChildren(node, key)),
    [root].flatMap(listVariants),
  );
  return [
    ...new Set(
      found.flatMap(({ properties, propertyNames }) => [
        ...listPropertyNames(properties),
        ...enumValues(propertyNames),
      ]),
    ),
  ];
};

const listPropertyNames = (properties: unknown): string[] =>
  isRecord(properties) ? Object.keys(properties) : [];
const enumValues = (schema: unknown): string[] =>
  isRecord(schema) && Array.isArray(schema['enum']) ? schema['enum'].map(String) : [];

const listVariants = (node: unknown): JsonSchema[] => {
  if (!isRecord(node)) return [];
  const more = ['anyOf', 'oneOf', 'allOf'].flatMap((word) =>
    Array.isArray(node[word]) ? node[word] : [],
  );
  return [node, ...more.flatMap(listVariants)];
};

const findChildren = (node: JsonSchema, key: PropertyKey): JsonSchema[] => {
  if (typeof key === 'number') return listVariants(node['items']);
  const { properties, additionalProperties } = node;
  const named = isRecord(properties) ? properties[String(key)] : undefined;
  return listVariants(named ?? additionalProperties);
};

const withoutRepeats = (issues: readonly SchemaIssue[]): SchemaIssue[] => {
  const seen = new Map(
    issues.map((issue) => [`${issue.path.map(String).join('\n')}\n${issue.message}`, issue]),
  );
  return [...seen.values()];
};
