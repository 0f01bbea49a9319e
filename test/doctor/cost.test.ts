import { expect, test } from 'vitest';
import { buildCase, doctorCases } from '../../bench/doctor/doctor-cases.ts';
import { defaultLimits } from '../../server/doctor/diagnosis.ts';
import { diagnose } from './samples.ts';

/**
 * What a diagnosis costs is measured by the benchmarks; here, that their cases are what they say
 * and stay within the bounds.
 */
test.each(doctorCases.map((one) => [one.title, one] as const))('%s', (_, one) => {
  const { cause, spent, exhausted } = diagnose(buildCase(one));
  expect({ cause: cause?.id, exhausted }).toEqual({
    cause: one.finds,
    exhausted: one.algorithm === 'RSA256',
  });
  const { maxHypotheses, maxVerifications } = defaultLimits;
  expect(spent.hypotheses).toBeLessThanOrEqual(
    one.algorithm === 'RSA256' ? maxHypotheses : maxVerifications,
  );
});
