import type { Results } from '../results.ts';
import { isMet, type Target, targets } from '../targets.ts';
import { figuresTable, formatNumber, withSpread } from './markdown.ts';

const verdicts = new Map<boolean | undefined, string>([
  [true, 'met'],
  [false, '**not met**'],
  [undefined, 'not measured'],
]);
const units: Readonly<Record<Target['unit'], string>> = { ratio: '', ms: ' ms', MB: ' MB' };

/** Of a partial run only what it measured. */
export const targetTable = (results: Results): string => {
  const rows = targets
    .map((target) => ({ target, measured: target.measure(results) }))
    .filter(({ measured }) => measured !== undefined || !results.isPartial);
  return figuresTable(
    ['target', 'wanted', 'measured', ''],
    rows.map(({ target, measured }) => {
      const wanted =
        target.atLeast === undefined
          ? `≤ ${formatNumber(target.atMost)}`
          : `≥ ${formatNumber(target.atLeast)}`;
      return [
        target.title,
        wanted + units[target.unit],
        withSpread(measured),
        verdicts.get(isMet(target, measured)) ?? '',
      ];
    }),
  );
};
