import {
  type CallOptions,
  type MerchantIdentity,
  type SignedRequest,
  signRequest,
} from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import type { JsonObject } from '../../server/domain/state/state.ts';
import { demoMerchant } from '../demo-merchant.ts';
import { requireOperation, shippedContract } from '../shipped-contract.ts';

/** What can be sent, each one unlike all others of its kind. */
export const requestKinds = ['order', 'order-sealed', 'order-badly-signed', 'payment'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Composes and signs request number `index` of a run's `label`; the times in it are now. */
export type Signer = (label: string, index: number) => SignedRequest;

export const createSigners = (): Readonly<Record<RequestKind, Signer>> => {
  const merchant = demoMerchant();
  const contract = shippedContract();
  const order = requireOperation(contract, 'syncOrder');
  const payment = requireOperation(contract, 'syncPaymentInfo');
  const orderBody = (label: string, index: number): JsonObject => {
    const time = Date.now();
    return composeSample(order, {
      time,
      fields: { merchantBizNo: `${label}-${index}`, orderCreateTime: time },
    });
  };
  const paymentBody = (label: string, index: number): JsonObject =>
    composeSample(payment, {
      time: Date.now(),
      fields: { accountId: `${label}-${index}` },
    });
  const createSigner =
    (path: string, compose: typeof orderBody, options: CallOptions = {}): Signer =>
    (label, index) =>
      signRequest(merchant, path, Buffer.from(JSON.stringify(compose(label, index))), options);
  return {
    order: createSigner(order.path, orderBody),
    'order-sealed': createSigner(order.path, orderBody, { seal: true }),
    'order-badly-signed': badlySigned(merchant, order.path, orderBody),
    payment: createSigner(payment.path, paymentBody),
  };
};

/**
 * The signature of another body: the costliest refusal, since only a full search shows that no
 * known mistake explains it.
 */
const badlySigned = (
  merchant: MerchantIdentity,
  path: string,
  compose: (label: string, index: number) => JsonObject,
): Signer => {
  const other = signRequest(merchant, path, Buffer.from('{}'));
  return (label, index) => ({ ...other, body: Buffer.from(JSON.stringify(compose(label, index))) });
};
