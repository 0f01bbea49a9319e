import { expect, test } from 'vitest';
import { buildCase, doctorCases } from '../../bench/doctor/doctor-cases.ts';
import { defaultLimits } from '../../server/doctor/diagnosis.ts';
import { diagnoseSignature } from '../../server/doctor/signature/diagnose-signature.ts';
import { readValue } from '../../server/doctor/signature/read-value.ts';
import { diagnose, now } from './samples.ts';

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

const longestMs = 2000;
/** Processor time: how busy the machine is makes no difference. */
const spentMs = (run: () => unknown): number => {
  const before = process.cpuUsage();
  run();
  return process.cpuUsage(before).user / 1000;
};

test.each([
  '-'.repeat(16_000),
  `${'='.repeat(16_000)}x`,
  `-----BEGIN X-----${' '.repeat(15_900)}`,
  `-----BEGIN X-----${'-----END X-----x'.repeat(990)}`,
  `eyJ${'a.'.repeat(7900)}`,
])('a value of 16 kB that was made to be slow to read is read at once: %#', (value) => {
  expect(spentMs(() => readValue(value))).toBeLessThan(longestMs);
});

test.each([`1.${'0'.repeat(60_000)}1`, '1'.repeat(60_000), `1${'0'.repeat(60_000)}1`])(
  'a number of 60 kB that was made to be slow to rewrite takes no seconds: %#',
  (number) => {
    const example = doctorCases.find(({ finds }) => finds === 'BODY_CHANGED') ?? expect.fail();
    const body = Buffer.from(`{"amount":${number}}`);
    const limits = { ...defaultLimits, maxMs: 60_000 };
    const spent = spentMs(() => diagnoseSignature({ ...buildCase(example), body }, limits, now));
    expect(spent).toBeLessThan(longestMs);
  },
);
