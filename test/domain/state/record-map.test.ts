import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordMap, type RecordPool } from '../../../server/domain/state/record-map.ts';
import { PackedRecords } from '../../../server/storage/file/packed-records.ts';

type Step = readonly [
  'set' | 'packed' | 'added' | 'delete' | 'oldest' | 'clear',
  id: number,
  value: number,
];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('set', 'set', 'packed', 'packed', 'added', 'delete', 'oldest', 'oldest', 'clear'),
  fc.nat(15),
  fc.nat(999),
);

/** Lays a record down as if it had been read from a file. */
const layDown = (shelf: PackedRecords, value: object): number => {
  const position = shelf.add(Buffer.from(`before\t${JSON.stringify(value)}\nbehind`), 7);
  if (position === undefined) throw new Error('there is no place for it');
  return position;
};

describe('a map of records', () => {
  test('is a Map, whether its records are objects or still text; and when all are gone, they weigh nothing', () =>
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const shelf = new PackedRecords();
        const ground: RecordPool = { shelf, bytes: 0 };
        const records = new RecordMap<{ value: number }>(ground);
        const model = new Map<string, { value: number }>();
        for (const [what, number, value] of steps) {
          const id = `id${number}`;
          if (what === 'set') records.set(id, { value });
          if (what === 'packed') records.setLazy(id, layDown(shelf, { value }));
          if (what === 'added' && !model.has(id))
            records.addLazy(id, layDown(shelf, { value }), JSON.stringify({ value }).length);
          if (what === 'set' || what === 'packed' || (what === 'added' && !model.has(id)))
            model.set(id, { value });
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
        expect(ground.bytes).toBe(0);
      }),
    ));

  test('a record that stands twice in a file came last where it stands last', () => {
    const shelf = new PackedRecords();
    const records = new RecordMap<{ value: number }>({ shelf, bytes: 0 });
    for (const [id, value] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ] as const)
      records.addLazy(id, layDown(shelf, { value }), 11);
    expect([...records]).toEqual([
      ['b', { value: 2 }],
      ['a', { value: 3 }],
    ]);
  });
});
