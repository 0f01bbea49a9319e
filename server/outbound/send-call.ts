import type { Finding } from '../domain/contract/contract.ts';
import { type OutboundFaultId, outboundFaults } from '../domain/outbound/outbound-faults.ts';
import { type CallParties, type ComposeOptions, composeCall, listCopies } from './compose-call.ts';
import { type DialRules, dial } from './dial.ts';
import { judgeDialed, type OutboundValidator, type SentCopy } from './judge-answer.ts';

/** All that one sending of a call has sent: more than one request with some faults. */
export interface SentCall {
  readonly copies: readonly [SentCopy, ...SentCopy[]];
  /** Every copy was acknowledged. */
  readonly acknowledged: boolean;
  /** Whether a correct merchant would have answered so. */
  readonly asExpected: boolean;
}

export interface SendDeps {
  readonly parties: CallParties;
  readonly validator: OutboundValidator;
  readonly rules: DialRules;
}

export interface SendOptions extends Omit<ComposeOptions, 'target'> {
  /** The merchant's address, which the user has named. */
  readonly url: URL;
}

/**
 * Sends a call once, with what its fault makes of it, and judges the answers.
 * @throws StartupError when it cannot be composed; nothing was sent then
 */
export const sendCall = async (options: SendOptions, deps: SendDeps): Promise<SentCall> => {
  const { call, fault, url } = options;
  const target = url.pathname + url.search;
  const messages = listCopies(call, options.fields, fault, options.now);
  const first = composeCall({ ...options, target }, deps.parties);
  const composed = messages.map((fields, index) =>
    index === 0 || fields === options.fields
      ? { fields, composed: first }
      : { fields, composed: composeCall({ ...options, fields, target }, deps.parties) },
  );
  const sendCopy = async (copy: (typeof composed)[number]): Promise<SentCopy> => {
    const { headerLines, body, style } = copy.composed;
    const dialed = await dial({ url, headerLines, body, style }, deps.rules);
    return { ...copy, dialed, judgement: judgeDialed(dialed, call, target, deps) };
  };
  const copies =
    fault === 'parallel-duplicates'
      ? await Promise.all(composed.map(sendCopy))
      : await composed.reduce<Promise<SentCopy[]>>(
          async (before, copy) => [...(await before), await sendCopy(copy)],
          Promise.resolve([]),
        );
  const [one, ...others] = copies;
  if (one === undefined) throw new Error('a call has at least one copy');
  const acknowledged = copies.every(({ judgement }) => judgement.acknowledged);
  return {
    copies: [one, ...others],
    acknowledged,
    asExpected: isAsExpected(copies, fault),
  };
};

/** A fault that must not be acknowledged is as expected when no copy was. */
const isAsExpected = (copies: readonly SentCopy[], fault: OutboundFaultId | undefined): boolean => {
  const isWanted = fault === undefined || outboundFaults[fault].isAcknowledged;
  if (isWanted) return copies.every(({ judgement }) => judgement.acknowledged);
  // An unreachable merchant has refused nothing.
  return copies.every((copy) => !copy.judgement.acknowledged && !wasUnreachable(copy));
};

/** Whether nothing was sent because no connection could be made. */
export const isUnreachable = ({ copies }: SentCall): boolean => copies.every(wasUnreachable);

const wasUnreachable = ({ dialed }: SentCopy): boolean =>
  'failure' in dialed && ['NOT_ALLOWED', 'UNREACHABLE', 'TLS_NOT_TRUSTED'].includes(dialed.failure);

/** The first thing that is wrong with any of the answers. */
export const firstProblem = ({ copies }: SentCall): Finding | undefined =>
  copies.flatMap(({ judgement }) => judgement.problems)[0];
