import { describe, expect, test } from 'vitest';
import {
  type Change,
  collections,
  type RecordAddress,
  type StateLimits,
} from '../../server/domain/state/state.ts';

import {
  type CommitResult,
  collectAll,
  type HeldRecord,
  type Store,
  StoreError,
  transact,
} from '../../server/storage/store.ts';
import { readWorld } from '../read-world.ts';
import { order, request } from './file/some-orders.ts';

type OpenStore = (limits: StateLimits) => Promise<Store> | Store;

const roomy = { requests: 1000, bytes: 1e9 };
const orderA: RecordAddress = { collection: 'orders', id: 'a' };
const calls = (value: number): Change => ({ collection: 'calls', id: 'rule', value });
const callsOfRule: RecordAddress = { collection: 'calls', id: 'rule' };
const oneShot = (name: string, answered: number): Change => ({
  collection: 'oneShots',
  id: name,
  value: { when: { operation: 'syncOrder' }, then: {}, times: 2, calls: answered },
});
const heldIn = (result: CommitResult): readonly HeldRecord[] => {
  if (!('held' in result)) throw new Error('it was committed');
  return result.held;
};
const snapshot = async (store: Store) => {
  const clients = await collectAll((page) => store.clientIds(page));
  return Promise.all(
    clients.map(async (id) =>
      Object.entries(await readWorld(store, id)).map(([name, records]) => [name, [...records]]),
    ),
  );
};

