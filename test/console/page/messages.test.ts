import { expect, test } from 'vitest';
import { en, zhHant } from '../../../console/i18n/messages.ts';
import { lintRules } from '../../../server/conformance/lint/lint-rules.ts';
import { mistakes } from '../../../server/doctor/catalogue/mistakes.ts';

/**
 * Stands in for a number as for a list, so that every text that is made of something can be looked
 * at.
 */
const anything: unknown = Object.assign([1, 2], { toLocaleString: () => '3' });

type Text = readonly [path: string, text: string];

/** Every text by its path. */
const textsOf = (value: unknown, path = ''): readonly Text[] => {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function')
    return [[path, String(value(anything, anything, anything, anything))]];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`))
    : [];
};

const pathsOf = ({
  findings: _own,
  lintRules: _rules,
  ...words
}: typeof zhHant): readonly string[] => textsOf(words).map(([path]) => path);

test('both languages say the same things', () => {
  expect(pathsOf(zhHant)).toEqual(pathsOf(en));
});

test('every finding of the doctor has its sentence in Chinese', () => {
  expect(Object.keys(zhHant.findings).sort()).toEqual(Object.keys(mistakes).sort());
});

test('every rule of lint has its texts in Chinese', () => {
  expect(Object.keys(zhHant.lintRules).sort()).toEqual(Object.keys(lintRules).sort());
});

test('the Chinese is traditional: no character that only simplified writing has', () => {
  const simplified =
    /[们这为时说对没还会过开关发应请给让从问间门现实际单头标题页选择删复简体码数据户编辑误错务链试测图书写读签验证钥键订账协议规则场环节执报态让语设认识变尔]/gu;
  expect('这是简体'.match(simplified)).not.toBe(null);
  for (const [path, text] of textsOf(zhHant))
    expect([path, text.match(simplified)]).toEqual([path, null]);
});

test('no text is empty, and the ones in Chinese differ from the English', () => {
  const english = new Map(textsOf(en));
  const same = textsOf(zhHant).filter(
    ([path, text]) =>
      text.trim() === '' || (text === english.get(path) && /[a-z]{4,} [a-z]{2,}/.test(text)),
  );
  expect(same).toEqual([]);
});
