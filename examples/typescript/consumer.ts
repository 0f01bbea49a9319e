// What a consumer writes must be typed as they expect, in each way of finding the types. Nothing
// here is run.
import { createMockServer, type MockServer, StartupError } from 'alipayhk-mock';
import { AlipayHKClient, type ResponseOf, OperationFailedError, type RequestOf } from 'alipayhk-mock/client';
import { connectMockServer } from 'alipayhk-mock/connect';
import { withAlipayHK } from 'alipayhk-mock/jest';

export const use = async (): Promise<void> => {
  const server: MockServer = await createMockServer({
    ordering: { stale: 'refuse' },
    'order.extraFields': 'note',
    scenario: ['net-reset'],
  });
  // @ts-expect-error: no such value
  await createMockServer({ ordering: { stale: 'perhaps' } });
  // @ts-expect-error: no such setting
  await createMockServer({ prot: 1 });
  const client = await server.clients.create({ algorithm: 'ECC224' });
  const merchant = new AlipayHKClient(client);
  const order: RequestOf<'syncOrder'> = {
    merchantBizNo: 'T-1',
    orderStatus: 'TICKETED',
    userId: '2160120074526881',
    merchantBizType: 'MOVIE_TICKET',
    orderCreateTime: 1,
    orderModifyTime: 2,
    amount: { value: '1', currency: 'HKD' },
    extInfo: {},
  };
  const response: ResponseOf<'syncOrder'> = await merchant.syncOrder(order);
  const status: string | undefined = response.orderStatus;
  // @ts-expect-error: a movie ticket has no list of items
  await merchant.syncOrder({ ...order, itemOrderList: 1, merchantBizType: 'LINE_UP' });
  // @ts-expect-error: the amount is missing
  await merchant.syncPaymentInfo({ openId: '1' });
  const { resultInfo } = await merchant.updateMembershipCard({ merchantId: '1', openId: '1', passId: '1', status: 'CLOSED' });
  await client.verify({ exchanges: [{ exchange: { code: resultInfo.resultCode, body: { merchantBizNo: { prefix: 'T' } } }, atLeast: 1 }] });
  await connectMockServer({ url: server.url }).reset();
  withAlipayHK(async ({ alipayhk }, row: number) => void [await alipayhk.clock.advance(row), status]);
  const error: unknown = new StartupError([]);
  if (error instanceof OperationFailedError) throw new Error(error.result.resultCode);
  await server.close();
};
