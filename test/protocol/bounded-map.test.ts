import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedGroups, BoundedMap } from '../../server/protocol/bounded-map.ts';

const operation = fc.record({
  kind: fc.constantFrom('use', 'set', 'get', 'delete'),
  key: fc.integer({ min: 0, max: 30 }),
});

test('it never holds more than its bound, always the half that was used last, and each key once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.array(operation), (limit, operations) => {
      const dropped: number[] = [];
      const map = new BoundedMap<number, number>(limit, (value) => dropped.push(value));
      /** The key that was used last comes last; deleted ones keep their place. */
      let used: number[] = [];
      const deleted = new Set<number>();
      for (const { kind, key } of operations) {
        const isHeld = map.get(key) !== undefined;
        if (kind === 'set') map.set(key, key);
        if (kind === 'use') expect(map.use(key)).toBe(isHeld ? key : undefined);
        if (kind === 'delete') {
          map.delete(key);
          deleted.add(key);
        }
        if (kind === 'set' || (kind === 'use' && isHeld)) {
          used = [...used.filter((one) => one !== key), key];
          deleted.delete(key);
        }
        const lately = used.slice(-Math.ceil(limit / 2)).filter((one) => !deleted.has(one));
        const values = [...map.values()];
        expect(map.size).toBe(values.length);
        expect(map.size).toBeLessThanOrEqual(limit);
        expect(new Set(values).size).toBe(values.length);
        expect(values).toEqual(expect.arrayContaining(lately));
        expect([...map.entries()].map(([one]) => one)).toEqual(values);
      }
      expect(map.dropped).toBe(dropped.length);
    }),
  );
});

test('what is used stays, what is not goes and is counted', () => {
  const dropped: string[] = [];
  const map = new BoundedMap<string, string>(4, (value) => dropped.push(value));
  map.set('used', 'used');
  for (let at = 0; at < 20; at++) {
    map.set(`other ${at}`, `other ${at}`);
    expect(map.use('used')).toBe('used');
  }
  expect(dropped).not.toContain('used');
  expect(map.dropped).toBe(dropped.length);
  expect(dropped.length + map.size).toBe(21);
});

test('a key that is deleted is gone, whether it was used lately or not', () => {
  const map = new BoundedMap<string, number>(4);
  for (const key of ['a', 'b', 'c']) map.set(key, 1);
  map.deleteWhere((key) => key === 'a');
  map.delete('c');
  expect([...map.entries()]).toEqual([['b', 1]]);
  map.clear();
  expect(map.size).toBe(0);
});

test('entries in groups come and go like those of a map with joined names', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.array(operation), (limit, operations) => {
      const map = new BoundedMap<string, number>(limit);
      const groups = new BoundedGroups<number>(limit);
      for (const { kind, key } of operations) {
        const [group, name] = [`group ${key % 3}`, `${key}`];
        const joined = `${group} ${name}`;
        const isHeld = map.get(joined) !== undefined;
        if (kind === 'delete') {
          map.deleteWhere((one) => one.startsWith(`${group} `));
          groups.deleteGroups((one) => one === group);
        } else if (kind === 'set' || isHeld) {
          const entry = groups.use(group, name);
          expect(entry.value).toBe(isHeld ? key : undefined);
          entry.value = key;
          if (kind === 'set') map.set(joined, key);
          else expect(map.use(joined)).toBe(key);
        }
        expect([...groups.values()].sort()).toEqual([...map.values()].sort());
        expect(groups.dropped).toBe(map.dropped);
      }
      groups.clear();
      expect([...groups.values()]).toEqual([]);
    }),
    // A key that is used and set again just when half of the bound is reached.
    { examples: [[2, Array.from({ length: 2 }, () => ({ kind: 'set' as const, key: 14 }))]] },
  );
});

test('of many entries in groups, each keeps its own value', () => {
  const groups = new BoundedGroups<string>(Infinity);
  const names = ['A', 'B'].flatMap((group) =>
    Array.from({ length: 5000 }, (_, at) => ({ group, key: `key ${at}` })),
  );
  for (const { group, key } of names) groups.use(group, key).value = `${group} ${key}`;
  for (const { group, key } of names) expect(groups.use(group, key).value).toBe(`${group} ${key}`);
  expect([...groups.values()]).toEqual(names.map(({ group, key }) => `${group} ${key}`));
});
