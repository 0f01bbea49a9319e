import { nearestWord } from '../../problems/did-you-mean.ts';
import { quoteValue } from '../../problems/display-text.ts';
import type { LocatedYaml } from '../../problems/located-yaml.ts';
import type { Problem } from '../../problems/problem.ts';
import { describePath, type Path } from '../../problems/schema-issues.ts';
import { isNode, type Node, nodeAt } from './document.ts';

/**
 * Finds what a validator would skip or reject in words of its own: unknown keywords, types and
 * formats, keywords with values of the wrong kind, references that lead nowhere.
 */
export const schemaProblems = (source: LocatedYaml): readonly Problem[] => {
  if (!isNode(source.value)) return [];
  const root = source.value;
  const problems: Problem[] = [];
  const report: ReportProblem = (path, message, remedy, at = 'value') => {
    const place = at === 'name' ? source.problemAtName : source.problemAt;
    problems.push(place(path, `${describePath(path)}: ${message}`, remedy));
  };
  for (const [path, schema] of schemasIn(root)) checkSchema(schema, path, { root, report });
  return problems;
};

type ReportProblem = (path: Path, message: string, remedy: string, at?: 'value' | 'name') => void;

interface SchemaCheck {
  readonly root: Node;
  readonly report: ReportProblem;
}

/** The outermost schemas: the components, and whatever is called `schema`. */
const schemasIn = (root: Node): readonly (readonly [Path, unknown])[] => {
  const named = ['components', 'schemas'];
  const found: (readonly [Path, unknown])[] = Object.entries(nodeAt(root, ...named)).map(
    ([name, schema]) => [[...named, name], schema],
  );
  const search = (value: unknown, path: Path): void => {
    for (const [key, below] of listChildren(value)) {
      if (key === 'schema') found.push([[...path, key], below]);
      else if (!isOpaque(key) && !(key === 'schemas' && path.join() === 'components'))
        search(below, [...path, key]);
    }
  };
  search(root, []);
  return found;
};

const listChildren = (value: unknown): readonly (readonly [string | number, unknown])[] => {
  if (Array.isArray(value)) return value.map((item, at) => [at, item]);
  return isNode(value) ? Object.entries(value) : [];
};

/** Values and extensions hold no schemas. */
const isOpaque = (key: string | number): boolean =>
  typeof key === 'string' && (key.startsWith('x-') || /^(example|examples|value)$/.test(key));

const checkSchema = (schema: unknown, path: Path, check: SchemaCheck): void => {
  if (typeof schema === 'boolean') return;
  if (!isNode(schema)) {
    const remedy = 'Write a mapping of keywords, or true or false.';
    check.report(path, `must be a schema (got ${quoteValue(schema)})`, remedy);
    return;
  }
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword.startsWith('x-')) continue;
    const kind = keywordChecks.get(keyword);
    if (kind === undefined) reportUnknown(keyword, [...path, keyword], check);
    else kind(value, [...path, keyword], check);
  }
};

const reportUnknown = (keyword: string, path: Path, { report }: SchemaCheck): void => {
  const nearest = nearestWord(keyword, keywordChecks.keys());
  const remedy =
    keyword === 'nullable'
      ? 'OpenAPI 3.1 writes type: [string, "null"].'
      : nearest === undefined
        ? 'Delete it, or let its name begin with "x-".'
        : `Did you mean "${nearest}"?`;
  report(path, 'is not a keyword of JSON Schema', remedy, 'name');
};

/** Checks the value of a keyword. */
type KeywordCheck = (value: unknown, path: Path, check: SchemaCheck) => void;

const requireKind =
  (name: string, accepts: (value: unknown) => boolean): KeywordCheck =>
  (value, path, { report }) => {
    if (accepts(value)) return;
    report(path, `must be ${name} (got ${quoteValue(value)})`, `Write ${name}.`);
  };

