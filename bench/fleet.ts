/**
 * What a store that several simulators share costs, next to the store in memory: `npm run
 * bench:fleet`. All rows take turns in one run, so that ratios hold on a machine that is busy.
 * Needs redis-server or valkey-server.
 */
import { readFileSync } from 'node:fs';
import { signRequest } from '../sdk/client/signed-call.ts';
import { composeSample } from '../server/admin/compose-sample.ts';
import { settingsWith } from '../server/app/settings/resolve-settings.ts';
import { readContract } from '../server/domain/contract/read-contract.ts';
import {
  buildIdentity,
  buildRequestKey,
  decideRequest,
} from '../server/domain/operations/decide-request.ts';
import { endpoints } from '../server/domain/operations/index.ts';
import type { Change, RecordAddress } from '../server/domain/state/state.ts';
import { shippedContract } from '../server/package-root.ts';
import { MemoryStore } from '../server/storage/memory-store.ts';
import { parseAddress } from '../server/storage/redis/address.ts';
import { RedisStore } from '../server/storage/redis/redis-store.ts';
import { type Store, transact } from '../server/storage/store.ts';
import { type Running, runBundle } from '../test/run-bundle.ts';
import { demoMerchant } from '../test/start-server.ts';
import { startEngine } from '../test/storage/redis/engines.ts';
import { useOwnTemporaryFolder } from '../test/temporary-folder.ts';

useOwnTemporaryFolder();

const rounds = 7;
const callers = 16;
const transactsEach = 400;
const requestsEach = 80;
const limits = { requests: 1_000_000, bytes: 0 };

const engine = await startEngine();

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

const openShared = async (prefix: string): Promise<RedisStore> => {
  const address = parseAddress(engine.url);
  if (typeof address === 'string') throw new Error(address);
  return RedisStore.open(
    { address, prefix, waitMs: 0, onLoss: 'refuse', onWarning: () => {} },
    limits,
  );
};

const contract = readContract(shippedContract, settingsWith(), true).value;
const operation = [...(contract?.operations.values() ?? [])].find(({ id }) => id === 'syncOrder');
const endpoint = endpoints.find(({ operationId }) => operationId === 'syncOrder');
if (contract === undefined || operation === undefined || endpoint === undefined)
  throw new Error('the contract has no syncOrder');
const orderPath = operation.path;
const policies = settingsWith();
const sample = composeSample(operation, {
  fields: {},
  time: 1_700_000_000_000,
  example: 'PASS_TICKET',
});

/** A first message and three updates of each order, each with a request id of its own. */
let count = 0;
const transactOnce = (store: Store, caller: number): Promise<unknown> => {
  const number = ++count;
  const request = {
    ...sample,
    merchantBizNo: `order ${caller}-${Math.floor(number / (4 * callers))}`,
    requestId: `${caller}-${number}`,
    orderModifyTime: 1_700_000_000_000 + number,
  };
  const identity = buildIdentity(endpoint, request, policies);
  const requestKey = buildRequestKey(endpoint, request) ?? '';
  const addresses: RecordAddress[] = [
    { collection: 'orders', id: identity },
    { collection: 'requests', id: requestKey },
  ];
  return transact(store, 'bench', addresses, (held) =>
    decideRequest(
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
          now: 1_700_000_000_000 + number,
        },
      },
      undefined,
    ),
  );
};

/** Processor time of this process for one, while as many callers as wanted are busy. */
const measure = async (each: number, one: (caller: number) => Promise<unknown>) => {
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let index = 0; index < each; index++) await one(caller);
    }),
  );
  return cpuMs(before) / (callers * each);
};

const rows: Record<string, number[]> = {};
const note = (name: string, value: number): void => {
  rows[name] ??= [];
  rows[name].push(value);
};

const memory = new MemoryStore({ requests: 1_000_000, bytes: 1e9 });
const shared = await openShared('transact');
for (let round = 0; round <= rounds; round++) {
  const inMemory = await measure(transactsEach, (caller) => transactOnce(memory, caller));
  const inEngine = await measure(transactsEach, (caller) => transactOnce(shared, caller));
  // The first round compiles.
  if (round > 0) note('transact in memory, CPU in ms', inMemory);
  if (round > 0) note('transact in the engine, CPU in ms', inEngine);
  if (round > 0) note('transact, 16 callers: CPU over memory', inEngine / inMemory);
}

