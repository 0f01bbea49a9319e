import type { LocatedYaml } from '../../problems/located-yaml.ts';
import type { Problem } from '../../problems/problem.ts';
import type { Contract } from '../contract/contract.ts';
import { contractWarnings } from './compile-scenario.ts';
import { type ScenarioFile, scenarioFile } from './scenario-file.ts';

export interface UnreachableRule {
  /** Positions in the file, from 0. */
  readonly rule: number;
  readonly shadowedBy: number;
}

type LocatedRule = ScenarioFile['rules'][number];

/** Rules that can never answer, because an earlier one answers every call that they could. */
export const unreachableRules = ({ rules }: ScenarioFile): readonly UnreachableRule[] =>
  rules.flatMap((rule, index) => {
    const shadowedBy = rules.findIndex(
      (earlier, at) => at < index && answersAlways(earlier) && covers(earlier, rule),
    );
    return shadowedBy < 0 ? [] : [{ rule: index, shadowedBy }];
  });

/**
 * Rules that can never answer, and what else is odd, as warnings with line and column; none when it
 * is not a scenario.
 */
export const scenarioWarnings = (source: LocatedYaml, contract: Contract): Problem[] => {
  const parsed = scenarioFile.safeParse(source.value);
  if (!parsed.success) return [];
  const unreachable = unreachableRules(parsed.data).map(({ rule, shadowedBy }) =>
    source.problemAt(
      ['rules', rule],
      `rule ${rule + 1} can never answer: rule ${shadowedBy + 1} answers every call it could`,
      'Move it up, or give the earlier rule a condition.',
    ),
  );
  return [...unreachable, ...contractWarnings(parsed.data, source, contract)];
};

const answersAlways = ({ when, then }: LocatedRule): boolean =>
  when.call === undefined && then.sequence === undefined;

/**
 * Whether every call that fits the later rule fits the earlier one. Conditions are compared as they
 * are written.
 */
const covers = ({ when: earlier }: LocatedRule, { when: later }: LocatedRule): boolean =>
  earlier.operation === later.operation &&
  (['client', 'state', 'held', 'from', 'until'] as const).every(
    (name) => earlier[name] === undefined || isSameJson(earlier[name], later[name]),
  ) &&
  Object.entries(earlier.body ?? {}).every(([field, condition]) =>
    isSameJson(later.body?.[field], condition),
  );

const isSameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
