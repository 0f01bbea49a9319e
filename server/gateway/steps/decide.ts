import type { IncomingHttpHeaders } from 'node:http';
import type { Finding } from '../../domain/contract/contract.ts';
import {
  buildIdentity,
  buildRequestKey,
  type Decision,
  decideRequest,
} from '../../domain/operations/decide-request.ts';
import type { Endpoint, RuleContext } from '../../domain/operations/endpoint.ts';
import { firstState } from '../../domain/scenarios/conditions.ts';
import type { Headers } from '../../domain/scenarios/override-headers.ts';
import { maxPatternSteps, PatternMeter } from '../../domain/scenarios/pattern.ts';
import {
  type CompiledRule,
  type DeliveryPlan,
  matchingRules,
  selectRule,
} from '../../domain/scenarios/select-rule.ts';
import { fillScript } from '../../domain/scenarios/templates.ts';
import type { Change, RecordAddress } from '../../domain/state/state.ts';
import type { StateChange } from '../../journal/journal-entry.ts';
import { clipText } from '../../problems/display-text.ts';
import {
  type Committed,
  type HeldRecords,
  type Store,
  type TransactResult,
  transact,
} from '../../storage/store.ts';
import { callsBefore, countCalls } from '../count-calls.ts';
import type { Identified, Received } from '../exchange.ts';
import { OrderAccounts, orderElsewhere } from '../order-accounts.ts';
import { AbortedByFault, abortsBeforeDecision } from '../refusal.ts';
import { claimedClient } from './identify-client.ts';
import type { ParsedBody } from './parse-body.ts';
import {
  type RuleSources,
  resolveDelivery,
  selectEarlyRules,
  selectRules,
} from './select-rules.ts';

export interface DecideDeps {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly store: Store;
  readonly rules: RuleSources;
  readonly context: Omit<RuleContext, 'clientId' | 'now'>;
}

/** A request that has passed every check. */
export type DecideInput = Pick<Identified, 'client' | 'operation'> &
  Pick<ParsedBody, 'request' | 'fingerprint'>;

export interface Decided extends Decision {
  readonly identity: string;
  readonly delivery: DeliveryPlan;
  /** The rule that had its say. */
  readonly rule: string | undefined;
  /** What the state was before the changes, and is after them. */
  readonly recorded: readonly StateChange[];
}

interface Counted extends TransactResult {
  readonly decided: Decided | AbortedByFault;
}

/**
 * Steps 9 and 10: one pure decision inside the store's one `transact`, committed before anyone
 * hears of it.
 * @throws Interruption when a fault strikes after verification: the call is counted, nothing is
 * decided.
 */
