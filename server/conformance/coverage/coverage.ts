import type { Contract, OperationId } from '../../domain/contract/contract.ts';
import { phaseTable } from '../../domain/faults/fault.ts';
import type { Hit } from '../lint/rule-context.ts';
import type { MessageAttempt } from '../messages/attempt.ts';
import { isOpen } from '../messages/client-message.ts';
import type { TrackedAttempt } from '../messages/message-tracker.ts';
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

/** Items whose attempt has been answered, and whose further fate is not known yet. */
interface Waiting {
  readonly items: readonly string[];
  readonly attempt: MessageAttempt;
  readonly isUnknown: boolean;
}

/** Rules about the client as a whole: they do not make its reaction to an answer wrong. */
const ofTheClient = /^L-(HTTP-\d+|TIM-0[1245])$/;

/** Messages whose fate is awaited; the oldest is settled first. */
const maxWaiting = 4000;
const maxExamples = 3;
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
  readonly #waiting = new Map<string, Waiting>();
  readonly #operations = new Set<OperationId>();
  readonly #modes = new Map<string, CryptoMode>();
  readonly #orderTypes = new Set<string>();
  /** Operation and view → counts. */
  readonly #pairs = new Map<string, ItemCount>();
  #exchanges = 0;

  constructor(options: CoverageOptions) {
    this.#options = options;
  }

  /** Adds an attempt in the order of arrival, with the lint rules that it has violated. */
  add({ attempt, message, before }: TrackedAttempt, hits: readonly Hit[]): void {
    const operation = this.#noteIntegration(attempt);
    if (operation === undefined) return;
    this.#exchanges++;
    const isAtFault = hits.some(
      ({ rule, severity }) => severity !== 'note' && !ofTheClient.test(rule),
    );
    const items = [...listCovered(attempt, this.#options.contract)];
    for (const item of items) this.#count(item).answered++;
    for (const item of items) addExample(this.#count(item), attempt);
    if (message === undefined) return;
    const pending = this.#waiting.get(message.key);
    this.#waiting.delete(message.key);
    if (pending !== undefined && before !== undefined)
      this.#settle(pending, { isRepeated: true, isAtFault });
    if (isAtFault) return;
    const reactionItems =
      before === undefined ? [] : [...listReactions(attempt, before, operation)];
    for (const item of reactionItems) this.#count(item).answered++;
    const isUnknown = isUnknownView(attempt);
    const ending =
      isUnknown && message.applicationCount >= plannedAttempts && isOpen(message, attempt.atUs)
        ? [reactionItem(operation, 'end of retries')]
        : [];
    this.#waiting.set(message.key, {
      items: [...items, ...reactionItems, ...ending],
      attempt,
      isUnknown,
    });
    if (this.#waiting.size <= maxWaiting) return;
    const [[oldest, settled] = []] = this.#waiting;
    this.#waiting.delete(oldest ?? '');
    if (settled !== undefined) this.#settle(settled, { isRepeated: false, isAtFault: false });
  }

  report(): CoverageReport {
    const counts = new Map(
      [...this.#counts].map(([key, count]) => [key, { ...count, examples: [...count.examples] }]),
    );
    const pairs = new Map([...this.#pairs].map(([key, count]) => [key, { ...count }]));
    for (const waiting of this.#waiting.values())
      settleInto(counts, pairs, waiting, { isRepeated: false, isAtFault: false });
    const { contract, integration } = this.#options;
    const declared: Integration = {
      operations: integration?.operations ?? [...this.#operations].sort(),
      modes: integration?.modes ?? [...this.#modes.values()],
      orderTypes: integration?.orderTypes ?? [...this.#orderTypes].sort(),
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
    this.#waiting.clear();
    this.#pairs.clear();
    this.#operations.clear();
    this.#modes.clear();
    this.#orderTypes.clear();
    this.#exchanges = 0;
  }

  /** @returns the operation, if the attempt is one of a known operation */
  #noteIntegration(attempt: MessageAttempt): OperationId | undefined {
    const { operation: id, isVerified, algorithm, isSealed: sealed, content } = attempt;
    const operation = this.#options.contract.operations.get(id as OperationId);
    if (operation === undefined || !attempt.isComplete) return undefined;
    if (isVerified) {
      this.#operations.add(operation.id);
      this.#modes.set(`${algorithm} ${sealed}`, { algorithm, sealed });
      const type = content?.constants['merchantBizType'];
      if (type !== undefined) {
        const name: unknown = JSON.parse(type);
        if (typeof name === 'string' && this.#options.contract.statusMachines.has(name))
          this.#orderTypes.add(name);
      }
    }
    return operation.id;
  }

  #count(key: string): ItemCount {
    return countOf(this.#counts, key);
  }

  #settle(waiting: Waiting, fate: Fate): void {
    settleInto(this.#counts, this.#pairs, waiting, fate);
  }
}

interface Fate {
  readonly isRepeated: boolean;
  readonly isAtFault: boolean;
}

const settleInto = (
  counts: Map<string, ItemCount>,
  pairs: Map<string, ItemCount>,
  { items, attempt, isUnknown }: Waiting,
  { isRepeated, isAtFault }: Fate,
): void => {
  const isEnd = !isRepeated && items.some((item) => item.endsWith('end of retries'));
  const isRight = !isAtFault && (mayDoEither(attempt) || isRepeated === isUnknown);
  for (const item of items) {
    if (item.endsWith('end of retries')) {
      if (isEnd && !isAtFault) {
        countOf(counts, item).answered++;
        countOf(counts, item).handled++;
      }
    } else if (isRight) countOf(counts, item).handled++;
  }
  const view = attempt.view === 'S' ? undefined : attempt.view;
  if (view === undefined || view === 'pending') return;
  const pair = countOf(pairs, `${attempt.operation} ${view}`);
  pair.answered++;
  if (isRight) pair.handled++;
};

/** Both are right: to send the message again, and to stop. */
const mayDoEither = ({ isRefusal, view, isAmbiguous, code }: MessageAttempt): boolean =>
  isAmbiguous ||
  (isRefusal && view === 'untrusted') ||
  (code === 'UNKNOWN_EXCEPTION' && view === 'F');

const countOf = (counts: Map<string, ItemCount>, key: string): ItemCount => {
  const known = counts.get(key) ?? { answered: 0, handled: 0, examples: [] };
  counts.set(key, known);
  return known;
};

const addExample = ({ examples }: ItemCount, { id }: MessageAttempt): void => {
  if (examples.length < maxExamples) examples.push(id);
};

const isUnknownView = ({ view, isRefusal }: MessageAttempt): boolean =>
  (view === 'U' || view === 'lost' || view === 'untrusted') && !isRefusal;

/** Items have their group in front: `A syncOrder SUCCESS`. */
export const itemKey = (group: CoverageGroupId, id: string): string => `${group} ${id}`;

/** What an attempt shows by itself. */
function* listCovered(attempt: MessageAttempt, contract: Contract): Iterable<string> {
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

const reactionTo = (attempt: MessageAttempt): Reaction | undefined => {
  const { view, marks, isRefusal } = attempt;
  if (view === 'F') return 'stopped after F';
  if (view === 'S') return marks.includes('stale') ? 'stale noticed' : undefined;
  if (isRefusal) return undefined;
  if (view === 'U') return 'repeated after U';
  return view === 'lost' ? 'repeated after a lost answer' : 'repeated after an untrusted answer';
};

/** What an attempt shows together with the one before. */
function* listReactions(
  { marks, view, isVerified }: MessageAttempt,
  before: MessageAttempt,
  operation: OperationId,
): Iterable<string> {
  if (marks.includes('duplicate') && view === 'S' && isVerified && isUnknownView(before))
    yield reactionItem(operation, 'duplicate accepted');
}

export const reactionItem = (operation: string, reaction: Reaction): string =>
  itemKey('I', `${operationClass(operation)} ${reaction}`);
