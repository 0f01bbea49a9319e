import type { MessageAttempt } from '../messages/attempt.ts';
import {
  type ClientMessage,
  hasSameSignature,
  hasUnknownOutcome,
  isCopy,
  isFinal,
  isFineTime,
  isKnown,
  isOpen,
  knownAtUs,
  listPauses,
  messageId,
  type Pause,
} from '../messages/client-message.ts';
import { compareContents, reportSame } from '../messages/message-content.ts';
import {
  formatUs,
  isNewMessage,
  type LintCheck,
  type LintContext,
  reportHit,
  type ThingContext,
  type TrafficLimit,
  tenMinutesUs,
} from './lint-memory.ts';

/** The rules L-RTY-01 to L-RTY-10 that look at one attempt; abandoned messages are judged later. */
export const checkRetries = (context: ThingContext): void => {
  checkNewId(context);
  checkAfterRefusal(context);
  checkChangedBody(context);
  checkAfterSuccess(context);
  checkOldSignature(context);
  checkLibrary(context);
  checkPauses(context);
  checkLastAttempt(context);
};

const checkNewId = (context: ThingContext): void => {
  const { message, attempt, thing, isLate } = context;
  if (isLate || message.requestId === undefined || !isNewMessage(thing, message)) return;
  const id = messageId(message.content);
  for (const earlier of thing.messages) {
    const { last } = earlier;
    if (messageId(earlier.content) === id || last.number > attempt.number) continue;
    if (!reportSame(earlier.content, message.content)) continue;
    if (!isOpen(earlier, attempt.atUs) || !hasUnknownOutcome(last) || last.isAmbiguous) continue;
    if (hasChangedSince(context, earlier)) continue;
    const isOld =
      earlier.eventTime !== message.eventTime && attempt.atUs - last.atUs > tenMinutesUs;
    const outcome = last.view === 'untrusted' ? 'an answer that proves nothing' : describeEnd(last);
    reportHit(
      context,
      'L-RTY-01',
      `requestId ${message.requestId} reports the same as ${earlier.requestId}, whose outcome is ` +
        `unknown after ${outcome}; send the first one again`,
      {
        severity: isOld || earlier.applicationCount > 1 ? 'warning' : 'error',
        attempts: [last],
      },
    );
    return;
  }
};

/** Something else was reported of the thing in between: what is reported now is another event. */
const hasChangedSince = ({ thing, message }: ThingContext, earlier: ClientMessage): boolean => {
  const { newest } = thing;
  if (newest === undefined || newest.first.number <= earlier.first.number) return false;
  const isBetween =
    (newest.eventTime ?? Infinity) > (earlier.eventTime ?? -Infinity) &&
    (newest.eventTime ?? -Infinity) < (message.eventTime ?? Infinity);
  return isBetween && !reportSame(newest.content, message.content);
};

const describeEnd = ({ view, code, fault, delivery }: MessageAttempt): string => {
  if (view === 'U') return `${code} with U`;
  if (fault !== undefined) return `a lost answer (${fault})`;
  return delivery?.endedBy === 'client' ? 'a timeout' : 'a lost answer';
};

const checkAfterRefusal = (context: ThingContext): void => {
  const { message, attempt, before, isLibraryRetry } = context;
  if (isCopy(message, before, attempt)) return;
  const refused = message.attempts.find(
    (one) =>
      one.number < attempt.number && one.view === 'F' && isFinal(one) && isKnown(one, attempt.atUs),
  );
  if (refused === undefined || isLibraryRetry || isExemptFromStop(refused)) return;
  if (mayHaveGivenUp(refused, context)) return;
  if (refused.content?.digest !== attempt.content?.digest) return;
  // Access may have been granted, and a card's messages have no requestId.
  const isPassing =
    refused.code === 'ACCESS_DENIED' || message.operation === 'updateMembershipCard';
  const isOld = attempt.atUs - refused.atUs >= tenMinutesUs;
  reportHit(
    context,
    'L-RTY-02',
    `${nameMessage(message)} was sent again after ${refused.code}, which is final`,
    { severity: isOld ? 'note' : isPassing ? 'warning' : 'error', attempts: [refused] },
  );
};

const slowAnswerUs = 1_000_000;

/**
 * A client that gave up while an answer was on its way has not read it: the next attempt, on
 * another connection, proves nothing.
 */
const mayHaveGivenUp = (answered: MessageAttempt, { attempt, before }: ThingContext): boolean =>
  before === answered &&
  attempt.connection.ordinal !== answered.connection.ordinal &&
  (answered.delivery?.lastByteUs ?? 0) - answered.atUs > slowAnswerUs;

/** Their pages ask to repeat UNKNOWN_EXCEPTION although they print F. */
const isExemptFromStop = ({ code, operation }: MessageAttempt): boolean =>
  code === 'UNKNOWN_EXCEPTION' ||
  // Left to L-ORD-03: a card's messages have no requestId.
  (operation === 'updateMembershipCard' && code === 'PASS_UPDATE_FAIL');

