import type { Operation } from '../contract/contract.ts';
import { securityFaults, wireFaults } from '../faults/catalogue.ts';
import type { JsonObject } from '../state/state.ts';

/**
 * What every magic value begins with: `MOCK_<CODE>_…`, e.g. merchantBizNo
 * MOCK_UN_SUPPORT_BUSINESS_1.
 */
export const magicPrefix = 'MOCK_';

export interface MagicValue {
  readonly field: string;
  readonly value: string;
  /**
   * What a rule would say in its place: a result code of the operation, or a fault
   * (MOCK_FAULT_<ID>_…). undefined: it names neither.
   */
  readonly then: Readonly<Record<string, string>> | undefined;
}

/**
 * The first identity field whose value asks for a result. For clients that cannot add headers: the
 * value fits into every field that names a thing, but for three that are longer than the 32
 * characters of a merchantBizNo, and it is part of what is signed.
 */
export const readMagicValue = (
  operation: Operation,
  identity: readonly string[],
  request: JsonObject,
): MagicValue | undefined => {
  for (const field of identity) {
    const value = request[field];
    if (
      typeof value !== 'string' ||
      !value.startsWith(magicPrefix) ||
      !operation.freeText.has(field)
    )
      continue;
    return { field, value, then: parseMagicValue(value.slice(magicPrefix.length), operation) };
  }
  return undefined;
};

/**
 * What can be asked of an operation by a value alone: the fields that take such a value, and the
 * values that fit into the shortest of them.
 */
export const listMagicValues = (
  { freeText, results }: Operation,
  identity: readonly string[],
): { readonly fields: readonly string[]; readonly values: readonly string[] } => {
  const fields = identity.filter((field) => freeText.has(field));
  const room = Math.min(...fields.map((field) => freeText.get(field) ?? 0));
  const words = [
    ...results.keys(),
    ...[...Object.keys(wireFaults), ...Object.keys(securityFaults)].map(faultWord),
  ];
  return {
    fields,
    values: words.map((word) => magicPrefix + word).filter((value) => value.length <= room),
  };
};

const parseMagicValue = (rest: string, { results }: Operation): MagicValue['then'] => {
  const result = longestIn(rest, [...results.keys()]);
  if (result !== undefined) return { result };
  const ids = [...Object.keys(wireFaults), ...Object.keys(securityFaults)];
  const word = longestIn(rest, ids.map(faultWord));
  const id = ids.find((one) => faultWord(one) === word);
  return id === undefined
    ? undefined
    : { [Object.hasOwn(securityFaults, id) ? 'security' : 'fault']: id };
};

/** `cut-body` as a magic value writes it: FAULT_CUT_BODY. */
export const faultWord = (id: string): string => `FAULT_${id.toUpperCase().replaceAll('-', '_')}`;

/**
 * Words hold underscores themselves, so the longest one that fits is meant: PASS_IS_NULL before
 * PASS.
 */
const longestIn = (rest: string, words: readonly string[]): string | undefined =>
  words
    .filter((word) => rest === word || rest.startsWith(`${word}_`))
    .sort((a, b) => b.length - a.length)[0];