/** What every store keeps to: each implementation runs it. */
export const describeStore = (name: string, open: OpenStore): void => {
  const withStore =
    (use: (store: Store) => Promise<void>, limits: StateLimits = roomy) =>
    async () => {
      const store = await open(limits);
      try {
        await use(store);
      } finally {
        await store.close();
      }
    };

  describe(`${name}: commit`, () => {
    test(
      'makes the changes when the records are as they were read, absent ones included',
      withStore(async (store) => {
        const absent = store.recall('c', [orderA]);
        expect(absent).toEqual([{ ...orderA, value: undefined, token: undefined }]);
        expect(await store.commit('c', absent, [order('a', 1), request('r')])).toEqual({
          evicted: 0,
        });
        const [held] = store.recall('c', [orderA]);
        expect(held).toMatchObject({ ...orderA, value: { updates: 1 } });
        expect(held?.token).toBeDefined();
      }),
    );

    test.each([
      ['changed', [order('a', 2)]],
      ['deleted', [{ ...orderA, value: null }]],
      ['deleted and created again', [{ ...orderA, value: null }, order('a', 3)]],
    ] as [string, Change[]][])(
      'changes nothing and returns what is held when a record was %s since it was read',
      (_, meanwhile) =>
        withStore(async (store) => {
          await store.commit('c', [], [order('a', 1), order('b', 1)]);
          const read = store.recall('c', [orderA, { collection: 'orders', id: 'b' }]);
          await store.commit('c', [], meanwhile);
          const before = await snapshot(store);
          const result = await store.commit('c', read, [order('a', 9), order('b', 9)]);
          expect(heldIn(result)).toEqual(store.recall('c', read));
          expect(await snapshot(store)).toEqual(before);
          expect('evicted' in (await store.commit('c', heldIn(result), [order('a', 9)]))).toBe(
            true,
          );
        })(),
    );

    test(
      'compares records of every kind, and reads what was absent as a condition too',
      withStore(async (store) => {
        const stale = store.recall('c', [callsOfRule, { collection: 'oneShots', id: 'one' }]);
        await store.commit('c', [], [oneShot('one', 0)]);
        expect(heldIn(await store.commit('c', stale, [calls(1)]))).toMatchObject([
          { value: undefined },
          { value: { calls: 0 } },
        ]);
        await store.commit('c', [], [calls(1)]);
        const counted = store.recall('c', [callsOfRule]);
        await store.commit('c', [], [calls(2)]);
        expect(heldIn(await store.commit('c', counted, [calls(2)]))).toMatchObject([{ value: 2 }]);
      }),
    );

    test(
      'of two that read the same, only the first is made',
      withStore(async (store) => {
        const read = store.recall('c', [orderA]);
        const results = await Promise.all([
          store.commit('c', read, [order('a', 1)]),
          store.commit('c', read, [order('a', 2)]),
        ]);
        expect('evicted' in (results[0] ?? {})).toBe(true);
        expect(heldIn(results[1])).toMatchObject([{ value: { updates: 1 } }]);
      }),
    );

    test(
      'deletes the oldest request ids beyond the limit, and reports how many',
      withStore(
        async (store) => {
          const changes = ['1', '2', '3', '4', '5'].map(request);
          expect(await store.commit('c', [], changes)).toEqual({ evicted: 2 });
          expect((await store.listIds('c', 'requests')).items).toEqual([
            'syncOrder 3',
            'syncOrder 4',
            'syncOrder 5',
          ]);
        },
        { requests: 3, bytes: 1e9 },
      ),
    );

    test(
      'that has no room is refused and changes nothing, counters and one-shots included (G-28)',
      withStore(
        async (store) => {
          await store.commit('c', [], [order('a', 1), oneShot('one', 0), calls(1)]);
          const before = await snapshot(store);
          const read = store.recall('c', [{ collection: 'oneShots', id: 'one' }, callsOfRule]);
          const refused = store.commit('c', read, [
            { collection: 'oneShots', id: 'one', value: null },
            calls(2),
            order('b', 1),
          ]);
          await expect(refused).rejects.toThrow(StoreError);
          await expect(refused).rejects.toMatchObject({
            code: 'STATE_NOT_KEPT',
            isOutcomeUnknown: false,
          });
          expect(await snapshot(store)).toEqual(before);
          expect(await store.commit('c', read, [order('a', 2), calls(2)])).toEqual({ evicted: 0 });
        },
        { requests: 10, bytes: 10 },
      ),
    );
  });

  describe(`${name}: transact`, () => {
    test(
      'decides on the named records only',
      withStore(async (store) => {
        await store.commit('c', [], [order('a', 4)]);
        const outcome = await transact(store, 'c', [orderA], (held) => ({
          updates: held.get('orders', 'a')?.updates,
          changes: [],
        }));
        expect(outcome.decided.updates).toBe(4);
        await expect(
          transact(store, 'c', [], (held) => ({ found: held.get('orders', 'a'), changes: [] })),
        ).rejects.toThrow('the decision reads orders a without having named it');
      }),
    );

    test(
      'many at once on one record: each is decided on what the one before it left',
      withStore(async (store) => {
        const decided = Array.from({ length: 50 }, () =>
          transact(store, 'c', [callsOfRule], (held) => {
            const next = (held.get('calls', 'rule') ?? 0) + 1;
            return { next, changes: [calls(next)] };
          }),
        );
        const numbers = (await Promise.all(decided)).map((one) => one.decided.next);
        expect(numbers.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: 50 }, (_, index) => index + 1),
        );
      }),
    );

    test(
      'of commits in the same turn, each is compared and made by itself, one after the other',
      withStore(async (store) => {
        for (const client of ['c', 'd']) await store.commit(client, [], [request('r0')]);
        const absent = store.recall('c', [orderA]);
        const results = await Promise.all([
          store.commit('c', absent, [order('a', 1), request('r1')]),
          store.commit('c', absent, [order('a', 2), request('r2')]),
          store.commit('c', [], [order('b', 3)]),
          store.commit('d', absent, [order('a', 4)]),
          store.commit('c', absent, []),
          store.commit('c', [], [{ ...orderA, value: null }]),
          store.commit('c', absent, [order('a', 5)]),
        ]);
        const [, second, , , fifth] = results;
        expect(results.map((result) => 'evicted' in result)).toEqual([
          ...[true, false, true, true],
          ...[false, true, true],
        ]);
        for (const refused of [second, fifth])
          expect(refused).toMatchObject({ held: [{ value: { updates: 1 } }] });
        const listed = await store.list('c', 'orders');
        expect(listed.items.map(([id, { updates }]) => [id, updates])).toEqual([
          ['b', 3],
          ['a', 5],
        ]);
        expect((await store.listIds('c', 'requests')).items).toHaveLength(2);
        expect((await store.list('d', 'orders')).items).toHaveLength(1);
      }),
    );

    test(
      'decides again on what is held when another change came between',
      withStore(async (store) => {
        const seen: (number | undefined)[] = [];
        const outdated: Store = new Proxy(store, {
          get: (target, property) =>
            property === 'recall'
              ? () => [{ ...orderA, value: undefined, token: undefined }]
              : Reflect.get(target, property).bind(target),
        });
        await store.commit('c', [], [order('a', 7)]);
        const outcome = await transact(outdated, 'c', [orderA], (held) => {
          const updates = held.get('orders', 'a')?.updates;
          seen.push(updates);
          return { changes: [order('a', (updates ?? 0) + 1)] };
        });
        expect(seen).toEqual([undefined, 7]);
        expect(outcome.decided.changes).toEqual([order('a', 8)]);
        expect(store.recall('c', [orderA])[0]?.value).toMatchObject({ updates: 8 });
      }),
    );

    test(
      'ends with a StoreError when every attempt meets another change',
      withStore(async (store) => {
        let decided = 0;
        const contended: Store = new Proxy(store, {
          get: (target, property) =>
            property === 'commit'
              ? async () => ({ held: target.recall('c', [orderA]) })
              : Reflect.get(target, property).bind(target),
        });
        await expect(
          transact(contended, 'c', [orderA], () => ({ changes: [calls(++decided)] })),
        ).rejects.toThrow(/100 attempts to change c met other changes/);
        expect(decided).toBe(100);
        expect(await snapshot(store)).toEqual([]);
      }),
    );
  });

  describe(`${name}: lists`, () => {
    test(
      'records and ids come in the order in which they arrived, page by page',
      withStore(async (store) => {
        const ids = Array.from({ length: 7 }, (_, index) => `o${9 - index}`);
        await store.commit(
          'c',
          [],
          ids.map((id) => order(id, 1)),
        );
        const first = await store.listIds('c', 'orders', { limit: 3 });
        expect(first.items).toEqual(ids.slice(0, 3));
        const second = await store.listIds('c', 'orders', { limit: 3, after: first.next });
        const third = await store.list('c', 'orders', { limit: 3, after: second.next });
        expect(third.items.map(([id, { updates }]) => [id, updates])).toEqual([[ids[6], 1]]);
        expect(third.next).toBeUndefined();
        const exact = await store.listIds('c', 'orders', { limit: 7 });
        expect([exact.items.length, exact.next]).toEqual([7, undefined]);
      }),
    );

    test(
      'a page goes on where the last one ended, though the record there was deleted since',
      withStore(async (store) => {
        await store.commit(
          'c',
          [],
          ['a', 'b', 'c', 'd'].map((id) => order(id, 1)),
        );
        const { next } = await store.listIds('c', 'orders', { limit: 2 });
        await store.commit('c', [], [{ collection: 'orders', id: 'b', value: null }]);
        const rest = await store.listIds('c', 'orders', { after: next });
        expect(rest.items).toContain('d');
        expect(rest.next).toBeUndefined();
        await store.commit('c', [], [order('b', 1)]);
        expect((await store.listIds('c', 'orders', { after: '1 a', limit: 1 })).items).toEqual([
          'c',
        ]);
      }),
    );

    test(
      'an unknown client has nothing, and gets nothing by being looked at',
      withStore(async (store) => {
        store.recall('nobody', [orderA]);
        expect(await store.list('nobody', 'orders')).toEqual({ items: [], next: undefined });
        expect(Object.values(await store.count('nobody'))).toEqual(collections.map(() => 0));
        await store.commit('nobody', [], []);
        expect((await store.clientIds()).items).toEqual([]);
      }),
    );

    test(
      'clients are listed and counted apart',
      withStore(async (store) => {
        await store.commit('c', [], [order('a', 1), request('r')]);
        await store.commit('d', [], [oneShot('one', 0)]);
        expect((await store.clientIds()).items).toEqual(['c', 'd']);
        expect((await store.clientIds({ limit: 1 })).items).toEqual(['c']);
        expect(await store.count('c')).toMatchObject({ orders: 1, requests: 1, oneShots: 0 });
        expect(await store.count('d')).toMatchObject({ orders: 0, oneShots: 1 });
      }),
    );
  });

  describe(`${name}: clear`, () => {
    test(
      'deletes the named kinds, or everything, of one client, and outdates what was read',
      withStore(async (store) => {
        await store.commit('c', [], [order('a', 1), request('r'), calls(1)]);
        await store.commit('d', [], [order('a', 1)]);
        const read = store.recall('c', [orderA]);
        await store.clear('c', ['orders', 'calls']);
        expect(await store.count('c')).toMatchObject({ orders: 0, requests: 1, calls: 0 });
        expect(heldIn(await store.commit('c', read, [order('a', 2)]))).toMatchObject([
          { value: undefined },
        ]);
        await store.clear('c');
        expect((await store.clientIds()).items).toEqual(['d']);
        await store.clear('never seen');
      }),
    );
  });
};
