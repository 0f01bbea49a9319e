import { describe, expect, test } from 'vitest';
import { caseOf, diagnose, readSamples } from './samples.ts';

describe('the 30 published mistakes', () => {
  test.each(
    readSamples('diagnosis.json').map((sample) => [sample.id, sample.code, sample] as const),
  )('%s is %s and nothing else', (_, code, sample) => {
    const { cause, alsoCause, verdict, exhausted } = diagnose(caseOf(sample));
    expect({ verdict, cause: cause?.id, alsoCause: alsoCause?.id, exhausted }).toEqual({
      verdict: 'mistake',
      cause: code,
      alsoCause: undefined,
      exhausted: true,
    });
  });
});

describe('the valid messages', () => {
  test.each(
    [...readSamples('signing.json'), ...readSamples('ecc224.json')].map(
      (sample) => [sample.id, sample] as const,
    ),
  )('%s is valid', (_, sample) => {
    expect(diagnose(caseOf(sample))).toMatchObject({ verdict: 'valid', exhausted: true });
  });

  test.each([
    ['C01', 'sha256', 0],
    ['C02', 'sha256', 1],
    ['C02', 'sha224', 0],
    ['C03', 'p1363', 0],
    ['C04', 'p1363', 1],
  ] as const)('%s under the setting %s has %i note about its reading', (id, ecc224, count) => {
    const sample = readSamples('ecc224.json').find((one) => one.id === id);
    const { notes } = diagnose(caseOf(sample ?? expect.fail('no such vector'), { ecc224 }));
    expect(notes.filter((note) => note.id === 'NOTE_ECC_READING')).toHaveLength(count);
  });
});

test('a sealed message whose plain text was signed', () => {
  const sample =
    readSamples('encryption.json').find(({ id }) => id === 'E90') ?? expect.fail('no such vector');
  const plainBody = Buffer.from(sample.plaintextBase64 ?? '', 'base64');
  expect(diagnose(caseOf(sample, { plainBody })).cause?.id).toBe('ENC_PLAINTEXT_SIGNED');
  expect(diagnose(caseOf(sample)).cause?.id).toBe('BODY_CHANGED');
});

test.each(
  readSamples('encryption.json')
    .filter(({ id }) => id !== 'E90')
    .map((sample) => [sample.id, sample] as const),
)('the signature of %s is valid', (_, sample) => {
  expect(diagnose(caseOf(sample)).verdict).toBe('valid');
});
