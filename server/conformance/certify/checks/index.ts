import { listPauses } from '../../messages/client-message.ts';
import {
  applicationAttempts,
  attemptsOnResume,
  type CaseAttempt,
  type CaseEvidence,
  type CaseMessage,
  type Check,
  fail,
  hasResumed,
  isUncertain,
  notApplicable,
  nothingArrived,
  ofMessages,
  open,
  pass,
  roundToMs,
  subjects,
  warn,
  whyAbsenceIsOpen,
} from '../case-evidence.ts';
import type { CheckId } from '../catalogue/case.ts';
import type { JobRecord } from '../types.ts';
import {
  alerted,
  codeKept,
  honestClaim,
  noFalseFailure,
  noFalseSuccess,
  statusNoticed,
} from './belief.ts';
import {
  constants,
  credibleTime,
  distinctIds,
  newKey,
  notOvertaken,
  risingTime,
  textUnchanged,
} from './content.ts';
import {
  arrives,
  eitherWay,
  ends,
  freshTime,
  noLoop,
  once,
  recovers,
  repeats,
  repeatsOnResume,
  sameBody,
  sameId,
  stops,
} from './repetition.ts';

/** The pause before an attempt, in microseconds, within one job. */
interface MeasuredPause {
  readonly after: CaseAttempt;
  readonly us: number;
}

/** Pauses that the application chose; the one before a `resume` is certify's. */
const measurePauses = (message: CaseMessage, { record }: CaseEvidence): readonly MeasuredPause[] =>
  listPauses(applicationAttempts(message)).flatMap(({ before, after, us }) =>
    us === undefined || jobAt(record.jobs, before.atUs) !== jobAt(record.jobs, after.atUs)
      ? []
      : [{ after: after as CaseAttempt, us }],
  );

const jobAt = (jobs: readonly JobRecord[], us: number): JobRecord | undefined =>
  jobs.findLast(({ givenUs }) => givenUs <= us);

const minPauseMs = 100;
/** Shorter pauses cannot be distinguished from the time that signing and sending take. */
const minScaledMs = 12;
/** Of a driver that does not say whether it has applied the factor. */
const minUnstatedMs = 25;

/** Shortest pause that is no burst, as the driver's claims let it be read. */
const minPauseUs = ({ record }: CaseEvidence): number => {
  const claims = record.jobs.flatMap(({ claim }) => claim?.pausesScaled ?? []);
  if (record.pauseFactor >= 1) return minPauseMs * 1000;
  if (claims.includes(false)) return minPauseMs * 1000;
  const least = claims.includes(true) ? minScaledMs : minUnstatedMs;
  return Math.max(minPauseMs * record.pauseFactor, least) * 1000;
};

/**
 * From how many pauses on, and to which part of the one before, each must shrink: random pauses and
 * a loaded machine make a few of them smaller than the one before, too.
 */
const shrinking = [
  { count: 3, part: 0.6 },
  { count: 4, part: 0.9 },
] as const;

/**
 * No attempt follows at once, and pauses do not shrink from one to the next. Lower bounds only: a
 * loaded machine makes pauses longer, never shorter.
 */
const pauses: Check = ofMessages(subjects, (message, { evidence }) => {
  if (message.attempts.length === 0) return nothingArrived;
  const measured = measurePauses(message, evidence);
  if (measured.length === 0) return notApplicable('there was no pause to measure');
  const least = minPauseUs(evidence);
  const hasty = measured.filter(({ us }) => us < least);
  if (hasty.length > 0)
    return fail('W', `sent again after ${roundToMs(hasty[0]?.us ?? 0)} ms`, {
      attempts: hasty.slice(0, 3).map(({ after }) => after),
    });
  const all = measured.map(({ us }) => us);
  if (isShrinking(all))
    return fail('W', `the pauses shrink: ${all.map(roundToMs).join(', ')} ms`, {
      attempts: measured.map(({ after }) => after),
    });
  return pass('W', `paused ${all.map(roundToMs).join(', ')} ms`);
});

