import type { ReceiverCheckId } from '../conformance/certify/catalogue/case.ts';
import { type ReceiverCase, receiverCatalogue } from '../conformance/certify/catalogue/receiver.ts';
import { combine, wireExchange } from '../conformance/certify/judge-case.ts';
import type {
  CaseCheckResult,
  CaseResult,
  EvidenceExchange,
  TimelineEvent,
} from '../conformance/certify/result.ts';
import {
  composeFields,
  type OutboundCall,
  type OutboundCallId,
  type OutboundContract,
} from '../domain/outbound/outbound-calls.ts';
import { outboundFaults } from '../domain/outbound/outbound-faults.ts';
import type { JsonObject } from '../domain/state/state.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import { StartupError } from '../problems/problem.ts';
import type { SignatureAlgorithm } from '../protocol/signatures.ts';
import type { CallParties } from './compose-call.ts';
import type { DialRules } from './dial.ts';
import { type OutboundValidator, readMember, toJournalEntry } from './judge-answer.ts';
import { createEventId } from './outbound-service.ts';
import { firstProblem, isUnreachable, type SentCall, sendCall } from './send-call.ts';

export interface CertifyReceiverOptions {
  /** Where a call goes; undefined: the merchant does not have it. */
  readonly targetFor: (call: OutboundCallId) => URL | undefined;
  readonly contract: OutboundContract;
  readonly validator: OutboundValidator;
  readonly parties: CallParties;
  readonly rulesFor: (call: OutboundCallId) => DialRules;
  /** Absent: RSA256 where both sides have such keys, without encryption. */
  readonly crypto?: { readonly algorithm: SignatureAlgorithm; readonly sealed: boolean };
  /** Ids; absent: all. */
  readonly chosen?: ReadonlySet<string> | undefined;
  /**
   * How often the merchant has applied an event, or why it does not say so. Absent: it cannot be
   * seen.
   */
  readonly readEffects?:
    | ((eventId: string) => Promise<number | string> | number | string)
    | undefined;
  /**
   * Waits for an updatePass after that time, monotonic microseconds. Absent: the merchant does not
   * send to a simulator of this process, so that it cannot be seen.
   */
  readonly findUpdate?: ((sinceUs: number) => Promise<boolean>) | undefined;
  readonly againCommand?: ((result: CaseResult) => string) | undefined;
  readonly stop?: AbortSignal | undefined;
  readonly onCase?: ((played: PlayedCase) => void) | undefined;
}

/** What became of one case on one call. */
export interface PlayedCase {
  readonly result: CaseResult;
  readonly exchanges: readonly JournalEntry[];
}

/** Plays the family OUT against a merchant's server, one case after the other. */
export const certifyReceiver = async (
  options: CertifyReceiverOptions,
): Promise<readonly PlayedCase[]> => {
  const { chosen, onCase } = options;
  const played: PlayedCase[] = [];
  for (const row of receiverCatalogue) {
    if (chosen !== undefined && !chosen.has(row.id)) continue;
    const ended = await Promise.all(row.calls.map((call) => playCase(row, call, options)));
    for (const one of ended) {
      played.push(one);
      onCase?.(one);
    }
  }
  return played;
};

const playCase = async (
  row: ReceiverCase,
  id: OutboundCallId,
  options: CertifyReceiverOptions,
): Promise<PlayedCase> => {
  const call = options.contract.calls.get(id);
  const url = options.targetFor(id);
  const { stop, findUpdate } = options;
  if (call === undefined || url === undefined)
    return leftOut(row, id, {
      verdict: 'NOT APPLICABLE',
      message: `no address is named for ${id}`,
    });
  if (stop?.aborted === true)
    return leftOut(row, id, {
      verdict: 'NOT JUDGED',
      message: 'the run was interrupted before',
    });
  if (row.checks.includes('updates-pass') && findUpdate === undefined)
    return leftOut(row, id, {
      verdict: 'NOT APPLICABLE',
      message: 'it is not known that the merchant sends to this simulator: name a --port for it',
    });
  const course = new Course(row, call, url, options);
  try {
    await Promise.all(Array.from({ length: row.parallel ?? 1 }, () => course.play()));
    if (course.sends.every(isUnreachable)) return course.conclude([], unreachable(course, url));
    const checks: CaseCheckResult[] = [];
    for (const check of row.checks)
      checks.push(course.weigh(check, await receiverChecks[check](course)));
    return course.conclude(checks);
  } catch (error) {
    // Some faults need keys that not every platform has.
    if (!(error instanceof StartupError)) throw error;
    const [problem] = error.problems;
    const message = problem?.message ?? error.message;
    return leftOut(row, id, { verdict: 'NOT APPLICABLE', message });
  }
};

