import { knownAtUs } from '../../messages/client-message.ts';
import { compareContents } from '../../messages/message-content.ts';
import {
  acceptableAtUs,
  attemptsOnResume,
  type CaseAttempt,
  type CaseEvidence,
  type CaseMessage,
  type Check,
  type CheckFinding,
  describeAnswer,
  fail,
  hasResumed,
  hasSuccess,
  isUncertain,
  lastClaim,
  laterReadingUs,
  notApplicable,
  nothingArrived,
  ofMessages,
  open,
  pass,
  subjects,
  times,
  warn,
  whyAbsenceIsOpen,
  whyQuietIsOpen,
} from '../case-evidence.ts';

/** The first attempt arrives, its signature verifies, and it is decided on. */
export const arrives: Check = ({ evidence }) => {
  const [first] = evidence.attempts;
  if (first === undefined) return nothingArrived;
  if (!first.isVerified)
    return fail('W', `the request was refused with ${first.code}: ${describeRefusal(first)}`);
  if (first.step !== 'decide')
    return fail('W', `the message was refused with ${first.code}: ${describeRefusal(first)}`);
  return pass('W', 'a signed, valid message arrived', { attempts: [first] });
};

const describeRefusal = ({ entry, code }: CaseAttempt): string =>
  entry?.diagnosis?.cause?.sentence ?? entry?.verdict.reason ?? code;

/** After an answer that leaves the outcome unknown, the message is sent again. */
export const repeats: Check = ofMessages(subjects, (message, { evidence }) => {
  const { attempts } = message;
  const last = attempts.at(-1);
  if (last === undefined) return nothingArrived;
  const claim = lastClaim(message);
  if (!isUncertain(last)) {
    const claimed = message.claims.some(({ outcome }) => outcome === 'UNKNOWN');
    return attempts.length === 1
      ? notApplicable('the outcome was known from the first attempt on')
      : pass(claimed ? 'W+C' : 'W', `sent ${times(attempts.length)} until the outcome was known`);
  }
  if (last.isAmbiguous && claim?.outcome === 'SUCCESS')
    return notApplicable('the answer was accepted, which is right as well');
  // It may have been accepted, which is right as well; a client that is resumed would have said so.
  if (last.isAmbiguous && claim === undefined && !hasResumed(evidence))
    return open('claim-missing', 'nothing was claimed, and the message was not sent again');
  const reason = whyAbsenceIsOpen(evidence);
  if (reason !== undefined)
    return open(reason, `not sent again after ${describeAnswer(last)}, as far as was seen`);
  if (!hasResumed(evidence))
    return fail(
      'W',
      `sent ${times(attempts.length)}; after ${describeAnswer(last)} not again, as long as it was ` +
        'watched',
      { attempts: [last] },
    );
  const said = claim === undefined ? '' : `, and claimed ${claim.outcome}`;
  return fail(
    claim === undefined ? 'W' : claim.outcome === 'UNKNOWN' ? 'W≠C' : 'W+C',
    `sent ${times(attempts.length)}; after ${describeAnswer(last)} not again, ` +
      `not even when it was resumed${said}`,
    { attempts: [last] },
  );
});

/** After the process has ended or was killed, a `resume` sends the message again. */
export const repeatsOnResume: Check = ({ evidence }) => {
  if (evidence.attempts.length === 0) return nothingArrived;
  const again = attemptsOnResume(evidence, evidence);
  if (again.length > 0)
    return pass('W', `sent again when it was resumed`, { attempts: again.slice(0, 3) });
  if (!hasResumed(evidence))
    return open('observation-too-short', 'the application was not resumed');
  const reason = whyAbsenceIsOpen(evidence);
  return reason === undefined
    ? fail('W', 'sent nothing when it was resumed: the message is lost')
    : open(reason, 'sent nothing when it was resumed, as far as was seen');
};

