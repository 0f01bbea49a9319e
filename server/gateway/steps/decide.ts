import type { Finding } from '../../domain/contract/contract.ts';
import {
  buildIdentity,
  buildRequestKey,
  type Decision,
  decideRequest,
} from '../../domain/operations/decide-request.ts';
import type { Endpoint } from '../../domain/operations/endpoint.ts';
import { maxPatternSteps, PatternMeter } from '../../domain/scenarios/pattern.ts';
import {
  type CompiledRule,
  callCounter,
  firstState,
  type Selection,
  selectRule,
  storyId,
} from '../../domain/scenarios/select-rule.ts';
import { fillScript } from '../../domain/scenarios/templates.ts';
import type { Change, JsonObject, RecordAddress } from '../../domain/state/state.ts';
import type { StateChange } from '../../journal/journal-entry.ts';
import { clipText } from '../../problems/display-text.ts';
import { type Settling, whenSettled } from '../../protocol/settling.ts';
import { type HeldRecords, listAll, type Store } from '../../storage/store.ts';
import type { Decrypted } from '../exchange.ts';
import { concludeAbort, fromDecision, internalErrorResult, type Outcome } from '../outcome.ts';
import type { ParsedBody } from './read-request.ts';
import {
  abortsBeforeDecision,
  callsBefore,
  countCalls,
  type DecideContext,
  type DecideDeps,
  listEarlyCounters,
  matchRules,
  resolveDelivery,
  selectEarlyRule,
  transactRules,
} from './scripted-rules.ts';

/**
 * Steps 9 and 10: one pure decision in one transaction, committed before the client is answered.
 * @returns what was decided, or that a scripted fault applies after verification: then the call is
 * counted and nothing is decided
 */
export const decide = (
  known: Decrypted,
  { request, fingerprint }: Pick<ParsedBody, 'request' | 'fingerprint'>,
  { headers, isReused, seed, now, tape }: DecideContext,
  deps: DecideDeps,
): Settling<Outcome> => {
  const { client, operation, early } = known;
  const clientId = client.id;
  const endpoint = deps.endpoints.get(operation.id);
  if (endpoint === undefined) throw new Error(`no endpoint serves ${operation.id}`);
  const { policies, statusMachines } = deps.context;
  const identity = buildIdentity(endpoint, request, policies);
  const requestKey = buildRequestKey(endpoint, request);
  const meter = new PatternMeter();
  const matched = matchRules(
    'at-decision',
    {
      headers,
      isReused,
      clientId,
      operation,
      request,
      identity,
      meter,
      identityFields: endpoint.identity,
    },
    deps.rules,
  );
  const decideBeside = (elsewhere: readonly RecordAddress[]): Settling<Outcome> => {
    const addresses: RecordAddress[] = [{ collection: endpoint.collection, id: identity }];
    if (requestKey !== undefined) addresses.push({ collection: 'requests', id: requestKey });
    if (early !== undefined) addresses.push(...listEarlyCounters(early.rules));
    addresses.push(...listAddresses(matched.rules, identity), ...elsewhere);
    const pending = transactRules(deps, { clientId, addresses, tape }, (held) => {
      const entity = held.get(endpoint.collection, identity);
      const earlier = early === undefined ? undefined : selectEarlyRule(early.rules, held, now);
      const selection =
        earlier?.script === undefined
          ? selectRule(matched.rules, {
              identity,
              callsBefore: callsBefore(held),
              stateOf: (story) => held.get('stories', story) ?? firstState,
              held: entity?.fields,
              now,
              meter,
            })
          : earlier;
      const facts = {
        request,
        held: entity?.fields,
        now,
        call: selection.calls.at(-1)?.[1] ?? 0,
      };
      const script = selection.script && fillScript(selection.script, facts);
      const delivery = resolveDelivery(selection, clientId, seed);
      const counted = countSelection(selection, earlier, held);
      if (script !== undefined && abortsBeforeDecision(script)) {
        const recorded = describeChanges(counted, held);
        const result = internalErrorResult(operation, deps.tables, false);
        return {
          changes: counted,
          outcome: concludeAbort(
            'decide',
            known,
            { rule: script.name, delivery, changes: recorded },
            result,
          ),
        };
      }
      const remembered = requestKey === undefined ? undefined : held.get('requests', requestKey);
      const decision = decideRequest(
        {
          endpoint,
          operation,
          held: { entity, remembered },
          call: { request, fingerprint, identity, requestKey },
          context: { policies, statusMachines, clientId, now },
        },
        script,
      );
      const findings = [...matched.findings, ...skippedPatterns(meter), ...decision.findings];
      if (elsewhere.some(({ collection, id }) => held.get(collection, id) !== undefined))
        findings.push(orderElsewhere);
      const changes = [...decision.changes, ...counted];
      if (script?.notify !== undefined && isNewEvent(decision)) {
        const notified = deps.notifications.prepare({
          clientId,
          notify: script.notify,
          rule: script.name,
          occasion: [identity, fingerprint, facts.call],
          facts: { ...facts, held: heldAfter(decision, identity) ?? facts.held },
        });
        changes.push(...notified.changes);
        findings.push(...notified.findings);
      }
      return {
        changes,
        outcome: fromDecision(decision, known, {
          request,
          identity,
          delivery,
          findings,
          rule: script?.name,
          changes: describeChanges(changes, held),
        }),
      };
    });
    return whenSettled(pending, ({ decided: { changes, outcome }, evicted }) => {
      orderAccounts.add(deps.store, clientId, changes);
      if (changes.some(({ collection }) => collection === 'outbound'))
        deps.notifications.note(clientId, changes);
      return evicted === 0 ? outcome : withFinding(outcome, evictedRequests(evicted));
    });
  };
  return whenSettled(orderAccounts.find(deps.store, clientId, endpoint, identity), decideBeside);
};

