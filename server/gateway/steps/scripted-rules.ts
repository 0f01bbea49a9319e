import type { ClientRegistry } from '../../clients/client-registry.ts';
import type { Contract, Finding, Operation } from '../../domain/contract/contract.ts';
import { phaseTable, sampleDelay } from '../../domain/faults/fault.ts';
import type { Decision } from '../../domain/operations/decide-request.ts';
import type { Endpoint, RuleContext } from '../../domain/operations/endpoint.ts';
import { compileRule } from '../../domain/scenarios/compile-scenario.ts';
import type { PatternMeter } from '../../domain/scenarios/pattern.ts';
import {
  type Headers,
  type OverrideResult,
  readMagicValue,
  readOverrideHeaders,
} from '../../domain/scenarios/request-overrides.ts';
import type { ScenarioSet } from '../../domain/scenarios/scenario-set.ts';
import {
  type CallCounter,
  type CompiledRule,
  callCounter,
  type DeliveryPlan,
  firstState,
  matchingRules,
  ordinaryDelivery,
  RuleList,
  type RulePhase,
  type ScriptedResult,
  type Selection,
  selectRule,
} from '../../domain/scenarios/select-rule.ts';
import type { TemplateFacts } from '../../domain/scenarios/templates.ts';
import type { Change, JsonObject, RecordAddress } from '../../domain/state/state.ts';
import { clipText } from '../../problems/display-text.ts';
import { formatProblem } from '../../problems/problem.ts';
import { type Settling, whenSettled } from '../../protocol/settling.ts';
import { type Committed, HeldRecords, type Store, transact } from '../../storage/store.ts';
import {
  type EarlyRules,
  type Exchange,
  type Received,
  Refusal,
  refuseWithMessage,
  type StepError,
  type TapeRecorder,
} from '../exchange.ts';
import { concludeAbort, internalErrorResult, type Outcome, type ResultTables } from '../outcome.ts';
import { claimedClient } from './receive.ts';

export interface RuleSources {
  readonly book: ClientRegistry;
  readonly scenarios: ScenarioSet;
  readonly contract: Contract;
  /** Whether headers and magic values have a meaning. */
  readonly overridesAllowed: boolean;
}

export interface DecideDeps {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly store: Store;
  readonly rules: RuleSources;
  readonly context: Omit<RuleContext, 'clientId' | 'now'>;
  readonly tables: ResultTables;
  /** Plans the calls to the merchant that rules ask for. */
  readonly notifications: NotificationPlanner;
}

/** A decision on which a rule has the merchant called. */
export interface NotificationOccasion {
  readonly clientId: string;
  readonly notify: NonNullable<ScriptedResult['notify']>;
  readonly rule: string;
  /** What distinguishes this decision from all others: the same in every run of the same requests. */
  readonly occasion: readonly (string | number)[];
  /** `held` is the record as the decision leaves it. */
  readonly facts: TemplateFacts;
}

export interface NotificationPlanner {
  /** The record to commit with the decision, or a finding that says why it does not exist. Pure. */
  prepare(occasion: NotificationOccasion): Pick<Decision, 'changes' | 'findings'>;
  /** Called once the changes are committed. */
  note(clientId: string, changes: readonly Change[]): void;
}

/** What of the surroundings a selection or a decision depends on. */
export interface DecideContext {
  readonly headers: Headers;
  /** Whether an earlier request came on the same connection. */
  readonly isReused: boolean;
  readonly seed: number;
  /** By the client's clock, milliseconds since 1970. */
  readonly now: number;
  readonly tape: TapeRecorder;
}

/** A call as far as its phase knows it. */
export interface RuleCall {
  readonly headers: Headers;
  readonly isReused: boolean;
  readonly clientId: string;
  readonly operation: Operation;
  /** Empty before verification. */
  readonly request: JsonObject;
  /** JSON text of the values that identify the record; empty before verification. */
  readonly identity: string;
  /** Fields whose values may be magic. */
  readonly identityFields: readonly string[];
  /** Counts the steps of all patterns; absent: of each by itself. */
  readonly meter?: PatternMeter | undefined;
}

/**
 * The rules that match a call in a phase, in the one order of precedence: the request's own
 * headers, what is queued for the client, the client's own scenarios, a magic value, the scenarios
 * that are active for all clients (register G-25).
 * @throws Refusal at the decision, when a header asks for something that does not exist: ignoring
 * it would look like success.
 */
export const matchRules = (
  phase: RulePhase,
  call: RuleCall,
  sources: RuleSources,
): { readonly rules: readonly CompiledRule[]; readonly findings: readonly Finding[] } => {
  const { operation, request } = call;
  const overrides = readOverrides(phase, call, sources);
  const controls = sources.book.controls(call.clientId);
  const magic =
    phase === 'at-decision' && sources.overridesAllowed
      ? readMagicRule(call, sources.contract)
      : noMagic;
  const sorted = [
    overrides,
    controls.oneShots.rules,
    sources.scenarios.rulesFor(controls.scenarios),
    magic.rules,
    sources.scenarios.rules,
  ];
  // In most runs there is no rule at all.
  if (sorted.every(({ all }) => all.length === 0)) return { rules: [], findings: magic.findings };
  const lists = sorted.map((list) => list.candidates(phase, operation.id, request));
  return { rules: matchingRules(lists, call), findings: magic.findings };
};

