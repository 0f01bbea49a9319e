import { suggest } from '../../problems/did-you-mean.ts';
import { clipText } from '../../problems/display-text.ts';
import type { Problem } from '../../problems/problem.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import type { Contract, OperationId } from '../contract/contract.ts';
import { securityFaults } from '../faults/catalogue.ts';
import { compileRule } from './compile-rule.ts';
import { scenariosByHttp } from './read-scenarios.ts';
import { RuleList } from './rule-index.ts';
import type { ScenarioSet } from './scenario-set.ts';

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
