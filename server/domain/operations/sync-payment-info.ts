import { accept, type Endpoint, noFields } from './endpoint.ts';
import { operationRecords } from './operation-records.ts';

export const syncPaymentInfo: Endpoint = {
  operationId: 'syncPaymentInfo',
  ...operationRecords.syncPaymentInfo,
  idempotencyKey: 'requestId',
  eventTime: 'requestTime',
  staleCode: 'PARAM_ILLEGAL',
  decide: (_request, held) =>
    accept(
      held === undefined ? 'a first payment of the account' : 'the newest payment of the account',
      ['O-02', 'O-03'],
    ),
  answerFields: noFields,
};
