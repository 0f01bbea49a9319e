import { expect, test } from 'vitest';
import type { RunFacts } from '../../../server/conformance/certify/case-evidence.ts';
import { type CheckId, checkIds } from '../../../server/conformance/certify/catalogue/case.ts';
import { checks } from '../../../server/conformance/certify/checks/index.ts';
import { defaultJudgeLimits, gatherFacts } from '../../../server/conformance/certify/judge-run.ts';
import type { CheckVerdict, EvidenceLevel } from '../../../server/conformance/certify/result.ts';
import { type Attempt, type CaseStory, type JobStory, readStory } from './case-record.ts';

interface Row extends Omit<CaseStory, 'id'> {
  readonly check: CheckId;
  readonly is: `${CheckVerdict} ${EvidenceLevel}`;
  readonly when: string;
  readonly id?: string;
  readonly facts?: Partial<RunFacts>;
  readonly says?: RegExp;
}

const unknown: Attempt = { ms: 0, view: 'U', played: 0 };
const lost: Attempt = { ms: 0, view: 'lost', fault: 'reset', played: 0 };
const hostile: Attempt = { ms: 0, view: 'untrusted', security: 'unsigned', played: 0 };
const refused: Attempt = { ms: 0, view: 'F', played: 0 };
const good: Attempt = { ms: 2000, isExecuted: true };
/** Comes after `first` has ended, so it was sent on request. */
const onResume: Attempt = { ms: 3500, isExecuted: true };

const resume: JobStory = { action: 'resume', ms: 3000, endMs: 5000, claim: 'SUCCESS' };
const says = (claim: NonNullable<JobStory['claim']>): readonly JobStory[] => [
  { endMs: 2500, claim },
  resume,
];
/** An application that runs on, without a driver. */
const onlyWatched: readonly JobStory[] = (['send', 'resume'] as const).map((action) => ({
  action,
  end: { kind: 'watched' },
}));
const silent: readonly JobStory[] = [{ end: { kind: 'exited', code: 1 } }, resume];
const settled = [unknown, good];
const stray = { hasStray: true } as const;

const sealedWith = (symmetricKeyDigest: string | undefined, message: number): Attempt => ({
  ms: message,
  message,
  id: `R${message}`,
  ...(symmetricKeyDigest === undefined && { headers: { encrypt: 'x' } }),
  more: { symmetricKeyDigest },
});

const heldBack: Attempt = {
  ms: 0,
  message: 2,
  played: 0,
  more: {
    reply: {
      httpStatus: 200,
      headers: { signature: 'x', 'response-time': 'x' },
      body: Buffer.from('{"orderStatus":"TICKETED"}'),
    },
  },
};