const listAddresses = (rules: readonly CompiledRule[], identity: string): RecordAddress[] =>
  rules.flatMap((rule) => [
    callCounter(rule, identity),
    { collection: 'stories', id: storyId(rule, identity) },
  ]);

/** What selecting changes: counted calls, and the state of the story whose rule answers. */
const countSelection = (
  selection: Selection,
  earlier: Selection | undefined,
  held: HeldRecords,
): Change[] => {
  if (earlier === selection) return countCalls(held, selection.calls);
  const changes = countCalls(held, [...(earlier?.calls ?? []), ...selection.calls]);
  if (selection.goTo !== undefined)
    changes.push({ collection: 'stories', id: selection.goTo[0], value: selection.goTo[1] });
  return changes;
};

/**
 * A rule that was passed over because its pattern costs too much must not look like one that does
 * not match.
 */
const skippedPatterns = ({ skipped }: PatternMeter): readonly Finding[] =>
  skipped.map((source) => ({
    id: 'PATTERN_SKIPPED',
    sentence:
      `the pattern ${clipText(source, 80)} was not matched: with this text it takes more than ` +
      `${maxPatternSteps} steps; shorten it, or use prefix or equals`,
    register: 'G-24',
  }));

const withFinding = (outcome: Outcome, finding: Finding): Outcome => ({
  ...outcome,
  findings: [...(outcome.findings ?? []), finding],
});

const evictedRequests = (count: number): Finding => ({
  id: 'REQUEST_IDS_FORGOTTEN',
  sentence:
    `${count} request id${count === 1 ? ' was' : 's were'} deleted to make room ` +
    '(idempotency.max)',
  register: 'I-05',
});

/** Whether the merchant's request has made something happen: neither repeated nor refused. */
const isNewEvent = ({ answer, changes, tags }: Decision): boolean =>
  (answer.status === 'S' || changes.length > 0) &&
  !tags.some((tag) => tag === 'duplicate' || tag === 'mismatch' || tag === 'stale');

/** The record that the request is about, as the decision leaves it. */
const heldAfter = ({ changes }: Decision, identity: string): JsonObject | undefined => {
  for (const { id, value } of changes)
    if (id === identity && typeof value === 'object' && value !== null && 'updates' in value)
      return value.fields;
  return undefined;
};

const isBookkeeping = (collection: Change['collection']): boolean =>
  collection === 'calls' || collection === 'oneShots' || collection === 'outbound';

/** For the journal. How often a rule was reached is bookkeeping and left out. */
const describeChanges = (changes: readonly Change[], held: HeldRecords): readonly StateChange[] =>
  changes
    .filter(({ collection }) => !isBookkeeping(collection))
    .map(({ collection, id, value }) => ({
      collection,
      id,
      before: held.get(collection, id) ?? null,
      after: value,
    }));

/**
 * Which order numbers are known with the account of a sub-merchant. An order that comes without one
 * is then another order (register O-03), which is worth a finding. An index only: whether an order
 * is held is read with the decision. The first look lists a client's orders once.
 */
class OrderAccounts {
  readonly #indexes = new WeakMap<Store, Map<string, Index>>();

  /** An order of this number with an account, if this identity has none. */
  find(
    store: Store,
    clientId: string,
    { collection }: Endpoint,
    identity: string,
  ): Settling<readonly RecordAddress[]> {
    if (collection !== 'orders' || hasAccount(identity)) return noAddresses;
    const index = this.#indexes.get(store)?.get(clientId) ?? this.#createIndex(store, clientId);
    const lookUp = (): readonly RecordAddress[] => {
      const id = index.orders.get(readOrderNumber(identity));
      return id === undefined ? noAddresses : [{ collection, id }];
    };
    if (index.loading !== undefined) return index.loading.then(lookUp);
    // Until the first order with an account there is nothing to look up.
    return index.orders.size === 0 ? noAddresses : lookUp();
  }

  /** Adds orders that were committed. */
  add(store: Store, clientId: string, changes: readonly Change[]): void {
    const index = this.#indexes.get(store)?.get(clientId);
    if (index === undefined) return;
    for (const { collection, id, value } of changes)
      if (collection === 'orders' && value !== null) addTo(index, id);
  }

  #createIndex(store: Store, clientId: string): Index {
    const indexes = this.#indexes.get(store) ?? new Map<string, Index>();
    this.#indexes.set(store, indexes);
    const index: Index = { orders: new Map(), loading: undefined };
    indexes.set(clientId, index);
    // A store that others share may hold millions: then only what this process saw is known.
    if (store.health !== undefined) return index;
    const load = async (): Promise<void> => {
      for await (const id of listAll((page) => store.listIds(clientId, 'orders', page)))
        addTo(index, id);
      index.loading = undefined;
    };
    index.loading = load();
    return index;
  }
}

interface Index {
  /** Ids of orders with an account by their number. */
  readonly orders: Map<string, string>;
  loading: Promise<void> | undefined;
}

const addTo = ({ orders }: Index, id: string): void => {
  if (hasAccount(id)) orders.set(readOrderNumber(id), id);
};

/** An identity is the JSON of the number, or of number and account. */
const hasAccount = (identity: string): boolean => identity.includes('","');

const readOrderNumber = (identity: string): string => String(JSON.parse(identity)[0]);

/** Of all stores of this process. */
export const orderAccounts = new OrderAccounts();

const noAddresses: readonly RecordAddress[] = [];

const orderElsewhere: Finding = {
  id: 'ORDER_ACCOUNT_MISSING',
  sentence:
    'merchantBizNo: an order of this number is known with a merchantAccountId; without one this is another order',
  register: 'O-03',
};
