import { signRequest } from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import { demoMerchant } from '../demo-merchant.ts';
import type { Answer } from '../load/answer.ts';
import { httpBytes } from '../requests/http-bytes.ts';
import { requireOperation, shippedContract } from '../shipped-contract.ts';
import type { OrderAnswer, SentMessage, SentOrder } from './order-book.ts';

const merchant = demoMerchant();
const operation = requireOperation(shippedContract(), 'syncOrder');

export const newOrder = (number: string): SentOrder => {
  const order: SentOrder = { number, createTime: Date.now(), messages: [] };
  order.messages.push(createMessage(order, 'TICKETED', order.createTime));
  return order;
};

/** A newer message about the order. */
export const createUpdate = (order: SentOrder, status: SentMessage['status']): SentMessage =>
  createMessage(order, status, (order.messages.at(-1)?.time ?? order.createTime) + 1);

/**
 * Asks what is held: a stale update changes nothing and is answered with the held status. Only a
 * lost order would take on this status.
 */
export const createProbe = (order: SentOrder): Buffer => sign(order, lostStatus, order.createTime);

/** No message of an order says so. */
export const lostStatus = 'REFUNDED';

export const readOrderAnswer = ({ body }: Answer): OrderAnswer => {
  // The simulator's own answer to an order; anything else shows as an empty code.
  const json = JSON.parse(body.toString('utf8')) as {
    result?: { resultCode?: string };
    orderStatus?: string;
  };
  return { code: json.result?.resultCode ?? '', orderStatus: json.orderStatus ?? '' };
};

const createMessage = (
  order: SentOrder,
  status: SentMessage['status'],
  time: number,
): SentMessage => ({
  status,
  time,
  bytes: sign(order, status, time),
});

const sign = ({ number, createTime }: SentOrder, status: string, time: number): Buffer => {
  const fields = { merchantBizNo: number, orderCreateTime: createTime, orderStatus: status };
  const body = composeSample(operation, {
    time,
    example: 'PASS_TICKET',
    fields,
  });
  return httpBytes(signRequest(merchant, operation.path, Buffer.from(JSON.stringify(body))));
};
