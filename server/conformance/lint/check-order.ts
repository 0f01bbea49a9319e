import type { MessageAttempt } from '../messages/attempt.ts';
import {
  type ClientMessage,
  hasUnknownOutcome,
  isAttemptOf,
  isKnown,
  isOpen,
  knownAtUs,
  messageId,
} from '../messages/client-message.ts';
import { compareContents, reportSame } from '../messages/message-content.ts';
import { nameMessage } from './check-retries.ts';
import {
  isNewMessage,
  lintLimits,
  type MessageContext,
  newThing,
  reportHit,
  type Thing,
  type ThingContext,
} from './lint-memory.ts';

/** The rules L-ORD-01 to L-ORD-04; what a client continues without is judged later. */
export const checkOrder = (context: ThingContext): void => {
  const overlaps = findOverlap(context);
  const isNotNewer = checkEventTime(context, overlaps !== undefined);
  if (overlaps !== undefined) reportOverlap(context, overlaps, isNotNewer);
  checkConstants(context);
  checkRefusedState(context);
};

/** Whether what the message reports may have been applied. */
const mayBeApplied = ({ view, isRefusal }: MessageAttempt): boolean => view !== 'F' && !isRefusal;

/** A client may have given up after so long; a proxy may have kept the connection. */
const patienceUs = 3_000_000;

/** An attempt of another message about the thing that had not been answered. */
const findOverlap = ({ thing, message, attempt }: ThingContext): MessageAttempt | undefined =>
  thing.recent.find(
    (one) =>
      one.delivery?.complete === true &&
      one.number < attempt.number &&
      (one.delivery.lastByteUs ?? 0) > attempt.atUs &&
      attempt.atUs - one.atUs < patienceUs &&
      !isAttemptOf(message, one),
  );

const reportOverlap = (context: ThingContext, earlier: MessageAttempt, isNotNewer: boolean): void =>
  reportHit(
    context,
    'L-ORD-04',
    `two messages about ${context.message.identity} were in flight at once` +
      (isNotNewer ? ', and the later one has an event time that is not newer' : ''),
    { severity: isNotNewer ? 'error' : 'warning', attempts: [earlier] },
  );

/** @returns whether a new message has an event time that is not newer */
const checkEventTime = (context: ThingContext, overlaps: boolean): boolean => {
  const { message, attempt, thing, isLate } = context;
  const { newest } = thing;
  const { eventTime } = message;
  if (isLate || !isNewMessage(thing, message) || attempt.tags.includes('duplicate')) return false;
  if (eventTime === undefined || eventTime <= thing.dropped) return false;
  if (newest?.eventTime === undefined || eventTime > newest.eventTime) return false;
  if (reportSame(newest.content, message.content)) return false;
  if (overlaps || !isKnown(newest.last, attempt.atUs)) return true;
  const isAccount =
    message.operation === 'syncAdditionalInfo' || message.operation === 'syncPaymentInfo';
  reportHit(
    context,
    'L-ORD-01',
    `the event time of ${nameMessage(message)}, ${eventTime}, is not greater than the ` +
      `${newest.eventTime} of ${nameMessage(newest)} before`,
    { severity: isAccount ? 'warning' : 'error', attempts: [newest.last] },
  );
  return true;
};

const checkConstants = (context: ThingContext): void => {
  const { message, thing, attempt } = context;
  if (message.count > 1 || attempt.content === undefined || thing.constants === undefined) return;
  const { constants } = attempt.content;
  const first = thing.constants;
  const changed = Object.keys(first).filter(
    (name) => constants[name] !== undefined && constants[name] !== first[name],
  );
  if (changed.length === 0) return;
  reportHit(
    context,
    'L-ORD-02',
    changed
      .map(
        (name) =>
          `${name} of ${message.identity} was ${JSON.stringify(first[name])}, ` +
          `and is ${JSON.stringify(constants[name])}`,
      )
      .join('; '),
    { severity: changed.includes('orderCreateTime') ? 'error' : 'warning', members: changed },
  );
};

const stateRefusals: ReadonlySet<string> = new Set(['ORDER_STATUS_INVALID', 'PASS_UPDATE_FAIL']);

const checkRefusedState = (context: ThingContext): void => {
  const { message, thing, attempt, isLibraryRetry } = context;
  const state = attempt.content?.state;
  const refused = thing.refusedStates?.get(state ?? '');
  if (state === undefined || refused === undefined || isLibraryRetry) return;
  // It was right: the status had been changed elsewhere.
  if (attempt.view === 'S') return;
  if (!isKnown(refused, attempt.atUs)) return;
  const isCard = message.operation === 'updateMembershipCard';
  if (!isCard && isAttemptOf(message, refused)) return;
  if (isCard && thing.lostState === state) {
    thing.lostState = undefined;
    return;
  }
  reportHit(
    context,
    'L-ORD-03',
    `${state} of ${message.identity} was asked for again after ${refused.code}`,
    { attempts: [refused] },
  );
};

