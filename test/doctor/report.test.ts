import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  diagnosisToJson,
  mistakeSentence,
  renderDiagnosis,
  renderDiff,
} from '../../server/doctor/render-diagnosis.ts';
import { diagnoseSealing } from '../../server/doctor/sealing/diagnose-sealing.ts';
import { diagnose, now } from './samples.ts';
import { type Sealing, seal } from './sealing-samples.ts';
import { bodies, caseWith, mistakeOf } from './signature-samples.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('the difference', () => {
  test('points at the first byte and hides nothing', () => {
    expect(
      renderDiff(bytes('POST /x\nabc.2024.{"a":1}'), bytes('POST /x\r\nabc.2024.{"a":1}')),
    ).toBe(
      [
        'first difference at byte 8, line 1 (expected 24 bytes, found 25)',
        '  expected  POST /x␊abc.2024.{"a":1}',
        '  found     POST /x␍␊abc.2024.{"a":1}',
        '                   ^',
      ].join('\n'),
    );
  });

  test.each([
    ['a line feed at the end', 'abc', 'abc\n', 'abc␊'],
    ['the end', 'abc', 'ab', 'ab(ends here)'],
    ['a byte order mark', 'abc', '\ufeffabc', '<EF><BB><BF>abc'],
    ['blanks at the end', 'abc', 'abc  ', 'abc··'],
    ['other blanks', 'a b', 'a bc', 'a bc'],
    ['bytes beyond ASCII', 'a茶', 'a?', 'a<E8><8C><B6>'],
    ['an escape sequence', 'a', 'a\x1b[31m', 'a<1B>[31m'],
  ])('shows %s', (_, expected, found, shown) => {
    expect(renderDiff(bytes(expected), bytes(found))).toContain(shown);
  });

  test('equal bytes', () =>
    expect(renderDiff(bytes('a'), bytes('a'))).toBe('no difference (1 bytes)'));

  test('no control character ever gets through', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.uint8Array(),
        (a, b) =>
          !/[\p{Cc}\p{Cf}]/u.test(renderDiff(Buffer.from(a), Buffer.from(b)).replaceAll('\n', '')),
      ),
    );
  });
});

describe('the report', () => {
  const diagnosis = diagnose(caseWith(mistakeOf('NEWLINE_CRLF'), bodies['ascii'] ?? ''));

  test('is in Traditional Chinese on request, with the ids and the code as they are', () => {
    const text = renderDiagnosis(diagnosis, { language: 'php', lang: 'zh-hant' });
    expect(text.split('\n')[0]).toBe('簽名被拒絕，原因如下：');
    expect(text).toContain('  NEWLINE_CRLF');
    expect(text).toContain('首行之後你簽了 CR LF；應只有一個 LF。');
    const [code = '', comment = ''] = diagnosis.cause?.remedy.php.split(' // ') ?? [];
    expect(text).toContain(`${code} // 用雙引號：在單引號中 \\n 會是兩個字元`);
    expect(text).not.toContain(comment);
    expect(text).not.toContain(diagnosis.cause?.sentence);
    expect(text).toContain('首個差異在第');
    expect(text).not.toMatch(/expected|found|bytes/);
  });

  test('keeps the sentence of a cause that this version does not know', () => {
    expect(mistakeSentence({ id: 'LATER', sentence: 'Later.' }, 'zh-hant')).toBe('Later.');
    expect(mistakeSentence({ id: 'toString', sentence: 'Later.' }, 'zh-hant')).toBe('Later.');
  });

  test('names cause, proof, remedy and difference', () => {
    const text = renderDiagnosis(diagnosis, { language: 'php' });
    for (const part of [
      'NEWLINE_CRLF',
      'CR LF',
      'PHP:',
      '␍␊',
      'digest expected',
      'your key, version 1',
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('Java:');
  });

  test('shows the code once where it mends both mistakes', () => {
    const javaLines = (sealing: Sealing): number =>
      renderDiagnosis(diagnoseSealing(seal(sealing), now)).match(/^ {2}Java: /gm)?.length ?? 0;
    const inJson = (text: string): Buffer => Buffer.from(JSON.stringify({ data: text }));
    expect(javaLines({ body: inJson(seal({ cipher: 'gcm' }).body.toString()) })).toBe(1);
    const bare = (wrapped: Buffer): string => wrapped.toString('base64');
    expect(javaLines({ cipher: 'cbc', write: bare })).toBe(2);
  });

  test('without a language it gives all six', () =>
    expect(
      renderDiagnosis(diagnosis).match(/^ {2}(?:Java|PHP|Python|Go|C#|Node): /gm),
    ).toHaveLength(6));

  test('is JSON', () => {
    const json = diagnosisToJson(diagnosis);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(json.difference).toContain('first difference');
  });

  test('tells when the search was stopped', () =>
    expect(renderDiagnosis({ ...diagnosis, exhausted: false })).toContain(
      'not every variant was tried',
    ));

  test('quotes nothing that a terminal would obey', () => {
    const odd = diagnose({
      ...caseWith(mistakeOf('BODY_ONLY_SIGNED'), bodies['ascii'] ?? ''),
      clientId: '\x1b[31mred',
      time: '\u202enow',
    });
    expect(renderDiagnosis(odd).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

test('odd but harmless things are notes', () => {
  const base = caseWith(
    { id: 'BODY_CHANGED', how: 'not at all', message: { time: '2024-05-22T06:42:21+0800' } },
    '{}',
  );
  const value = base.signatureHeader.split('signature=')[1] ?? '';
  const { verdict, notes } = diagnose({
    ...base,
    signatureHeader: `algorithm=rsa256, keyVersion=1, signature=${value.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())}`,
  });
  expect(verdict).toBe('valid');
  expect(notes.map(({ id }) => id).toSorted()).toEqual([
    'NOTE_ALGORITHM_CASE',
    'NOTE_BLANK_AFTER_COMMA',
    'NOTE_LOWER_CASE_ESCAPES',
    'NOTE_TIME_OFFSET_WITHOUT_COLON',
  ]);
});