export const nameMessage = ({ requestId, identity }: ClientMessage): string =>
  requestId === undefined ? `the message about ${identity}` : `requestId ${requestId}`;

const checkChangedBody = (context: ThingContext): void => {
  const { message, attempt, before } = context;
  const { requestId, content } = message;
  if (requestId === undefined || before === undefined || attempt.content === undefined) return;
  // What the gateway refused undecided is not remembered: its body may be corrected.
  const first = message.attempts.find(({ isRefusal }) => !isRefusal) ?? message.first;
  if (first === attempt) return;
  const difference = compareContents(first.content ?? content, attempt.content);
  if (difference.kind === 'none') return;
  if (difference.kind === 'layout') {
    reportHit(
      context,
      'L-RTY-03',
      `requestId ${requestId} was sent again with the same JSON in another layout; send the same bytes`,
      { severity: 'warning', attempts: [first] },
    );
    return;
  }
  const { members } = difference;
  const onlyTime = members.length === 1 && members[0] === 'requestTime';
  reportHit(
    context,
    'L-RTY-03',
    onlyTime
      ? `requestId ${requestId} was sent again with another requestTime in its body; it belongs to ` +
          'the message, only the Request-Time header is renewed'
      : `requestId ${requestId} was sent again with another body; what differs: ${members.join(', ')}`,
    { attempts: [first], members },
  );
};

const checkAfterSuccess = (context: ThingContext): void => {
  const { message, attempt, before, isLibraryRetry } = context;
  if (message.requestId === undefined || isLibraryRetry) return;
  if (isCopy(message, before, attempt)) return;
  const first = message.attempts.find(
    (one) =>
      one.number < attempt.number && one.view === 'S' && isFinal(one) && isKnown(one, attempt.atUs),
  );
  if (first === undefined || first.content?.digest !== attempt.content?.digest) return;
  if (mayHaveGivenUp(first, context)) return;
  const isSuccess = isFinal(attempt) && attempt.view === 'S';
  const successesBefore = message.successCount - (isSuccess ? 1 : 0);
  reportHit(context, 'L-RTY-04', `${nameMessage(message)} was sent again after its success`, {
    severity: successesBefore >= 3 ? 'warning' : 'note',
    attempts: [first],
  });
};

const secondUs = 1_000_000;

const checkOldSignature = (context: ThingContext): void => {
  const { attempt, before, isLibraryRetry, message } = context;
  if (before === undefined || isLibraryRetry || !hasSameSignature(before, attempt)) return;
  // Signed again within the second, whole seconds are equal; a busy machine delays what is sent.
  if (attempt.atUs - before.atUs < (isFineTime(attempt) ? 1 : 3) * secondUs) return;
  reportHit(
    context,
    'L-RTY-05',
    `${nameMessage(message)} was sent again with the Request-Time and Signature of ` +
      `${formatUs(attempt.atUs - before.atUs)} before`,
    { attempts: [before] },
  );
};

const checkLibrary = (context: ThingContext): void => {
  const { before, isLibraryRetry, client } = context;
  if (!isLibraryRetry || client.reported.has('library')) return;
  client.reported.add('library');
  reportHit(context, 'L-RTY-06', 'the HTTP library repeated a request by itself', {
    attempts: [before],
  });
};

/**
 * 100 ms, less the milliseconds by which timers fire early and clocks are read late: a client that
 * waits for 100 ms is not hasty.
 */
const hastyBelowUs = 90_000;
/** Of so many pauses one is short at least, where a client does not wait. */
const hastyShare = 2;
const fewAttemptsUs = 10 * secondUs;

const checkPauses = (context: ThingContext): void => {
  const { message, before, isLibraryRetry, tuning } = context;
  if (before === undefined || isLibraryRetry || isFinal(before)) return;
  if (before.isCollateral || before.isRefusal || isCopy(message, before, context.attempt)) return;
  const pauses = listPauses(message.attempts);
  const newest = pauses.at(-1);
  if (newest === undefined || newest.after !== context.attempt) return;
  const shortest = hastyBelowUs * tuning.pauseFactor;
  const isShort = ({ us }: { readonly us: number | undefined }): boolean =>
    us !== undefined && us < shortest;
  const { pacing } = context.client;
  pacing.pauses++;
  if (isShort(newest)) pacing.short++;
  // A random pause is a short one now and then.
  const isHasty = pacing.short * hastyShare >= pacing.pauses;
  if (isShort(newest) && newest.us !== undefined && isHasty) {
    const shown = formatUs(newest.us);
    reportHit(
      context,
      'L-RTY-07',
      `${nameMessage(message)} was repeated ${shown} after an attempt without a final answer`,
      {
        severity: pauses.filter(isShort).length > 1 ? 'error' : 'warning',
        attempts: [before],
      },
    );
    return;
  }
  checkGrowth(context, pauses);
};

/** By so much a loaded machine lengthens a pause: short ones, as tests scale them, then differ. */
const loadUs = 200_000;
/** Pauses that are scaled by less are hardly longer than what a loaded machine adds. */
const closeToLoad = 0.2;
/** How many equal pauses in a row the printed plan has. */
const equalPauses = 3;

