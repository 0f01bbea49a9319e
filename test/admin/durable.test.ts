import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { merchantAt } from '../merchant.ts';
import { demoClient, startServer } from '../start-server.ts';
import { adminCaller } from './admin-caller.ts';

const path = { clientId: demoClient, collection: 'orders', recordId: '["D-1"]' };

test('what the admin side changes is kept like every other change', async () => {
  const data = mkdtempSync(join(tmpdir(), 'admin-durable-'));
  const first = await startServer({ data });
  const { call } = adminCaller(first);
  for (const n of [1, 2]) await merchantAt(first).call('syncOrder', { merchantBizNo: `D-${n}` });
  const { value } = (await call('readRecord', { path })).json;
  const moved = { ...value, updates: 7 };
  expect((await call('putRecord', { path, body: { value: moved } })).status).toBe(200);
  expect((await call('deleteRecord', { path: { ...path, recordId: '["D-2"]' } })).status).toBe(204);
  expect((await call('resetRequestIds')).status).toBe(204);
  const exported = (await call('exportState')).json;
  await first.close();

  const second = await startServer({ data });
  const again = adminCaller(second).call;
  expect((await again('exportState')).json).toEqual(exported);
  expect(exported.worlds).toMatchObject([
    { collections: { orders: { '["D-1"]': { updates: 7 } }, requests: {} } },
  ]);
  await again('resetEverything');
  await again('importState', { body: exported });
  await second.close();

  const third = await startServer({ data });
  expect((await adminCaller(third).call('exportState')).json).toEqual(exported);
  await third.close();
});
