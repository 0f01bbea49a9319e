const { OperationFailedError } = require('alipayhk-mock/client');
const { withAlipayHK } = require('alipayhk-mock/jest');

const order = (merchantBizNo, orderModifyTime = Date.now()) => ({
  merchantBizNo,
  orderStatus: 'TICKETED',
  openId: '2160120074526881',
  merchantBizType: 'MOVIE_TICKET',
  orderCreateTime: 1,
  orderModifyTime,
  extInfo: {},
});

test(
  'the settings of this run refuse a late update',
  withAlipayHK(async ({ alipayhk, merchant }) => {
    await merchant.syncOrder(order('T-1', 2000));
    alipayhk.allow('ORDER_STATUS_INVALID');
    const late = merchant.syncOrder(order('T-1', 1000));
    await expect(late).rejects.toBeInstanceOf(OperationFailedError);
  }),
);

test.concurrent.each([1, 2, 3, 4, 5])(
  'parallel test %i',
  withAlipayHK(async ({ alipayhk, merchant }, n) => {
    await merchant.syncOrder(order('ONE-FOR-ALL', n));
    const [held] = await alipayhk.records('orders');
    expect(held.value.eventTime).toBe(n);
  }),
);

test('an unexpected failure fails the test', async () => {
  const careless = withAlipayHK(async ({ merchant }) => {
    await merchant.syncOrder({ ...order('T-2'), orderStatus: 'NO_SUCH' }).catch(() => {});
  });
  await expect(careless()).rejects.toThrow('unexpected');
});
