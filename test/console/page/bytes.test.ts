import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffCells, markEdgeSpaces, toCells } from '../../../console/components/byte-text.tsx';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const shown = (bytes: Uint8Array): string =>
  markEdgeSpaces(toCells(bytes))
    .map(({ text, kind }) => (kind === 'text' ? text : `<${text}>`))
    .join('');

test('line ends, tabs and blanks at line ends show; other blanks and Chinese stay as they are', () => {
  expect(shown(bytesOf('a b \r\n\t星光'))).toBe('a b<·><CR><LF><TAB>星光');
});

test('bytes that are no UTF-8 show as hex, hidden characters by their number', () => {
  expect(shown(Uint8Array.of(0x61, 0xac, 0xb5, 0x62))).toBe('a<AC><B5>b');
  expect(shown(bytesOf('\ufeff{\u200b}'))).toBe('<U+FEFF>{<U+200B>}');
});

test('cells stand for all bytes, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(toCells(bytes).reduce((sum, cell) => sum + cell.bytes, 0)).toBe(bytes.length);
    }),
  );
});

test('what both have and what one has make up that one again, for any two texts', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '{', '\n', ' ', '星'), maxLength: 80 });
  fc.assert(
    fc.property(text, text, (left, right) => {
      const runs = diffCells(toCells(bytesOf(left)), toCells(bytesOf(right)));
      for (const [side, whole] of [['left', left] as const, ['right', right] as const]) {
        const cells = runs
          .filter((run) => run.side === 'both' || run.side === side)
          .flatMap((run) => run.cells);
        expect(cells.map((cell) => cell.text)).toEqual(
          toCells(bytesOf(whole)).map((cell) => cell.text),
        );
      }
    }),
  );
});

test('the difference is as small as it can be', () => {
  const runs = diffCells(toCells(bytesOf('{"a": 1,"b": 2}')), toCells(bytesOf('{"a":1,"b":2}')));
  expect(
    runs.filter(({ side }) => side !== 'both').map(({ side, cells }) => side + cells.length),
  ).toEqual(['left1', 'left1']);
});

test('two texts that have nothing in common are shown as two blocks, without a long search', () => {
  const runs = diffCells(toCells(bytesOf('a'.repeat(5000))), toCells(bytesOf('b'.repeat(5000))));
  expect(runs.map(({ side, cells }) => side + cells.length)).toEqual(['left5000', 'right5000']);
});

test('of long texts, all between the first and the last difference is one block on either side', () => {
  const inside = (one: string) => toCells(bytesOf(`{${one.repeat(5000)}}`));
  const sidesOf = (left: string, right: string) =>
    diffCells(inside(left), inside(right)).map(({ side, cells }) => side + cells.length);
  expect(sidesOf('a', 'b')).toEqual(['both1', 'left5000', 'right5000', 'both1']);
  expect(sidesOf('', 'b')).toEqual(['both1', 'right5000', 'both1']);
});
