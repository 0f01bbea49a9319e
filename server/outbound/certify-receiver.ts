import {
  composeFields,
  type OutboundCallId,
  type OutboundContract,
} from '../domain/outbound/outbound-calls.ts';
import { type OutboundFaultId, outboundFaults } from '../domain/outbound/outbound-faults.ts';
import { StartupError } from '../problems/problem.ts';
import type { CallParties } from './compose-call.ts';
import type { DialRules } from './dial.ts';
import type { OutboundValidator } from './judge-answer.ts';
import { createEventId } from './outbound-service.ts';
import { isUnreachable, type SentCall, sendCall } from './send-call.ts';

/** A case of the family OUT: what is played, and what a correct merchant does. */
export interface OutboundCase {
  readonly id: `C-OUT-${string}`;
  readonly title: string;
  readonly must: string;
  readonly calls: readonly OutboundCallId[];
  readonly fault?: OutboundFaultId;
  /** Sends of the same event after the first one. */
  readonly again?: number;
  /** Calls at the same time. */
  readonly parallel?: number;
  /** How often the event may be applied; undefined: nothing is applied. */
  readonly effects?: number;
  /** Both answers of a repeated order must be the same. */
  readonly isSameAnswer?: true;
}

const notification = ['bill-notify'] as const;

const faultCase = (
  number: string,
  fault: OutboundFaultId,
  more: Pick<OutboundCase, 'again' | 'effects'> = {},
): OutboundCase => ({
  id: `C-OUT-${number}`,
  title: outboundFaults[fault].sentence,
  must: outboundFaults[fault].expectedMerchantBehaviour,
  calls: notification,
  fault,
  effects: outboundFaults[fault].isAcknowledged ? 1 : 0,
  ...more,
});

/** All cases, in the order in which they are played. */
export const outboundCases: readonly OutboundCase[] = [
  {
    id: 'C-OUT-01',
    title: 'A notification is answered.',
    must: 'Answers SUCCESS, signed, within 5 s, and applies it once.',
    calls: notification,
    effects: 1,
  },
  faultCase('02', 'duplicate'),
  faultCase('03', 'parallel-duplicates'),
  faultCase('04', 'out-of-order'),
  faultCase('05', 'wrong-signature'),
  faultCase('06', 'missing-signature'),
  faultCase('07', 'foreign-signature'),
  faultCase('08', 'changed-body'),
  faultCase('09', 'old-request-time'),
  faultCase('10', 'rotated-key'),
  faultCase('11', 'cut', { again: 1, effects: 1 }),
  faultCase('12', 'slow'),
  faultCase('13', 'extra-fields'),
  {
    id: 'C-OUT-14',
    title: 'Queries are answered under load.',
    must: 'Answers each of OB-03 to OB-07 within 3 s, signed.',
    calls: [
      'query-unpaid-bills',
      'query-account',
      'verify-account',
      'top-up',
      'query-latest-payment-info',
    ],
    parallel: 5,
  },
  {
    id: 'C-OUT-15',
    title: 'The order of a top-up is asked for again with the same requestId.',
    must: 'Answers the same order again.',
    calls: ['top-up'],
    again: 1,
    isSameAnswer: true,
  },
  {
    id: 'C-OUT-16',
    title: 'A payment notification comes in the older envelope, twice.',
    must: 'Answers SUCCESS twice, and applies it once.',
    calls: ['payment-notify'],
    fault: 'duplicate',
    effects: 1,
  },
];

export interface CertifyReceiverOptions {
  /** Where a call goes; undefined: the merchant does not have it. */
  readonly targetFor: (call: OutboundCallId) => URL | undefined;
  readonly contract: OutboundContract;
  readonly validator: OutboundValidator;
  readonly parties: CallParties;
  readonly rulesFor: (call: OutboundCallId) => DialRules;
  /** How often the merchant has applied an event; absent: it cannot be seen. */
  readonly readEffects?: ((eventId: string) => Promise<number> | number) | undefined;
}

export interface OutboundCaseResult {
  readonly case: OutboundCase;
  readonly verdict: 'passed' | 'failed' | 'skipped' | 'unreachable';
  /** What is wrong, or why it was not played. */
  readonly findings: readonly string[];
  readonly durationMs: number;
}

/** Plays all cases against a merchant's server, one after the other. */
export const certifyReceiver = async (
  options: CertifyReceiverOptions,
): Promise<readonly OutboundCaseResult[]> => {
  const results: OutboundCaseResult[] = [];
  for (const one of outboundCases) results.push(await playCase(one, options));
  return results;
};

const playCase = async (
  one: OutboundCase,
  options: CertifyReceiverOptions,
): Promise<OutboundCaseResult> => {
  const began = performance.now();
  const finish = (
    verdict: OutboundCaseResult['verdict'],
    findings: readonly string[],
  ): OutboundCaseResult => ({
    case: one,
    verdict,
    findings,
    durationMs: Math.round(performance.now() - began),
  });
  const missing = one.calls.filter((call) => options.targetFor(call) === undefined);
  if (missing.length > 0) return finish('skipped', [`no address for ${missing.join(', ')}`]);
  try {
    const plays = one.calls.flatMap((call) =>
      Array.from({ length: one.parallel ?? 1 }, () => playCall(one, call, options)),
    );
    const played = await Promise.all(plays);
    if (played.every(({ sends }) => sends.every(isUnreachable)))
      return finish('unreachable', ['the merchant cannot be reached']);
    const findings = played.flatMap(({ findings: found }) => found);
    return finish(findings.length === 0 ? 'passed' : 'failed', [...new Set(findings)]);
  } catch (error) {
    // Some faults need keys that not every platform has.
    if (error instanceof StartupError) return finish('skipped', [error.message]);
    throw error;
  }
};

interface PlayedCall {
  readonly sends: readonly SentCall[];
  readonly findings: readonly string[];
}

const playCall = async (
  one: OutboundCase,
  id: OutboundCallId,
  options: CertifyReceiverOptions,
): Promise<PlayedCall> => {
  const { contract, parties, validator } = options;
  const call = contract.calls.get(id);
  const url = options.targetFor(id);
  if (call === undefined || url === undefined) throw new Error(`${id} cannot be sent`);
  const now = Date.now();
  const unique = createEventId(one.id, now, performance.now());
  const fields = composeFields(call, {}, { unique, now });
  const deps = { parties, validator, rules: options.rulesFor(id) };
  const sends = [await sendCall({ call, fields, url, now, fault: one.fault }, deps)];
  for (let turn = 0; turn < (one.again ?? 0); turn++)
    sends.push(await sendCall({ call, fields, url, now: Date.now() }, deps));
  const findings = sends.flatMap((sent) => (sent.asExpected ? [] : describeUnexpected(sent, id)));
  if (one.isSameAnswer === true) {
    const [first, second] = sends.map(({ copies }) => JSON.stringify(copies[0].judgement.json));
    if (first !== second) findings.push(`${id}: the second answer names another order`);
  }
  const applied = await options.readEffects?.(String(fields[call.idField ?? '']));
  if (one.effects !== undefined && applied !== undefined && applied !== one.effects)
    findings.push(`${id}: applied ${applied} times, not ${one.effects}`);
  return { sends, findings };
};

const describeUnexpected = ({ copies }: SentCall, id: OutboundCallId): string[] => {
  const problems = copies.flatMap(({ judgement }) => judgement.problems);
  const [first] = problems;
  return first === undefined
    ? [`${id}: acknowledged what it must not`]
    : [`${id}: ${first.sentence}`];
};
