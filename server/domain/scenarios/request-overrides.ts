import { suggest } from '../../problems/did-you-mean.ts';
import { clipText } from '../../problems/display-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Contract, Operation, OperationId } from '../contract/contract.ts';
import { securityFaults, wireFaults } from '../faults/catalogue.ts';
import type { JsonObject } from '../state/state.ts';
import { compileRule } from './compile-scenario.ts';
import { scenariosByHttp } from './read-scenarios.ts';
import type { ScenarioSet } from './scenario-set.ts';
import { RuleList } from './select-rule.ts';

/** Headers by lower-case name, as Node gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The request headers that choose what happens to this one call. They are not signed, so any proxy
 * or test client may add them.
 */
export const overrideHeaders = [
  'x-mock-scenario',
  'x-mock-result',
  'x-mock-fault',
  'x-mock-delay-ms',
] as const;

export type OverrideResult =
  | { readonly rules: RuleList | undefined }
  | { readonly problems: readonly Problem[] };

const noOverrides: OverrideResult = { rules: undefined };

/**
 * What a request's own headers ask for: `x-mock-result: CODE` or `CODE:status`, `x-mock-fault: id`,
 * `x-mock-delay-ms: n`, `x-mock-scenario: name`. Result, fault and delay make one rule; a scenario
 * brings its own, which come after it.
 */
export const readOverrideHeaders = (
  headers: Headers,
  operation: OperationId,
  contract: Contract,
  scenarios: ScenarioSet,
): OverrideResult => {
  if (overrideHeaders.every((name) => headers[name] === undefined)) return noOverrides;
  const [scenario, result, fault, delay] = overrideHeaders.map((name) => readSingle(headers[name]));
  const own =
    result === undefined && fault === undefined && delay === undefined
      ? undefined
      : compileOverrides(operation, contract, { result, fault, delay });
  if (own !== undefined && 'problems' in own) return own;
  if (scenario !== undefined && !scenarios.known.has(scenario)) {
    return {
      problems: [
        {
          where: 'x-mock-scenario header',
          message: `there is no scenario "${clipText(scenario, 80)}"`,
          remedy: suggest(scenario, [...scenarios.known.keys()], scenariosByHttp),
        },
      ],
    };
  }
  if (own === undefined)
    return { rules: scenario === undefined ? undefined : scenarios.rulesFor([scenario]) };
  return {
    rules: new RuleList([
      own.rule,
      ...(scenario === undefined ? [] : scenarios.rulesFor([scenario]).all),
    ]),
  };
};

const readSingle = (value: string | readonly string[] | undefined): string | undefined => {
  const text = (Array.isArray(value) ? value.join(',') : (value as string | undefined))?.trim();
  return text === '' ? undefined : text;
};

/** One header for both families; a rule has a field for each. */
const faultField = (id: string): 'fault' | 'security' =>
  Object.hasOwn(securityFaults, id) ? 'security' : 'fault';

interface RequestedOverrides {
  readonly result: string | undefined;
  readonly fault: string | undefined;
  readonly delay: string | undefined;
}

const compileOverrides = (
  operation: OperationId,
  contract: Contract,
  { result, fault, delay }: RequestedOverrides,
) => {
  const [code, status] = result?.split(':') ?? [];
  const then = omitUndefined({
    result: code?.trim(),
    status: status?.trim(),
    [fault === undefined ? 'fault' : faultField(fault)]: fault,
    delayMs: delay === undefined ? undefined : Number(delay),
  });
  return compileRule('x-mock-* headers', 'request header', { when: { operation }, then }, contract);
};

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