const isShrinking = (all: readonly number[]): boolean =>
  shrinking.some(
    ({ count, part }) =>
      all.length >= count &&
      all.every((us, index) => index === 0 || us <= part * (all[index - 1] ?? 0)),
  );

const afterLimitMs = 1000;

/** The pause after a traffic limit is not shorter than after any other U. */
const slowsDown: Check = ofMessages(subjects, (message, { evidence, facts }) => {
  const [first] = measurePauses(message, evidence);
  if (first === undefined)
    return message.attempts.length === 0
      ? nothingArrived
      : notApplicable('there was no pause to measure');
  const usual = facts.usualPauseUs.get(evidence.operation);
  const least = afterLimitMs * 1000 * Math.min(1, evidence.record.pauseFactor);
  if (usual !== undefined && first.us < usual / 2)
    return warn(
      'W',
      `paused ${roundToMs(first.us)} ms after the limit, ${roundToMs(usual)} ms after U`,
      { attempts: [first.after] },
    );
  return first.us < least
    ? warn('W', `paused ${roundToMs(first.us)} ms after the limit`, { attempts: [first.after] })
    : pass('W', `paused ${roundToMs(first.us)} ms after the limit`);
});

const printedMs = 1800;
/** How much longer a later pause must be than the first, to be a later one. */
const laterFactor = 5;

/** A few quick attempts, then the message is handed to one that comes much later. */
const plan: Check = ofMessages(subjects, (message, { evidence }) => {
  if (message.attempts.length === 0) return nothingArrived;
  const { record } = evidence;
  const measured = measurePauses(message, evidence).map(({ us }) => us);
  const [first] = measured;
  if (first === undefined) return warn('W', 'not sent again by itself within one job');
  if (record.pauseFactor >= 1 && measured.slice(0, 3).some((us) => us < printedMs * 1000))
    return warn(
      'W',
      `the first pauses are ${measured.slice(0, 3).map(roundToMs).join(', ')} ms; 2 s are printed`,
    );
  const later = attemptsOnResume(message, evidence);
  const last = message.attempts.at(-1);
  if (last !== undefined && isUncertain(last) && later.length === 0)
    return hasResumed(evidence) && whyAbsenceIsOpen(evidence) === undefined
      ? warn('W', 'no later attempt came, not even when it was resumed', { attempts: [last] })
      : warn('W', 'no later attempt came, as far as was seen', { attempts: [last] });
  const announced = message.claims.flatMap(({ job }) => job.claim?.nextAttemptInMs ?? []);
  const longest = Math.max(...announced.map((ms) => ms * 1000), ...measured.slice(1), 0);
  if (later.length > 0 && announced.length === 0)
    return pass('W', `first pauses of ${roundToMs(first)} ms, then again when it was resumed`);
  return longest >= laterFactor * first
    ? pass(
        announced.length > 0 ? 'W+C' : 'W',
        `first pauses of ${roundToMs(first)} ms, a later one of ${roundToMs(longest)} ms`,
      )
    : warn(
        announced.length > 0 ? 'W+C' : 'W',
        'no later attempt is planned after the first ones: a longer fault of the platform loses the message',
      );
});

interface GivenUp {
  readonly attempt: CaseAttempt;
  /** How long the client waited; undefined: it did not give up while it was watched. */
  readonly us: number | undefined;
  /** How long it was seen to wait at least. */
  readonly watchedUs: number;
}

/** "Gave up": it closed the connection, sent again, or reported, whichever came first. */
const findGivenUp = (message: CaseMessage, { record }: CaseEvidence): GivenUp | undefined => {
  const attempt = message.attempts.find(({ fault }) => fault !== undefined) ?? message.attempts[0];
  if (attempt === undefined) return undefined;
  const { atUs, delivery, number } = attempt;
  const next = message.attempts.find((other) => other.number > number)?.atUs;
  const claimed = message.claims.find((claim) => claim.atUs > atUs)?.atUs;
  const job = jobAt(record.jobs, atUs);
  const isEnded = job?.end.kind === 'deadline' || job?.end.kind === 'killed';
  const closed =
    delivery?.endedBy === 'client' &&
    !(isEnded && delivery.endedUs >= (job?.endedUs ?? 0) - endingUs)
      ? delivery.endedUs
      : undefined;
  const givenUp = Math.min(next ?? Infinity, claimed ?? Infinity, closed ?? Infinity);
  const watched = delivery?.endedUs ?? record.endedUs;
  return {
    attempt,
    us:
      givenUp < Infinity && givenUp <= Math.max(watched, closed ?? 0) ? givenUp - atUs : undefined,
    watchedUs: watched - atUs,
  };
};

