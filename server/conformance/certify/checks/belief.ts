import type { JsonObject } from '../../../domain/state/state.ts';
import { tryParseJsonObject } from '../../../problems/json-text.ts';
import {
  type CaseAttempt,
  type CaseEvidence,
  type CaseMessage,
  type Check,
  type CheckFinding,
  describeAnswer,
  fail,
  hasRefusal,
  hasResumed,
  hasSuccess,
  isUncertain,
  lastClaim,
  notApplicable,
  nothingArrived,
  ofMessages,
  open,
  pass,
  subjects,
  warn,
  whyAbsenceIsOpen,
  whyQuietIsOpen,
} from '../case-evidence.ts';
import type { CatalogueCase } from '../catalogue/case.ts';

/** The newest attempt that had arrived when something was claimed. */
const attemptBefore = ({ attempts }: CaseMessage, atUs: number): CaseAttempt | undefined =>
  attempts.findLast((attempt) => attempt.atUs <= atUs);

const isSentAfter = ({ attempts }: CaseMessage, us: number): boolean =>
  attempts.some(({ atUs }) => atUs > us);

/** SUCCESS is claimed only when a verified S had been delivered. */
export const noFalseSuccess: Check = ofMessages(subjects, (message, { evidence }) => {
  if (message.attempts.length === 0) return nothingArrived;
  const believed = message.claims.find(
    ({ outcome, atUs }) => outcome === 'SUCCESS' && !hasSuccess(message, atUs),
  );
  if (believed !== undefined) {
    const about = attemptBefore(message, believed.atUs);
    const answer = about === undefined ? 'nothing' : describeAnswer(about);
    const attempts = about === undefined ? [] : [about];
    if (isSentAfter(message, believed.atUs))
      return fail('W≠C', `claimed SUCCESS after ${answer}, and sent it again later`, { attempts });
    return whyAbsenceIsOpen(evidence) === undefined
      ? fail('W+C', `claimed SUCCESS after ${answer}, and sent nothing more`, { attempts })
      : fail('C', `claimed SUCCESS after ${answer}`, { attempts });
  }
  return weighDisbelief(message, 'SUCCESS');
});

/** FAILED is claimed only when a verified F had been delivered. */
export const noFalseFailure: Check = ofMessages(subjects, (message, { evidence }) => {
  if (message.attempts.length === 0) return nothingArrived;
  const believed = message.claims.find(
    ({ outcome, atUs }) => outcome === 'FAILED' && !hasRefusal(message, atUs),
  );
  if (believed !== undefined) {
    const about = attemptBefore(message, believed.atUs);
    const answer = about === undefined ? 'nothing' : describeAnswer(about);
    const attempts = about === undefined ? [] : [about];
    if (isSentAfter(message, believed.atUs))
      return fail('W≠C', `claimed FAILED after ${answer}, and sent it again later`, { attempts });
    return whyAbsenceIsOpen(evidence) === undefined
      ? fail('W+C', `claimed FAILED after ${answer}, and sent nothing more`, { attempts })
      : fail('C', `claimed FAILED after ${answer}`, { attempts });
  }
  return weighDisbelief(message, 'FAILED');
});

/** Nothing false was claimed: what shows that nothing false was believed? */
const weighDisbelief = (message: CaseMessage, outcome: 'SUCCESS' | 'FAILED'): CheckFinding => {
  const { attempts, claims } = message;
  const last = attempts.at(-1);
  const isRepeated = attempts.slice(0, -1).some(isUncertain);
  // A verified final answer was there to be believed, and nothing was sent after it.
  const isStopped = last?.view === 'F' || last?.view === 'S';
  if (claims.length === 0)
    return isRepeated
      ? pass('W', 'sent it again, so nothing false was believed')
      : open('claim-missing', 'nothing was claimed, and the message was not sent again');
  return isRepeated || isStopped
    ? pass('W+C', `never claimed ${outcome} without a verified answer that says so`)
    : pass('C', `never claimed ${outcome} without a verified answer that says so`);
};

/** The claim names the code that was delivered. */
export const codeKept: Check = ofMessages(subjects, (message, { facts }) => {
  const refused = message.attempts.findLast(
    ({ status, view }) => status === 'F' && (view === 'F' || view === 'untrusted'),
  );
  if (refused === undefined)
    return message.attempts.length === 0
      ? nothingArrived
      : open('fault-did-not-strike', 'no refusal was delivered');
  const claim = lastClaim(message);
  if (claim === undefined || claim.job.claimedBy === 'exit-code')
    return open('claim-missing', 'no code was reported');
  if (claim.outcome === 'SUCCESS') return notApplicable('SUCCESS was claimed');
  if (claim.resultCode === refused.code)
    return pass('C', `reported ${refused.code}`, { attempts: [refused] });
  if (claim.resultCode === undefined && !facts.reportsCodes)
    return open('claim-missing', 'the driver reports no codes');
  return fail('C', `${refused.code} was delivered, and ${claim.resultCode ?? 'no code'} reported`, {
    attempts: [refused],
  });
});

