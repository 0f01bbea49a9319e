import { nearestWord } from '../../problems/did-you-mean.ts';
import { quoteValue } from '../../problems/display-text.ts';
import { isRecord } from '../../problems/plain-object.ts';
import type { Path } from '../../problems/schema-issues.ts';
import type { Contract, Operation } from '../contract/contract.ts';
import {
  answerFields,
  type FieldSchema,
  type FieldSchemas,
  requestFields,
} from '../contract/document.ts';
import { compilePattern } from './pattern.ts';
import type { FieldCondition, Rule, ScenarioExpectation } from './scenario-file.ts';
import { compileConditions } from './select-rule.ts';

/** Something in a scenario that the contract rules out, so that it can never happen. */
export interface Misfit {
  readonly path: Path;
  readonly message: string;
  readonly remedy: string;
  /** A warning where it may be meant. */
  readonly severity: 'error' | 'warning';
  /** The name itself is wrong, not its value. */
  readonly isName?: boolean;
}

/**
 * Conditions of a rule that no request can meet, and fields that the contract does not know. @param
 * path of the rule
 */
export const ruleMisfits = (
  { when, then }: Rule,
  path: Path,
  contract: Contract,
  operation: Operation,
): Misfit[] => {
  const fields = requestFields(contract, operation);
  const held = when.held === 'nothing' ? undefined : when.held;
  return [
    ...conditionMisfits(when.body, [...path, 'when', 'body'], fields),
    ...conditionMisfits(held, [...path, 'when', 'held'], fields),
    ...statusMisfits(when.body, [...path, 'when', 'body', 'orderStatus'], contract),
    ...timeMisfits(when, [...path, 'when']),
    ...templateMisfits(then, [...path, 'then'], fields),
    ...overrideMisfits(then, [...path, 'then'], answerFields(contract, operation)),
  ];
};

/**
 * Fields and values of an expected call that the contract does not know. @param path of the step
 */
export const expectationMisfits = (
  step: ScenarioExpectation,
  path: Path,
  {
    contract,
    operation,
    rules,
  }: {
    readonly contract: Contract;
    readonly operation: Operation;
    readonly rules: readonly Rule[];
  },
): Misfit[] => {
  const { result, transport, fields = {} } = step.answer;
  // A call that is to be refused is sent wrong on purpose.
  const isMeantWrong = transport !== undefined || result === 'PARAM_ILLEGAL';
  const sent = sentMisfits(
    step.with ?? {},
    [...path, 'with'],
    requestFields(contract, operation),
  ).filter(({ isName }) => isName === true || !isMeantWrong);
  const known = [
    ...answerFields(contract, operation).keys(),
    ...rules.flatMap(({ then }) => collectBodies(then).flatMap(Object.keys)),
  ];
  const answered = Object.keys(fields).flatMap((name) =>
    misspelt(
      name,
      known,
      [...path, 'answer', 'fields', name],
      `no answer of ${operation.id} has a field`,
    ),
  );
  if (result === undefined || operation.results.has(result)) return [...sent, ...answered];
  const nearest = nearestWord(result, operation.results.keys());
  return [
    ...sent,
    ...answered,
    {
      path: [...path, 'answer', 'result'],
      message: `${result} is not a result code of ${operation.id}`,
      remedy:
        nearest === undefined
          ? `Known: ${[...operation.results.keys()].join(', ')}.`
          : `Did you mean "${nearest}"?`,
      severity: 'error',
    },
  ];
};

const misspelt = (name: string, known: readonly string[], path: Path, what: string): Misfit[] => {
  if (known.includes(name)) return [];
  const nearest = nearestWord(name, known);
  if (nearest === undefined) return [];
  return [
    {
      path,
      message: `${what} ${name}`,
      remedy: `Did you mean "${nearest}"?`,
      severity: 'error',
      isName: true,
    },
  ];
};

const conditionMisfits = (
  conditions: Readonly<Record<string, FieldCondition>> | undefined,
  base: Path,
  fields: FieldSchemas,
): Misfit[] =>
  Object.entries(conditions ?? {}).flatMap(([name, condition]) => {
    const path = [...base, name];
    const found = findField(name, fields);
    if ('remedy' in found) return [{ path, ...found }];
    const impossible = conditionProblem(name, condition, found.field);
    return impossible === undefined ? [] : [{ path, ...impossible, severity: 'error' }];
  });

