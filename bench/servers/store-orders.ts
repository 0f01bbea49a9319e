import { composeSample } from '../../server/admin/loopback-client.ts';
import type { Change } from '../../server/domain/state/state.ts';
import { openFileStore } from '../../server/storage/file/file-store.ts';
import { demoClient } from '../demo-merchant.ts';
import { requireOperation, shippedContract } from '../shipped-contract.ts';

const batch = 1000;

/** Fills a data folder with orders and their request ids, as if they had been sent. */
export const storeOrders = async (folder: string, count: number): Promise<void> => {
  const store = await openFileStore(folder, 'os', {
    requests: count,
    bytes: Number.MAX_SAFE_INTEGER,
  });
  const sample = composeSample(
    requireOperation(shippedContract(), 'syncOrder'),

    {
      time: Date.now(),
    },
  );
  const toChanges = (index: number): readonly Change[] => {
    const number = `STORED-${index}`;
    const requestId = index.toString(16).padStart(32, '0');
    const fields = { ...sample, requestId, merchantBizNo: number };
    const answer = {
      code: 'SUCCESS',
      status: 'S',
      message: 'Success',
      fields: { orderStatus: 'TICKETED' },
    } as const;
    return [
      {
        collection: 'orders',
        id: JSON.stringify([number]),
        value: { fields, eventTime: Date.now(), updates: 1 },
      },
      {
        collection: 'requests',
        id: `syncOrder ${requestId}`,
        value: { fingerprint: requestId.repeat(2), answer },
      },
    ];
  };
  for (let from = 0; from < count; from += batch) {
    const changes = Array.from({ length: Math.min(batch, count - from) }, (_, index) =>
      toChanges(from + index),
    ).flat();
    await store.commit(demoClient, [], changes);
  }
  await store.close();
};
