import type { Contract, OperationId } from '../../domain/contract/contract.ts';
import { phaseTable } from '../../domain/faults/fault.ts';
import { outboundFaults } from '../../domain/outbound/outbound-faults.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { BoundedMap } from '../../protocol/bounded-map.ts';
import { findOutboundFault } from '../lint/check-wire.ts';
import type { Hit } from '../lint/lint-memory.ts';
import type { AttemptKind, MessageAttempt } from '../messages/attempt.ts';
import { type ClientMessage, hasUnknownOutcome, isOpen } from '../messages/client-message.ts';
import { streamLimits, type TrackedAttempt } from '../messages/message-tracker.ts';
import {
  type CoverageGroupId,
  type CryptoMode,
  gatewayRefusals,
  type Integration,
  type ItemOptions,
  listItems,
  modeId,
  operationClass,
  type Reaction,
} from './coverage-items.ts';
import { type CoverageReport, composeReport } from './coverage-report.ts';

export interface CoverageOptions extends ItemOptions {
  readonly contract: Contract;
  /** What is integrated; taken from the traffic when absent. */
  readonly integration?: Partial<Integration>;
}

/** How often an item was seen. */
export interface ItemCount {
  /** Delivered to the client. */
  answered: number;
  /** Answered, and what the client did next was right. */
  handled: number;
  /** Tracer-Ids. */
  readonly examples: string[];
}

/** What attempts of one kind show by themselves: items, and the count of each. */
interface Covered {
  readonly operation: OperationId;
  readonly items: readonly string[];
  readonly counts: readonly ItemCount[];
}

/** Items whose attempt has been answered, and whose further fate is not known yet. */
interface OpenMessages {
  readonly items: readonly string[];
  /** The end of the message's attempts, if this is the last one; an item too. */
  readonly ending: string | undefined;
  readonly attempt: MessageAttempt;
  readonly isUnknown: boolean;
}

/** Rules about the client as a whole: they do not make its reaction to an answer wrong. */
const ofTheClient = /^L-(HTTP-\d+|TIM-0[1245])$/;

/** Messages whose fate is awaited; the oldest is settled first. */
const maxOpenMessages = 4000;
/** Half of it is kept for certain: as many as messages that may be repeated. */
const maxAtFault = 2 * streamLimits.messages;
const maxExamples = 3;
const maxListed = 1000;
const noItems: readonly string[] = [];
/** The printed plan has six attempts. */
const plannedAttempts = 6;

/**
 * Counts what a suite has covered: an item is answered when it was delivered, and handled when the
 * client then did what is right.
 */
