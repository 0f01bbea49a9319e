/**
 * A separate process that executes a load order and reports its measurements, so that its garbage
 * collection and its processor time do not count for the server.
 */
import { demoMerchant } from '../demo-merchant.ts';
import { readRequestFile } from '../requests/request-file.ts';
import type { LoadJob } from './load-order.ts';
import { runLoad } from './run-load.ts';

const merchant = demoMerchant();
let held: { readonly key: string; readonly requests: readonly Buffer[] } = {
  key: '',
  requests: [],
};

const readRequests = (files: readonly string[]): readonly Buffer[] => {
  const key = files.join();
  if (held.key !== key) held = { key, requests: files.flatMap(readRequestFile) };
  return held.requests;
};

const perform = async (order: LoadJob): Promise<void> => {
  const requests = readRequests(order.files);
  try {
    process.send?.({ measurement: await runLoad(order, requests, merchant) });
  } catch (error) {
    process.send?.({ failure: String(error) });
  }
};

process.on('message', (order: LoadJob) => void perform(order));
process.on('disconnect', () => process.exit());