const unreachable = ({ sends }: Course, url: URL): NonNullable<CaseResult['error']> => {
  const [first] = sends;
  const reason = first && firstProblem(first)?.sentence;
  return {
    message: `${url.href} cannot be reached: ${reason ?? 'nothing was sent'}`,
    remedy: "Start the merchant's server there, or name another address.",
  };
};

const factsFor = (row: ReceiverCase, operation: OutboundCallId) => ({
  ...{ id: row.id, operation, severity: row.severity, counted: true },
  basis: row.basis.flatMap(({ kind, register }) =>
    register === undefined ? [kind] : [kind, register],
  ),
  notes: [],
});

const leftOut = (
  row: ReceiverCase,
  call: OutboundCallId,
  said: Pick<CaseResult, 'verdict' | 'message'>,
): PlayedCase => ({
  exchanges: [],
  result: {
    ...factsFor(row, call),
    ...{ crypto: 'RSA256', sealed: false, durationMs: 0, attempts: 0, checks: [], timeline: [] },
    ...said,
  },
});

/** One case on one call, while it is played. */
class Course {
  readonly row: ReceiverCase;
  readonly call: OutboundCall;
  readonly url: URL;
  readonly options: CertifyReceiverOptions;
  readonly fields: JsonObject;
  readonly sends: SentCall[] = [];
  readonly entries: JournalEntry[] = [];
  readonly startedUs = performance.now() * 1000;

  constructor(row: ReceiverCase, call: OutboundCall, url: URL, options: CertifyReceiverOptions) {
    const now = Date.now();
    const unique = createEventId(row.id, call.id, now, performance.now());
    this.fields = composeFields(call, {}, { unique, now });
    this.row = row;
    this.call = call;
    this.url = url;
    this.options = options;
  }

  /** The case's first sending, and those after it. */
  async play(): Promise<void> {
    const { call, fields, url, row } = this;
    // Calls at the same time are about different events.
    const own = (row.parallel ?? 1) === 1 ? fields : this.#otherFields();
    await this.send({ call, fields: own, url, fault: row.fault });
    for (let turn = 0; turn < (row.again ?? 0); turn++) await this.send({ call, fields: own, url });
  }

