import { describe, expect, test } from 'vitest';
import {
  durationMs,
  type SettingRow,
  settingRows,
} from '../../../server/domain/settings/settings-table.ts';

describe('the text of a setting', () => {
  const findRow = (key: string): SettingRow => {
    const row = settingRows.find((one) => one.key === key);
    if (row === undefined) throw new Error(`no setting ${key}`);
    return row;
  };
  test.each([
    ['language', 'zh-HK', 'zh-hant'],
    ['language', 'zh-Hant-TW', 'zh-hant'],
    ['language', 'en', 'en'],
    ['lint.pauseFactor', ' 0.05 ', 0.05],
    ['lint.pauseFactor', 'half', 'half'],
    ['journal.entries', ' 12 ', 12],
    ['journal.entries', 'many', 'many'],
    ['journal.plaintext', 'ON', true],
    ['journal.plaintext', '0', false],
    ['journal.plaintext', 'perhaps', 'perhaps'],
    ['lint.allow', 'A-1, , B-2', ['A-1', 'B-2']],
  ])('%s %s is read as %o', (key, text, value) => {
    expect(findRow(key).fromText?.(text)).toEqual(value);
  });
});

test.each([
  ['250ms', 250],
  ['2s', 2000],
  ['3m', 180_000],
  ['1h', 3_600_000],
  ['off', undefined],
])('the duration %s is %s ms', (text, milliseconds) => {
  expect(durationMs(text)).toBe(milliseconds);
});
