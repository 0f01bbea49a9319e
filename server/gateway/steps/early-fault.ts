import type { IncomingHttpHeaders } from 'node:http';
import { firstState } from '../../domain/scenarios/live-conditions.ts';
import { type ActiveRule, matchingRules, pickScript } from '../../domain/scenarios/match-rule.ts';
import type { Facts } from '../exchange.ts';
import { Interruption } from '../interruption.ts';
import { drawDelivery } from '../reply/resolve-delivery.ts';
import { chooseEarlyRules } from './choose-rules.ts';
import type { DecidingParts } from './decide.ts';
import { claimedClient } from './identify-client.ts';

type Nothing = Record<never, never>;

/**
 * The phase before-verify: a fault may strike before anything of the request is checked. Calls are counted in the world of the client
 * that the request claims to come from; a name that is not known has no world, and gets none this way.
 */
export const strikeEarly = (
  { operation }: Pick<Facts, 'operation'>,
  headers: IncomingHttpHeaders,
  parts: DecidingParts,
  seed: number,
  now: number,
): Nothing | Promise<Nothing> => {
  const { rules } = parts;
  const claimed = claimedClient(headers, rules.book);
  if (claimed === undefined) return {};
  const early = chooseEarlyRules({ headers, clientId: claimed, operation }, rules);
  return early.every((rules) => rules.length === 0) ? {} : strike(early, claimed, parts, seed, now);
};

const strike = async (
  early: readonly (readonly ActiveRule[])[],
  claimed: string,
  parts: DecidingParts,
  seed: number,
  now: number,
): Promise<Nothing> => {
  const matched = matchingRules(early, { clientId: claimed, request: {}, identity: '' });
  const keys = matched.map(({ counter }) => ({ collection: 'calls' as const, id: counter }));
  const { outcome } = await parts.store.transact(claimed, keys, (held) => {
    const picked = pickScript(matched, {
      callsBefore: (counter) => held.get('calls', counter) ?? 0,
      stateOf: () => firstState,
      held: undefined,
      now,
    });
    return { picked, changes: picked.calls.map(([id, value]) => ({ collection: 'calls' as const, id, value })) };
  });
  parts.rules.book.controls(claimed).oneShots.forgetUsedUp(outcome.picked.calls);
  const { script } = outcome.picked;
  if (script !== undefined) throw new Interruption(script.name, drawDelivery(outcome.picked, claimed, seed));
  return {};
};
