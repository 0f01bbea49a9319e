import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wallClock } from '../../server/doctor/hypotheses/time.ts';

const farthest = 8.64e15;
const instant = fc.oneof(
  fc.integer({ min: 0, max: 600_000 }).map((ms) => Date.UTC(2024, 4, 21, 22, 42) + ms),
  fc.integer({ min: -farthest, max: farthest }),
  fc.constantFrom(0, -1, 59_999, 60_000, farthest, -farthest, Date.UTC(10_000, 0), Date.UTC(-1, 0)),
);
const zone = fc.integer({ min: -1439, max: 1439 });

test('a wall clock shows what Date shows, whatever it showed before', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(instant, zone), { minLength: 1, maxLength: 30 }), (moments) => {
      for (const [epochMs, zoneMinutes] of moments) {
        const local = new Date(epochMs + zoneMinutes * 60_000);
        expect(wallClock(epochMs, zoneMinutes)).toBe(
          Number.isNaN(local.getTime()) ? '' : local.toISOString().slice(0, 19),
        );
      }
    }),
  );
});
