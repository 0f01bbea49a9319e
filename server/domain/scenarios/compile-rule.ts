import { findReservedKey, reservedKeyProblem } from '../../problems/json-text.ts';
import { checkYaml, withoutLocation } from '../../problems/located-yaml.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Contract } from '../contract/contract.ts';
import { ruleProblems, toCompiledRule } from './compile-scenario.ts';
import { rule as ruleSchema } from './scenario-file.ts';
import type { CompiledRule } from './select-rule.ts';

/**
 * Checks and compiles one rule that is not in a scenario file: queued, from a header, from a
 * magic value.
 * @param where whom problems name: `x-mock-result header`
 * @param name what the journal and the counters call it
 * @returns the rule, or everything that is wrong with it
 */
export const compileRule = (
  where: string,
  name: string,
  value: unknown,
  contract: Contract,
): { readonly rule: CompiledRule } | { readonly problems: readonly Problem[] } => {
  const source = withoutLocation(where, value);
  const reserved = findReservedKey(value);
  if (reserved !== undefined) {
    const { message, remedy } = reservedKeyProblem(reserved);
    return { problems: [source.problemAt(reserved, message, remedy)] };
  }
  const checked = checkYaml(source, ruleSchema, 'See scenarios/README.md for what a rule may say.');
  if ('problems' in checked) return checked;
  const problems = ruleProblems(checked.data, [], source, contract);
  return problems.length > 0 ? { problems } : { rule: toCompiledRule(name, checked.data) };
};
