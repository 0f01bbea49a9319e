import { describe, expect, test } from 'vitest';
import {
  readServerMessage,
  translateServerText,
} from '../../../server/domain/chinese/server-texts.ts';

describe('a sentence in Chinese', () => {
  test.each([
    ['a new account', '新賬戶'],
    ['a new account; a new binding', '新賬戶；新綁定'],
    [
      'remark: a new account begins like a magic value, but names no result code or fault of X',
      'remark：新賬戶 的開頭像魔術值，但不是 X 的結果碼或故障',
    ],
    ['SUCCESS', undefined],
    ['this sentence is not known', undefined],
    ['a new account; this sentence is not known', undefined],
  ])('%s: %s', (text, chinese) => {
    expect(translateServerText(text)).toBe(chinese);
    expect(translateServerText(text)).toBe(chinese);
  });

  test('is recognised with its parameters, in the English order', () => {
    expect(
      readServerMessage('a: b begins like a magic value, but names no result code or fault of c'),
    ).toMatchObject({ id: 'note.magic', parameters: ['a', 'b', 'c'] });
  });

  test('is translated again after many others', () => {
    for (let index = 0; index < 2100; index++) translateServerText(`unknown ${index}`);
    expect(translateServerText('a new binding')).toBe('新綁定');
  });
});
