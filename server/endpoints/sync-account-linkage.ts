import { accept, type Endpoint, noFields, refuse } from './endpoint.ts';

export const syncAccountLinkage: Endpoint = {
  operationId: 'syncAccountLinkage',
  collection: 'linkages',
  idempotencyKey: 'requestId',
  identity: ['externalIdentityType', 'externalIdentityValue', 'userId', 'bindingTargetType', 'bindingTarget'],
  eventTime: 'bizTime',
  staleCode: 'PARAM_ILLEGAL',
  decide: (request, held, { policies }) => {
    if (request['operateType'] === 'BIND') return accept(held === undefined ? 'a new binding' : 'the binding is renewed', ['O-02', 'O-03']);
    if (held !== undefined) return accept('the binding ends', ['O-02', 'O-03']);
    return policies['linkage.unknownUnbind'] === 'SUCCESS'
      ? accept('an unknown binding is kept as unbound', ['E-08'])
      : refuse('PARAM_ILLEGAL', 'operateType: UNBIND of a binding that is not known', ['E-08']);
  },
  answerFields: noFields,
};