const checkGrowth = (context: ThingContext, pauses: readonly Pause[]): void => {
  const { message, attempt, tuning } = context;
  const known = pauses.flatMap(({ us }) => us ?? []);
  const last = pauses.at(-1)?.us;
  if (known.length < equalPauses || last === undefined) return;
  // A pause may have been shorter than it looks: only what is certain counts against the client.
  const longest = Math.max(...pauses.slice(0, -1).map(({ leastUs }) => leastUs ?? 0));
  const firstOfFive = message.attempts.at(-2 - equalPauses);
  const recent = known.slice(-1 - equalPauses);
  // A restart makes one pause shorter: all must be nearly equal.
  const isFlat =
    firstOfFive !== undefined &&
    recent.length > equalPauses &&
    attempt.atUs - firstOfFive.atUs < fewAttemptsUs * tuning.pauseFactor &&
    !recent.some((us, at) => us > 1.1 * (recent[at - 1] ?? Infinity)) &&
    last + loadUs * tuning.pauseFactor >= 0.8 * Math.min(...recent.slice(0, -1));
  const addedUs = tuning.pauseFactor < closeToLoad ? 2.5 * loadUs : loadUs;
  const doesShrink = last + addedUs < longest / 2 && shrinksTwice(pauses);
  const { pacing } = context.client;
  if (doesShrink) pacing.shrinking++;
  else pacing.growing++;
  // Random pauses shrink as well, but more of them grow.
  if (!isFlat && (!doesShrink || pacing.shrinking <= pacing.growing)) return;
  reportHit(
    context,
    'L-RTY-07',
    isFlat
      ? `${nameMessage(message)} was attempted five times within 10 s, and the pauses do not grow`
      : `${nameMessage(message)} was repeated after ${formatUs(last)}, although an earlier pause ` +
          `was ${formatUs(longest)}`,
    { severity: 'warning' },
  );
};

/** One short pause is a restart, or a person; a plan that shrinks does so again and again. */
const shrinksTwice = (pauses: readonly Pause[]): boolean => {
  const [first, second, third] = pauses.slice(-equalPauses);
  if (first?.leastUs === undefined || second?.leastUs === undefined) return false;
  return first.leastUs > (second.us ?? Infinity) && second.leastUs > (third?.us ?? Infinity);
};

/** What the gateway answers when a request cannot be attributed to a client by its signature. */
export const signatureCodes: ReadonlySet<string> = new Set([
  'INVALID_SIGNATURE',
  'KEY_NOT_FOUND',
  'INVALID_CLIENT',
]);

const manyAttempts = 13;
const farTooMany = 30;

const checkLastAttempt = (context: ThingContext): void => {
  const { message, attempt, isLibraryRetry } = context;
  const { applicationCount } = message;
  if (applicationCount < manyAttempts || isLibraryRetry || !isOpen(message, attempt.atUs)) return;
  // Left to L-RTY-11: no attempt can get an answer before the key is right.
  if (attempt.isRefusal && signatureCodes.has(attempt.code)) return;
  reportHit(
    context,
    'L-RTY-08',
    `${nameMessage(message)} was attempted ${applicationCount} times without a final answer`,
    { severity: applicationCount >= farTooMany ? 'error' : 'warning' },
  );
};

const limitOthers = 3;

/** L-RTY-10, which looks at attempts of all messages of an operation. */
export const checkTrafficLimit: LintCheck = (context) => {
  const { attempt, message, client, tuning, isLibraryRetry } = context;
  const operation = attempt.operation ?? '';
  const limit = client.limits.get(operation);
  if (limit !== undefined && !isLibraryRetry && attempt.atUs >= limit.knownUs)
    if (attempt.atUs < limit.knownUs + secondUs * tuning.pauseFactor)
      countAgainst(context, limit, message?.key);
    else client.limits.delete(operation);
  if (attempt.code === 'REQUEST_TRAFFIC_EXCEED_LIMIT' && attempt.view === 'U')
    client.limits.set(operation, {
      knownUs: knownAtUs(attempt) ?? Infinity,
      attempt,
      message: message?.key ?? '',
      others: 0,
    });
};

const countAgainst = (context: LintContext, limit: TrafficLimit, key: string | undefined): void => {
  const isSame = key === limit.message;
  // Another worker does not know of the limit.
  const { attempt, client } = context;
  if (
    !isSame &&
    client.isParallel &&
    attempt.connection.ordinal !== limit.attempt.connection.ordinal
  )
    return;
  if (!isSame) limit.others++;
  if (!isSame && limit.others !== limitOthers) return;
  reportHit(
    context,
    'L-RTY-10',
    isSame
      ? 'the message was sent again within a second after REQUEST_TRAFFIC_EXCEED_LIMIT'
      : 'three more requests arrived within a second after REQUEST_TRAFFIC_EXCEED_LIMIT',
    { attempts: [limit.attempt] },
  );
};
