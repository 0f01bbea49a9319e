import type { Finding } from '../contract/finding.ts';
import type { Entity } from '../world/state.ts';
import { accept, type Endpoint, noFields, refuse } from './endpoint.ts';

const detailTypeMissing: Finding = {
  id: 'UPDATE_DETAIL_TYPE_MISSING',
  sentence: 'updateDetailType is missing; the current page marks it required even when status is CLOSED',
  register: 'E-12',
};

const passExpired: Finding = {
  id: 'PASS_EXPIRED',
  sentence: 'the endDate of the pass has come; whether the real gateway still updates it is not documented',
  register: 'E-23',
};

export const updateMembershipCard: Endpoint = {
  operationId: 'updateMembershipCard',
  collection: 'cards',
  idempotencyKey: null,
  identity: ['merchantId', 'passId'],
  eventTime: null,
  staleCode: 'PASS_UPDATE_FAIL',
  decide: (request, held, { policies, now }) => {
    if (held === undefined && policies['membership.unknownPass'] === 'PASS_HAS_NOT_EXIST') {
      return refuse('PASS_HAS_NOT_EXIST', 'passId: no such pass is known', ['E-10']);
    }
    if (held?.fields['status'] === 'CLOSED') {
      return policies['membership.closedPass'] === 'SUCCESS'
        ? { ...accept('the pass is closed already; answered as done', ['E-11']), keepsHeld: true }
        : refuse('PASS_UPDATE_FAIL', 'passId: the pass is CLOSED; only an active pass can be updated', ['E-11']);
    }
    const isExpired = held !== undefined && hasExpired(held, now);
    if (isExpired && policies['membership.expiredPass'] === 'PASS_UPDATE_FAIL') {
      return refuse('PASS_UPDATE_FAIL', 'passId: the endDate of the pass has come; only an active pass can be updated', ['E-23']);
    }
    const findings = [...(request['updateDetailType'] === undefined ? [detailTypeMissing] : []), ...(isExpired ? [passExpired] : [])];
    return accept(
      held === undefined ? 'the pass is known from now on' : 'the pass is updated',
      [held === undefined ? 'E-10' : 'O-03'],
      findings,
    );
  },
  answerFields: noFields,
};

const hasExpired = ({ fields }: Entity, now: number): boolean => typeof fields['endDate'] === 'number' && fields['endDate'] <= now;