/** Every attempt of a message has the requestId of the first. */
export const sameId: Check = ofMessages(subjects, (message, { evidence }) => {
  const { attempts } = message;
  if (evidence.operation === 'updateMembershipCard')
    return notApplicable('this operation has no requestId');
  const read = attempts.filter(({ content }) => content !== undefined);
  if (read.length < 2) return tooFew(attempts, read);
  const ids = new Set(read.map(({ content }) => content?.requestId));
  const place = read.findIndex(({ content }) => content?.requestId !== read[0]?.content?.requestId);
  const [before, after] = [read[place - 1], read[place]];
  if (before === undefined || after === undefined)
    return pass('W', `${read.length} attempts had one requestId`);
  const resumed = new Set(attemptsOnResume(message, evidence));
  const isAcrossResume = resumed.has(after) && !resumed.has(before);
  const occasion =
    (isAcrossResume ? 'when the application was resumed, ' : '') +
    `after ${describeAnswer(before)}`;
  return fail(
    'W',
    `the requestId changed ${occasion}: ${before.content?.requestId} became ` +
      `${after.content?.requestId}${ids.size > 2 ? `, and ${ids.size} ids in all` : ''}`,
    { attempts: [before, after], members: ['requestId'] },
  );
});

const tooFew = (attempts: readonly CaseAttempt[], read: readonly CaseAttempt[]): CheckFinding =>
  attempts.length > 1 &&
  attempts.some(isComplete) &&
  read.length < attempts.filter(isComplete).length
    ? open('sealed-and-not-opened', 'the bodies could not be read')
    : notApplicable('there was one attempt only');

const isComplete = (attempt: CaseAttempt): boolean => attempt.isComplete;

/** The bodies of all attempts are equal, requestId aside: that is another check. */
export const sameBody: Check = ofMessages(subjects, ({ attempts }) => {
  const read = attempts.filter(({ content }) => content !== undefined);
  const first = read[0]?.content;
  if (first === undefined || read.length < 2) return tooFew(attempts, read);
  const differing = new Set<string>();
  let isRewritten = false;
  for (const { content } of read.slice(1)) {
    if (content === undefined) continue;
    const difference = compareContents(first, content);
    if (difference.kind === 'layout') isRewritten = true;
    if (difference.kind === 'values') for (const name of difference.members) differing.add(name);
  }
  if (first.requestId !== undefined) differing.delete('requestId');
  const members = [...differing];
  if (members.length > 0)
    return fail('W', `the body changed between attempts: ${members.join(', ')}`, {
      attempts: read,
      members,
    });
  return isRewritten
    ? warn('W', 'the attempts hold the same JSON, written differently', { attempts: read })
    : pass('W', `${read.length} attempts had the same body, byte for byte`);
});

/** An attempt that comes a second later or more was signed again, by the application or by its library. */
export const freshTime: Check = ofMessages(subjects, (message) => {
  const attempts = message.attempts.filter(({ signaturePiece }) => signaturePiece !== undefined);
  const pairs = attempts.flatMap((after, index) => {
    const before = attempts[index - 1];
    if (before === undefined) return [];
    return after.atUs - before.atUs >= laterReadingUs(after.requestTime)
      ? [[before, after] as const]
      : [];
  });
  if (pairs.length === 0) return notApplicable('no attempt came a second after the one before');
  const stale = pairs.find(
    ([before, after]) =>
      before.signaturePiece === after.signaturePiece && before.requestTime === after.requestTime,
  );
  if (stale === undefined)
    return pass('W', 'every later attempt had a new Request-Time and a new signature');
  const seconds = ((stale[1].atUs - stale[0].atUs) / 1e6).toFixed(1);
  const sender = stale[1].isLibraryRetry ? ', by the application or its HTTP library' : '';
  return fail(
    'W',
    `an attempt came ${seconds} s later with the Request-Time and signature of an earlier one${sender}`,
    { attempts: stale },
  );
});

/** The platform has acted on the message once. */
export const once: Check = ofMessages(subjects, ({ attempts }, { evidence }) => {
  if (evidence.operation === 'updateMembershipCard')
    return notApplicable('without a requestId a correct repetition changes the card again');
  if (attempts.length === 0) return nothingArrived;
  const executed = attempts.filter(isExecuted);
  if (executed.length === 0)
    return attempts.some(({ view }) => view === 'S')
      ? fail('W', 'S was delivered, and nothing has changed')
      : notApplicable('nothing was to change: the message was not sent again');
  return executed.length === 1
    ? pass('W', 'the message took effect once')
    : fail('W', `the message took effect ${times(executed.length)}, under different requestIds`, {
        attempts: executed,
      });
});