export class Coverage {
  readonly #options: CoverageOptions;
  readonly #counts = new Map<string, ItemCount>();
  /** By key of the message. */
  readonly #waiting = new BoundedMap<string, OpenMessages>(maxOpenMessages, (dropped) =>
    this.#settle(dropped, neverRepeated),
  );
  /** Most attempts are of the same kind as one before, and show the same. */
  readonly #listed = new BoundedMap<AttemptKind, Covered>(maxListed);
  readonly #operations = new Set<OperationId>();
  readonly #modes = new Map<string, CryptoMode>();
  readonly #orderTypes = new Set<string>();
  /** Operation and view → counts. */
  readonly #pairs = new Map<string, ItemCount>();
  /** Key of the message → number of its first attempt, if that was wrong by itself: not settled. */
  readonly #atFault = new BoundedMap<string, number>(maxAtFault);
  /** Calls that the merchant was sent. */
  readonly #calls = new Set<string>();
  #exchanges = 0;
  /** Number of the newest attempt, and of the newest one when all was cleared. */
  #newest = 0;
  #clearedAt = 0;

  constructor(options: CoverageOptions) {
    this.#options = options;
  }

  /** Adds an attempt in the order of arrival, with the lint rules that it has violated. */
  add({ attempt, message, before }: TrackedAttempt, hits: readonly Hit[]): void {
    const covered = this.#cover(attempt.kind);
    if (covered === undefined) return;
    const { operation, items, counts } = covered;
    this.#noteOrderType(attempt);
    this.#exchanges++;
    this.#newest = Math.max(this.#newest, attempt.number);
    const isAtFault = hits.some(
      ({ rule, severity }) => severity !== 'note' && !ofTheClient.test(rule),
    );
    for (const count of counts) {
      count.answered++;
      if (count.examples.length < maxExamples) count.examples.push(attempt.id);
    }
    if (message === undefined) return;
    if (before !== undefined) this.#settleBefore(message, before, isAtFault);
    if (isAtFault) {
      if (message.first === attempt) this.#atFault.set(message.key, attempt.number);
      return;
    }
    const isUnknown = hasUnknownOutcome(attempt);
    if (before === undefined && !isUnknown) {
      // Nearly always no other follows; if one does, `settleBefore` takes this back.
      for (const count of counts) count.handled++;
      countPair(this.#pairs, attempt, { isRight: true, times: 1 });
      return;
    }
    const repeated = before === undefined ? noItems : listReactions(attempt, before);
    for (const item of repeated) this.#count(item).answered++;
    const isLast =
      isUnknown && message.applicationCount >= plannedAttempts && isOpen(message, attempt.atUs);
    this.#waiting.set(message.key, {
      items: [...items, ...repeated],
      ending: isLast ? reactionItem(operation, 'end of retries') : undefined,
      attempt,
      isUnknown,
    });
  }

  /** Adds a call to the merchant, when it was answered or not. */
  addCall(entry: JournalEntry): void {
    const { outbound, id } = entry;
    if (outbound === undefined) return;
    this.#exchanges++;
    const fault = findOutboundFault(entry);
    const isRight =
      outbound.acknowledged === (fault === undefined || outboundFaults[fault].isAcknowledged);
    this.#calls.add(outbound.call);
    const items = [
      itemKey('J', outbound.call),
      ...(outbound.attempt > 1 ? [itemKey('J', `${outbound.call} sent again`)] : []),
      ...(fault === undefined ? [] : [itemKey('K', fault)]),
    ];
    for (const item of items) {
      const count = this.#count(item);
      count.answered++;
      if (isRight) count.handled++;
      if (count.examples.length < maxExamples) count.examples.push(id);
    }
  }

  /** Decides about an attempt that has been repeated. */
  #settleBefore(message: ClientMessage, before: MessageAttempt, isAtFault: boolean): void {
    const pending = this.#waiting.get(message.key);
    const fate = { isRepeated: true, isAtFault };
    if (pending !== undefined) {
      this.#waiting.delete(message.key);
      this.#settle(pending, fate);
      return;
    }
    const isUnknown = hasUnknownOutcome(before);
    const wasSettled =
      before === message.first &&
      !isUnknown &&
      before.number > this.#clearedAt &&
      this.#atFault.get(message.key) !== before.number;
    if (!wasSettled) return;
    const settled = {
      items: this.#cover(before.kind)?.items ?? noItems,
      ending: undefined,
      attempt: before,
      isUnknown,
    };
    this.#settle(settled, neverRepeated, -1);
    this.#settle(settled, fate);
  }

  /** @returns undefined: its operation is unknown, or the requests are not complete */
  #cover(kind: AttemptKind): Covered | undefined {
    const known = this.#listed.get(kind);
    if (known !== undefined) return known;
    const { contract } = this.#options;
    const operation = contract.operations.get(kind.operation as OperationId)?.id;
    if (operation === undefined || !kind.isComplete) return undefined;
    if (kind.isVerified) this.#noteIntegration(operation, kind);
    const items = [...listCovered(kind, contract)];
    const covered = { operation, items, counts: items.map((item) => this.#count(item)) };
    this.#listed.set(kind, covered);
    return covered;
  }

  report(): CoverageReport {
    const counts = new Map(
      [...this.#counts].map(([key, count]) => [key, { ...count, examples: [...count.examples] }]),
    );
    const pairs = new Map([...this.#pairs].map(([key, count]) => [key, { ...count }]));
    for (const waiting of this.#waiting.values())
      settleInto({ counts, pairs, times: 1 }, waiting, neverRepeated);
    const { contract, integration } = this.#options;
    const declared: Integration = {
      operations: integration?.operations ?? [...this.#operations].sort(),
      modes: integration?.modes ?? [...this.#modes.values()],
      orderTypes: integration?.orderTypes ?? [...this.#orderTypes].sort(),
      calls: integration?.calls ?? [...this.#calls].sort(),
    };
    return composeReport({
      items: listItems(contract, declared, this.#options),
      counts,
      pairs,
      exchanges: this.#exchanges,
      contract: contract.version,
      notIntegrated: [...contract.operations.keys()].filter(
        (id) => !declared.operations.includes(id),
      ),
    });
  }

  clear(): void {
    this.#counts.clear();
    this.#listed.clear();
    this.#waiting.clear();
    this.#atFault.clear();
    this.#pairs.clear();
    this.#operations.clear();
    this.#modes.clear();
    this.#orderTypes.clear();
    this.#calls.clear();
    this.#exchanges = 0;
    this.#clearedAt = this.#newest;
  }

  #noteIntegration(operation: OperationId, { algorithm, isSealed: sealed }: AttemptKind): void {
    this.#operations.add(operation);
    const mode = sealed ? `${algorithm} sealed` : algorithm;
    if (!this.#modes.has(mode)) this.#modes.set(mode, { algorithm, sealed });
  }

  #noteOrderType({ isVerified, content }: MessageAttempt): void {
    const type = content?.constants['merchantBizType'];
    if (isVerified && typeof type === 'string' && this.#options.contract.statusMachines.has(type))
      this.#orderTypes.add(type);
  }

  #count(key: string): ItemCount {
    return getCount(this.#counts, key);
  }

  /** @param times -1 takes it back */
  #settle(waiting: OpenMessages, fate: Fate, times: 1 | -1 = 1): void {
    settleInto({ counts: this.#counts, pairs: this.#pairs, times }, waiting, fate);
  }
}

interface Fate {
  readonly isRepeated: boolean;
  readonly isAtFault: boolean;
}

const neverRepeated: Fate = { isRepeated: false, isAtFault: false };

interface Settling {
  readonly counts: Map<string, ItemCount>;
  readonly pairs: Map<string, ItemCount>;
  readonly times: 1 | -1;
}

const settleInto = (
  { counts, pairs, times }: Settling,
  { items, ending, attempt, isUnknown }: OpenMessages,
  { isRepeated, isAtFault }: Fate,
): void => {
  const isRight = !isAtFault && (mayDoEither(attempt) || isRepeated === isUnknown);
  if (isRight) for (const item of items) getCount(counts, item).handled += times;
  if (ending !== undefined && !isRepeated && !isAtFault) {
    const count = getCount(counts, ending);
    count.answered += times;
    count.handled += times;
  }
  countPair(pairs, attempt, { isRight, times });
};

const countPair = (
  pairs: Map<string, ItemCount>,
  { view, operation }: MessageAttempt,
  { isRight, times }: { readonly isRight: boolean; readonly times: 1 | -1 },
): void => {
  if (view === 'S' || view === 'pending') return;
  const pair = getCount(pairs, `${operation} ${view}`);
  pair.answered += times;
  if (isRight) pair.handled += times;
};

/** Both are right: to send the message again, and to stop. */
const mayDoEither = ({ isRefusal, view, isAmbiguous, code }: MessageAttempt): boolean =>
  isAmbiguous ||
  (isRefusal && view === 'untrusted') ||
  (code === 'UNKNOWN_EXCEPTION' && view === 'F');

const getCount = (counts: Map<string, ItemCount>, key: string): ItemCount => {
  const known = counts.get(key);
  if (known !== undefined) return known;
  const count: ItemCount = { answered: 0, handled: 0, examples: [] };
  counts.set(key, count);
  return count;
};

/** Items have their group in front: `A syncOrder SUCCESS`. */
export const itemKey = (group: CoverageGroupId, id: string): string => `${group} ${id}`;

/** What an attempt shows by itself. */
function* listCovered(attempt: AttemptKind, contract: Contract): Iterable<string> {
  const { operation = '', code, view, fault, phase, security, status, isRefusal } = attempt;
  const isDelivered = view === 'S' || view === 'F' || view === 'U';
  const own = contract.operations.get(operation as OperationId)?.ownResultCodes ?? [];
  if (isDelivered && own.includes(code)) yield itemKey('A', `${operation} ${code}`);
  if (gatewayRefusals.has(code) && (isDelivered || isRefusal)) yield itemKey('B', code);
  if (isDelivered) yield itemKey('C', `${operation} ${view}`);
  const keeps = phase !== undefined && phaseTable[phase].keepsChange;
  if (fault !== undefined && keeps) yield itemKey('D', fault);
  if (fault !== undefined && phase === 'before-commit') yield itemKey('D', `${fault} before`);
  if (view === 'lost' && keeps) yield itemKey('E', operation);
  if (security !== undefined && status === 'S') yield itemKey('F', security);
  if (isDelivered && attempt.isVerified)
    yield itemKey(
      'G',
      modeId(operation, { algorithm: attempt.algorithm, sealed: attempt.isSealed }),
    );
  const reaction = reactionTo(attempt);
  if (reaction !== undefined) yield reactionItem(operation, reaction);
  const { transition } = attempt;
  if (transition === undefined || view !== 'S') return;
  const { type, from, to } = transition;
  yield itemKey('H', `${type} ${to}`);
  if (from !== undefined && from !== to) yield itemKey('H', `${type} ${from} → ${to}`);
}

const reactionTo = (attempt: AttemptKind): Reaction | undefined => {
  const { view, tags, isRefusal } = attempt;
  if (view === 'F') return 'stopped after F';
  if (view === 'S') return tags.includes('stale') ? 'stale noticed' : undefined;
  if (isRefusal) return undefined;
  if (view === 'U') return 'repeated after U';
  return view === 'lost' ? 'repeated after a lost answer' : 'repeated after an untrusted answer';
};

/** What an attempt shows together with the one before. */
const listReactions = (
  { tags, view, isVerified, operation = '' }: MessageAttempt,
  before: MessageAttempt,
): readonly string[] =>
  tags.includes('duplicate') && view === 'S' && isVerified && hasUnknownOutcome(before)
    ? [reactionItem(operation, 'duplicate accepted')]
    : noItems;

export const reactionItem = (operation: string, reaction: Reaction): string =>
  itemKey('I', `${operationClass(operation)} ${reaction}`);