/** What the first attempt about a thing leaves. */
export const startThing = (message: ClientMessage): Thing => {
  const { first: attempt } = message;
  const thing = newThing(message);
  rememberAttempt({ thing, message, attempt });
  if (attempt.isVerified) thing.isSealed = attempt.isSealed;
  return thing;
};

/** Remembers an attempt for those that follow. */
export const rememberAttempt = ({
  thing,
  message,
  attempt,
}: Pick<ThingContext, 'thing' | 'message' | 'attempt'>): void => {
  rememberMessage(thing, message, attempt);
  if (mayBeApplied(attempt)) {
    if ((message.eventTime ?? -Infinity) >= (thing.newest?.eventTime ?? -Infinity))
      thing.newest = message;
    thing.constants ??= attempt.content?.constants;
  }
  const state = attempt.content?.state;
  if (state !== undefined && stateRefusals.has(attempt.code) && attempt.view === 'F') {
    thing.refusedStates ??= new Map();
    thing.refusedStates.set(state, attempt);
  }
  if (attempt.view === 'S') thing.refusedStates = undefined;
  if (state !== undefined && attempt.view === 'lost') thing.lostState = state;
  if (thing.recent.at(-1) !== attempt) thing.recent.push(attempt);
  while (
    thing.recent.length > lintLimits.messagesOfThing ||
    (knownAtUs(thing.recent[0] ?? attempt) ?? Infinity) < attempt.atUs
  )
    thing.recent.shift();
};

const rememberMessage = (thing: Thing, message: ClientMessage, attempt: MessageAttempt): void => {
  const { messages, seen, seenTimes } = thing;
  if (messages.at(-1) !== message) {
    const place = messages.indexOf(message);
    if (place >= 0) messages.splice(place, 1);
    messages.push(message);
  }
  if (!seen.includes(messageId(message.content))) {
    seen.push(messageId(message.content));
    seenTimes.push(message.eventTime ?? -Infinity);
    if (seen.length > lintLimits.seenOfThing) {
      seen.shift();
      thing.dropped = Math.max(thing.dropped, seenTimes.shift() ?? -Infinity);
    }
  }
  // What is settled is not needed any more, but for the newest.
  if (messages.length < 2) return;
  const settled = messages.findIndex(
    (one) => one !== message && (!isOpen(one, attempt.atUs) || !hasUnknownOutcome(one.last)),
  );
  if (settled >= 0) messages.splice(settled, 1);
  else if (messages.length > lintLimits.messagesOfThing) messages.shift();
};

/** The rules L-ID-01 to L-ID-03. */
export const checkRequestIds = (context: MessageContext): void => {
  const { message } = context;
  const { requestId, operation, earlierOperation } = message;
  if (requestId === undefined) return;
  checkBusinessNumber(context, requestId);
  if (message.count > 1) return;
  if (earlierOperation !== undefined)
    reportHit(
      context,
      'L-ID-01',
      `requestId ${requestId} was used for ${earlierOperation} and for ${operation}`,
    );
  checkCounting(context, requestId);
};

const checkBusinessNumber = (context: MessageContext, requestId: string): void => {
  const { message, attempt } = context;
  const { identity } = message;
  // Where nothing in it is escaped, most are ruled out without writing JSON.
  if (!identity.includes(requestId) && !identity.includes('\\')) return;
  if (!identity.includes(JSON.stringify(requestId))) return;
  const isChanged =
    attempt.content !== undefined &&
    compareContents(message.content, attempt.content).kind === 'values';
  if (message.count > 1 && !isChanged) return;
  reportHit(
    context,
    'L-ID-02',
    isChanged
      ? `requestId ${requestId} is the business number, and names two messages now`
      : `requestId ${requestId} is the business number: the next message about it needs another one`,
    { severity: isChanged ? 'error' : 'note', attempts: isChanged ? [message.first] : [] },
  );
};

const risingIds = 20;
const smallStep = 1000n;

/** A counter after the date begins again without repeating an id. */
const beginsWithDate = (requestId: string, nowMs: number): boolean =>
  [-1, 0, 1].some((days) => {
    const date = new Date(nowMs + days * 86_400_000).toISOString().slice(0, 10);
    return requestId.startsWith(date.replaceAll('-', ''));
  });

const checkCounting = (context: MessageContext, requestId: string): void => {
  const { client } = context;
  if (!/^\d{1,40}$/.test(requestId) || beginsWithDate(requestId, context.attempt.receivedAt)) {
    client.rising = undefined;
    return;
  }
  const id = BigInt(requestId);
  const step = client.rising === undefined ? 0n : id - client.rising.last;
  const count = step > 0n && step < smallStep ? (client.rising?.count ?? 1) + 1 : 1;
  client.rising = { last: id, count };
  if (count !== risingIds) return;
  reportHit(
    context,
    'L-ID-03',
    `${risingIds} requestIds in a row are numbers that rise by less than ${smallStep}, the last ${requestId}`,
  );
};
