import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Journal } from '../../server/journal/journal.ts';
import { verifyExchanges } from '../../server/journal/verify-exchanges.ts';
import { addTo } from './exchange-sample.ts';

const roomy = { entries: 1000, bytes: 2 ** 40 };
const clientIds = ['A', 'B', 'C'];
const client = fc.constantFrom(...clientIds);
const step = fc.oneof(
  { weight: 9, arbitrary: client.map((clientId) => ({ add: clientId })) },
  { weight: 1, arbitrary: client.map((clientId) => ({ forget: clientId })) },
);

test('whatever comes and goes, the journal is a plain list that lost its oldest, and never denies a loss', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 1, max: 20 }),
      (steps, entries) => {
        const journal = new Journal({ ...roomy, entries });
        let held: { number: number; clientId: string }[] = [];
        let lost: { number: number; clientId: string }[] = [];
        for (const one of steps) {
          if ('add' in one) {
            held.push({ number: addTo(journal, { clientId: one.add }).number, clientId: one.add });
            if (held.length > entries) lost.push(...held.splice(0, held.length - entries));
          } else {
            journal.deleteEntries(one.forget);
            held = held.filter(({ clientId }) => clientId !== one.forget);
            lost = lost.filter(({ clientId }) => clientId !== one.forget);
          }
        }
        expect(journal.entries.map(({ number, clientId }) => ({ number, clientId }))).toEqual(held);
        for (const { number } of held) expect(journal.at(number)?.number).toBe(number);
        for (const { number } of lost) expect(journal.at(number)).toBeUndefined();
        for (const since of [0, Math.floor(journal.newest / 2), journal.newest]) {
          for (const clientId of clientIds) {
            const isLost = lost.some((one) => one.number > since && one.clientId === clientId);
            expect([clientId, since, journal.hasEvictedSince(since, clientId)]).toEqual([
              clientId,
              since,
              isLost,
            ]);
            // For everybody it may say so too often, when the lost ones were forgotten on purpose,
            // but never too seldom.
            if (isLost) expect(journal.hasEvictedSince(since)).toBe(true);
          }
        }
      },
    ),
  );
});

const operation = fc.constantFrom(
  'syncOrder' as const,
  'syncPaymentInfo' as const,
  'updateMembershipCard' as const,
);

test('what came passes as it came: in order, and nothing else; one too many or one too few never does', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 12 }), fc.nat(), (came, pick) => {
      const journalOf = (operations: typeof came): Journal => {
        const journal = new Journal(roomy);
        for (const one of operations) addTo(journal, { operation: one });
        return journal;
      };
      const exchanges = came.map((one) => ({ exchange: { operation: one } }));
      const passes = (operations: typeof came): boolean =>
        verifyExchanges(journalOf(operations), { exchanges, inOrder: true, nothingElse: true })
          .passed;
      const at = pick % came.length;
      expect(passes(came)).toBe(true);
      expect(passes(came.toSpliced(at, 1))).toBe(false);
      expect(passes(came.toSpliced(at, 0, came[at] ?? 'syncOrder'))).toBe(false);
    }),
  );
});

test('bytes are those of what is held, whatever was added', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 60 }), (sizes) => {
      const journal = new Journal({ entries: 20, bytes: 100_000 });
      for (const size of sizes) addTo(journal, { body: 'x'.repeat(size) });
      const alone = new Journal(roomy);
      for (const entry of journal.entries) alone.add({ ...entry, number: alone.nextNumber() });
      expect(journal.bytes).toBe(alone.bytes);
      expect(journal.bytes).toBeLessThanOrEqual(100_000);
    }),
  );
});