type Unknown = Omit<Misfit, 'path'>;

/**
 * The schema of a field under a dotted path; without one where an open object may hold anything.
 */
const findField = (
  name: string,
  fields: FieldSchemas,
): { readonly field: FieldSchema | undefined } | Unknown => {
  const segments = name.split('.');
  let known = fields;
  let field: FieldSchema | undefined;
  for (const [depth, segment] of segments.entries()) {
    const next = known.get(segment);
    if (next === undefined)
      return unknownField(segments, depth, known, field) ?? { field: undefined };
    field = next;
    known = next.fields;
  }
  return { field };
};

const unknownField = (
  segments: readonly string[],
  depth: number,
  known: FieldSchemas,
  parent: FieldSchema | undefined,
): Unknown | undefined => {
  const name = segments.join('.');
  const inside = segments.slice(0, depth).join('.');
  const segment = segments[depth] ?? '';
  if (
    parent !== undefined &&
    parent.types.length > 0 &&
    !parent.types.some((type) => type === 'object' || type === 'array')
  )
    return {
      message: `${inside} is ${describeTypes(parent)} in the contract, so it has no field ${segment}`,
      remedy: `Write the condition on ${inside} itself.`,
      severity: 'error',
      isName: true,
    };
  const nearest = nearestWord(segment, known.keys());
  const message = `the contract has no field ${name}`;
  if (nearest !== undefined) {
    const meant = [...segments.slice(0, depth), nearest, ...segments.slice(depth + 1)].join('.');
    return { message, remedy: `Did you mean "${meant}"?`, severity: 'error', isName: true };
  }
  if (depth > 0) return undefined;
  return {
    message,
    remedy: 'Such a rule answers only calls that carry this field; check its name.',
    severity: 'warning',
    isName: true,
  };
};

type MisfitReason = Pick<Misfit, 'message' | 'remedy'>;

const conditionProblem = (
  name: string,
  condition: FieldCondition,
  field: FieldSchema | undefined,
): MisfitReason | undefined => {
  if (typeof condition !== 'object') return valueProblem(name, condition, field);
  if (condition === null) return nullProblem(name, field);
  return (
    contradiction(name, condition) ??
    valueProblem(name, condition.equals, field) ??
    textProblem(name, condition, field) ??
    rangeProblem(name, condition, field)
  );
};

const nullProblem = (name: string, field: FieldSchema | undefined): MisfitReason | undefined =>
  field === undefined || field.types.length === 0 || field.types.includes('null')
    ? undefined
    : {
        message: `${name} is ${describeTypes(field)} in the contract, so null never matches`,
        remedy: 'Use present: false for an absent field.',
      };

type Conditions = Exclude<FieldCondition, string | number | boolean | null>;

const contradiction = (name: string, condition: Conditions): MisfitReason | undefined => {
  const { equals, present, min, max, ...others } = condition;
  const remedy = 'Keep one of the conditions, or make two rules of them.';
  const asksForValue = [equals, min, max, ...Object.values(others)].some(
    (one) => one !== undefined,
  );
  if (present === false && asksForValue)
    return { message: `${name} can not be absent and have a value`, remedy };
  if (min !== undefined && max !== undefined && min > max)
    return {
      message: `${name}: min ${min} is greater than max ${max}`,
      remedy: 'Exchange the two.',
    };
  if (equals === undefined || compileConditions({ x: condition })({ x: equals })) return undefined;
  return { message: `${name}: the other conditions never hold for ${quoteValue(equals)}`, remedy };
};

const valueProblem = (
  name: string,
  value: unknown,
  field: FieldSchema | undefined,
): MisfitReason | undefined => {
  if (value === undefined || value === null || field === undefined) return undefined;
  const wrongType = typeProblem(name, value, field);
  if (wrongType !== undefined) return wrongType;
  if (field.values !== undefined && !field.values.includes(value))
    return notAmong(name, value, field.values);
  if (typeof value === 'string') return textValueProblem(name, value, field);
  if (typeof value === 'number' && (value < field.minimum || value > field.maximum))
    return { message: `${name}: the contract refuses ${value}`, remedy: rangeRemedy(field) };
  return undefined;
};