/** SIGTERM and SIGKILL take this long to close the connection. */
const endingUs = 3_000_000;

/** The client itself ends an attempt that brings no answer. */
const givesUpByItself: Check = ofMessages(subjects, (message, { evidence, limits }) => {
  const found = findGivenUp(message, evidence);
  if (found === undefined) return nothingArrived;
  const { attempt, us, watchedUs } = found;
  const { recommendedMs, ceilingMs } = limits;
  if (us === undefined)
    return watchedUs < ceilingMs * 1000 && attempt.delivery?.endedBy === 'server'
      ? open('server-ended-first', `the server let go after ${roundToMs(watchedUs)} ms`)
      : fail('W', `was still waiting after ${roundToMs(watchedUs)} ms`, { attempts: [attempt] });
  const waited = `gave up after ${roundToMs(us)} ms`;
  if (us > ceilingMs * 1000) return fail('W', waited, { attempts: [attempt] });
  return us > (recommendedMs + slackMs) * 1000
    ? warn('W', `${waited}; ${recommendedMs} ms are recommended`, { attempts: [attempt] })
    : pass('W', waited, { attempts: [attempt] });
});

/** A time-out of exactly the recommended length fires a little later. */
const slackMs = 1500;

/** A deadline for the whole exchange, not for the pause between two bytes. */
const wholeDeadline: Check = ofMessages(subjects, (message, { evidence, limits }) => {
  const found = findGivenUp(message, evidence);
  if (found === undefined) return nothingArrived;
  const { attempt, us, watchedUs } = found;
  if (us !== undefined && us <= limits.ceilingMs * 1000)
    return pass('W', `gave up after ${roundToMs(us)} ms`, { attempts: [attempt] });
  if (us === undefined && watchedUs < limits.ceilingMs * 1000)
    return attempt.view === 'S'
      ? pass('W', 'waited until the whole answer had arrived', { attempts: [attempt] })
      : open('server-ended-first', `watched for ${roundToMs(watchedUs)} ms only`);
  return warn('W', `was still reading after ${roundToMs(us ?? watchedUs)} ms`, {
    attempts: [attempt],
  });
});

/** The shortest pause of a case: a loaded machine makes pauses longer, never shorter. */
export const findShortestPauseUs = (evidence: CaseEvidence): number | undefined => {
  const all = evidence.messages.flatMap((message) =>
    measurePauses(message, evidence).map(({ us }) => us),
  );
  return all.length === 0 ? undefined : Math.min(...all);
};

/** What the catalogue names, by id. */
export const checks: Readonly<Record<CheckId, Check>> = {
  arrives,
  repeats,
  'repeats-on-resume': repeatsOnResume,
  'same-id': sameId,
  'same-body': sameBody,
  'fresh-time': freshTime,
  once,
  recovers,
  'no-false-success': noFalseSuccess,
  'no-false-failure': noFalseFailure,
  stops,
  'code-kept': codeKept,
  alerted,
  pauses,
  'slows-down': slowsDown,
  plan,
  ends,
  'no-loop': noLoop,
  'gives-up-by-itself': givesUpByItself,
  'whole-deadline': wholeDeadline,
  'text-unchanged': textUnchanged,
  'distinct-ids': distinctIds,
  'credible-time': credibleTime,
  'either-way': eitherWay,
  'new-key': newKey,
  'rising-time': risingTime,
  constants,
  'not-overtaken': notOvertaken,
  'status-noticed': statusNoticed,
  'honest-claim': honestClaim,
};
