import { composeSample } from '../../server/admin/loopback-client.ts';
import { settingsWith } from '../../server/app/settings/resolve-settings.ts';
import { readContract } from '../../server/domain/contract/read-contract.ts';
import {
  buildIdentity,
  buildRequestKey,
  decideRequest,
} from '../../server/domain/operations/decide-request.ts';
import { endpoints } from '../../server/domain/operations/index.ts';
import type { RecordAddress } from '../../server/domain/state/state.ts';
import { shippedContract } from '../../server/package-root.ts';
import { MemoryStore } from '../../server/storage/memory-store.ts';
import { parseAddress } from '../../server/storage/redis/address.ts';
import { RedisStore } from '../../server/storage/redis/redis-store.ts';
import { type Store, transact } from '../../server/storage/store.ts';
import { percentile } from '../statistics.ts';
import type { FleetRows } from './fleet-rows.ts';

const rounds = 5;
const each = 400;
const startTime = 1_700_000_000_000;

export const openReplica = async (url: string, prefix: string): Promise<RedisStore> => {
  const address = parseAddress(url);
  if (typeof address === 'string') throw new Error(address);
  return RedisStore.open(
    { address, prefix, waitMs: 0, onLoss: 'refuse', onWarning: () => {} },
    { requests: 10_000_000, bytes: 0 },
  );
};

const policies = settingsWith();
const contract = readContract(shippedContract, policies, true).value;
const operation = [...(contract?.operations.values() ?? [])].find(({ id }) => id === 'syncOrder');
const endpoint = endpoints.find(({ operationId }) => operationId === 'syncOrder');
if (contract === undefined || operation === undefined || endpoint === undefined)
  throw new Error('the contract has no syncOrder');
export const orderPath = operation.path;
export const orderSample = composeSample(operation, {
  fields: {},
  time: startTime,
  example: 'PASS_TICKET',
});

let count = 0;
let decisions = 0;

/** One message, with a request id of its own. Counts each call of the engine that it takes. */
export const sendOrder = async (store: Store, merchantBizNo: string): Promise<unknown> => {
  const number = ++count;
  const request = {
    ...orderSample,
    merchantBizNo,
    requestId: `r${number}`,
    orderModifyTime: startTime + number,
  };
  const identity = buildIdentity(endpoint, request, policies);
  const requestKey = buildRequestKey(endpoint, request) ?? '';
  const addresses: RecordAddress[] = [
    { collection: 'orders', id: identity },
    { collection: 'requests', id: requestKey },
  ];
  return transact(store, 'bench', addresses, (held) => {
    decisions++;
    return decideRequest(
      {
        endpoint,
        operation,
        held: {
          entity: held.get('orders', identity),
          remembered: held.get('requests', requestKey),
        },
        call: { request, fingerprint: 'f'.repeat(64), identity, requestKey },
        context: {
          policies,
          statusMachines: contract.statusMachines,
          clientId: 'bench',
          now: startTime + number,
        },
      },
      undefined,
    );
  });
};

const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

interface Measured {
  /** Processor time of this process for one, in milliseconds. */
  readonly cpu: number;
  readonly latencies: readonly number[];
  /** Calls of the engine for one. */
  readonly calls: number;
}

/** While so many callers are busy. */
const measureTransacts = async (
  callers: number,
  one: (caller: number, index: number) => Promise<unknown>,
): Promise<Measured> => {
  const latencies: number[] = [];
  const before = process.cpuUsage();
  const decidedBefore = decisions;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let index = 0; index < each; index++) {
        const startedAt = performance.now();
        await one(caller, index);
        latencies.push(performance.now() - startedAt);
      }
    }),
  );
  const all = callers * each;
  return { cpu: cpuMs(before) / all, latencies, calls: (decisions - decidedBefore) / all };
};

/** A first message and three updates of each order. */
const fourEach =
  (store: Store, round: number) =>
  (caller: number, index: number): Promise<unknown> =>
    sendOrder(store, `o${round}-${caller}-${Math.floor(index / 4)}`);

/** One transaction in memory and in the engine, in turns. */
export const measureStores = async (url: string, rows: FleetRows): Promise<void> => {
  const memory = new MemoryStore({ requests: 10_000_000, bytes: 1e9 });
  const [first, second] = [await openReplica(url, 't'), await openReplica(url, 't')];
  // The first round compiles.
  for (let round = 0; round <= rounds; round++) {
    const inMemory = await measureTransacts(16, fourEach(memory, round));
    const inEngine = await measureTransacts(16, fourEach(first, round));
    const aloneInMemory = await measureTransacts(1, fourEach(memory, -round - 1));
    const aloneInEngine = await measureTransacts(1, fourEach(first, -round - 1));
    const firsts = await measureTransacts(16, (caller, index) =>
      sendOrder(first, `f${round}-${caller}-${index}`),
    );
    const inTurns = await measureTransacts(16, (caller, index) =>
      sendOrder(Math.random() < 0.5 ? first : second, `m${round}-${caller}-${index >> 2}`),
    );
    if (round === 0) continue;
    rows.add('transact in memory, 16 callers: CPU in ms', inMemory.cpu);
    rows.add('transact in the engine, 16 callers: CPU in ms', inEngine.cpu);
    rows.add('transact, 16 callers: CPU over memory', inEngine.cpu / inMemory.cpu);
    rows.add('transact, 1 caller: CPU over memory', aloneInEngine.cpu / aloneInMemory.cpu);
    for (const share of [0.5, 0.99])
      rows.add(
        `transact, 1 caller: p${share * 100} above memory, ms`,
        percentile(aloneInEngine.latencies, share) - percentile(aloneInMemory.latencies, share),
      );
    rows.add('calls for a first message', firsts.calls);
    rows.add('calls for a message, two replicas in turn', inTurns.calls);
  }
  await Promise.all([first.close(), second.close()]);
};

/** Many callers change the same order at once. */
export const measureContention = async (url: string, rows: FleetRows): Promise<void> => {
  for (const replicas of [2, 4]) {
    const stores: RedisStore[] = [];
    for (let index = 0; index < replicas; index++) stores.push(await openReplica(url, 'c'));
    for (let round = 0; round < 3; round++) {
      const latencies: number[] = [];
      const decidedBefore = decisions;
      await Promise.all(
        Array.from({ length: 64 }, async (_, caller) => {
          const store = stores[caller % replicas] as RedisStore;
          for (let index = 0; index < 20; index++) {
            const startedAt = performance.now();
            await sendOrder(store, `contested ${replicas}-${round}`);
            latencies.push(performance.now() - startedAt);
          }
        }),
      );
      const name = `64 callers, one order, ${replicas} replicas`;
      rows.add(`${name}: repeats for each`, (decisions - decidedBefore) / latencies.length - 1);
      rows.addPercentile(`${name}: p99, ms`, latencies, 0.99);
    }
    await Promise.all(stores.map((one) => one.close()));
  }
};
