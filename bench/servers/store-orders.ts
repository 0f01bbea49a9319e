import { composeSample } from '../../server/merchant/compose-sample.ts';
import { openDataFolder } from '../../server/store/open-data-folder.ts';
import type { Change } from '../../server/world/state.ts';
import { demoClient } from '../demo-merchant.ts';
import { operationOf, shippedContract } from '../shipped-contract.ts';

const batch = 1000;

/** Fills a data folder with orders and their request ids, as if they had been sent. */
export const storeOrders = async (folder: string, count: number): Promise<void> => {
  const operation = operationOf(shippedContract(), 'syncOrder');
  const store = await openDataFolder(folder, 'os', { requests: count, bytes: Number.MAX_SAFE_INTEGER });
  for (let from = 0; from < count; from += batch) {
    const size = Math.min(batch, count - from);
    const changes = Array.from({ length: size }, (_, index): readonly Change[] => {
      const time = Date.now();
      const fields = composeSample(operation, 'orderModifyTime', { time, fields: { merchantBizNo: `STORED-${from + index}` } });
      const answer = { code: 'SUCCESS', status: 'S', message: 'Success', fields: {} } as const;
      return [
        { collection: 'orders', id: JSON.stringify([`STORED-${from + index}`]), value: { fields, eventTime: time, updates: 1 } },
        { collection: 'requests', id: `syncOrder ${String(fields['requestId'])}`, value: { fingerprint: String(from + index), answer } },
      ];
    }).flat();
    await store.transact(demoClient, [], () => ({ changes }));
  }
  await store.close();
};
