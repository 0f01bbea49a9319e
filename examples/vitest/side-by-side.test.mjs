// Fifty tests at the same time against one simulator, all with the same order number: none sees anything of another.
import { test } from 'alipayhk-mock/vitest';
import { describe, expect } from 'vitest';

const statuses = ['CALL_NUM', 'NUMBER_ARRIVED', 'NUMBER_PASSED', 'FINISHED', 'CANCELLED'];

describe.concurrent('side by side', () => {
  for (let n = 0; n < 50; n++) {
    test(`test ${n}`, async ({ alipayhk, merchant, simulator }) => {
      const mine = statuses[n % statuses.length];
      const order = (orderStatus, orderModifyTime) => ({
        requestId: `REQUEST-${orderModifyTime}`,
        merchantBizNo: 'ONE-FOR-ALL',
        orderStatus,
        openId: '2160120074526881',
        merchantBizType: 'LINE_UP',
        orderCreateTime: 1,
        orderModifyTime,
        shopInfo: {},
        extInfo: {},
      });
      const failures = n % 3;
      const time = Date.now() - n * 1000;
      await alipayhk.clock.freeze(time);
      if (failures > 0)
        await alipayhk.next({ times: failures, when: { operation: 'syncOrder' }, then: { result: 'UNKNOWN_EXCEPTION', status: 'U' } });

      const outcome = await merchant.call('syncOrder', order(mine, n + 1));
      expect(outcome.attempts).toBe(failures + 1);
      expect(outcome.response.orderStatus).toBe(mine);

      const [held, ...others] = await alipayhk.records('orders');
      expect(others).toEqual([]);
      expect(held.value).toMatchObject({ eventTime: n + 1, fields: { orderStatus: mine } });
      const exchanges = await alipayhk.journal.exchanges();
      expect(exchanges.map(({ clientId, receivedAt }) => [clientId, receivedAt])).toEqual(
        Array.from({ length: failures + 1 }, () => [alipayhk.clientId, time]),
      );
      await alipayhk.verify({ exchanges: [{ exchange: { operation: 'syncOrder' }, exactly: failures + 1 }], nothingElse: true, nothingUnsigned: true });
      expect((await simulator.clients.list()).length).toBeGreaterThan(1);
    });
  }
});
