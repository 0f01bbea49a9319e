import {
  type CallOptions,
  type SignedRequest,
  signRequest,
} from '../../../sdk/client/signed-call.ts';
import type { MockServer } from '../../../server/app/create-server.ts';
import type { JsonObject } from '../../../server/domain/state/state.ts';
import { merchantAt } from '../../merchant.ts';
import { readWorld, type World } from '../../read-world.ts';
import { demoClient, demoMerchant } from '../../start-server.ts';

/** A new order's body, and the request that carries it. */
export const newOrder = (
  server: MockServer,
  fields: JsonObject = {},
  options: CallOptions = {},
): { body: JsonObject; request: SignedRequest } => {
  const body = merchantAt(server).sample('syncOrder', {
    merchantBizNo: `NO-${crypto.randomUUID().slice(0, 20)}`,
    ...fields,
  });
  return { body, request: signOrder(server, body, options) };
};

export const signOrder = (
  server: MockServer,
  body: JsonObject,
  options: CallOptions = {},
): SignedRequest => {
  const path = server.contract.operations.get('syncOrder')?.path ?? '';
  return signRequest(demoMerchant(), path, Buffer.from(JSON.stringify(body)), options);
};

export const worldOfDemo = (server: MockServer): Promise<World> =>
  readWorld(server.store, demoClient);

/** What is held and what is remembered of all orders: `[orders, request ids]`. */
export const traces = async (server: MockServer): Promise<[number, number]> => {
  const { orders, requests } = await worldOfDemo(server);
  return [orders.size, requests.size];
};
