import { expect, test } from 'vitest';
import { clipText } from '../server/problems/clip-text.ts';

test.each([
  ['short', 5, 'short'],
  ['longer', 5, 'long…'],
  ['🍜🍜🍜', 3, '🍜🍜🍜'],
  ['🍜🍜🍜🍜', 3, '🍜🍜…'],
  ['a🍜🍜', 2, 'a…'],
  ['', 3, ''],
])('%s cut to %i characters is %s', (text, most, clipped) => {
  expect(clipText(text, most)).toBe(clipped);
});

test('half a character never passes', () => {
  expect(clipText('a\ud83c', 9)).toBe('a\ufffd');
  expect(clipText('\udf5cabcdef', 3)).toBe('\ufffda…');
});
