import type { Spread } from '../statistics.ts';

/** A Markdown table; the first column is text, the others are figures. */
export const figuresTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string =>
  [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** Three significant digits, thousands apart; a dash for what was not measured. */
export const formatNumber = (value: number | undefined): string => {
  if (value === undefined || !Number.isFinite(value)) return '–';
  return value >= 1000
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)));
};

/** The median with the smallest and the largest behind it. */
export const withSpread = (spread: Spread | undefined): string =>
  spread === undefined
    ? '–'
    : `**${formatNumber(spread.median)}** (${formatNumber(spread.min)}–${formatNumber(spread.max)})`;
