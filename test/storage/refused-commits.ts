import { rmSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Change,
  type Collection,
  collections,
  keptCollections,
  type RecordAddress,
} from '../../server/domain/state/state.ts';
import { openFileStore } from '../../server/storage/file/file-store.ts';
import { MemoryStore } from '../../server/storage/memory-store.ts';
import { type Store, StoreError, transact } from '../../server/storage/store.ts';
import { readWorld } from '../read-world.ts';
import { FaultyDisk, failure, type Operation } from './file/faulty-disk.ts';
import { asKilled, newFolder, order, request } from './file/some-orders.ts';

const requests = 4;
const clients = ['c', 'd'];

/** Everything that is held, in its order: all collections, or those that a restart finds. */
const look = (store: Store, seen: readonly Collection[] = collections) =>
  Promise.all(
    clients.map(async (clientId) => {
      const world = await readWorld(store, clientId);
      return seen.map((name) => [name, [...world[name]]]);
    }),
  );
const lookKept = (store: Store) => look(store, keptCollections);

interface Step {
  readonly kind: 'put' | 'delete' | 'forget' | 'import' | 'count' | 'queue' | 'answer';
  readonly client: number;
  readonly id: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(
    ...([
      'put',
      'put',
      'delete',
      'forget',
      'import',
      'count',
      'queue',
      'answer',
      'answer',
    ] as const),
  ),
  client: fc.nat(1),
  id: fc.nat(5),
});

/** Numbers what is written, so that no two states are equal by accident. */
let written = 0;

/** One use of the store, as the gateway and the admin API make it. */
const play = async (store: Store, { kind, client, id }: Step): Promise<unknown> => {
  const clientId = clients[client] ?? '';
  const commit = (...changes: Change[]) => store.commit(clientId, [], changes);
  switch (kind) {
    case 'put':
      return commit(order(`o${id}`, ++written), request(`r${++written}`));
    case 'delete':
      return commit({ collection: 'orders', id: `o${id}`, value: null });
    case 'forget':
      return store.clear(clientId);
    case 'count':
      return commit({ collection: 'calls', id: `rule ${id}`, value: ++written });
    case 'queue':
      return commit(oneShot(id, 0));
    case 'answer':
      return answerFromQueue(store, clientId, id);
    case 'import': {
      const world = await readWorld(store, clientId);
      const deleted = (['orders', 'requests'] as const).flatMap((collection) =>
        [...world[collection].keys()].map((key): Change => ({ collection, id: key, value: null })),
      );
      return commit(...deleted, order('imported', ++written));
    }
  }
};

const oneShot = (id: number, calls: number): Change => ({
  collection: 'oneShots',
  id: `queued ${id}`,
  value: { when: {}, then: { result: 'PROCESS_FAIL', change: 'keep' }, times: 2, calls },
});

/**
 * A decision that a queued rule answers: the rule is used up after two calls, its story goes on,
 * and the order changes, all or nothing.
 */
const answerFromQueue = async (store: Store, clientId: string, id: number): Promise<unknown> => {
  const queued: RecordAddress = { collection: 'oneShots', id: `queued ${id}` };
  return transact(store, clientId, [queued], (held) => {
    const calls = (held.get('oneShots', queued.id)?.calls ?? 0) + 1;
    return {
      changes: [
        order(`o${id}`, ++written),
        request(`r${++written}`),
        { collection: 'stories', id: `story ${id}`, value: `state ${calls}` },
        calls < 2 ? oneShot(id, calls) : { collection: 'oneShots', id: queued.id, value: null },
      ],
    };
  });
};

/** @returns the refusal, or undefined when the store has made the changes */
const refusalOf = (done: Promise<unknown>): Promise<StoreError | undefined> =>
  done.then(
    () => undefined,
    (error: unknown) => (error instanceof StoreError ? error : expect.fail(String(error))),
  );

const describeMemory = (runs: number): void => {
  test('of a memory that is full changes nothing, one-shots included', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 10, maxLength: 40 }),
        fc.integer({ min: 100, max: 6000 }),
        async (steps, bytes) => {
          const store = new MemoryStore({ requests, bytes });
          for (const one of steps) {
            const before = await look(store);
            const refusal = await refusalOf(play(store, one));
            if (refusal === undefined) continue;
            refused++;
            expect(refusal.isOutcomeUnknown).toBe(false);
            expect(await look(store)).toEqual(before);
          }
        },
      ),
      { numRuns: runs },
    );
    expect(refused).toBeGreaterThan(runs);
  });
};

