import { expect, test } from 'vitest';
import { Lint } from '../../../server/conformance/lint/lint.ts';
import { playCorrectDay } from '../correct-day.ts';
import { attemptOptions, inFlight, startMs } from '../traffic.ts';

test.each([1, 2, 3])('a day of correct clients gives no finding (seed %i)', (seed) => {
  const lint = new Lint({
    ...attemptOptions,
    pauseFactor: 1,
    abandonedAfterMs: 60_000,
    isClockReal: () => true,
    isTestClient: () => false,
    since: startMs,
  });
  let lastUs = 0;
  const faults = new Set<string>();
  for (const { kind, entry } of playCorrectDay(1500, seed)) {
    if (kind === 'opened') lint.addOpen(inFlight(entry));
    else lint.add(entry);
    lastUs = Math.max(lastUs, entry.delivery.endedUs);
    const { fault, security } = entry.scripted?.delivery ?? {};
    for (const one of [fault, security]) if (one !== undefined) faults.add(one.id);
  }
  expect(lint.report({ nowUs: lastUs, isEnd: true }).findings).toEqual([]);
  expect(faults.size).toBeGreaterThan(15);
});
