import { describe, expect, test } from 'vitest';
import type { SealingCase, UnwrappingKey } from '../../server/doctor/diagnosis.ts';
import { diagnosisToJson, renderDiagnosis } from '../../server/doctor/render-diagnosis.ts';
import { diagnoseSealing } from '../../server/doctor/sealing/diagnose-sealing.ts';
import { defaultScheme } from '../../server/protocol/sealing.ts';
import { bodyOf, now, readSamples } from './samples.ts';
import {
  aesKey,
  platformKeys,
  receiver,
  sealingSamples as samples,
  seal,
} from './sealing-samples.ts';

const idsOf = (c: SealingCase) => {
  const { verdict, cause, alsoCause } = diagnoseSealing(c, now);
  return { verdict, causes: [cause?.id, alsoCause?.id].filter((id) => id !== undefined) };
};

const fromVector = (id: string, keys: readonly UnwrappingKey[] = platformKeys): SealingCase => {
  const sample =
    readSamples('encryption.json').find((one) => one.id === id) ?? expect.fail('no such vector');
  const [headerName, header] = Object.entries(sample.headers).find(([name]) =>
    /^encrypt/i.test(name),
  ) ?? ['', ''];
  return { headerName, header, body: bodyOf(sample), keys, scheme: defaultScheme };
};

describe('the published sealings', () => {
  test.each([
    ['E01', []],
    ['E02', []],
    ['E03', []],
    ['E04', []],
    ['E05', []],
    ['E06', ['ENC_KEY_AS_TEXT']],
    ['E07', ['ENC_WRAP_OAEP']],
    ['E08', ['ENC_WRAP_OAEP']],
    ['E09', ['ENC_WRAP_OAEP']],
    ['E10', ['ENC_MODE_CBC']],
    ['E11', ['ENC_MODE_CBC']],
    ['E12', ['ENC_WRAP_OAEP', 'ENC_MODE_GCM']],
    ['E13', []],
    ['E90', []],
    ['E91', ['ENC_WRAPPED_FOR_WRONG_KEY']],
    ['E92', ['ENC_KEY_NOT_WRAPPED']],
    ['E93', ['ENC_KEY_NOT_URL_ENCODED']],
    ['E94', ['ENC_HEADER_NAME']],
  ] as const)('%s: %j', (id, causes) => {
    expect(idsOf(fromVector(id))).toEqual({
      verdict: causes.length === 0 ? 'valid' : 'mistake',
      causes,
    });
  });

  test('E14, a response, opens with the merchant key', () => {
    expect(idsOf(fromVector('E14', [receiver('merchant-v1')])).verdict).toBe('valid');
  });

  test('without the wrong key at hand, E91 only says that it is not wrapped for the receiver', () => {
    const { verdict, cause, evidence } = diagnoseSealing(
      fromVector('E91', [receiver('platform-v1')]),
      now,
    );
    expect({ verdict, cause }).toEqual({ verdict: 'unexplained', cause: undefined });
    expect(evidence[0]).toContain("not wrapped for the receiver's key");
  });
});

describe('own sealings', () => {
  test.each(samples)('%j: %s', (causes, _, sealing) => {
    expect(idsOf(seal(sealing))).toEqual({
      verdict: causes.length === 0 ? 'valid' : 'mistake',
      causes,
    });
  });

  test.each(samples)('neither key nor plain text shows: %j, %s', (_, __, sealing) => {
    const diagnosis = diagnoseSealing(seal(sealing), now);
    const shown = renderDiagnosis(diagnosis) + JSON.stringify(diagnosisToJson(diagnosis));
    for (const secret of [
      aesKey.toString('hex'),
      aesKey.toString('base64'),
      'ORD-1',
      'bqS8HSmdaRrpKSuPy7CqUlyd8lJurG93',
      'PRIVATE KEY',
    ])
      expect(shown).not.toContain(secret);
  });

  test('a text in JSON that no key opens is not called plain', () => {
    const sealed = Buffer.alloc(90, 'a ciphertext of an unknown key, not of whole blocks');
    for (const text of [sealed.toString('base64'), sealed.toString('hex')]) {
      const c = seal({ body: Buffer.from(JSON.stringify({ data: text })) });
      expect(idsOf(c)).toEqual({ verdict: 'unexplained', causes: [] });
      const header = `symmetricKey=${encodeURIComponent(aesKey.toString('base64'))}`;
      expect(idsOf({ ...c, header }).causes).toEqual(['ENC_KEY_NOT_WRAPPED']);
    }
  });

  test('a body that was changed claims nothing', () => {
    const c = seal({});
    const body = Buffer.from(c.body);
    body.write(body[20] === 0x41 ? 'B' : 'A', 20);
    const { verdict, cause, evidence } = diagnoseSealing({ ...c, body }, now);
    expect({ verdict, cause }).toEqual({ verdict: 'unexplained', cause: undefined });
    expect(evidence[0]).toContain('unwraps');
  });
});