  #otherFields(): JsonObject {
    const now = Date.now();
    const unique = createEventId(this.row.id, this.call.id, now, performance.now());
    return composeFields(this.call, {}, { unique, now });
  }

  /** Sends a call, and records it. */
  async send(
    sending: Pick<Parameters<typeof sendCall>[0], 'call' | 'fields' | 'url' | 'fault'>,
  ): Promise<SentCall> {
    const { parties, validator, rulesFor, crypto } = this.options;
    const now = Date.now();
    const { call, url, fault } = sending;
    const sent = await sendCall(
      { ...sending, now, encrypt: crypto?.sealed === true, algorithm: crypto?.algorithm },
      { parties, validator, rules: rulesFor(call.id) },
    );
    this.sends.push(sent);
    for (const copy of sent.copies)
      this.entries.push(
        toJournalEntry(copy, {
          number: this.entries.length + 1,
          clientId: parties.clientId,
          messageId: `${this.row.id}-${call.id}`,
          ...{ call, url, fault, sentAt: now, attempt: this.sends.length },
          rule: undefined,
          nextAttemptAt: undefined,
        }),
      );
    return sent;
  }

  /** A check with its weight, and the exchanges that show it. */
  weigh(id: ReceiverCheckId, found: ReceiverFinding): CaseCheckResult {
    const { severity, basis } = this.row;
    return {
      ...{ id, severity, basis: basis[0].kind, verdict: found.verdict },
      evidence: found.verdict === 'open' ? '-' : id === 'applied-once' ? 'C' : 'W',
      // The merchant's books cannot be seen from outside, unless an address for them is named.
      required: id !== 'applied-once' || this.options.readEffects !== undefined,
      sentence: found.sentence,
      exchanges: this.entries.slice(0, 8).map((entry) => this.#refer(entry)),
      ...omitUndefined({
        reason:
          found.verdict !== 'open'
            ? undefined
            : id === 'refuses'
              ? ('control-failed' as const)
              : ('claim-missing' as const),
      }),
    };
  }

  conclude(checks: readonly CaseCheckResult[], error?: CaseResult['error']): PlayedCase {
    const { row, call, entries, startedUs, options } = this;
    const result: CaseResult = {
      ...factsFor(row, call.id),
      crypto: options.crypto?.algorithm ?? 'RSA256',
      sealed: options.crypto?.sealed ?? false,
      verdict: error === undefined ? combine(checks) : 'ERROR',
      durationMs: Math.round(performance.now() - startedUs / 1000),
      attempts: entries.length,
      checks,
      timeline: entries.flatMap((entry) => this.#describe(entry)).sort((a, b) => a.atMs - b.atMs),
      wire: entries.map((entry) => wireExchange(entry, startedUs)),
      ...omitUndefined({ error }),
    };
    const again = options.againCommand?.(result);
    return { result: { ...result, ...omitUndefined({ again }) }, exchanges: entries };
  }

  #toMs(us: number): number {
    return Math.round((us - this.startedUs) / 1000);
  }

  #refer(entry: JournalEntry): EvidenceExchange {
    const { id, number, arrival, delivery, verdict, tags, verifiedWith } = entry;
    const isTrusted = verifiedWith !== undefined;
    const [, fault] = tags;
    return {
      ...{ ref: id, number, arrivalMs: this.#toMs(arrival.atUs), code: verdict.code },
      view: delivery.complete ? (isTrusted ? (verdict.status ?? 'U') : 'untrusted') : 'lost',
      endedMs: this.#toMs(delivery.endedUs),
      ...omitUndefined({
        status: verdict.status,
        struck: fault === undefined ? undefined : `fault:${fault}`,
        lastByteMs: delivery.lastByteUs === undefined ? undefined : this.#toMs(delivery.lastByteUs),
      }),
    };
  }

  #describe({ id, arrival, delivery, reply, verdict, outbound, tags }: JournalEntry) {
    const [, fault] = tags;
    const events: TimelineEvent[] = [
      {
        ...{ atMs: this.#toMs(arrival.atUs), kind: 'attempt', ref: id },
        text: `${outbound?.call ?? ''} sent${fault === undefined ? '' : ` with ${fault}`}`,
      },
      {
        ...{ atMs: this.#toMs(delivery.endedUs), ref: id },
        kind: delivery.complete ? 'delivered' : 'ended',
        text: delivery.complete ? `HTTP ${reply.httpStatus}: ${verdict.reason}` : verdict.reason,
      },
    ];
    return events;
  }
}

interface ReceiverFinding {
  readonly verdict: 'pass' | 'fail' | 'open' | 'n/a';
  readonly sentence: string;
}

type ReceiverCheck = (course: Course) => ReceiverFinding | Promise<ReceiverFinding>;

const passCase = (sentence: string): ReceiverFinding => ({ verdict: 'pass', sentence });
const violation = (sentence: string): ReceiverFinding => ({ verdict: 'fail', sentence });

const isWanted = ({ row }: Course, index: number): boolean =>
  row.fault === undefined || outboundFaults[row.fault].isAcknowledged || index > 0;

/** The first of the sendings that must be acknowledged, and is not. */
const findRefused = (course: Course): string | undefined => {
  const refused = course.sends.find((sent, index) => isWanted(course, index) && !sent.acknowledged);
  return refused && (firstProblem(refused)?.sentence ?? 'it is not acknowledged');
};

const receiverChecks: Readonly<Record<ReceiverCheckId, ReceiverCheck>> = {
  acknowledges: (course) => {
    const refused = findRefused(course);
    return refused === undefined ? passCase('every answer acknowledges') : violation(refused);
  },
  refuses: (course) => {
    const [hostile] = course.sends;
    if (hostile?.copies.some(({ judgement }) => judgement.acknowledged) === true)
      return violation('acknowledged what it must not');
    const refused = findRefused(course);
    return refused === undefined
      ? passCase('refused, and acknowledged the genuine call after it')
      : { verdict: 'open', sentence: `the genuine call is refused too: ${refused}` };
  },
  'applied-once': async (course) => {
    const { options, row, call, fields } = course;
    const event = String(fields[call.idField ?? '']);
    if (options.readEffects === undefined || row.effects === undefined)
      return { verdict: 'open', sentence: 'how often it was applied cannot be seen from outside' };
    const applied = await options.readEffects(event);
    if (typeof applied === 'string') return { verdict: 'open', sentence: applied };
    if (applied < row.effects && findRefused(course) !== undefined)
      return { verdict: 'open', sentence: 'what is not acknowledged need not be applied yet' };
    return applied === row.effects
      ? passCase(`applied ${formatTimes(applied)}`)
      : violation(`applied ${formatTimes(applied)}, not ${formatTimes(row.effects)}`);
  },
  'same-order': ({ sends }) => {
    const [first, second] = sends.map(({ copies }) => orderOnly(copies[0].judgement.json));
    return first === second
      ? passCase('both answers name the same order')
      : violation('the second answer names another order');
  },
  'updates-pass': async ({ options, entries }) => {
    const sinceUs = entries[0]?.arrival.atUs ?? 0;
    return (await options.findUpdate?.(sinceUs)) === true
      ? passCase('updatePass followed')
      : violation('no updatePass followed within 5 s');
  },
  'closes-order': async (course) => {
    const notify = course.options.contract.calls.get('add-on-order-notify');
    const url = course.options.targetFor('add-on-order-notify');
    if (notify === undefined || url === undefined)
      return { verdict: 'n/a', sentence: 'no address is named for add-on-order-notify' };
    const order = course.sends[0]?.copies[0].judgement.json;
    const id = readMember(order, 'merchantTransId');
    const given = { orderStatus: 'CLOSE', ...(typeof id === 'string' && { merchantTransId: id }) };
    const now = Date.now();
    const fields = composeFields(notify, given, { unique: createEventId(notify.id, now), now });
    const sent = await course.send({ call: notify, fields, url, fault: 'duplicate' });
    return sent.acknowledged
      ? passCase('the order is closed')
      : violation(firstProblem(sent)?.sentence ?? 'the closing is not acknowledged');
  },
  'ends-auto-debit': async (course) => {
    const query = course.options.contract.calls.get('query-unpaid-bills');
    const url = course.options.targetFor('query-unpaid-bills');
    if (query === undefined || url === undefined)
      return { verdict: 'n/a', sentence: 'no address is named for query-unpaid-bills' };
    const { accountId, merchantAccountId, openId } = course.fields;
    const now = Date.now();
    const given = Object.fromEntries(
      Object.entries({ accountId, merchantAccountId, openId }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
    const fields = composeFields(query, given, { unique: createEventId(query.id, now), now });
    const { copies } = await course.send({ call: query, fields, url });
    return readMember(copies[0].judgement.json, 'autoDebitStatus') === 'AUTO_DEBIT'
      ? violation('the account is unbound, and autoDebitStatus is still AUTO_DEBIT')
      : passCase('no automatic debit is shown after it');
  },
};

const formatTimes = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** An answer without what differs each time: the result, and the head of the older envelope. */
const orderOnly = (answer: unknown): string => {
  const body = readMember(readMember(answer, 'response') ?? answer, 'body') ?? answer;
  if (typeof body !== 'object' || body === null) return '';
  const { result: _, resultInfo: __, ...order } = body as Readonly<Record<string, unknown>>;
  return JSON.stringify(order);
};