const bytesBefore = Number(/used_memory:(\d+)/.exec(await engine.cli('info', 'memory'))?.[1]);
const stored = 20_000;
for (let number = 0; number < stored; number += 100) {
  const changes = Array.from({ length: 100 }, (_, index): Change[] => {
    const id = `stored ${number + index}`;
    const answer = { code: 'SUCCESS', status: 'S', message: 'success.', fields: {} } as const;
    return [
      { collection: 'orders', id, value: { fields: sample, eventTime: 1, updates: 1 } },
      { collection: 'requests', id, value: { fingerprint: 'f'.repeat(64), answer } },
    ];
  });
  await shared.commit('scale', [], changes.flat());
}
const bytesAfter = Number(/used_memory:(\d+)/.exec(await engine.cli('info', 'memory'))?.[1]);
note(
  `bytes for an order of ${JSON.stringify(sample).length} bytes and its request id`,
  (bytesAfter - bytesBefore) / stored,
);
await shared.close();

const quiet = ['serve', '--port', '0', '--log-level', 'info'];
const sharing = [...quiet, '--store', engine.url, '--store-prefix', 'http'];
const servers = [runBundle(quiet), runBundle(sharing), runBundle(sharing)] as const;
const [alone, first, second] = servers;

/** Processor time of another process so far, in milliseconds. Linux counts in steps of 10. */
const cpuOf = ({ child }: Running): number => {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
const merchant = demoMerchant();
const callOver = async (url: string, caller: number): Promise<void> => {
  const number = ++count;
  const order = { merchantBizNo: `o${caller}-${number}`, requestId: `r${number}` };
  const text = JSON.stringify({ ...order, orderCreateTime: 1_700_000_000_000 });
  const { headers, body } = signRequest(merchant, orderPath, Buffer.from(text));
  await fetch(`${url}${orderPath}`, { method: 'POST', headers, body: new Uint8Array(body) }).then(
    (response) => response.arrayBuffer(),
  );
};
const measureServer = async (server: Running): Promise<number> => {
  const url = await server.url;
  const before = cpuOf(server);
  await measure(requestsEach, (caller) => callOver(url, caller));
  return (cpuOf(server) - before) / (callers * requestsEach);
};
for (let round = 0; round <= rounds; round++) {
  const inMemory = await measureServer(alone);
  const inEngine = await measureServer(first);
  if (round > 0) note('request over HTTP with journal: CPU over memory', inEngine / inMemory);
}

const barriers: number[] = [];
for (let index = 0; index < 200; index++) {
  const startedAt = performance.now();
  await fetch(`${await second.url}/__admin/journal?limit=1`).then((response) =>
    response.arrayBuffer(),
  );
  barriers.push(performance.now() - startedAt);
}
const plain: number[] = [];
for (let index = 0; index < 200; index++) {
  const startedAt = performance.now();
  await fetch(`${await alone.url}/__admin/journal?limit=1`).then((response) =>
    response.arrayBuffer(),
  );
  plain.push(performance.now() - startedAt);
}
note('barrier p50, ms', percentile(barriers, 0.5) - percentile(plain, 0.5));
note('barrier p99, ms', percentile(barriers, 0.99));

const targets: Readonly<Record<string, number>> = {
  'transact, 16 callers: CPU over memory': 4,
  'request over HTTP with journal: CPU over memory': 1.3,
  'barrier p50, ms': 3,
};
for (const [name, values] of Object.entries(rows)) {
  const target = targets[name];
  const value = median(values);
  const verdict =
    target === undefined ? '' : value <= target ? `, at most ${target}` : `, MISSED: ${target}`;
  const spread = `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}`;
  console.log(`${name}: ${value.toFixed(3)} (${spread})${verdict}`);
}
for (const { child } of servers) child.kill();
await engine.stop();
