import type { Change } from '../../server/domain/state/state.ts';
import type { RedisStore } from '../../server/storage/redis/redis-store.ts';
import { collectAll, listAll } from '../../server/storage/store.ts';
import { runBundle } from '../../test/run-bundle.ts';
import type { TestEngine } from '../../test/storage/redis/engines.ts';
import { percentile } from '../statistics.ts';
import type { FleetRows } from './fleet-rows.ts';
import { openReplica, orderSample, sendOrder } from './transacts.ts';

const together = 200;
const fillers = 4;
const prefix = 'scale';

/** Orders with their request ids, as a client leaves them behind; a few hundred in each call. */
const fill = async (store: RedisStore, size: number): Promise<void> => {
  const answer = { code: 'SUCCESS', status: 'S', message: 'success.', fields: {} } as const;
  let next = 0;
  const fillSome = async (): Promise<void> => {
    while (next < size) {
      const from = next;
      next += together;
      const changes = Array.from({ length: Math.min(together, size - from) }, (_, index) => {
        const id = `stored ${from + index}`;
        const fields = { ...orderSample, merchantBizNo: id };
        return [
          { collection: 'orders', id, value: { fields, eventTime: 1, updates: 1 } },
          { collection: 'requests', id, value: { fingerprint: 'f'.repeat(64), answer } },
        ] satisfies Change[];
      });
      await store.commit('bench', [], changes.flat(), performance.now() + 30_000);
    }
  };
  await Promise.all(Array.from({ length: fillers }, fillSome));
};

const usedBytes = async (engine: TestEngine): Promise<number> =>
  Number(/used_memory:(\d+)/.exec(await engine.cli('info', 'memory'))?.[1]);

/** A start, transactions and pages, at whatever size the store has. */
const measureSize = async (
  { url }: TestEngine,
  store: RedisStore,
  rows: FleetRows,
  size: string,
): Promise<void> => {
  for (let round = 0; round < 5; round++) {
    const startedAt = performance.now();
    const sharing = ['--store', url, '--store-prefix', prefix];
    const server = runBundle(['serve', '--port', '0', '--log-level', 'info', ...sharing]);
    await server.url;
    rows.add(`${size}: until a simulator is ready, ms`, performance.now() - startedAt);
    server.child.kill();
    await server.finished;
    const latencies: number[] = [];
    for (let index = 0; index < 2000; index++) {
      const before = performance.now();
      await sendOrder(store, `measured ${size} ${round}-${index >> 2}`);
      latencies.push(performance.now() - before);
    }
    rows.addPercentile(`${size}: transact, one caller, p50, ms`, latencies, 0.5);
    rows.addPercentile(`${size}: transact, one caller, p99, ms`, latencies, 0.99);
  }
};

/** What a store of that size takes, and whether its size slows anything down. */
export const measureScale = async (
  engine: TestEngine,
  rows: FleetRows,
  size: number,
): Promise<void> => {
  const store = await openReplica(engine.url, prefix);
  await sendOrder(store, 'compiles');
  await measureSize(engine, store, rows, 'empty');
  const bytesBefore = await usedBytes(engine);
  const fillStartedAt = performance.now();
  await fill(store, size);
  rows.add('seconds to fill it', (performance.now() - fillStartedAt) / 1000);
  const bytes = (await usedBytes(engine)) - bytesBefore;
  rows.add('MB in the engine', bytes / 1e6);
  rows.add(`bytes for an order of ${JSON.stringify(orderSample).length} and its id`, bytes / size);
  await measureSize(engine, store, rows, `${size} orders`);
  const pages: number[] = [];
  let listed = 0;
  let pageStartedAt = performance.now();
  for await (const _ of listAll((page) => store.list('bench', 'orders', page))) {
    if (++listed % 1000 !== 0) continue;
    pages.push(performance.now() - pageStartedAt);
    pageStartedAt = performance.now();
  }
  for (const share of [0.5, 0.99])
    rows.add(`page of 1000 orders, p${share * 100}, ms`, percentile(pages, share));
  rows.add('last page over the first', (pages.at(-1) ?? 0) / (pages[0] ?? 1));
  const clearStartedAt = performance.now();
  await store.clear('bench');
  rows.add('reset, ms', performance.now() - clearStartedAt);
  const left = await collectAll((page) => store.listIds('bench', 'orders', page));
  if (listed < size || left.length > 0) throw new Error(`${listed} listed, ${left.length} left`);
  await store.close();
};