/** A person is notified of what no retry can settle. */
export const alerted: Check = ofMessages(subjects, (message, { facts }) => {
  if (message.attempts.length === 0) return nothingArrived;
  const claims = message.claims.flatMap(({ job }) => (job.claim === undefined ? [] : [job.claim]));
  if (claims.some((claim) => claim.alerted === true)) return pass('C', 'a person was notified');
  if (!facts.reportsAlerts && claims.every((claim) => claim.alerted === undefined))
    return open('claim-missing', 'the driver does not report whether a person was notified');
  return warn('C', 'no person was notified of a refusal that no retry can settle');
});

/** The status in the answer is compared with the one that was sent. */
export const statusNoticed: Check = ofMessages(subjects, (message) => {
  const answered = message.attempts.findLast(({ view }) => view === 'S' || view === 'F');
  if (answered === undefined)
    return message.attempts.length === 0
      ? nothingArrived
      : open('fault-did-not-strike', 'no answer with a status was delivered');
  const claim = lastClaim(message);
  if (claim === undefined) return open('claim-missing', 'nothing was claimed');
  const held = heldStatus(answered);
  const observed = claim.job.claim?.observed?.orderStatus;
  if (observed !== undefined && observed === held)
    return pass('C', `noticed that AlipayHK has the order as ${held}`, { attempts: [answered] });
  if (claim.job.claimedBy === 'exit-code' && claim.outcome === 'SUCCESS')
    return open('claim-missing', 'an exit code does not report the status');
  if (answered.view === 'S')
    return claim.outcome === 'SUCCESS'
      ? fail('C', `claimed SUCCESS, although AlipayHK has the order as ${held ?? 'before'}`, {
          attempts: [answered],
        })
      : pass('C', `claimed ${claim.outcome}: S with another status was not believed`, {
          attempts: [answered],
        });
  return observed === undefined
    ? open('claim-missing', 'the driver does not report the status')
    : fail('C', `reported the order as ${observed}; AlipayHK has it as ${held ?? 'before'}`, {
        attempts: [answered],
      });
});

const heldStatus = ({ entry }: CaseAttempt): string | undefined => {
  if (entry === undefined) return undefined;
  const { plain, body } = entry.reply;
  const status = tryParseJsonObject((plain ?? body).toString('utf8'))?.['orderStatus'];
  return typeof status === 'string' ? status : undefined;
};

/** What the driver claims is what the wire shows. */
export const honestClaim: Check = ofMessages(subjects, (message, { evidence }) => {
  const { attempts, claims } = message;
  if (attempts.length === 0)
    return isLost(message, evidence)
      ? fail('W≠C', 'claimed SUCCESS for a message that was never sent', {
          attempts: evidence.attempts.slice(-2),
        })
      : nothingArrived;
  const claim = lastClaim(message);
  if (claim === undefined) return notApplicable('nothing was claimed');
  const early = claims.find(
    ({ outcome, atUs }) => outcome !== 'UNKNOWN' && isSentAfter(message, atUs + graceUs),
  );
  if (early !== undefined)
    return fail('W≠C', `claimed ${early.outcome}, and sent it again later`, {
      attempts: attempts.slice(-2),
    });
  if (claim.outcome !== 'UNKNOWN') return pass('W+C', 'claim and exchanges agree');
  const last = attempts.at(-1);
  if (last !== undefined && isUncertain(last) && !asksForRepetition(evidence.plan))
    return notApplicable('this case does not ask for another attempt');
  const isFollowed = isSentAfter(message, claim.atUs);
  if (isFollowed) return pass('W+C', 'claimed UNKNOWN, and sent it again');
  const resumedAfter = evidence.record.jobs.some(
    ({ job, givenUs }) => job.action === 'resume' && givenUs >= claim.atUs,
  );
  if (!resumedAfter || !hasResumed(evidence) || whyAbsenceIsOpen(evidence) !== undefined)
    return notApplicable('the application was not resumed after its last claim');
  return fail('W≠C', 'claimed UNKNOWN, and sent nothing when it was resumed', {
    attempts: attempts.slice(-1),
  });
});

/**
 * A message that was said to be done, and that nothing on the wire can have carried. One that is like
 * another but for its event time, or that a newer one replaces, may be left out.
 */
const isLost = (message: CaseMessage, evidence: CaseEvidence): boolean => {
  const { attempts, messages, eventTime, record } = evidence;
  const arrived = attempts.flatMap(({ content }) => content ?? []);
  const distinct = new Set(arrived.map(({ requestId, digest }) => `${requestId} ${digest}`));
  const isReplaced = messages.some(
    (other) => other.number > message.number && other.attempts.length > 0,
  );
  const withoutTime = (one: JsonObject | undefined): string =>
    JSON.stringify({ ...one, [eventTime ?? '']: undefined });
  const own = withoutTime(record.run.messages[message.number - 1]);
  const isAlike = record.run.messages.filter((one) => withoutTime(one) === own).length > 1;
  return (
    lastClaim(message)?.outcome === 'SUCCESS' &&
    arrived.length > 0 &&
    arrived.length === attempts.length &&
    distinct.size < messages.length &&
    !isReplaced &&
    !isAlike &&
    whyQuietIsOpen(evidence) === undefined
  );
};

const asksForRepetition = ({ checks }: CatalogueCase): boolean =>
  checks.some((check) => {
    const id = typeof check === 'string' ? check : check.id;
    return id === 'repeats' || id === 'repeats-on-resume';
  });

/** What was on its way when a claim was read. */
const graceUs = 20_000;
