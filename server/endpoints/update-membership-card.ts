import type { Finding } from '../contract/finding.ts';
import { accept, type Endpoint, noFields, refuse } from './endpoint.ts';

const detailTypeMissing: Finding = {
  id: 'UPDATE_DETAIL_TYPE_MISSING',
  sentence: 'updateDetailType is missing; the current page marks it required even when status is CLOSED',
  register: 'E-12',
};

export const updateMembershipCard: Endpoint = {
  operationId: 'updateMembershipCard',
  collection: 'cards',
  idempotencyKey: null,
  identity: ['merchantId', 'passId'],
  eventTime: null,
  staleCode: 'PASS_UPDATE_FAIL',
  decide: (request, held, { policies }) => {
    if (held === undefined && policies['membership.unknownPass'] === 'PASS_HAS_NOT_EXIST') {
      return refuse('PASS_HAS_NOT_EXIST', 'passId: no such pass is known', ['E-10']);
    }
    if (held?.fields['status'] === 'CLOSED') {
      return policies['membership.closedPass'] === 'SUCCESS'
        ? { ...accept('the pass is closed already; answered as done', ['E-11']), keepsHeld: true }
        : refuse('PASS_UPDATE_FAIL', 'passId: the pass is CLOSED; only an active pass can be updated', ['E-11']);
    }
    const findings = request['updateDetailType'] === undefined ? [detailTypeMissing] : [];
    return accept(
      held === undefined ? 'the pass is known from now on' : 'the pass is updated',
      [held === undefined ? 'E-10' : 'O-03'],
      findings,
    );
  },
  answerFields: noFields,
};