/** It made the platform remember a new requestId: the message took effect under it. */
const isExecuted = ({ entry }: CaseAttempt): boolean =>
  entry?.changes.some(
    ({ collection, before, after }) =>
      collection === 'requests' && before === null && after !== null,
  ) ?? false;

/** One attempt too many: the time-out can have passed while the answer waited to be read. */
const isLateReading = (
  message: CaseMessage,
  more: readonly CaseAttempt[],
  evidence: CaseEvidence,
): true | undefined =>
  more.length === 1 && attemptsOnResume(message, evidence).length === 0 ? true : undefined;

/** After the good answer the message is settled: SUCCESS is claimed, and nothing more is sent. */
export const recovers: Check = ofMessages(subjects, (message, { evidence }) => {
  const { attempts, claims } = message;
  const claim = lastClaim(message);
  const last = attempts.at(-1);
  if (last === undefined) return nothingArrived;
  const good =
    attempts.find((attempt) => attempt.view === 'S' && !attempt.isAmbiguous) ??
    (claim?.outcome === 'SUCCESS' ? attempts.find(({ view }) => view === 'S') : undefined);
  const crash = evidence.crashes[0];
  if (good === undefined) {
    if (crash !== undefined && isUncertain(last))
      return whyAbsenceIsOpen(evidence) === undefined
        ? fail('W', 'the process ended without an opinion, and the message was not sent again')
        : open('observation-too-short', 'the process ended without an opinion');
    if (last.isRefusal || !isUncertain(last)) return notAccepted(attempts, last);
    return notApplicable('no good answer was delivered: the message was not sent again');
  }
  const deliveredUs = acceptableAtUs(good) ?? good.atUs;
  const readUs = knownAtUs(good) ?? deliveredUs;
  const more = attempts.filter(({ atUs, isLibraryRetry }) => atUs > readUs && !isLibraryRetry);
  const after = claims.filter(({ atUs }) => atUs >= deliveredUs).at(-1);
  if (crash !== undefined && after?.outcome === 'SUCCESS')
    return warn('W+C', 'the process ended without an opinion; resumed, it ended well', {
      attempts: [good],
    });
  if (more.length > 0)
    return fail('W', `sent ${times(more.length)} more after a verified S`, {
      attempts: [good, ...more],
      isTiming: isLateReading(message, more, evidence),
    });
  const reason = whyQuietIsOpen(evidence);
  if (reason !== undefined) return open(reason, 'nothing more was sent, as far as was seen');
  if (after === undefined)
    return evidence.record.mode === 'passive'
      ? pass('W', 'nothing more was sent after a verified S', { attempts: [good] })
      : withoutClaim(crash !== undefined);
  return after.outcome === 'SUCCESS'
    ? pass('W+C', 'claimed SUCCESS after a verified S, and sent nothing more', { attempts: [good] })
    : fail('W≠C', `claimed ${after.outcome} although a verified S was delivered`, {
        attempts: [good],
      });
});

/** A retry with another body is refused because of what has changed, if anything has. */
const notAccepted = (attempts: readonly CaseAttempt[], last: CaseAttempt): CheckFinding => {
  const first = attempts.find(({ content }) => content !== undefined)?.content;
  const difference =
    first === undefined || last.content === undefined
      ? undefined
      : compareContents(first, last.content);
  const changed = difference?.kind === 'values' ? difference.members : [];
  const members = changed.filter((name) => name !== 'requestId');
  const cause =
    members.length > 0
      ? `; since the first attempt these had changed: ${members.join(', ')}`
      : difference?.kind === 'layout'
        ? '; its JSON was written differently than in the first attempt'
        : '';
  return fail('W', `the message was not accepted: ${last.status} ${last.code}${cause}`, {
    attempts: [last],
    members,
  });
};

const withoutClaim = (isCrash: boolean): CheckFinding =>
  isCrash
    ? fail('W', 'the process ended without an opinion after a verified S')
    : open('claim-missing', 'a verified S was delivered, and nothing was claimed');

