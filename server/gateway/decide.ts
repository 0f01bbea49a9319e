import { type Decision, decideRequest, identityOf, requestKeyOf } from '../endpoints/decide-request.ts';
import type { Endpoint, RuleContext } from '../endpoints/endpoint.ts';
import { type ActiveRule, matchingRules, pickScript } from '../scenario/match-rule.ts';
import { type Delivery, plainDelivery } from '../scenario/script.ts';
import type { Committed, RecordKey, Store } from '../store/store.ts';
import type { Facts } from './exchange.ts';

export interface DecidingParts {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly store: Store;
  /** The active rules, in order. */
  readonly rules: () => readonly ActiveRule[];
  readonly context: Omit<RuleContext, 'clientId'>;
}

export interface Decided extends Decision {
  readonly identity: string;
  readonly delivery: Delivery;
}

/** Steps 9 and 10: one pure decision inside the store's one `transact`, committed before anyone hears of it. */
export const decide = (
  { client, operation, request, fingerprint }: Pick<Facts, 'client' | 'operation' | 'request' | 'fingerprint'>,
  parts: DecidingParts,
): Promise<Committed<Decided>> => {
  const endpoint = parts.endpoints.get(operation.id);
  if (endpoint === undefined) throw new Error(`no endpoint serves ${operation.id}`);
  const identity = identityOf(endpoint, request);
  const requestKey = requestKeyOf(endpoint, request);
  const matched = matchingRules(parts.rules(), { operationId: operation.id, clientId: client.id, request, identity });
  const keys: RecordKey[] = [
    { collection: endpoint.collection, id: identity },
    ...(requestKey === undefined ? [] : [{ collection: 'requests' as const, id: requestKey }]),
    ...matched.map(({ counter }) => ({ collection: 'calls' as const, id: counter })),
  ];
  return parts.store.transact(client.id, keys, (held) => {
    const { script, calls } = pickScript(matched, (counter) => held.get('calls', counter) ?? 0);
    const decision = decideRequest(
      endpoint,
      operation,
      { request, fingerprint, identity, requestKey },
      {
        entity: held.get(endpoint.collection, identity),
        remembered: requestKey === undefined ? undefined : held.get('requests', requestKey),
      },
      { ...parts.context, clientId: client.id },
      script,
    );
    const counted = calls.map(([id, value]) => ({ collection: 'calls' as const, id, value }));
    return { ...decision, changes: [...decision.changes, ...counted], identity, delivery: script?.delivery ?? plainDelivery };
  });
};
