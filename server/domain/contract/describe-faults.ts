import { nearestWord } from '../../problems/did-you-mean.ts';
import { clipText, quoteValue } from '../../problems/display-text.ts';

import type { Json, JsonObject } from '../state/state.ts';
import type { Operation } from './contract.ts';

/** An error as express-openapi-validator lists it. */
export interface ContractError {
  readonly path: string;
  readonly message: string;
  readonly errorCode?: string;
}

const mostFaults = 10;

/**
 * Turns the validator's errors into sentences that name the field, the rule and the value:
 * `requestId: 36 characters, at most 32 (got "d1c2…")`.
 * @param asWritten numbers that the parsed request does not hold as they were written
 */
export const describeFaults = (
  errors: readonly ContractError[],
  request: JsonObject,
  operation: Pick<Operation, 'knownFields'>,
  asWritten: ReadonlyMap<string, string> = new Map(),
): readonly string[] => {
  const faults = errors.map((error) => ({
    ...error,
    field: error.path.replace(/^\/body\/?/, '').replaceAll('/', '.'),
    keyword: error.errorCode?.split('.')[0] ?? '',
  }));
  // Lines that only say that some branch did not fit add nothing beside the branch's own lines.
  const telling = faults.filter(
    ({ keyword }) => !['if', 'anyOf', 'oneOf', 'allOf'].includes(keyword),
  );
  const sentences = oneOfTwo(
    (telling.length > 0 ? telling : faults).map((fault) => ({
      ...fault,
      value: valueAtPointer(request, fault.field),
      written: asWritten.get(fault.field),
      misspelt: misspeltName(fault.field, request, operation),
    })),
  ).map(sentence);
  const distinct = [...new Set(sentences)];
  return distinct.length > mostFaults
    ? [...distinct.slice(0, mostFaults), `and ${distinct.length - mostFaults} more`]
    : distinct;
};

interface ValidatorError extends ContractError {
  readonly field: string;
  readonly keyword: string;
  readonly value: Json | undefined;
  /** The number as it was sent, where JavaScript changes it. */
  readonly written?: string | undefined;
  /** A name in the request that may have been meant as this field. */
  readonly misspelt?: string | undefined;
}

/** The unknown name next to a missing field that is nearest to it. */
const misspeltName = (
  field: string,
  request: JsonObject,
  { knownFields }: Pick<Operation, 'knownFields'>,
): string | undefined => {
  const cut = field.lastIndexOf('.');
  const parent = cut < 0 ? request : valueAtPointer(request, field.slice(0, cut));
  const name = field.slice(cut + 1);
  if (typeof parent !== 'object' || parent === null || Object.hasOwn(parent, name))
    return undefined;
  const known = cut < 0 ? [...knownFields.values()] : [];
  const unknown = Object.keys(parent).filter((one) => !known.some((names) => names.has(one)));
  return nearestWord(name, unknown);
};

/** "userId or openId": the validator lists both as missing. */
const oneOfTwo = (faults: readonly ValidatorError[]): ValidatorError[] => {
  const missing = (name: string) => (fault: ValidatorError) =>
    fault.field === name && fault.keyword === 'required';
  if (!faults.some(missing('userId')) || !faults.some(missing('openId'))) return [...faults];
  return faults
    .filter((fault) => !missing('openId')(fault))
    .map((fault) =>
      missing('userId')(fault)
        ? { ...fault, field: 'userId, openId', keyword: 'eitherRequired' }
        : fault,
    );
};

type Phrase = (fault: ValidatorError, numbers: string) => string;

const describeMissing: Phrase = ({ misspelt }) =>
  misspelt === undefined
    ? 'is required'
    : `is required; the request has "${clipText(misspelt, 64)}"`;

