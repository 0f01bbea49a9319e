import { firstState } from '../../domain/scenarios/conditions.ts';
import {
  type MatchedRule,
  type Selection,
  selectRule,
} from '../../domain/scenarios/select-rule.ts';
import { HeldRecords } from '../../storage/store.ts';
import type { EarlyRules, Received } from '../exchange.ts';
import { concludeAbort, type Outcome } from '../outcome.ts';
import { internalErrorResult } from '../reply/compose-reply.ts';
import { claimedClient } from './identify-client.ts';
import {
  callsBefore,
  countCalls,
  type DecideContext,
  type DecideDeps,
  matchRules,
  resolveDelivery,
  transactRules,
} from './select-rules.ts';

/**
 * The phase before-verify: a scripted fault may apply before anything of the request is checked.
 * Calls are counted for the client that the request claims to come from; an unknown one has no
 * rules and no counters.
 * @returns the outcome if a fault applies; otherwise the request, with the rules that were reached.
 * Their calls are counted in the transaction of the decision, or of the refusal.
 */
export const applyEarlyFaults = (
  received: Received,
  { headers, isReused, seed, now }: DecideContext,
  deps: DecideDeps,
): Received | Outcome | Promise<Received | Outcome> => {
  const clientId = claimedClient(headers, deps.rules.book);
  if (clientId === undefined) return received;
  const { operation } = received;
  const call = {
    ...{ headers, isReused, clientId, operation },
    ...{ request: {}, identity: '', identityFields: [] },
  };
  const { rules } = matchRules('before-verify', call, deps.rules);
  if (rules.length === 0) return received;
  const early: EarlyRules = { clientId, rules };
  const held = new HeldRecords(deps.store.recall(clientId, listCounters(rules)));
  return selectEarlyRule(rules, held, now).script === undefined
    ? { ...received, early }
    : abort(received, early, { seed, now }, deps);
};

/** Selects among rules of the phase before-verify, which knows neither records nor stories. */
export const selectEarlyRule = (
  rules: readonly MatchedRule[],
  held: HeldRecords,
  now: number,
): Selection =>
  selectRule(rules, {
    callsBefore: callsBefore(held),
    stateOf: () => firstState,
    held: undefined,
    now,
  });

export const listCounters = (rules: readonly MatchedRule[]): MatchedRule['counter'][] =>
  rules.map(({ counter }) => counter);

/** Selects again on what is held at the commit: another request may have come first. */
const abort = async (
  received: Received,
  { clientId, rules }: EarlyRules,
  { seed, now }: Pick<DecideContext, 'seed' | 'now'>,
  deps: DecideDeps,
): Promise<Received | Outcome> => {
  const { outcome } = await transactRules(deps, clientId, listCounters(rules), (held) => {
    const selection = selectEarlyRule(rules, held, now);
    return { selection, changes: countCalls(held, selection.calls) };
  });
  const { script } = outcome.selection;
  if (script === undefined) return received;
  const delivery = resolveDelivery(outcome.selection, clientId, seed);
  const result = internalErrorResult(received.operation, deps.tables, false);
  return concludeAbort(
    'early-fault',
    received,
    { rule: script.name, delivery, changes: [] },
    result,
  );
};

/** Counts the calls of early rules of a request that was refused before its decision. */
export const countEarlyCalls = async (
  { clientId, rules }: EarlyRules,
  now: number,
  deps: DecideDeps,
): Promise<void> => {
  await transactRules(deps, clientId, listCounters(rules), (held) => ({
    changes: countCalls(held, selectEarlyRule(rules, held, now).calls),
  }));
};
