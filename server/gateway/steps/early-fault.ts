import { HeldRecords } from '../../storage/store.ts';
import {
  type EarlyRules,
  type Exchange,
  type Received,
  Refusal,
  type StepError,
} from '../exchange.ts';
import { concludeAbort, internalErrorResult, type Outcome } from '../outcome.ts';
import { claimedClient } from './receive.ts';
import {
  countCalls,
  type DecideContext,
  type DecideDeps,
  listEarlyCounters,
  matchRules,
  resolveDelivery,
  selectEarlyRule,
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
  { headers, isReused, seed, now, tape }: DecideContext,
  deps: DecideDeps,
): Received | Outcome | Promise<Received | Outcome> => {
  const clientId = claimedClient(headers, deps.rules.book);
  if (clientId === undefined) return received;
  const { operation } = received;
  const call = {
    headers,
    isReused,
    clientId,
    operation,
    request: {},
    identity: '',
    identityFields: [],
  };
  const { rules } = matchRules('before-verify', call, deps.rules);
  if (rules.length === 0) return received;
  const early: EarlyRules = { clientId, rules };
  const held = new HeldRecords(deps.store.recall(clientId, listEarlyCounters(rules)));
  return selectEarlyRule(rules, held, now).script === undefined
    ? { ...received, early }
    : abort(received, early, { seed, now, tape }, deps);
};

/**
 * Selects again on what is held at the commit: another request may have come first. If no fault
 * applies any more, the calls are counted with the decision, as those of other rules are.
 */
const abort = async (
  received: Received,
  early: EarlyRules,
  { seed, now, tape }: Pick<DecideContext, 'seed' | 'now' | 'tape'>,
  deps: DecideDeps,
): Promise<Received | Outcome> => {
  const { clientId, rules } = early;
  const addresses = listEarlyCounters(rules);
  const { decided } = await transactRules(deps, { clientId, addresses, tape }, (held) => {
    const selection = selectEarlyRule(rules, held, now);
    const changes = selection.script === undefined ? [] : countCalls(held, selection.calls);
    return { selection, changes };
  });
  const { selection } = decided;
  const { script } = selection;
  if (script === undefined) return { ...received, early };
  const delivery = resolveDelivery(selection, clientId, seed);
  const result = internalErrorResult(received.operation, deps.tables, false);
  return concludeAbort(
    'early-fault',
    received,
    { rule: script.name, delivery, changes: [] },
    result,
  );
};

/** A request that was refused before its decision still counts as a call of its early rules. */
export const countRefusedCall = async (
  { known: { early }, cause }: StepError,
  exchange: Pick<Exchange, 'now' | 'tape'>,
  deps: DecideDeps,
): Promise<void> => {
  if (early === undefined || !(cause instanceof Refusal)) return;
  const { clientId, rules } = early;
  const [addresses, now] = [listEarlyCounters(rules), exchange.now()];
  await transactRules(deps, { clientId, addresses, tape: exchange.tape }, (held) => ({
    changes: countCalls(held, selectEarlyRule(rules, held, now).calls),
  }));
};
