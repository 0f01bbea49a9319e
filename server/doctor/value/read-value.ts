import type { FindingId } from '../catalogue/findings.ts';
import {
  bytesForm,
  innerText,
  type LayerReading,
  outerQuotes,
  percentEncoding,
} from './value-decodings.ts';

/** One reading of a header's value. */
export interface ValueReading {
  readonly bytes: Buffer;
  /**
   * What was done wrong to the bytes if this reading is the true one; the innermost first. Empty
   * for the right way.
   */
  readonly findings: readonly FindingId[];
}

interface Step<Value> {
  readonly value: Value;
  readonly findings: readonly FindingId[];
}

/** Longer than any signature or wrapped key in any wrong spelling of it. */
const longestValue = 16_384;

/** Every way to read the value that gives bytes, the way with the fewest mistakes first. */
export const readValue = (text: string): readonly ValueReading[] => {
  if (text.length > longestValue) return [];
  const start: readonly Step<string>[] = [{ value: text, findings: [] }];
  const bytes = peel(peel(peel(peel(start, outerQuotes), percentEncoding), innerText), bytesForm);
  return unique(bytes.toSorted((a, b) => a.findings.length - b.findings.length));
};

const peel = <Result>(
  steps: readonly Step<string>[],
  layer: readonly LayerReading<Result>[],
): readonly Step<Result>[] =>
  steps.flatMap((step) =>
    layer.flatMap(({ finding, read }) => {
      const value = read(step.value);
      if (value === undefined) return [];
      return [
        { value, findings: finding === undefined ? step.findings : [finding, ...step.findings] },
      ];
    }),
  );

const unique = (steps: readonly Step<Buffer>[]): readonly ValueReading[] => {
  const seen = new Map<string, ValueReading>();
  for (const { value, findings } of steps) {
    const key = value.toString('latin1');
    if (value.length > 0 && !seen.has(key))
      seen.set(key, { bytes: value, findings: [...new Set(findings)] });
  }
  return [...seen.values()];
};
