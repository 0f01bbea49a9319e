import { accept, type Endpoint, noFields } from './endpoint.ts';
import { operationRecords } from './operation-records.ts';

export const syncAdditionalInfo: Endpoint = {
  operationId: 'syncAdditionalInfo',
  ...operationRecords.syncAdditionalInfo,
  idempotencyKey: 'requestId',
  eventTime: 'requestTime',
  staleCode: 'PARAM_ILLEGAL',
  decide: (_request, held) =>
    accept(held === undefined ? 'a new account' : 'the newest word on the account', [
      'O-02',
      'O-03',
    ]),
  answerFields: noFields,
};