const diskOperations: readonly Operation[] = [
  'open',
  'write',
  'sync',
  'truncate',
  'rename',
  'remove',
];

interface Round {
  readonly steps: readonly Step[];
  readonly failing: readonly Operation[];
  readonly code: string;
  /** So many of the failing operations succeed before the first fails. */
  readonly after: number;
  readonly bytesPerWrite: number;
}

const round: fc.Arbitrary<Round> = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
  failing: fc.subarray([...diskOperations]),
  code: fc.constantFrom('ENOSPC', 'EIO', 'EROFS'),
  after: fc.nat(3),
  bytesPerWrite: fc.constantFrom(9, 70, Number.POSITIVE_INFINITY),
});

/** Whatever is drawn besides, the outcome of one is unknown. */
const withUnknownOutcome: Round = {
  steps: [{ kind: 'put', client: 0, id: 0 }],
  failing: ['sync'],
  code: 'EIO',
  after: 0,
  bytesPerWrite: Number.POSITIVE_INFINITY,
};

const roomy = { requests, bytes: 1e9 };

/** What a start finds in a folder whose process was killed at this moment. */
const reopen = async (folder: string) => {
  const copy = asKilled(folder);
  const store = await openFileStore(copy, 'os', roomy);
  const seen = await lookKept(store);
  await store.close();
  rmSync(copy, { recursive: true });
  return seen;
};

const describeFile = (durability: 'os' | 'disk', runs: number): void => {
  test(`with durability ${durability}, whatever the disk refuses at whatever moment, changes nothing in memory, one-shots included, and nothing after a restart`, async () => {
    let refused = 0;
    let unknown = 0;
    const playRound = async (store: Store, folder: string, disk: FaultyDisk, one: Round) => {
      let left = one.after;
      disk.bytesPerWrite = one.bytesPerWrite;
      disk.before = (operation) => {
        if (one.failing.includes(operation) && --left < 0) throw failure(one.code);
      };
      for (const played of one.steps) {
        const before = await look(store);
        const refusal = await refusalOf(play(store, played));
        if (refusal !== undefined) {
          refused++;
          if (refusal.isOutcomeUnknown) {
            unknown++;
            break;
          }
          expect(await look(store)).toEqual(before);
        }
        expect(await reopen(folder)).toEqual(await lookKept(store));
      }
      // Requests that were sent together rest on one another.
      const before = await look(store);
      const together = await Promise.all(
        [1, 2, 3].map((id) => refusalOf(answerFromQueue(store, 'c', id))),
      );
      const unknownOfThem = together.filter((refusal) => refusal?.isOutcomeUnknown === true).length;
      unknown += unknownOfThem;
      if (!together.includes(undefined) && unknownOfThem === 0)
        expect(await look(store)).toEqual(before);
      disk.before = () => {};
      const last = order('last', ++written);
      await expect
        .poll(() => refusalOf((async () => store.commit('c', [], [last]))()), { interval: 1 })
        .toBeUndefined();
      expect(await reopen(folder)).toEqual(await lookKept(store));
    };
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 6 }), async (rounds) => {
        const disk = new FaultyDisk();
        const folder = newFolder();
        const options = { disk, minChangeBytes: 300, sliceLength: 1 };
        const store = await openFileStore(folder, durability, roomy, options);
        for (const one of rounds) await playRound(store, folder, disk, one);
        await store.close();
        expect(await reopen(folder)).toEqual(await lookKept(store));
        rmSync(folder, { recursive: true });
      }),
      { numRuns: runs, endOnFailure: true, examples: [[[withUnknownOutcome, withUnknownOutcome]]] },
    );
    expect(refused).toBeGreaterThan(runs);
    if (durability === 'disk') expect(unknown).toBeGreaterThan(0);
    else expect(unknown).toBe(0);
  }, 600_000);
};

/**
 * The property that a commit which the store refuses changes nothing (register G-28).
 * @param runs how many seeds each store is tried with
 */
export const describeRefusedCommits = (runs: number): void => {
  describe('a refused commit', () => {
    describeMemory(runs);
    describeFile('os', runs);
    describeFile('disk', runs);
  });
};
