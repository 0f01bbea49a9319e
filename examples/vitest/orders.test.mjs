import { OperationFailedError } from 'alipayhk-mock/client';
import { test } from 'alipayhk-mock/vitest';
import { expect } from 'vitest';

const order = (merchantBizNo) => ({
  merchantBizNo,
  orderStatus: 'TICKETED',
  openId: '2160120074526881',
  merchantBizType: 'MOVIE_TICKET',
  orderCreateTime: Date.now(),
  orderModifyTime: Date.now(),
  extInfo: {},
});

// `alipayhk` is a client of the simulator for this test alone; `merchant` calls with its keys. Use
// your own code instead of `merchant`: it needs alipayhk.baseUrl, alipayhk.clientId,
// alipayhk.privateKey and alipayhk.platformKey.
test('an order is reported once although its response was lost', async ({ alipayhk, merchant }) => {
  await alipayhk.activate('net-reset');
  expect((await merchant.syncOrder(order('T-1'))).orderStatus).toBe('TICKETED');
  const exchange = { operation: 'syncOrder', body: { merchantBizNo: 'T-1' } };
  await alipayhk.verify({ exchanges: [{ exchange, exactly: 2 }] });
  expect(await alipayhk.records('orders')).toHaveLength(1);
});

test('a failure is final', async ({ alipayhk, merchant }) => {
  await alipayhk.next({ when: { operation: 'syncOrder' }, then: { result: 'PARAM_ILLEGAL' } });
  await expect(merchant.syncOrder(order('T-1'))).rejects.toBeInstanceOf(OperationFailedError);
});

test('each test has its own clock', async ({ alipayhk }) => {
  await alipayhk.clock.freeze(Date.UTC(2030, 0, 1));
  expect((await alipayhk.clock.read()).now).toBe(Date.UTC(2030, 0, 1));
});
