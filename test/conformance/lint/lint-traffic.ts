import { Lint, type LintOptions, type LintReport } from '../../../server/conformance/lint/lint.ts';
import type { JournalEntry } from '../../../server/journal/journal-entry.ts';
import { attemptOptions, inFlight, record, type Sent, startMs } from '../traffic.ts';

export interface LintedAs extends Partial<LintOptions> {
  /** How long the observation lasts, milliseconds; until the last exchange ends when absent. */
  readonly endMs?: number;
}

/** Plays exchanges in the order in which they end, and ends the observation. */
export const lintEntries = (
  entries: readonly JournalEntry[],
  { endMs, ...options }: LintedAs = {},
): LintReport => {
  const lint = new Lint({
    ...attemptOptions,
    pauseFactor: 1,
    abandonedAfterMs: 60_000,
    isClockReal: () => true,
    isTestClient: () => false,
    since: startMs,
    ...options,
  });
  const events = entries
    .flatMap((entry) => [
      { us: entry.arrival.atUs, play: () => lint.addOpen(inFlight(entry)) },
      { us: entry.delivery.endedUs, play: () => lint.add(entry) },
    ])
    .sort((a, b) => a.us - b.us);
  for (const { play } of events) play();
  const lastUs = events.at(-1)?.us ?? 0;
  return lint.report({
    nowUs: endMs === undefined ? lastUs : (endMs + 1000) * 1000,
    isEnd: true,
  });
};

/** `L-RTY-01 error`, worst first. */
export const findingsOf = (sent: readonly Sent[], options?: LintedAs): readonly string[] =>
  lintEntries(record(sent), options).findings.map(({ rule, severity }) => `${rule} ${severity}`);
