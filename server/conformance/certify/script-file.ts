import type { Rule } from '../../domain/scenarios/scenario-file.ts';
import type { CaseRun } from './types.ts';

/**
 * The rules of a case as a scenario file, so that they can be played again with `--scenario`. JSON
 * is YAML too. Conditions on the case's own client are left out.
 */
export const writeScript = ({ plan, variant, rules }: CaseRun): string =>
  `${JSON.stringify(
    {
      name: [plan.id, variant].filter(Boolean).join('-').toLowerCase(),
      description: plan.title.en,
      rules: rules.map(toFileForm),
    },
    null,
    2,
  )}\n`;

/** A fault as a file has it: parameters next to its id. */
const toFileForm = ({ when: { client: _, ...when }, then }: Rule): unknown => {
  const { fault, security, ...rest } = then;
  return {
    when,
    then: {
      ...rest,
      ...(fault && { fault: { id: fault.id, phase: fault.phase, ...fault.parameters } }),
      ...(security && { security: { id: security.id, ...security.parameters } }),
    },
  };
};
