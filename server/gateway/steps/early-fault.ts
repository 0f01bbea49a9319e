import type { IncomingHttpHeaders } from 'node:http';
import { firstState } from '../../domain/scenarios/live-conditions.ts';
import { type CompiledRule, matchingRules, selectRule } from '../../domain/scenarios/match-rule.ts';
import type { ExchangeContext } from '../exchange.ts';
import { AbortedByFault } from '../interruption.ts';
import { resolveDelivery } from '../reply/resolve-delivery.ts';
import { selectEarlyRules } from './choose-rules.ts';
import type { DecideDeps } from './decide.ts';
import { claimedClient } from './identify-client.ts';

type Nothing = Record<never, never>;

/**
 * The phase before-verify: a fault may strike before anything of the request is checked. Calls are
 * counted in the world of the client that the request claims to come from; a name that is not known
 * has no world, and gets none this way.
 */
export const applyEarlyFaults = (
  { operation }: Pick<ExchangeContext, 'operation'>,
  headers: IncomingHttpHeaders,
  parts: DecideDeps,
  seed: number,
  now: number,
): Nothing | Promise<Nothing> => {
  const { rules } = parts;
  const claimed = claimedClient(headers, rules.book);
  if (claimed === undefined) return {};
  const early = selectEarlyRules({ headers, clientId: claimed, operation }, rules);
  return early.every((rules) => rules.length === 0)
    ? {}
    : consumeEarlyFault(early, claimed, parts, seed, now);
};

const consumeEarlyFault = async (
  early: readonly (readonly CompiledRule[])[],
  claimed: string,
  parts: DecideDeps,
  seed: number,
  now: number,
): Promise<Nothing> => {
  const matched = matchingRules(early, { clientId: claimed, request: {}, identity: '' });
  const keys = matched.map(({ counter }) => ({ collection: 'calls' as const, id: counter }));
  const { outcome } = await parts.store.transact(claimed, keys, (held) => {
    const picked = selectRule(matched, {
      callsBefore: (counter) => held.get('calls', counter) ?? 0,
      stateOf: () => firstState,
      held: undefined,
      now,
    });
    return {
      picked,
      changes: picked.calls.map(([id, value]) => ({ collection: 'calls' as const, id, value })),
    };
  });
  parts.rules.book.controls(claimed).oneShots.removeExhausted(outcome.picked.calls);
  const { script } = outcome.picked;
  if (script !== undefined)
    throw new AbortedByFault(script.name, resolveDelivery(outcome.picked, claimed, seed));
  return {};
};
