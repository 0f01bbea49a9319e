import { accept, type Endpoint, noFields } from './endpoint.ts';

export const syncPaymentInfo: Endpoint = {
  operationId: 'syncPaymentInfo',
  collection: 'payments',
  idempotencyKey: 'requestId',
  identity: ['openId', 'accountId', 'type', 'subType'],
  eventTime: 'requestTime',
  staleCode: 'PARAM_ILLEGAL',
  decide: (_request, held) =>
    accept(
      held === undefined ? 'a first payment of the account' : 'the newest payment of the account',
      ['O-02', 'O-03'],
    ),
  answerFields: noFields,
};