const typeProblem = (
  name: string,
  value: unknown,
  field: FieldSchema,
): MisfitReason | undefined => {
  const { types } = field;
  if (types.length === 0 || types.some((type) => isOfType(value, type))) return undefined;
  const message = `${name} is ${describeTypes(field)} in the contract, so ${quoteValue(value)} never matches`;
  if (types.includes('string'))
    return { message, remedy: `Put it in quotation marks: "${String(value)}".` };
  if (typeof value === 'string' && Number.isFinite(Number(value)))
    return { message, remedy: `Write it without quotation marks: ${value}.` };
  const [inner] = [...field.fields.keys()];
  if (types.includes('object'))
    return { message, remedy: `Name a field inside it: ${name}.${inner ?? 'FIELD'}.` };
  return { message, remedy: `Write ${describeTypes(field)}.` };
};

const isOfType = (value: unknown, type: string): boolean => {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  return typeof value === type;
};

const typeLabels: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

const describeTypes = ({ types }: FieldSchema): string =>
  types
    .filter((type) => type !== 'null')
    .map((type) => typeLabels[type] ?? type)
    .join(' or ');

const notAmong = (name: string, value: unknown, values: readonly unknown[]): MisfitReason => {
  const nearest = nearestWord(String(value), values.map(String));
  return {
    message: `${name} is never ${quoteValue(value)} in the contract`,
    remedy:
      nearest === undefined
        ? `It is one of: ${values.map(String).join(', ')}.`
        : `Did you mean "${nearest}"?`,
  };
};

const textValueProblem = (
  name: string,
  value: string,
  { pattern, minLength, maxLength }: FieldSchema,
): MisfitReason | undefined => {
  const { length } = [...value];
  if (length > maxLength)
    return {
      message: `${name}: ${length} characters, the contract allows ${maxLength}`,
      remedy: 'Shorten it, or use prefix.',
    };
  if (length < minLength)
    return {
      message: `${name}: the contract refuses empty text`,
      remedy: 'Use present: false for an absent field.',
    };
  if (pattern === undefined || new RegExp(pattern, 'u').test(value)) return undefined;
  return {
    message: `${name}: the contract refuses ${quoteValue(value)}`,
    remedy: `It must look like ${pattern}.`,
  };
};

const textProblem = (
  name: string,
  { prefix, regex }: Conditions,
  field: FieldSchema | undefined,
): MisfitReason | undefined => {
  const given = prefix === undefined ? (regex === undefined ? undefined : 'regex') : 'prefix';
  if (given === undefined || field === undefined) return undefined;
  if (field.types.length > 0 && !field.types.includes('string'))
    return {
      message: `${name} is ${describeTypes(field)} in the contract, so ${given} never matches`,
      remedy: 'Use equals, min or max.',
    };
  if (prefix !== undefined && [...prefix].length > field.maxLength)
    return {
      message: `${name}: the prefix is longer than the ${field.maxLength} characters that the contract allows`,
      remedy: 'Shorten it.',
    };
  if (field.values === undefined) return undefined;
  const fits = regex === undefined ? undefined : compilePattern(regex);
  const texts = field.values
    .map(String)
    .filter((text) => (prefix === undefined || text.startsWith(prefix)) && fits?.(text) !== false);
  if (texts.length > 0) return undefined;
  return {
    message: `${name}: no value of the contract matches`,
    remedy: `It is one of: ${field.values.map(String).join(', ')}.`,
  };
};

const rangeProblem = (
  name: string,
  { min, max }: Conditions,
  field: FieldSchema | undefined,
): MisfitReason | undefined => {
  if ((min === undefined && max === undefined) || field === undefined) return undefined;
  if (
    field.types.length > 0 &&
    !field.types.some((type) => type === 'integer' || type === 'number')
  )
    return {
      message: `${name} is ${describeTypes(field)} in the contract, so min and max never match`,
      remedy: 'Use equals, prefix or regex.',
    };
  if ((min ?? -Infinity) <= field.maximum && (max ?? Infinity) >= field.minimum) return undefined;
  return {
    message: `${name}: the contract allows no number in this range`,
    remedy: rangeRemedy(field),
  };
};

