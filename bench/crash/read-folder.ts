import { openFileStore } from '../../server/storage/file/file-store.ts';
import { readWorld } from '../../test/read-world.ts';
import { demoClient } from '../demo-merchant.ts';
import type { CrashTally } from './crash-tally.ts';
import type { OrderBook } from './order-book.ts';

/**
 * Reads the data folder itself, once every message has been answered: each order has taken each of
 * its messages exactly once.
 */
export const readFolder = async (
  folder: string,
  { orders }: OrderBook,
  tally: CrashTally,
): Promise<void> => {
  const store = await openFileStore(folder, 'none', {
    requests: Number.MAX_SAFE_INTEGER,
    bytes: Number.MAX_SAFE_INTEGER,
  });
  const held = (await readWorld(store, demoClient)).orders;
  for (const { number, messages } of orders) {
    tally.ordersRead++;
    const entity = held.get(JSON.stringify([number]));
    const last = messages.at(-1);
    if (entity === undefined) tally.find('lost', `${number} is not on disk`);
    else if (entity.updates > messages.length)
      tally.find(
        'doubled',
        `${number} took ${entity.updates} changes of ${messages.length} messages`,
      );
    else if (entity.updates < messages.length)
      tally.find('lost', `${number} took ${entity.updates} changes of ${messages.length} messages`);
    else if (entity.eventTime !== last?.time || entity.fields['orderStatus'] !== last.status)
      tally.find(
        'lost',
        `${number} is ${String(entity.fields['orderStatus'])} of ${entity.eventTime}, ` +
          `not ${last?.status} of ${last?.time}`,
      );
  }
  await store.close();
};