const phrases: Readonly<Record<string, Phrase>> = {
  required: describeMissing,
  eitherRequired: () => 'one of the two is required',
  maxLength: ({ value }, n) =>
    `${typeof value === 'string' ? [...value].length : '?'} characters, at most ${n}${uuidHint(value, n)}`,
  minLength: (_, n) => (n === '1' ? 'must not be empty' : `at least ${n} characters`),
  type: (fault) =>
    isAmount(fault)
      ? wholeCents
      : isMoney(fault)
        ? wholeCentsAsText
        : fault.message.replace('must be', 'must be of type'),
  enum: ({ message }) =>
    message.replace('must be equal to one of the allowed values:', 'must be one of'),
  const: ({ field }) =>
    field === 'bizType' ? 'must be BINDING_SYNC' : 'must be the fixed value of the contract',
  minimum: (fault, n) => (isAmount(fault) ? `${wholeCents}, at least ${n}` : `at least ${n}`),
  maximum: (_, n) => `at most ${n}`,
  exclusiveMinimum: (_, n) => `more than ${n}`,
  exclusiveMaximum: (_, n) => `less than ${n}`,
  multipleOf: (_, n) => `a multiple of ${n}`,
  minItems: (_, n) => `at least ${formatItemCount(n, 'item')}`,
  maxItems: (_, n) => `at most ${formatItemCount(n, 'item')}`,
  minProperties: (_, n) => `at least ${formatItemCount(n, 'field')}`,
  maxProperties: (_, n) => `at most ${formatItemCount(n, 'field')}`,
  uniqueItems: () => 'must not have the same item twice',
  additionalProperties: () => 'is not known here',
  unevaluatedProperties: () => 'is not known here',
  dependentRequired: () => 'is not complete: fields that belong together are missing',
  pattern: (fault) =>
    isMoney(fault) ? wholeCentsAsText : describePattern(/"(.*)"$/s.exec(fault.message)?.[1] ?? ''),
  format: ({ message }) =>
    `must be written as ${/"(.*)"$/.exec(message)?.[1] ?? 'the contract says'}`,
  readOnly: () => 'must not be sent',
};

const formatItemCount = (n: string, noun: string): string => `${n} ${noun}${n === '1' ? '' : 's'}`;

/** Money is in whole cents here, and otherwise elsewhere at AlipayHK (register E-18). */
const wholeCents = 'must be whole cents, e.g. 1050 for HKD 10.50';

const wholeCentsAsText = 'must be whole cents as text, e.g. "1050" for HKD 10.50';

/** The money objects of orders hold text. */
const isMoney = ({ field, message }: ValidatorError): boolean =>
  /(^|\.)\w*amount\.value$/i.test(field) && /string|pattern/.test(message);

const isAmount = ({ field, message }: ValidatorError): boolean =>
  /(^|\.)\w*amount$/i.test(field) && (/integer/.test(message) || /^must be >=/.test(message));

const describePattern = (pattern: string): string =>
  patterns[pattern] ?? `must have the form ${pattern}`;

const patterns: Readonly<Record<string, string>> = {
  '^[A-Z]{3}$': 'must be three upper-case letters',
  '^[0-9]+$': 'must be digits only',
};

/** One error of a validator in our words, without the name of the field. */
export const describeError = (error: ContractError, value: Json | undefined): string => {
  const fault = { ...error, field: '', keyword: error.errorCode?.split('.')[0] ?? '', value };
  return describePhrase(fault);
};

/** Orders take 32 characters for what the page calls a UUID (register E-19). */
const uuidHint = (value: Json | undefined, limit: string): string =>
  limit === '32' &&
  typeof value === 'string' &&
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)
    ? '; send the UUID without its hyphens'
    : '';

const sentence = (fault: ValidatorError): string => {
  const isMissing = fault.keyword === 'required' || fault.keyword === 'eitherRequired';
  const got = isMissing ? '' : ` (got ${fault.written?.slice(0, 40) ?? quoteValue(fault.value)})`;
  return `${fault.field === '' ? 'the body' : fault.field}: ${describePhrase(fault)}${got}`;
};

const describePhrase = (fault: ValidatorError): string => {
  const numbers = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/.exec(fault.message)?.[0] ?? '';
  return phrases[fault.keyword]?.(fault, numbers) ?? 'is not what the contract allows';
};

const valueAtPointer = (request: JsonObject, field: string): Json | undefined =>
  field
    .split('.')
    .reduce<Json | undefined>(
      (node, name) =>
        typeof node === 'object' && node !== null && Object.hasOwn(node, name)
          ? (node as JsonObject)[name]
          : undefined,
      request,
    );
