import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createMockServer } from 'alipayhk-mock';
import { AlipayHKClient, UnknownOutcomeError } from 'alipayhk-mock/client';

let server;
before(async () => {
  server = await createMockServer();
});
after(() => server.close());

const order = (merchantBizNo) => ({
  merchantBizNo,
  orderStatus: 'TICKETED',
  openId: '2160120074526881',
  merchantBizType: 'MOVIE_TICKET',
  orderCreateTime: Date.now(),
  orderModifyTime: Date.now(),
  extInfo: {},
});

// Each test has its own client. When it ends, nothing unexpected may have happened to the client.
test('an order is reported', { concurrency: true }, () =>
  server.withClient(async (client) => {
    const { orderStatus } = await new AlipayHKClient(client).syncOrder(order('T-1'));
    assert.equal(orderStatus, 'TICKETED');
    await client.verify({
      exchanges: [{ exchange: { operation: 'syncOrder', code: 'SUCCESS' } }],
      nothingElse: true,
    });
  }),
);

test('a request whose outcome stays unknown is sent again later', { concurrency: true }, () =>
  server.withClient(async (client) => {
    const merchant = new AlipayHKClient({ ...client, retry: false });
    await client.next({
      when: { operation: 'syncOrder' },
      then: { result: 'UNKNOWN_EXCEPTION', status: 'U' },
    });
    const unknown = await merchant.syncOrder(order('T-1')).catch((error) => error);
    assert.ok(unknown instanceof UnknownOutcomeError);
    const { response } = await merchant.resend('syncOrder', unknown.body);
    assert.equal(response.orderStatus, 'TICKETED');
  }),
);