export const decide = async (
  { client, operation, request, fingerprint }: DecideInput,
  headers: Headers,
  parts: DecideDeps,
  seed: number,
  now: number,
): Promise<Committed<Decided>> => {
  const endpoint = parts.endpoints.get(operation.id);
  if (endpoint === undefined) throw new Error(`no endpoint serves ${operation.id}`);
  const identity = buildIdentity(endpoint, request, parts.context.policies);
  const requestKey = buildRequestKey(endpoint, request);
  const chosen = selectRules(
    { headers, clientId: client.id, operation },
    endpoint.identity,
    request,
    parts.rules,
  );
  const meter = new PatternMeter();
  const matched = matchingRules(chosen.rules, { clientId: client.id, request, identity, meter });
  const elsewhere = await orderAccounts.find(parts.store, client.id, endpoint, identity);
  const addresses: RecordAddress[] = [
    { collection: endpoint.collection, id: identity },
    ...(requestKey === undefined ? [] : [{ collection: 'requests' as const, id: requestKey }]),
    ...matched.flatMap(({ counter, story }) => [
      counter,
      { collection: 'stories' as const, id: story },
    ]),
    ...elsewhere,
  ];
  const { oneShots } = parts.rules.book.controls(client.id);
  const { outcome, evicted } = await transact(
    parts.store,
    client.id,
    addresses,
    (held): Counted => {
      const entity = held.get(endpoint.collection, identity);
      const picked = selectRule(matched, {
        callsBefore: callsBefore(held),
        stateOf: (story) => held.get('stories', story) ?? firstState,
        held: entity?.fields,
        now,
        meter,
      });
      const script =
        picked.script &&
        fillScript(picked.script, {
          request,
          held: entity?.fields,
          now,
          call: picked.calls.at(-1)?.[1] ?? 0,
        });
      const delivery = resolveDelivery(picked, client.id, seed);
      const counted = countCalls(held, picked.calls);
      if (picked.goTo !== undefined)
        counted.push({ collection: 'stories', id: picked.goTo[0], value: picked.goTo[1] });
      if (script !== undefined && abortsBeforeDecision(script))
        return {
          decided: new AbortedByFault(script.name, delivery, describeChanges(counted, held)),
          changes: counted,
        };
      const decision = decideRequest(
        endpoint,
        operation,
        { request, fingerprint, identity, requestKey },
        {
          entity,
          remembered: requestKey === undefined ? undefined : held.get('requests', requestKey),
        },
        { ...parts.context, clientId: client.id, now },
        script,
      );
      const { answer, marks, basis, reason } = decision;
      const findings = [...chosen.findings, ...skippedPatterns(meter), ...decision.findings];
      if (elsewhere.some(({ collection, id }) => held.get(collection, id) !== undefined))
        findings.push(orderElsewhere);
      const changes = [...decision.changes, ...counted];
      // Written out: more laid over a copy of the decision would take the engine's slow path at every
      // request.
      const decided = {
        ...{ answer, marks, basis, reason, findings, changes, identity, delivery },
        rule: script?.name,
        recorded: describeChanges(changes, held),
      };
      return { decided, changes };
    },
  );
  oneShots.removeDeleted(outcome.changes);
  orderAccounts.add(parts.store, client.id, outcome.changes);
  if (outcome.decided instanceof AbortedByFault) throw outcome.decided;
  return { outcome: outcome.decided, evicted };
};

/**
 * A rule that was passed over because its pattern costs too much must not look like one that does
 * not match.
 */
const skippedPatterns = ({ skipped }: PatternMeter): readonly Finding[] =>
  skipped.map((source) => ({
    id: 'PATTERN_SKIPPED',
    sentence: `the pattern ${clipText(source, 80)} was not matched: with this text it takes more than ${maxPatternSteps} steps; shorten it, or use prefix or equals`,
    register: 'G-24',
  }));

/** For the journal. How often a rule was reached is bookkeeping and left out. */
const describeChanges = (changes: readonly Change[], held: HeldRecords): readonly StateChange[] =>
  changes
    .filter(({ collection }) => collection !== 'calls' && collection !== 'oneShots')
    .map(({ collection, id, value }) => ({
      collection,
      id,
      before: held.get(collection, id) ?? null,
      after: value,
    }));

type Nothing = Record<never, never>;

/**
 * The phase before-verify: a fault may strike before anything of the request is checked. Calls are
 * counted in the world of the client that the request claims to come from; a name that is not known
 * has no world, and gets none this way.
 */
export const applyEarlyFaults = (
  { operation }: Pick<Received, 'operation'>,
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
  const addresses = matched.map(({ counter }) => counter);
  const { outcome } = await transact(parts.store, claimed, addresses, (held) => {
    const picked = selectRule(matched, {
      callsBefore: callsBefore(held),
      stateOf: () => firstState,
      held: undefined,
      now,
    });
    return {
      picked,
      changes: countCalls(held, picked.calls),
    };
  });
  parts.rules.book.controls(claimed).oneShots.removeDeleted(outcome.changes);
  const { script } = outcome.picked;
  if (script !== undefined)
    throw new AbortedByFault(script.name, resolveDelivery(outcome.picked, claimed, seed));
  return {};
};

const orderAccounts = new OrderAccounts();
