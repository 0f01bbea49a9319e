import type { RequestOf } from '../../../sdk/client/client.ts';

let orders = 0;

/** A movie ticket that is new at every call. */
export const order = (): RequestOf<'syncOrder'> => ({
  merchantBizNo: `EMBEDDED-${++orders}`,
  orderStatus: 'TICKETED',
  openId: '2160120074526881',
  merchantBizType: 'MOVIE_TICKET',
  orderCreateTime: 1_747_893_741_000,
  orderModifyTime: Date.now(),
  amount: { value: '22000', currency: 'HKD' },
  extInfo: {},
});