const noRules = new RuleList([]);

interface MagicRule {
  readonly rules: RuleList;
  readonly findings: readonly Finding[];
}

const noMagic: MagicRule = { rules: noRules, findings: [] };

const readOverrides = (
  phase: RulePhase,
  { headers, operation }: RuleCall,
  { contract, scenarios, overridesAllowed }: RuleSources,
): RuleList => {
  if (!overridesAllowed) return noRules;
  const read: OverrideResult = readOverrideHeaders(headers, operation.id, contract, scenarios);
  if ('rules' in read) return read.rules ?? noRules;
  if (phase === 'before-verify') return noRules;
  const reasons = read.problems.map((one) => formatProblem(one).replace(/\.?\n\s*/g, '. '));
  throw refuseWithMessage('PARAM_ILLEGAL', 'G-25', reasons.join('; '));
};

const readMagicRule = (
  { operation, identityFields, request }: RuleCall,
  contract: Contract,
): MagicRule => {
  const magic = readMagicValue(operation, identityFields, request);
  if (magic === undefined) return noMagic;
  const { field, value, then } = magic;
  const rule = { when: { operation: operation.id }, then };
  const compiled =
    then === undefined ? undefined : compileRule(field, `magic value of ${field}`, rule, contract);
  if (compiled !== undefined && 'rule' in compiled)
    return { rules: new RuleList([compiled.rule]), findings: [] };
  const finding: Finding = {
    id: 'MAGIC_VALUE_UNKNOWN',
    sentence:
      `${field}: ${clipText(value, 64)} begins like a magic value, ` +
      `but names no result code or fault of ${operation.id}`,
    register: 'G-25',
  };
  return { rules: noRules, findings: [finding] };
};

/** Selects among rules of the phase before-verify, which knows neither records nor stories. */
export const selectEarlyRule = (
  rules: readonly CompiledRule[],
  held: HeldRecords,
  now: number,
): Selection =>
  selectRule(rules, {
    identity: '',
    callsBefore: callsBefore(held),
    stateOf: () => firstState,
    held: undefined,
    now,
  });

export const listEarlyCounters = (rules: readonly CompiledRule[]): readonly CallCounter[] =>
  rules.map((rule) => callCounter(rule, ''));

/** How often a rule was reached. A queued rule whose record is deleted has answered all its calls. */
export const callsBefore =
  (held: HeldRecords) =>
  ({ collection, id }: CallCounter): number =>
    collection === 'calls'
      ? (held.get('calls', id) ?? 0)
      : (held.get('oneShots', id)?.calls ?? Number.POSITIVE_INFINITY);

/** The changes that count these calls; the last call of a queued rule deletes it. */
export const countCalls = (held: HeldRecords, counted: Selection['calls']): Change[] =>
  counted.flatMap(([{ collection, id }, calls]): Change | [] => {
    if (collection === 'calls') return { collection, id, value: calls };
    const oneShot = held.get('oneShots', id);
    if (oneShot === undefined) return [];
    return { collection, id, value: calls < oneShot.times ? { ...oneShot, calls } : null };
  });

/** Whose records a decision reads, and where that is recorded. */
export interface RuleTransaction {
  readonly clientId: string;
  readonly addresses: readonly RecordAddress[];
  readonly tape: TapeRecorder;
}

/** One transaction, after which queued rules that have answered all their calls are removed. */
export const transactRules = <T extends { readonly changes: readonly Change[] }>(
  { store, rules }: DecideDeps,
  { clientId, addresses, tape }: RuleTransaction,
  decideOn: (held: HeldRecords) => T,
): Settling<Committed<T>> => {
  const at = tape.transactions.length;
  const pending = transact(store, clientId, addresses, (held) => {
    const result = decideOn(held);
    tape.addTransaction(at, { clientId, read: held.all, changes: result.changes });
    return result;
  });
  return whenSettled(pending, (committed) => {
    rules.book.controls(clientId).oneShots.removeDeleted(committed.decided.changes);
    return committed;
  });
};

/**
 * How the answer is delivered, with a random delay sampled. The sample depends only on the seed,
 * the client, the rule and the number of the call: neither on the time nor on other clients.
 */
export const resolveDelivery = (
  { script, calls }: Selection,
  clientId: string,
  seed: number,
): DeliveryPlan => {
  if (script === undefined) return ordinaryDelivery;
  const { delayMs, ...rest } = script.delivery;
  if (typeof delayMs === 'number') return { ...rest, delayMs };
  const [counter, call] = calls.at(-1) ?? [];
  return {
    ...rest,
    delayMs: sampleDelay(delayMs, JSON.stringify([seed, clientId, [counter?.id, call]])),
    delayIsDrawn: true,
  };
};

/** Whether a script's fault applies before anything is decided. */
export const abortsBeforeDecision = ({ delivery: { fault } }: ScriptedResult): boolean =>
  fault !== undefined && !phaseTable[fault.phase].isDecided;

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
