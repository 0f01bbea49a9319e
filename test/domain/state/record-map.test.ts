import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordMap } from '../../../server/domain/state/state.ts';

type Step = readonly ['set' | 'text' | 'delete' | 'oldest' | 'clear', id: number, value: number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('set', 'set', 'text', 'text', 'delete', 'oldest', 'oldest', 'clear'),
  fc.nat(15),
  fc.nat(999),
);

/** A record's JSON as if it had been read from a file. */
const textInFile = (value: object): Buffer => {
  const text = JSON.stringify(value);
  return Buffer.from(`before\t${text}\nafter`).subarray(7, 7 + Buffer.byteLength(text));
};

describe('a map of records', () => {
  test('is a Map, whether its records are objects or still text; and when all are gone, they weigh nothing', () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const pool = { bytes: 0 };
        const records = new RecordMap<{ value: number }>(pool);
        const model = new Map<string, { value: number }>();
        for (const [what, number, value] of steps) {
          const id = `id${number}`;
          if (what === 'set') records.set(id, { value });
          if (what === 'text') records.setText(id, textInFile({ value }));
          if (what === 'set' || what === 'text') model.set(id, { value });
          if (what === 'delete') expect(records.delete(id)).toBe(model.delete(id));
          if (what === 'oldest') {
            records.deleteOldest();
            const [oldest] = model.keys();
            if (oldest !== undefined) model.delete(oldest);
          }
          if (what === 'clear') {
            records.clear();
            model.clear();
          }
          expect([...records]).toEqual([...model]);
          expect([records.size, records.get(id), records.has(id)]).toEqual([
            model.size,
            model.get(id),
            model.has(id),
          ]);
        }
        expect([...records.texts()].map(([id, text]) => [id, JSON.parse(text)])).toEqual([
          ...model,
        ]);
        records.clear();
        expect(pool.bytes).toBe(0);
      }),
    ));

  test('a token is the same until the record changes, as an object and as text', () => {
    const records = new RecordMap<{ value: number }>({ bytes: 0 });
    const tokens = [
      undefined,
      textInFile({ value: 1 }),
      { value: 1 },
      textInFile({ value: 2 }),
    ].map((held) => {
      if (Buffer.isBuffer(held)) records.setText('a', held);
      else if (held !== undefined) records.set('a', held);
      expect(records.tokenOf('a')).toBe(records.tokenOf('a'));
      records.get('a');
      return records.tokenOf('a');
    });
    expect(new Set(tokens).size).toBe(4);
  });
});