const rows: readonly Row[] = [
  // arrives
  { check: 'arrives', is: 'pass W', when: 'a valid message arrives', attempts: [good] },
  {
    check: 'arrives',
    is: 'fail W',
    when: 'the signature is refused',
    attempts: [{ ms: 0, view: 'untrusted', step: 'verify-signature', code: 'INVALID_SIGNATURE' }],
    says: /INVALID_SIGNATURE/,
  },
  {
    check: 'arrives',
    is: 'fail W',
    when: 'the contract refuses it',
    attempts: [{ ms: 0, view: 'F', step: 'validate-request' }],
    says: /PARAM_ILLEGAL/,
  },
  { check: 'arrives', is: 'open -', when: 'nothing arrives' },
  // repeats
  {
    check: 'repeats',
    is: 'pass W+C',
    when: 'it goes on to S',
    attempts: [unknown, onResume],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'repeats',
    is: 'pass W',
    when: 'it goes on to S at once',
    attempts: settled,
    jobs: says('SUCCESS'),
  },
  {
    check: 'repeats',
    is: 'fail W+C',
    when: 'success is believed',
    attempts: [hostile],
    jobs: says('SUCCESS'),
  },
  {
    check: 'repeats',
    is: 'fail W≠C',
    when: 'UNKNOWN is claimed, and nothing sent',
    attempts: [hostile],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'repeats',
    is: 'fail W',
    when: 'nothing is claimed or sent',
    attempts: [hostile],
    jobs: silent,
  },
  {
    check: 'repeats',
    is: 'fail W',
    when: 'the second U ends it',
    attempts: [unknown, { ...unknown, ms: 2000 }],
    jobs: silent,
  },
  {
    check: 'repeats',
    is: 'open -',
    when: 'it was never resumed',
    attempts: [hostile],
    jobs: [{ claim: 'UNKNOWN' }],
  },
  {
    check: 'repeats',
    is: 'open -',
    when: 'stray traffic came',
    attempts: [hostile],
    jobs: says('UNKNOWN'),
    more: stray,
  },
  {
    check: 'repeats',
    is: 'n/a -',
    when: 'a raw signature was accepted',
    id: 'C-SEC-03',
    variant: 'raw-signature',
    attempts: [{ ms: 0, security: 'raw-signature', played: 0 }],
    jobs: says('SUCCESS'),
  },
  {
    check: 'repeats',
    is: 'fail W≠C',
    when: 'a raw signature was not accepted',
    id: 'C-SEC-03',
    variant: 'raw-signature',
    attempts: [{ ms: 0, security: 'raw-signature', played: 0 }],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'repeats',
    is: 'open -',
    when: 'it is not known whether a raw signature was accepted',
    id: 'C-SEC-03',
    variant: 'raw-signature',
    attempts: [{ ms: 0, security: 'raw-signature', played: 0 }],
    jobs: onlyWatched,
    more: { mode: 'passive' },
  },
  {
    check: 'repeats',
    is: 'fail W',
    when: 'nothing was sent as long as it was watched',
    attempts: [hostile],
    jobs: onlyWatched,
    more: { mode: 'passive' },
  },
  // repeats-on-resume
  {
    check: 'repeats-on-resume',
    is: 'pass W',
    when: 'resume sends it',
    attempts: [lost, onResume],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'repeats-on-resume',
    is: 'fail W',
    when: 'resume sends nothing',
    attempts: [lost],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'repeats-on-resume',
    is: 'open -',
    when: 'resume is not supported',
    attempts: [lost],
    jobs: [{ claim: 'UNKNOWN' }, { ...resume, claim: 'UNSUPPORTED' }],
  },
  { check: 'repeats-on-resume', is: 'open -', when: 'nothing arrives', jobs: silent },
  // same-id
  { check: 'same-id', is: 'pass W', when: 'the id stays', attempts: settled },
  {
    check: 'same-id',
    is: 'fail W',
    when: 'the retry has a new id',
    attempts: [unknown, { ...good, id: 'R2' }],
    says: /after U UNKNOWN_EXCEPTION: R1 became R2$/,
  },
  {
    check: 'same-id',
    is: 'fail W',
    when: 'only a restart makes a new id',
    attempts: [unknown, { ...unknown, ms: 200 }, { ...good, ms: 3100, id: 'R2' }],
    jobs: [{ claim: 'UNKNOWN' }, resume],
    says: /when the application was resumed, after U UNKNOWN_EXCEPTION: R1 became R2$/,
  },
  { check: 'same-id', is: 'n/a -', when: 'it was sent once', attempts: [good] },
  {
    check: 'same-id',
    is: 'n/a -',
    when: 'the operation has none',
    operation: 'updateMembershipCard',
    attempts: [unknown, good],
  },
  {
    check: 'same-id',
    is: 'open -',
    when: 'bodies cannot be read',
    attempts: [
      { ...unknown, headers: { encrypt: 'x' } },
      { ...good, headers: { encrypt: 'x' } },
    ],
  },
  // same-body
  { check: 'same-body', is: 'pass W', when: 'the bytes stay', attempts: settled },
  {
    check: 'same-body',
    is: 'pass W',
    when: 'nothing but the id changes',
    attempts: [unknown, { ...good, id: 'R2' }],
  },
  {
    check: 'same-body',
    is: 'fail W',
    when: 'a member changes',
    attempts: [unknown, { ...good, body: { orderModifyTime: 5 } }],
    says: /orderModifyTime/,
  },
  {
    check: 'same-body',
    is: 'open -',
    when: 'bodies cannot be read',
    attempts: [
      { ...unknown, headers: { encrypt: 'x' } },
      { ...good, headers: { encrypt: 'x' } },
    ],
  },
  // fresh-time
  {
    check: 'fresh-time',
    is: 'pass W',
    when: 'the later attempt is signed again',
    attempts: settled,
  },
  {
    check: 'fresh-time',
    is: 'fail W',
    when: 'time and signature are used again',
    attempts: [
      { ...unknown, time: 'T.1', signature: 'x' },
      { ...good, time: 'T.1', signature: 'x' },
    ],
  },
  {
    check: 'fresh-time',
    is: 'n/a -',
    when: 'attempts are within a second',
    attempts: [unknown, { ...good, ms: 300 }],
  },
  {
    check: 'fresh-time',
    is: 'n/a -',
    when: 'a library repeats a lost one',
    attempts: [
      { ...lost, time: 'T.1', signature: 'x' },
      { ...good, ms: 400, time: 'T.1', signature: 'x' },
    ],
  },
  {
    check: 'fresh-time',
    is: 'fail W',
    when: 'it is used again after a time-out',
    attempts: [
      { ...lost, takesMs: 8000, endedBy: 'client', time: 'T.1', signature: 'x' },
      { ...good, ms: 8100, time: 'T.1', signature: 'x' },
    ],
  },
  // once
  { check: 'once', is: 'pass W', when: 'it takes effect once', attempts: settled },
  {
    check: 'once',
    is: 'fail W',
    when: 'it takes effect under two ids',
    attempts: [
      { ...unknown, isExecuted: true },
      { ...good, id: 'R2' },
    ],
  },
  { check: 'once', is: 'fail W', when: 'S is told and nothing changed', attempts: [{ ms: 0 }] },
  { check: 'once', is: 'n/a -', when: 'it was never sent again', attempts: [hostile] },
  {
    check: 'once',
    is: 'n/a -',
    when: 'the operation has no id',
    operation: 'updateMembershipCard',
    attempts: settled,
  },
  { check: 'once', is: 'open -', when: 'nothing arrives' },
  // recovers
  {
    check: 'recovers',
    is: 'pass W+C',
    when: 'S is claimed and it is quiet',
    attempts: settled,
    jobs: says('SUCCESS'),
  },
  {
    check: 'recovers',
    is: 'fail W',
    when: 'it is sent again after S',
    attempts: [...settled, { ms: 2300 }],
    jobs: says('SUCCESS'),
  },
  {
    check: 'recovers',
    is: 'fail W≠C',
    when: 'S is not claimed',
    attempts: settled,
    jobs: says('UNKNOWN'),
  },
  {
    check: 'recovers',
    is: 'fail W',
    when: 'the process dies and nothing comes again',
    attempts: [hostile],
    jobs: silent,
  },
  {
    check: 'recovers',
    is: 'warn W+C',
    when: 'the process dies and resume ends it well',
    attempts: [hostile, onResume],
    jobs: silent,
  },
  {
    check: 'recovers',
    is: 'fail W',
    when: 'the message is refused',
    id: 'C-PRE-01',
    attempts: [{ ms: 0, view: 'F', step: 'validate-request' }],
    jobs: says('FAILED'),
  },
  {
    check: 'recovers',
    is: 'n/a -',
    when: 'no good answer was reached',
    attempts: [hostile],
    jobs: says('SUCCESS'),
  },
  {
    check: 'recovers',
    is: 'open -',
    when: 'nothing is claimed',
    attempts: settled,
    jobs: [{}, resume],
  },
  {
    check: 'recovers',
    is: 'pass W',
    when: 'nothing can be claimed',
    attempts: settled,
    jobs: [{}],
    more: { mode: 'passive' },
  },
  {
    check: 'recovers',
    is: 'open -',
    when: 'stray traffic came',
    attempts: settled,
    jobs: says('SUCCESS'),
    more: stray,
  },
  // no-false-success
  {
    check: 'no-false-success',
    is: 'pass W+C',
    when: 'it is sent again',
    attempts: [hostile, onResume],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'no-false-success',
    is: 'fail W+C',
    when: 'success is claimed and nothing sent',
    attempts: [hostile],
    jobs: says('SUCCESS'),
    says: /unsigned/,
  },
  {
    check: 'no-false-success',
    is: 'fail W≠C',
    when: 'success is claimed and it is sent again',
    attempts: [hostile, onResume],
    jobs: says('SUCCESS'),
  },
  {
    check: 'no-false-success',
    is: 'fail C',
    when: 'success is claimed and it was not resumed',
    attempts: [hostile],
    jobs: [{ claim: 'SUCCESS' }],
  },
  {
    check: 'no-false-success',
    is: 'pass C',
    when: 'only the claim says so',
    attempts: [hostile],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'no-false-success',
    is: 'pass W',
    when: 'it is sent again without a claim',
    attempts: settled,
    jobs: [{}],
  },
  {
    check: 'no-false-success',
    is: 'open -',
    when: 'nothing is claimed or sent',
    attempts: [hostile],
    jobs: silent,
  },
  {
    check: 'no-false-success',
    is: 'pass W+C',
    when: 'nothing is open on resume',
    attempts: [refused],
    jobs: says('FAILED'),
  },
  // no-false-failure
  {
    check: 'no-false-failure',
    is: 'pass W+C',
    when: 'it is sent again',
    attempts: [lost, onResume],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'no-false-failure',
    is: 'fail W+C',
    when: 'failure is claimed and nothing sent',
    attempts: [lost],
    jobs: says('FAILED'),
    says: /reset/,
  },
  {
    check: 'no-false-failure',
    is: 'fail W≠C',
    when: 'failure is claimed and it is sent again',
    attempts: [lost, onResume],
    jobs: says('FAILED'),
  },
  {
    check: 'no-false-failure',
    is: 'open -',
    when: 'nothing is claimed or sent',
    attempts: [lost],
    jobs: silent,
  },
  // stops
  {
    check: 'stops',
    is: 'pass W+C',
    when: 'failure is claimed and it is quiet',
    attempts: [refused],
    jobs: says('FAILED'),
  },
  { check: 'stops', is: 'pass W', when: 'it is quiet', attempts: [refused], jobs: [{}, resume] },
  {
    check: 'stops',
    is: 'fail W≠C',
    when: 'it is sent again though FAILED is claimed',
    attempts: [refused, { ...refused, ms: 500 }],
    jobs: says('FAILED'),
  },
  {
    check: 'stops',
    is: 'fail W',
    when: 'it is sent again',
    attempts: [refused, { ...refused, ms: 500 }],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'stops',
    is: 'pass W+C',
    when: 'the next one was on its way',
    attempts: [refused, { ...refused, ms: 10 }],
    jobs: says('FAILED'),
  },
  {
    check: 'stops',
    is: 'open -',
    when: 'no F was delivered',
    attempts: [lost],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'stops',
    is: 'open -',
    when: 'stray traffic came',
    attempts: [refused],
    jobs: says('FAILED'),
    more: stray,
  },
  // code-kept
  {
    check: 'code-kept',
    is: 'pass C',
    when: 'the code is reported',
    attempts: [refused],
    jobs: says({ outcome: 'FAILED', resultCode: 'PARAM_ILLEGAL' }),
  },
  {
    check: 'code-kept',
    is: 'fail C',
    when: 'another code is reported',
    attempts: [refused],
    jobs: says({ outcome: 'FAILED', resultCode: 'SIGNATURE_MISSING' }),
  },
  {
    check: 'code-kept',
    is: 'fail C',
    when: 'a driver that reports codes reports none',
    attempts: [refused],
    jobs: says('FAILED'),
    facts: { reportsCodes: true },
  },
  {
    check: 'code-kept',
    is: 'open -',
    when: 'the driver reports no codes',
    attempts: [refused],
    jobs: says('FAILED'),
  },
  // alerted
  {
    check: 'alerted',
    is: 'pass C',
    when: 'a person is notified',
    attempts: [refused],
    jobs: says({ outcome: 'FAILED', alerted: true }),
  },
  {
    check: 'alerted',
    is: 'warn C',
    when: 'no person is notified',
    attempts: [refused],
    jobs: says({ outcome: 'FAILED', alerted: false }),
  },
  {
    check: 'alerted',
    is: 'open -',
    when: 'the driver does not say',
    attempts: [refused],
    jobs: says('FAILED'),
  },
  // pauses
  { check: 'pauses', is: 'pass W', when: 'there is a pause', attempts: settled },
  {
    check: 'pauses',
    is: 'fail W',
    when: 'it is sent again at once',
    attempts: [unknown, { ...good, ms: 50 }],
    says: /48 ms/,
  },
  {
    check: 'pauses',
    is: 'fail W',
    when: 'the pauses shrink',
    attempts: [0, 800, 1300, 1600, 1800].map((ms) => ({ ...unknown, ms })),
    says: /shrink/,
  },
  {
    check: 'pauses',
    is: 'pass W',
    when: 'a loaded machine made one pause longer',
    attempts: [0, 800, 1000, 1200, 1400].map((ms) => ({ ...unknown, ms })),
  },
  {
    check: 'pauses',
    is: 'pass W',
    when: 'the factor was applied',
    attempts: [unknown, { ...good, ms: 50 }],
    jobs: says({ outcome: 'SUCCESS', pausesScaled: true }),
    more: { pauseFactor: 0.05 },
  },
  {
    check: 'pauses',
    is: 'fail W',
    when: 'no factor was applied',
    attempts: [unknown, { ...good, ms: 50 }],
    jobs: says({ outcome: 'SUCCESS', pausesScaled: false }),
    more: { pauseFactor: 0.05 },
  },
  {
    check: 'pauses',
    is: 'n/a -',
    when: 'only the resume sent it again',
    attempts: [unknown, onResume],
    jobs: says('UNKNOWN'),
  },
  { check: 'pauses', is: 'open -', when: 'nothing arrives' },
  // slows-down
  { check: 'slows-down', is: 'pass W', when: 'it pauses for a second', attempts: settled },
  {
    check: 'slows-down',
    is: 'warn W',
    when: 'it pauses for less',
    attempts: [unknown, { ...good, ms: 500 }],
  },
  {
    check: 'slows-down',
    is: 'warn W',
    when: 'it pauses for less than after U',
    attempts: settled,
    facts: { usualPauseUs: new Map([['syncOrder', 9_000_000]]) },
  },
  { check: 'slows-down', is: 'open -', when: 'nothing arrives' },
  // plan
  {
    check: 'plan',
    is: 'pass W+C',
    when: 'a later attempt is announced',
    attempts: [unknown, { ...unknown, ms: 2100 }, onResume],
    jobs: says({ outcome: 'UNKNOWN', nextAttemptInMs: 600_000 }),
  },
  {
    check: 'plan',
    is: 'pass W',
    when: 'a later attempt is made',
    attempts: [unknown, { ...unknown, ms: 2100 }, { ...good, ms: 22_000 }],
    jobs: [{ endMs: 30_000, claim: 'SUCCESS' }],
  },
  {
    check: 'plan',
    is: 'warn W',
    when: 'no later attempt is planned',
    attempts: [unknown, { ...unknown, ms: 2100 }],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'plan',
    is: 'warn W',
    when: 'a later attempt is announced and never comes',
    attempts: [unknown, { ...unknown, ms: 2100 }],
    jobs: says({ outcome: 'UNKNOWN', nextAttemptInMs: 600_000 }),
    says: /no later attempt came/,
  },
  {
    check: 'plan',
    is: 'warn W',
    when: 'the first pauses are too short',
    attempts: [unknown, { ...unknown, ms: 900 }],
    jobs: says({ outcome: 'UNKNOWN', nextAttemptInMs: 600_000 }),
  },
  { check: 'plan', is: 'open -', when: 'nothing arrives' },
  // ends
  {
    check: 'ends',
    is: 'pass W',
    when: 'it stops by itself',
    attempts: [unknown, { ...unknown, ms: 900 }],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'ends',
    is: 'fail W',
    when: 'it is ended at the deadline',
    attempts: [unknown, { ...unknown, ms: 900 }],
    jobs: [{ end: { kind: 'deadline' } }],
  },
  {
    check: 'ends',
    is: 'fail W',
    when: 'there are more than twelve',
    attempts: Array.from({ length: 13 }, (_, n) => ({ ...unknown, ms: n * 100 })),
    jobs: says('UNKNOWN'),
  },
  { check: 'ends', is: 'open -', when: 'nothing arrives' },
  // no-loop
  {
    check: 'no-loop',
    is: 'pass W+C',
    when: 'it fails once',
    attempts: [lost, { ...refused, ms: 900 }],
    jobs: says('FAILED'),
  },
  {
    check: 'no-loop',
    is: 'fail W',
    when: 'it loops',
    attempts: [lost, ...[1, 2, 3, 4, 5].map((n) => ({ ...refused, ms: n * 300 }))],
    jobs: says('FAILED'),
  },
  {
    check: 'no-loop',
    is: 'open -',
    when: 'stray traffic came',
    attempts: [lost, { ...refused, ms: 900 }],
    jobs: says('FAILED'),
    more: stray,
  },
  // gives-up-by-itself
  {
    check: 'gives-up-by-itself',
    is: 'pass W',
    when: 'the client closes in time',
    attempts: [{ ms: 0, view: 'lost', fault: 'hang', takesMs: 8000, endedBy: 'client', played: 0 }],
  },
  {
    check: 'gives-up-by-itself',
    is: 'pass W',
    when: 'it sends again and leaves the connection open',
    attempts: [
      { ms: 0, view: 'lost', fault: 'hang', takesMs: 40_000, endedBy: 'server', played: 0 },
      { ...good, ms: 8000 },
    ],
  },
  {
    check: 'gives-up-by-itself',
    is: 'warn W',
    when: 'the client closes late',
    attempts: [
      { ms: 0, view: 'lost', fault: 'hang', takesMs: 15_000, endedBy: 'client', played: 0 },
    ],
    jobs: [{ endMs: 20_000, claim: 'UNKNOWN' }],
  },
  {
    check: 'gives-up-by-itself',
    is: 'fail W',
    when: 'it waits for ever',
    attempts: [
      { ms: 0, view: 'lost', fault: 'hang', takesMs: 40_000, endedBy: 'server', played: 0 },
    ],
    jobs: [{ endMs: 41_000, end: { kind: 'deadline' } }],
  },
  {
    check: 'gives-up-by-itself',
    is: 'fail W',
    when: 'it is still open when it is ended',
    attempts: [{ ms: 0, fault: 'hang', isOpen: true }],
    jobs: [{ endMs: 41_000, end: { kind: 'deadline' } }],
  },
  {
    check: 'gives-up-by-itself',
    is: 'open -',
    when: 'the server let go first',
    attempts: [{ ms: 0, view: 'lost', fault: 'hang', takesMs: 3000, endedBy: 'server', played: 0 }],
    jobs: [{ endMs: 4000 }],
  },
  // whole-deadline
  {
    check: 'whole-deadline',
    is: 'pass W',
    when: 'the client closes in time',
    attempts: [
      { ms: 0, view: 'lost', fault: 'slow-drip', takesMs: 8000, endedBy: 'client', played: 0 },
    ],
  },
  {
    check: 'whole-deadline',
    is: 'warn W',
    when: 'it reads on and on',
    attempts: [
      { ms: 0, view: 'lost', fault: 'slow-drip', takesMs: 40_000, endedBy: 'server', played: 0 },
    ],
    jobs: [{ endMs: 41_000, end: { kind: 'deadline' } }],
  },
  {
    check: 'whole-deadline',
    is: 'open -',
    when: 'the server ended first',
    attempts: [
      { ms: 0, view: 'lost', fault: 'slow-drip', takesMs: 3000, endedBy: 'server', played: 0 },
    ],
    jobs: [{ endMs: 4000 }],
  },
  // text-unchanged
  {
    check: 'text-unchanged',
    is: 'pass W',
    when: 'every value arrives',
    id: 'C-REQ-01',
    attempts: [good],
  },
  {
    check: 'text-unchanged',
    is: 'pass W',
    when: 'the application sets the event time',
    id: 'C-REQ-01',
    attempts: [{ ...good, body: { orderModifyTime: 7 } }],
  },
  {
    check: 'text-unchanged',
    is: 'fail W',
    when: 'a value is damaged',
    id: 'C-REQ-01',
    attempts: [{ ...good, body: { amount: { value: '22', currency: 'HKD' } } }],
    says: /: amount \(amount\.value: "22000" became "22"\)/,
  },
  {
    check: 'text-unchanged',
    is: 'open -',
    when: 'the body cannot be read',
    id: 'C-REQ-01',
    attempts: [{ ...good, headers: { encrypt: 'x' } }],
  },
  // distinct-ids
  {
    check: 'distinct-ids',
    is: 'pass W',
    when: 'three messages have three ids',
    id: 'C-REQ-02',
    attempts: [good, { ...good, message: 2, id: 'R2' }, { ...good, message: 3, id: 'R3' }],
    jobs: [{ action: 'sendAll' }],
  },
  {
    check: 'distinct-ids',
    is: 'fail W',
    when: 'two that are alike have one',
    id: 'C-REQ-02',
    attempts: [good, { ...good, message: 2 }, { ...good, message: 3, id: 'R3' }],
    jobs: [{ action: 'sendAll' }],
  },
  {
    check: 'distinct-ids',
    is: 'fail W',
    when: 'another case had one of them',
    id: 'C-REQ-02',
    attempts: [good, { ...good, message: 2, id: 'R2' }, { ...good, message: 3, id: 'R3' }],
    jobs: [{ action: 'sendAll' }],
    facts: { sharedIds: new Map([['syncOrder', ['R2']]]) },
  },
  {
    check: 'distinct-ids',
    is: 'open -',
    when: 'one of them did not arrive',
    id: 'C-REQ-02',
    attempts: [good],
    jobs: [{ action: 'sendAll' }],
  },
  // credible-time
  { check: 'credible-time', is: 'pass W', when: 'it is near', attempts: settled },
  {
    check: 'credible-time',
    is: 'fail W',
    when: 'it is seven minutes fast',
    attempts: settled.map((one) => ({ ...one, time: '2026-01-01T00:07:00.000Z' })),
  },
  {
    check: 'credible-time',
    is: 'warn W',
    when: 'it is two minutes fast',
    attempts: [{ ...good, time: '2026-01-01T00:02:00.000Z' }],
  },
  {
    check: 'credible-time',
    is: 'fail W',
    when: 'the clock was read once',
    attempts: settled.map((one) => ({ ...one, time: '2026-01-01T00:00:01.000Z' })),
  },
  {
    check: 'credible-time',
    is: 'fail W',
    when: 'it has no zone',
    attempts: [{ ...good, time: '2026-01-01 00:00:00' }],
  },
  {
    check: 'credible-time',
    is: 'warn W',
    when: 'it is a number',
    attempts: [{ ...good, time: '1767225602000' }],
  },
  { check: 'credible-time', is: 'open -', when: 'nothing arrives' },
  // either-way
  { check: 'either-way', is: 'pass W', when: 'it is final', id: 'C-FIN-04', attempts: [refused] },
  {
    check: 'either-way',
    is: 'pass W',
    when: 'it is sent again',
    id: 'C-FIN-04',
    attempts: [refused, good],
  },
  { check: 'either-way', is: 'open -', when: 'nothing arrives', id: 'C-FIN-04' },
  {
    check: 'either-way',
    is: 'fail C',
    when: 'it is taken for a success',
    id: 'C-FIN-04',
    attempts: [refused],
    jobs: says('SUCCESS'),
  },
  // new-key
  {
    check: 'new-key',
    is: 'pass W',
    when: 'the keys differ',
    id: 'C-SEAL-01',
    attempts: [sealedWith('a', 1), sealedWith('b', 2)],
  },
  {
    check: 'new-key',
    is: 'warn W',
    when: 'one key serves both',
    id: 'C-SEAL-01',
    attempts: [sealedWith('a', 1), sealedWith('a', 2)],
  },
  {
    check: 'new-key',
    is: 'open -',
    when: 'the keys are not known',
    id: 'C-SEAL-01',
    attempts: [sealedWith(undefined, 1), sealedWith(undefined, 2)],
  },
  // rising-time
  {
    check: 'rising-time',
    is: 'pass W',
    when: 'each is newer',
    id: 'C-ORD-01',
    attempts: [{ ms: 0 }, { ms: 9, message: 2, id: 'R2' }, { ms: 18, message: 3, id: 'R3' }],
  },
  {
    check: 'rising-time',
    is: 'fail W',
    when: 'two have the same time',
    id: 'C-ORD-01',
    attempts: [
      { ms: 0, body: { orderModifyTime: 5 } },
      { ms: 9, message: 2, id: 'R2', body: { orderModifyTime: 5 } },
      { ms: 18, message: 3, id: 'R3' },
    ],
  },
  {
    check: 'rising-time',
    is: 'open -',
    when: 'one did not arrive',
    id: 'C-ORD-01',
    attempts: [{ ms: 0 }],
  },
  // constants
  {
    check: 'constants',
    is: 'pass W',
    when: 'they stay',
    id: 'C-ORD-01',
    attempts: [{ ms: 0 }, { ms: 9, message: 2, id: 'R2' }],
  },
  {
    check: 'constants',
    is: 'fail W',
    when: 'the order is created again',
    id: 'C-ORD-01',
    attempts: [{ ms: 0 }, { ms: 9, message: 2, id: 'R2', body: { orderCreateTime: 7 } }],
    says: /orderCreateTime/,
  },
  {
    check: 'constants',
    is: 'open -',
    when: 'one arrived only',
    id: 'C-ORD-01',
    attempts: [{ ms: 0 }],
  },
  // not-overtaken
  {
    check: 'not-overtaken',
    is: 'pass W',
    when: 'the second waits',
    id: 'C-ORD-02',
    attempts: [unknown, good, { ms: 2100, message: 2, id: 'R2' }],
  },
  {
    check: 'not-overtaken',
    is: 'warn W',
    when: 'the second is newer',
    id: 'C-ORD-02',
    attempts: [unknown, { ms: 100, message: 2, id: 'R2' }, good],
  },
  {
    check: 'not-overtaken',
    is: 'fail W',
    when: 'the second is not newer',
    id: 'C-ORD-02',
    attempts: [unknown, { ms: 100, message: 2, id: 'R2', body: { orderModifyTime: 5 } }, good],
  },
  {
    check: 'not-overtaken',
    is: 'open -',
    when: 'the second did not arrive',
    id: 'C-ORD-02',
    attempts: [unknown, good],
  },
  // status-noticed
  {
    check: 'status-noticed',
    is: 'pass C',
    when: 'the held status is reported',
    id: 'C-ORD-03',
    attempts: [heldBack],
    jobs: [
      {
        message: 2,
        endMs: 500,
        claim: { outcome: 'SUCCESS', observed: { orderStatus: 'TICKETED' } },
      },
    ],
  },
  {
    check: 'status-noticed',
    is: 'pass C',
    when: 'it is not believed',
    id: 'C-ORD-03',
    attempts: [heldBack],
    jobs: [{ message: 2, endMs: 500, claim: 'UNKNOWN' }],
  },
  {
    check: 'status-noticed',
    is: 'fail C',
    when: 'success is believed',
    id: 'C-ORD-03',
    attempts: [heldBack],
    jobs: [{ message: 2, endMs: 500, claim: 'SUCCESS' }],
  },
  {
    check: 'status-noticed',
    is: 'open -',
    when: 'nothing is claimed',
    id: 'C-ORD-03',
    attempts: [heldBack],
    jobs: [{ message: 2 }],
  },
  {
    check: 'status-noticed',
    is: 'open -',
    when: 'an exit code is all that is claimed',
    id: 'C-ORD-03',
    attempts: [heldBack],
    jobs: [{ message: 2, endMs: 500, claim: 'SUCCESS', byExitCode: true }],
  },
  {
    check: 'recovers',
    is: 'fail W',
    when: 'the retry is refused because it has changed',
    attempts: [
      unknown,
      { ms: 2000, view: 'F', step: 'validate-request', body: { orderModifyTime: 5 } },
    ],
    jobs: says('FAILED'),
    says: /PARAM_ILLEGAL; since the first attempt these had changed: orderModifyTime/,
  },
  {
    check: 'credible-time',
    is: 'fail W',
    when: 'the time is that of another zone',
    attempts: [{ ...good, time: '2026-01-01T08:00:02.000Z' }],
    says: /28800 s: local time/,
  },
  // honest-claim
  {
    check: 'honest-claim',
    is: 'pass W+C',
    when: 'UNKNOWN is followed by another attempt',
    attempts: [hostile, onResume],
    jobs: [
      { endMs: 2500, claim: 'UNKNOWN' },
      { ...resume, claim: 'SUCCESS' },
    ],
  },
  {
    check: 'honest-claim',
    is: 'fail W≠C',
    when: 'UNKNOWN is followed by nothing',
    attempts: [hostile],
    jobs: says('UNKNOWN'),
  },
  {
    check: 'honest-claim',
    is: 'fail W≠C',
    when: 'FAILED is followed by another attempt',
    attempts: [hostile, onResume],
    jobs: says('FAILED'),
  },
  {
    check: 'honest-claim',
    is: 'n/a -',
    when: 'it was never resumed',
    attempts: [hostile],
    jobs: [{ claim: 'UNKNOWN' }],
  },
  {
    check: 'honest-claim',
    is: 'n/a -',
    when: 'the case asks for no other attempt',
    id: 'C-BACK-01',
    attempts: [unknown],
    jobs: says('UNKNOWN'),
  },
  { check: 'honest-claim', is: 'open -', when: 'nothing arrives', jobs: says('UNKNOWN') },
  {
    check: 'honest-claim',
    is: 'fail W≠C',
    when: 'the last update is never sent, and success is claimed for it',
    id: 'C-ORD-01',
    attempts: [good, { ...good, message: 2, id: 'R2' }],
    jobs: [{ action: 'sendAll', endMs: 2500, claim: 'SUCCESS' }, resume],
    says: /never sent/,
  },
  {
    check: 'honest-claim',
    is: 'open -',
    when: 'an update is left out that a newer one replaces',
    id: 'C-ORD-01',
    attempts: [good, { ...good, message: 3, id: 'R3' }],
    jobs: [{ action: 'sendAll', endMs: 2500, claim: 'SUCCESS' }, resume],
  },
  {
    check: 'honest-claim',
    is: 'open -',
    when: 'the last update is not sent, and it is not known whether it will be',
    id: 'C-ORD-01',
    attempts: [good, { ...good, message: 2, id: 'R2' }],
    jobs: [
      {
        action: 'sendAll',
        endMs: 2500,
        claim: {
          outcome: 'UNKNOWN',
          outcomes: [
            { message: 1, outcome: 'SUCCESS' },
            { message: 2, outcome: 'SUCCESS' },
            { message: 3, outcome: 'UNKNOWN' },
          ],
        },
      },
      resume,
    ],
  },
  {
    check: 'honest-claim',
    is: 'open -',
    when: 'a message is left out that says the same as another',
    id: 'C-REQ-02',
    attempts: [good, { ...good, message: 3, id: 'R3' }],
    jobs: [{ action: 'sendAll', endMs: 2500, claim: 'SUCCESS' }, resume],
  },
];

test.each(rows)('$check: $is when $when', (row) => {
  const evidence = readStory({ id: 'C-UNK-01', variant: 'unknown-exception', ...row });
  const found = checks[row.check]({
    evidence,
    facts: { ...gatherFacts([evidence]), ...row.facts },
    limits: defaultJudgeLimits,
    accept: {},
  });
  expect(`${found.verdict} ${found.evidence}`, found.sentence).toBe(row.is);
  expect(found.sentence).toMatch(row.says ?? /\w/);
});

test.each(checkIds)('%s is shown passing, violated and open or not applicable', (check) => {
  const shown = rows.filter((row) => row.check === check).map(({ is }) => is.split(' ')[0]);
  expect(shown).toContain('pass');
  expect(shown.some((verdict) => verdict === 'open' || verdict === 'n/a')).toBe(true);
  expect(shown.some((verdict) => verdict === 'fail' || verdict === 'warn')).toBe(true);
});
