import { visibleBytes } from './visible-bytes.ts';

const before = 28;
const after = 36;

/**
 * Where the first difference is; the shorter length when one is the other's beginning, -1 when they
 * are equal.
 */
export const firstDifference = (expected: Buffer, found: Buffer): number => {
  const shorter = Math.min(expected.length, found.length);
  for (let at = 0; at < shorter; at++) if (expected[at] !== found[at]) return at;
  return expected.length === found.length ? -1 : shorter;
};

const diffLine = (bytes: Buffer, at: number): number =>
  bytes.subarray(0, at).reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 1);

/** One side around the difference, as text. */
const excerpt = (
  bytes: Buffer,
  from: number,
  at: number,
): { readonly text: string; readonly caret: number } => {
  const lead = from > 0 ? '…' : '';
  const start = lead + visibleBytes(bytes, from, at).join('');
  const rest = bytes.length > at ? visibleBytes(bytes, at, at + after).join('') : '(ends here)';
  return { text: start + rest + (bytes.length > at + after ? '…' : ''), caret: start.length };
};

/** A readable difference at byte level around the first position where the two differ. */
export const renderDiff = (expected: Buffer, found: Buffer): string => {
  const at = firstDifference(expected, found);
  if (at < 0) return `no difference (${expected.length} bytes)`;
  const from = Math.max(0, at - before);
  const left = excerpt(expected, from, at);
  const right = excerpt(found, from, at);
  return [
    `first difference at byte ${at + 1}, line ${diffLine(expected, at)} (expected ${expected.length} bytes, found ${found.length})`,
    `  expected  ${left.text}`,
    `  found     ${right.text}`,
    `            ${' '.repeat(left.caret)}^`,
  ].join('\n');
};