const isText = (value: unknown): value is string => typeof value === 'string';
const anything: KeywordCheck = () => {};
const textual = requireKind('text', isText);
const countNoun = requireKind(
  'a whole number, 0 or more',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
const number = requireKind('a number', Number.isFinite);
const positive = requireKind(
  'a number above 0',
  (value) => Number.isFinite(value) && Number(value) > 0,
);
const flag = requireKind('true or false', (value) => typeof value === 'boolean');
const list = requireKind('a list', Array.isArray);
const mapping = requireKind('a mapping of names to values', isNode);
const fieldNameList = requireKind(
  'a list of field names',
  (value) => Array.isArray(value) && value.every(isText),
);

const schemas: KeywordCheck = (value, path, check) => {
  list(value, path, check);
  if (Array.isArray(value))
    for (const [at, schema] of value.entries()) checkSchema(schema, [...path, at], check);
};

const schemasByName: KeywordCheck = (value, path, check) => {
  mapping(value, path, check);
  if (isNode(value))
    for (const [name, schema] of Object.entries(value)) checkSchema(schema, [...path, name], check);
};

const reportUnless = (known: readonly string[], what: string): KeywordCheck => {
  const isKnown = requireKind(what, (value) => isText(value) && known.includes(value));
  return (value, path, check) => {
    const nearest = isText(value) ? nearestWord(value, known) : undefined;
    if (nearest === undefined || nearest === value) return isKnown(value, path, check);
    const message = `must be ${what} (got ${quoteValue(value)})`;
    check.report(path, message, `Did you mean "${nearest}"?`);
  };
};

const jsonTypes = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const oneType = reportUnless(jsonTypes, `one of ${jsonTypes.join(', ')}`);
const type: KeywordCheck = (value, path, check) => {
  if (!Array.isArray(value)) return oneType(value, path, check);
  for (const [at, one] of value.entries()) oneType(one, [...path, at], check);
};

/** Of JSON Schema 2020-12, and of the OpenAPI format registry. */
const formatNames = (
  'date-time date time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference ' +
  'iri iri-reference uuid uri-template json-pointer relative-json-pointer regex ' +
  'int32 int64 float double byte binary password'
).split(' ');
const format = reportUnless(formatNames, 'a format of JSON Schema or OpenAPI');

const regularExpression: KeywordCheck = (value, path, check) => {
  textual(value, path, check);
  if (!isText(value)) return;
  try {
    new RegExp(value, 'u');
  } catch {
    const message = `has a pattern that is not a regular expression: ${value}`;
    check.report(path, message, 'Correct the pattern.');
  }
};

const reference: KeywordCheck = (value, path, check) => {
  textual(value, path, check);
  if (!isText(value)) return;
  if (/^\w+:|^\/\//.test(value))
    check.report(
      path,
      `refers to the address ${quoteValue(value)}: nothing is downloaded`,
      'Put what that address holds into the document itself.',
    );
  else if (value.startsWith('#/') && !isInDocument(check.root, value))
    check.report(
      path,
      `refers to "${value}", which is not in the document`,
      'Correct the $ref, or add what it names.',
    );
};

const isInDocument = (root: Node, pointer: string): boolean => {
  let node: unknown = root;
  for (const part of pointer.slice(2).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    node =
      typeof node === 'object' && node !== null && Object.hasOwn(node, key)
        ? Object.entries(node).find(([name]) => name === key)?.[1]
        : undefined;
  }
  return node !== undefined;
};

const keywordChecks: ReadonlyMap<string, KeywordCheck> = new Map(
  Object.entries({
    'title description $comment $id $schema $anchor $dynamicAnchor contentEncoding contentMediaType':
      textual,
    'maxLength minLength maxItems minItems maxProperties minProperties maxContains minContains':
      countNoun,
    'maximum minimum exclusiveMaximum exclusiveMinimum': number,
    multipleOf: positive,
    'uniqueItems deprecated readOnly writeOnly': flag,
    required: fieldNameList,
    'enum examples': list,
    'const default example': anything,
    'dependentRequired discriminator xml externalDocs $vocabulary': mapping,
    'items additionalProperties unevaluatedProperties unevaluatedItems not contains': checkSchema,
    'if then else propertyNames contentSchema': checkSchema,
    'allOf anyOf oneOf prefixItems': schemas,
    'properties patternProperties $defs dependentSchemas': schemasByName,
    '$ref $dynamicRef': reference,
    type,
    format,
    pattern: regularExpression,
  }).flatMap(([words, kind]) =>
    words.split(' ').map((word): [string, KeywordCheck] => [word, kind]),
  ),
);
