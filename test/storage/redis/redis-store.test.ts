import { afterAll, beforeAll, describe } from 'vitest';
import type { StateLimits } from '../../../server/domain/state/state.ts';
import { parseAddress } from '../../../server/storage/redis/address.ts';
import { RedisStore } from '../../../server/storage/redis/redis-store.ts';
import { describeStore } from '../store-contract.ts';
import { engineProgram, startCluster, startEngine } from './engines.ts';

let urls = { single: '', cluster: '' };
let prefixes = 0;

const open = (url: string, limits: StateLimits): Promise<RedisStore> => {
  const address = parseAddress(url);
  if (typeof address === 'string') throw new Error(address);
  const prefix = `test${++prefixes}`;
  return RedisStore.open(
    { address, prefix, waitMs: 0, onLoss: 'refuse', onWarning: () => {} },
    limits,
  );
};

describe.skipIf(engineProgram === undefined)('with an engine', () => {
  let stop = async (): Promise<void> => {};
  beforeAll(async () => {
    const [single, cluster] = await Promise.all([startEngine(), startCluster()]);
    urls = { single: single.url, cluster: cluster.url };
    stop = async () => {
      await Promise.all([single.stop(), cluster.stop()]);
    };
  });
  afterAll(() => stop());

  describeStore('redis', (limits) => open(urls.single, limits));
  describeStore('redis cluster', (limits) => open(urls.cluster, limits));
});
