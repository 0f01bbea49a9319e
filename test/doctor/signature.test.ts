import { describe, expect, test } from 'vitest';
import { diagnose } from './samples.ts';
import { bodies, caseWith, signatureSamples } from './signature-samples.ts';

describe.each(Object.entries(bodies))('one mistake, %s body', (_, body) => {
  test.each(
    signatureSamples
      .filter(({ when }) => when?.(body) ?? true)
      .map((mistake) => [mistake.id, mistake.how, mistake] as const),
  )('%s: %s', (id, __, mistake) => {
    const { verdict, cause, alsoCause } = diagnose(caseWith(mistake, body));
    expect({ verdict, cause: cause?.id, alsoCause: alsoCause?.id }).toEqual({
      verdict: 'mistake',
      cause: id,
      alsoCause: undefined,
    });
  });

  test('no mistake', () => {
    expect(diagnose(caseWith({ id: 'BODY_CHANGED', how: 'not at all' }, body))).toMatchObject({
      verdict: 'valid',
      exhausted: true,
    });
  });
});
