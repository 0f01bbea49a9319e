import { accept, type Endpoint, noFields } from './endpoint.ts';
import { recordKinds } from './record-kinds.ts';

export const syncAdditionalInfo: Endpoint = {
  operationId: 'syncAdditionalInfo',
  ...recordKinds.syncAdditionalInfo,
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
