/**
 * The ceiling: verify and sign (and, sealed, unwrap and wrap) in a loop, without HTTP, on as many
 * threads as asked for.
 */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CryptoOrder } from './crypto-order.ts';

const perform = async ({ threads, sealed, seconds }: CryptoOrder): Promise<number> => {
  const workers = Array.from(
    { length: threads },
    () =>
      new Worker(fileURLToPath(new URL('crypto-loop.mjs', import.meta.url)), {
        workerData: { sealed },
      }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  for (const worker of workers) worker.postMessage({ seconds });
  const rates = await Promise.all(workers.map((worker) => once(worker, 'message')));
  await Promise.all(workers.map((worker) => worker.terminate()));
  return rates.reduce((sum, [rate]) => sum + Number(rate), 0);
};

process.on(
  'message',
  (order: CryptoOrder) => void perform(order).then((perSecond) => process.send?.(perSecond)),
);
process.on('disconnect', () => process.exit());
