import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DoctorLimits, SignatureCase } from '../../server/doctor/diagnosis.ts';
import { diagnosisToJson, renderDiagnosis } from '../../server/doctor/render-diagnosis.ts';
import { diagnoseSignature } from '../../server/doctor/signature/diagnose-signature.ts';
import { now, patient, readVector } from './samples.ts';
import { bodies, caseWith, signatureSamples } from './signature-samples.ts';

const right = caseWith({ id: 'BODY_CHANGED', how: 'not at all' }, bodies['chinese'] ?? '');
const signed = diagnoseSignature(right, patient, now).expected?.content ?? Buffer.alloc(0);

const edits = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'insert', 'delete'),
  byte: fc.integer({ min: 0x20, max: 0x7e }),
});
type Edit = typeof edits extends fc.Arbitrary<infer Value> ? Value : never;

const edited = (bytes: Buffer, { at, kind, byte }: Edit): Buffer => {
  const index = bytes.length === 0 ? 0 : at % bytes.length;
  const tail = kind === 'insert' ? index : index + 1;
  return Buffer.concat([
    bytes.subarray(0, index),
    kind === 'delete' ? Buffer.alloc(0) : Buffer.of(byte),
    bytes.subarray(tail),
  ]);
};

/** A claim about the content must come with the very content that was signed. */
const isProved = (c: SignatureCase): boolean => {
  const { verdict, cause, signed: found } = diagnoseSignature(c, patient, now);
  if (cause?.id === 'BODY_CHANGED' || verdict === 'unexplained') return true;
  return verdict === 'valid'
    ? c.body.equals(right.body) && c.time === right.time
    : found?.content?.equals(signed) === true;
};

describe('random damage never gets a wrong cause', () => {
  test('in the body', () => {
    fc.assert(
      fc.property(edits, (edit) => isProved({ ...right, body: edited(right.body, edit) })),
      { numRuns: 150 },
    );
  });

  test('in the time', () => {
    fc.assert(
      fc.property(edits, (edit) =>
        isProved({ ...right, time: edited(Buffer.from(right.time), edit).toString() }),
      ),
      { numRuns: 150 },
    );
  });

  test('in the signature', () => {
    const prefix = right.signatureHeader.indexOf('signature=') + 10;
    fc.assert(
      fc.property(edits, (edit) => {
        const value = edited(Buffer.from(right.signatureHeader.slice(prefix)), edit).toString();
        const { verdict, cause } = diagnoseSignature(
          { ...right, signatureHeader: right.signatureHeader.slice(0, prefix) + value },
          patient,
          now,
        );
        // What only shape can tell is said of the shape; any other claim rests on a key that opened
        // the value.
        const fromShape =
          cause === undefined ||
          ['KEY_UNKNOWN', 'SIG_TRUNCATED', 'SIG_MISSING', 'KEY_SIZE'].includes(cause.id);
        return fromShape ? verdict !== 'valid' || cause === undefined : cause.family === 'value';
      }),
      { numRuns: 300 },
    );
  });

  test('any header at all is survived', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 600 }),
        fc.uint8Array({ maxLength: 200 }),
        fc.string(),
        (header, body, time) => {
          const { verdict } = diagnoseSignature(
            { ...right, signatureHeader: header, body: Buffer.from(body), time },
            patient,
            now,
          );
          return verdict !== 'valid';
        },
      ),
    );
  });
});

describe('the bounds hold and show', () => {
  const wrong = caseWith(
    signatureSamples.find(({ how }) => how === 'all of it') ?? expect.fail('no such sample'),
    bodies['large'] ?? '',
  );

  test.each([
    ['bytes', { ...patient, maxBodyBytes: 1000 }],
    ['hypotheses', { ...patient, maxHypotheses: 50 }],
    ['time', { ...patient, maxMs: 0 }],
  ] satisfies readonly (readonly [string, DoctorLimits])[])('%s', (_, limits) => {
    const { verdict, cause, exhausted, spent, evidence } = diagnoseSignature(wrong, limits, now);
    expect({ verdict, cause: cause?.id, exhausted }).toEqual({
      verdict: 'unexplained',
      cause: undefined,
      exhausted: false,
    });
    expect(spent.hypotheses).toBeLessThan(400);
    expect(evidence.join(' ')).toContain('is not the content that arrived');
  });

  test('time, at every content of a body so large that each of them takes long', () => {
    let looks = 0;
    const tenMillisecondsPerLook = () => 10 * looks++;
    const { exhausted, spent } = diagnoseSignature(
      wrong,
      { ...patient, maxMs: 100 },
      tenMillisecondsPerLook,
    );
    expect(exhausted).toBe(false);
    expect(spent.hypotheses).toBeLessThan(12);
  });
});

test('no key shows in any output', () => {
  const secrets = ['merchant-v1', 'merchant-v2', 'platform-v1', 'stranger'].map((name) =>
    readVector(`keys/${name}.private.pkcs8.base64.txt`).trim(),
  );
  const others = readVector('keys/stranger.public.spki.base64.txt').trim();
  for (const mistake of signatureSamples.filter(
    ({ when }) => when?.(bodies['ascii'] ?? '') ?? true,
  )) {
    const diagnosis = diagnoseSignature(caseWith(mistake, bodies['ascii'] ?? ''), patient, now);
    const shown = renderDiagnosis(diagnosis) + JSON.stringify(diagnosisToJson(diagnosis));
    for (const secret of [...secrets, others])
      expect(shown.includes(secret.slice(40, 100))).toBe(false);
    expect(shown).not.toContain('PRIVATE KEY');
  }
});
