import type { Entity } from '../state/state.ts';
import { accept, type Endpoint, noFields, normalizeName, refuseWith } from './endpoint.ts';
import { operationRecords } from './operation-records.ts';

export const syncAccountLinkage: Endpoint = {
  operationId: 'syncAccountLinkage',
  ...operationRecords.syncAccountLinkage,
  idempotencyKey: 'requestId',
  // A binding to the account itself may name it once more (register O-03).
  identify: ({
    externalIdentityType,
    externalIdentityValue,
    userId,
    bindingTargetType,
    bindingTarget,
  }) => [
    normalizeName(externalIdentityType),
    normalizeName(externalIdentityValue),
    normalizeName(userId),
    normalizeName(bindingTargetType),
    bindingTargetType === 'USER_ID'
      ? (normalizeName(bindingTarget) ?? normalizeName(userId))
      : normalizeName(bindingTarget),
  ],
  eventTime: 'bizTime',
  staleCode: 'PARAM_ILLEGAL',
  decide: (request, held, { policies, now }) => {
    if (request['operateType'] === 'BIND')
      return accept(held === undefined ? 'a new binding' : 'the binding is renewed', [
        'O-02',
        'O-03',
      ]);
    if (held !== undefined && isBound(held, now))
      return accept('the binding ends', ['O-02', 'O-03']);
    return policies['linkage.unknownUnbind'] === 'SUCCESS'
      ? accept(
          held === undefined
            ? 'an unknown binding is kept as unbound'
            : 'the binding had ended before',
          ['E-08', 'E-22'],
        )
      : refuseWith(
          'PARAM_ILLEGAL',
          'operateType: UNBIND of a binding that is not known, or no longer',
          ['E-08', 'E-22'],
        );
  },
  answerFields: noFields,
};

/**
 * One that was taken back, or whose expiryTime has come, is as good as none (register E-08, E-22).
 */
const isBound = ({ fields }: Entity, now: number): boolean =>
  fields['operateType'] !== 'UNBIND' &&
  !(typeof fields['expiryTime'] === 'number' && fields['expiryTime'] <= now);

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