const rangeRemedy = ({ minimum, maximum }: FieldSchema): string =>
  maximum === Infinity ? `It is at least ${minimum}.` : `It is from ${minimum} to ${maximum}.`;

/**
 * orderStatus is no enumeration: an unlisted one is answered ORDER_STATUS_INVALID, so a rule may be
 * about it.
 */
const statusMisfits = (
  body: Readonly<Record<string, FieldCondition>> | undefined,
  path: Path,
  { statusMachines }: Contract,
): Misfit[] => {
  const condition = body?.['orderStatus'] ?? {};
  const { equals, ...others } = typeof condition === 'object' ? condition : { equals: condition };
  const known = new Set([...statusMachines.values()].flatMap((machine) => [...machine.keys()]));
  const matches = compileConditions({ orderStatus: { ...others } });
  const isPossible = [...known].some((orderStatus) => matches({ orderStatus }));
  const asksForText = 'prefix' in others || 'regex' in others;
  if (equals === undefined ? isPossible || !asksForText : known.has(String(equals))) return [];
  const nearest = nearestWord(String(equals), known);
  const remedy =
    nearest === undefined
      ? 'The contract lists the statuses of each merchantBizType.'
      : `Did you mean "${nearest}"?`;
  const message =
    equals === undefined
      ? 'no status of an order matches'
      : `no order has the status ${quoteValue(equals)}`;
  return [{ path, message, remedy, severity: 'warning' }];
};

const timeMisfits = ({ from, until }: Rule['when'], path: Path): Misfit[] =>
  from === undefined || until === undefined || Date.parse(from) < Date.parse(until)
    ? []
    : [
        {
          path: [...path, 'until'],
          message: 'until is not later than from',
          remedy: 'Exchange the two.',
          severity: 'error',
        },
      ];

const templateMisfits = (then: Rule['then'], path: Path, fields: FieldSchemas): Misfit[] =>
  [
    ...JSON.stringify([then.message, then.body, then.sequence, then.notify]).matchAll(
      /\{\{\s*(request|held)\.([\w.]+)\s*\}\}/g,
    ),
  ].flatMap(([, root = '', name = '']) => {
    const found = findField(name, fields);
    if (!('remedy' in found)) return [];
    const remedy = found.remedy.replace(/"(.+)"/, `"{{${root}.$1}}"`);
    return [
      { path, ...found, message: `{{${root}.${name}}}: ${found.message}`, remedy, isName: false },
    ];
  });

const collectBodies = (then: Rule['then']): Readonly<Record<string, unknown>>[] =>
  [then, ...(then.sequence ?? [])].flatMap((outcome) =>
    typeof outcome === 'string' ? [] : [outcome.body ?? {}],
  );

/** An answer may be made wrong on purpose, so this is only a warning. */
const overrideMisfits = (then: Rule['then'], path: Path, fields: FieldSchemas): Misfit[] =>
  Object.keys(then.body ?? {}).flatMap((name) =>
    misspelt(
      name,
      [...fields.keys()],
      [...path, 'body', name],
      'no answer of the contract has a field',
    ).map((misfit): Misfit => ({ ...misfit, severity: 'warning' })),
  );

const sentMisfits = (
  fields: Readonly<Record<string, unknown>>,
  path: Path,
  schemas: FieldSchemas,
): Misfit[] =>
  Object.entries(fields).flatMap(([name, value]): Misfit[] => {
    const at = [...path, name];
    const schema = schemas.get(name);
    if (schema === undefined)
      return misspelt(name, [...schemas.keys()], at, 'the contract has no field');
    if (isRecord(value))
      return sentMisfits(value as Readonly<Record<string, unknown>>, at, schema.fields);
    const impossible = valueProblem(name, value, schema);
    return impossible === undefined ? [] : [{ path: at, ...impossible, severity: 'error' }];
  });
