import { sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { MistakeId } from '../../server/doctor/catalogue/mistakes.ts';
import type { SignatureCase } from '../../server/doctor/diagnosis.ts';
import { diagnoseSignature } from '../../server/doctor/signature/diagnose-signature.ts';
import { now, patient } from './samples.ts';
import { bodies, caseWith, mistakeOf } from './signature-samples.ts';

const ecc = (
  id: MistakeId,
  hash: 'sha256' | 'sha224',
  dsaEncoding: 'der' | 'ieee-p1363',
  body = bodies['ascii'] ?? '',
): SignatureCase =>
  caseWith(
    {
      ...mistakeOf(id),
      key: 'merchant-ec224',
      sign: (content, key) => signatureToEncode(() => sign(hash, content, { key, dsaEncoding })),
      header: (value) => `algorithm=ECC224,keyVersion=1,signature=${value}`,
    },
    body,
  );

/**
 * ECDSA is random: about one signature in six has neither "+" nor "=" in its base64, and is right
 * without URL encoding too.
 */
const signatureToEncode = (make: () => Buffer): Buffer => {
  const signature = make();
  return /[+=]/.test(signature.toString('base64')) ? signature : signatureToEncode(make);
};

/** Few verifications: what is found within them is what a busy server would find. */
const tight = { ...patient, maxVerifications: 160 };

describe('ECC224, where no digest can be read', () => {
  test.each([
    'SIG_NOT_URL_ENCODED',
    'METHOD_LOWER_CASE',
    'METHOD_OMITTED',
    'URI_FULL_URL',
    'URI_NO_LEADING_SLASH',
    'URI_QUERY_DROPPED',
    'NEWLINE_CRLF',
    'NEWLINE_LITERAL',
    'NEWLINE_MISSING',
    'SEPARATOR_WRONG',
    'CLIENT_ID_DIFFERS',
    'TIME_PLUS_DECODED',
    'TIME_FORMAT_DIFFERS',
    'BODY_NEWLINE_SIGNED',
    'BODY_NEWLINE_SENT',
    'BODY_REFORMATTED',
    'BODY_ONLY_SIGNED',
    'TIME_AND_BODY_SWAPPED',
    'BODY_EMPTY_SIGNED',
    'BODY_BOM',
    'BODY_ENCODED',
  ] as const)('%s', (id) => {
    expect(diagnoseSignature(ecc(id, 'sha256', 'der'), tight, now).cause?.id).toBe(id);
  });

  test('a mistake in another reading of ECC224 is found and the reading noted', () => {
    const { cause, notes } = diagnoseSignature(
      ecc('METHOD_LOWER_CASE', 'sha224', 'ieee-p1363'),
      tight,
      now,
    );
    expect(cause?.id).toBe('METHOD_LOWER_CASE');
    expect(notes.map(({ id }) => id)).toContain('NOTE_ECC_READING');
  });

  test('a content that is unknown explains nothing, and says that the search was cut short', () => {
    const found = diagnoseSignature(ecc('BODY_CHANGED', 'sha256', 'der'), tight, now);
    expect({ verdict: found.verdict, cause: found.cause, exhausted: found.exhausted }).toEqual({
      verdict: 'unexplained',
      cause: undefined,
      exhausted: false,
    });
    expect(found.spent.hypotheses).toBeLessThanOrEqual(tight.maxVerifications);
  });
});