/** Nothing is sent after a verified F. */
export const stops: Check = ofMessages(subjects, (message, { evidence }) => {
  const refused = message.attempts.find(({ view }) => view === 'F');
  if (refused === undefined)
    return message.attempts.length === 0
      ? nothingArrived
      : open('fault-did-not-strike', 'no verified F was delivered');
  const readUs = knownAtUs(refused) ?? refused.atUs;
  const more = message.attempts.filter(
    ({ atUs, isLibraryRetry }) => atUs > readUs && !isLibraryRetry,
  );
  const claim = lastClaim(message);
  if (more.length > 0)
    return fail(
      claim?.outcome === 'FAILED' ? 'W≠C' : 'W',
      `sent ${times(more.length)} more after a verified F ${refused.code}`,
      { attempts: [refused, ...more], isTiming: isLateReading(message, more, evidence) },
    );
  const reason = whyQuietIsOpen(evidence);
  if (reason !== undefined) return open(reason, 'nothing more was sent, as far as was seen');
  return claim?.outcome === 'FAILED'
    ? pass('W+C', 'claimed FAILED, and sent nothing more', { attempts: [refused] })
    : pass('W', 'sent nothing more after a verified F', { attempts: [refused] });
});

/** After a refusal that follows from its own success, the client does not loop. */
export const noLoop: Check = ofMessages(subjects, (message, { evidence }) => {
  const refused = message.attempts.find(({ view }) => view === 'F');
  if (refused === undefined)
    return message.attempts.length === 0
      ? nothingArrived
      : notApplicable('the refusal was never reached');
  const readUs = knownAtUs(refused) ?? refused.atUs;
  const more = message.attempts.filter(({ atUs }) => atUs > readUs);
  if (more.length > maxAfterRefusal)
    return fail('W', `sent ${times(more.length)} more after F ${refused.code}`, {
      attempts: [refused, ...more.slice(0, 5)],
    });
  const claim = lastClaim(message);
  const reason = whyQuietIsOpen(evidence);
  if (reason !== undefined) return open(reason, 'no loop, as far as was seen');
  return claim === undefined || claim.outcome === 'UNKNOWN'
    ? pass('W', 'did not loop after the refusal')
    : pass('W+C', `claimed ${claim.outcome} and did not loop`, {
        note: describeMisread(claim.outcome),
      });
});

const maxAfterRefusal = 3;

const describeMisread = (outcome: string): string =>
  outcome === 'SUCCESS'
    ? 'took PASS_UPDATE_FAIL for its own success'
    : 'took PASS_UPDATE_FAIL for a failure';

const maxInARow = 12;

/** Attempts that get no final answer come to an end by themselves. */
export const ends: Check = ({ evidence }) => {
  const { attempts, record } = evidence;
  const [first] = record.jobs;
  if (attempts.length === 0 || first === undefined) return nothingArrived;
  const until = first.end.kind === 'answered' ? Infinity : first.endedUs;
  const resumedUs = record.jobs.find(({ job }) => job.action === 'resume')?.givenUs ?? Infinity;
  const count = attempts.filter(({ atUs }) => atUs <= Math.min(until, resumedUs)).length;
  if (record.jobs.some(({ end }) => end.kind === 'deadline'))
    return fail('W', `did not stop by itself: ${attempts.length} attempts until it was ended`, {
      attempts: attempts.slice(-3),
    });
  return count > maxInARow
    ? fail('W', `sent ${count} attempts in a row; ${maxInARow} are more than enough`, {
        attempts: attempts.slice(0, 3),
      })
    : pass('W', `stopped by itself after ${times(count)}`);
};

/** Two ways are right where the code and the letter disagree; a success is neither. */
export const eitherWay: Check = ofMessages(subjects, (message, { accept, evidence }) => {
  const { attempts } = message;
  if (attempts.length === 0) return nothingArrived;
  const believed = message.claims.find(
    ({ outcome, atUs }) => outcome === 'SUCCESS' && !hasSuccess(message, atUs),
  );
  if (believed !== undefined)
    return fail('C', 'took it for a success, which neither the code nor the letter says');
  const isRepeated = attempts.length > 1;
  const way = isRepeated ? 'retry' : 'final';
  const wanted = accept[evidence.plan.id];
  const sentence = isRepeated
    ? 'sent it again, as the message of the page asks'
    : 'took it for final, as the letter says';
  return wanted === undefined || wanted === way
    ? pass('W', sentence, { note: sentence })
    : warn('W', `${sentence}; the settings of the run accept "${wanted}"`);
});
