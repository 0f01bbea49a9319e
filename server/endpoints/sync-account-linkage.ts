import type { Entity } from '../world/state.ts';
import { accept, type Endpoint, noFields, refuse } from './endpoint.ts';

export const syncAccountLinkage: Endpoint = {
  operationId: 'syncAccountLinkage',
  collection: 'linkages',
  idempotencyKey: 'requestId',
  identity: ['externalIdentityType', 'externalIdentityValue', 'userId', 'bindingTargetType', 'bindingTarget'],
  eventTime: 'bizTime',
  staleCode: 'PARAM_ILLEGAL',
  decide: (request, held, { policies, now }) => {
    if (request['operateType'] === 'BIND') return accept(held === undefined ? 'a new binding' : 'the binding is renewed', ['O-02', 'O-03']);
    if (held !== undefined && !hasExpired(held, now)) return accept('the binding ends', ['O-02', 'O-03']);
    return policies['linkage.unknownUnbind'] === 'SUCCESS'
      ? accept(held === undefined ? 'an unknown binding is kept as unbound' : 'the binding had expired', ['E-08', 'E-22'])
      : refuse('PARAM_ILLEGAL', 'operateType: UNBIND of a binding that is not known, or no longer', ['E-08', 'E-22']);
  },
  answerFields: noFields,
};

/** A binding whose expiryTime has come is as good as none (register E-22). */
const hasExpired = ({ fields }: Entity, now: number): boolean => typeof fields['expiryTime'] === 'number' && fields['expiryTime'] <= now;
