import type { LocatedYaml } from '../../problems/located-yaml.ts';
import type { Problem } from '../../problems/problem.ts';
import type { WireChoice } from '../faults/choice.ts';
import type { Rule } from './scenario-file.ts';

interface FaultyRuleOutcome {
  readonly fault?: WireChoice | undefined;
}

const appliesBeforeVerify = ({ fault }: FaultyRuleOutcome): boolean =>
  fault?.phase === 'before-verify';

/**
 * Whether a rule is asked before anything is checked, apart from the others. @param outcomes of
 * each of its steps
 */
export const isEarly = (outcomes: readonly FaultyRuleOutcome[]): boolean =>
  outcomes.some(appliesBeforeVerify);

/**
 * What a rule may not say when it is asked before anything is checked: it knows the operation and
 * the claimed client only.
 */
export const earlyProblems = (
  { when }: Rule,
  outcomes: readonly FaultyRuleOutcome[],
  path: readonly PropertyKey[],
  source: LocatedYaml,
): Problem[] => {
  if (!isEarly(outcomes)) return [];
  const problems: [boolean, PropertyKey[], string, string][] = [
    [
      when.body !== undefined,
      ['when', 'body'],
      'nothing has been read of the body in the phase before-verify',
      'Take the conditions away, or say phase: after-verify.',
    ],
    [
      when.call?.per === 'identity',
      ['when', 'call', 'per'],
      'nothing is known of the order, account or card in the phase before-verify',
      'Count the calls of the client, or say phase: after-verify.',
    ],
    [
      !outcomes.every(appliesBeforeVerify),
      ['then', 'sequence'],
      'a rule is asked either before-verify or later, and this sequence holds both',
      'Give the early fault a rule of its own, with call: { first: 1 }.',
    ],
  ];
  return problems
    .filter(([holds]) => holds)
    .map(([, at, message, remedy]) => source.problemAt([...path, ...at], message, remedy));
};
