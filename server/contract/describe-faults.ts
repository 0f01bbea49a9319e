import type { Json, JsonObject } from '../world/state.ts';

/** An error as express-openapi-validator lists it. */
export interface ContractError {
  readonly path: string;
  readonly message: string;
  readonly errorCode: string;
}

const mostFaults = 10;

/** Turns the validator's errors into sentences that name the field, the rule and the value: `requestId: 36 characters, at most 32 (got "d1c2…")`. */
export const describeFaults = (errors: readonly ContractError[], request: JsonObject): readonly string[] => {
  const faults = errors.map((error) => ({
    ...error,
    field: error.path.replace(/^\/body\/?/, '').replaceAll('/', '.'),
    keyword: error.errorCode.split('.')[0] ?? '',
  }));
  // Lines that only say that some branch did not fit add nothing beside the branch's own lines.
  const telling = faults.filter(({ keyword }) => !['if', 'anyOf', 'oneOf', 'allOf'].includes(keyword));
  const sentences = oneOfTwo(
    (telling.length > 0 ? telling : faults).map((fault) => ({ ...fault, value: valueAt(request, fault.field) })),
  ).map(sentence);
  const distinct = [...new Set(sentences)];
  return distinct.length > mostFaults ? [...distinct.slice(0, mostFaults), `and ${distinct.length - mostFaults} more`] : distinct;
};

interface Fault extends ContractError {
  readonly field: string;
  readonly keyword: string;
  readonly value: Json | undefined;
}

/** "userId or openId": the validator lists both as missing. */
const oneOfTwo = (faults: readonly Fault[]): Fault[] => {
  const missing = (name: string) => (fault: Fault) => fault.field === name && fault.keyword === 'required';
  if (!faults.some(missing('userId')) || !faults.some(missing('openId'))) return [...faults];
  return faults
    .filter((fault) => !missing('openId')(fault))
    .map((fault) => (missing('userId')(fault) ? { ...fault, field: 'userId, openId', keyword: 'eitherRequired' } : fault));
};

const phrases: Record<string, (fault: Fault, numbers: string) => string> = {
  required: () => 'is required',
  eitherRequired: () => 'one of the two is required',
  maxLength: ({ value }, n) => `${typeof value === 'string' ? [...value].length : '?'} characters, at most ${n}${uuidHint(value, n)}`,
  minLength: (_, n) => (n === '1' ? 'must not be empty' : `at least ${n} characters`),
  type: ({ message }) => message.replace('must be', 'must be of type'),
  enum: ({ message }) => message.replace('must be equal to one of the allowed values:', 'must be one of'),
  const: ({ field }) => (field === 'bizType' ? 'must be BINDING_SYNC' : 'must be the fixed value of the contract'),
  minimum: (_, n) => `at least ${n}`,
  maximum: (_, n) => `at most ${n}`,
  pattern: ({ message }) => message,
};

/** Orders take 32 characters for what the page calls a UUID (register E-19). */
const uuidHint = (value: Json | undefined, limit: string): string =>
  limit === '32' && typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)
    ? '; send the UUID without its hyphens'
    : '';

const sentence = (fault: Fault): string => {
  const numbers = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/.exec(fault.message)?.[0] ?? '';
  const phrase = phrases[fault.keyword]?.(fault, numbers) ?? fault.message;
  const got = fault.keyword === 'required' || fault.keyword === 'eitherRequired' ? '' : ` (got ${clip(fault.value)})`;
  return `${fault.field === '' ? 'the body' : fault.field}: ${phrase}${got}`;
};

const clip = (value: Json | undefined): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 36)}…${text.startsWith('"') ? '"' : ''}` : text;
};

const valueAt = (request: JsonObject, field: string): Json | undefined =>
  field
    .split('.')
    .reduce<Json | undefined>(
      (node, name) => (typeof node === 'object' && node !== null && Object.hasOwn(node, name) ? (node as JsonObject)[name] : undefined),
      request,
    );
