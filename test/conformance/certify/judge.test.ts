import { expect, test } from 'vitest';
import type { CatalogueCase } from '../../../server/conformance/certify/catalogue/case.ts';
import { listChecks } from '../../../server/conformance/certify/judge-case.ts';
import {
  defaultJudgeLimits,
  isWorthRepeating,
  type JudgeOptions,
  judgeAlone,
  judgeRun,
} from '../../../server/conformance/certify/judge-run.ts';
import type { CaseCheckResult, CaseResult } from '../../../server/conformance/certify/result.ts';
import {
  concludeRun,
  readSavedRun,
  saveCase,
  saveRunFacts,
} from '../../../server/conformance/certify/run-certify.ts';
import type { CaseRecord, RunRecord } from '../../../server/conformance/certify/types.ts';
import { attemptOptions } from '../traffic.ts';
import {
  type Attempt,
  type CaseStory,
  contract,
  findCase,
  type JobStory,
  recordCase,
} from './case-record.ts';

const options: JudgeOptions = {
  reading: attemptOptions,
  limits: defaultJudgeLimits,
  profile: 'strict-2027.1',
};

const judge = (story: CaseStory, more: Partial<JudgeOptions> = {}): CaseResult =>
  judgeAlone(recordCase(story), { ...options, ...more });

const runOf = (
  cases: readonly CaseRecord<CatalogueCase>[],
  more: Partial<RunRecord<CatalogueCase>> = {},
): RunRecord<CatalogueCase> => ({
  mode: 'command',
  cases,
  stray: [],
  pauseFactor: 1,
  realPauses: false,
  isRevealed: false,
  isInterrupted: false,
  skipped: [],
  ...more,
});

const find = ({ checks }: CaseResult, id: string): CaseCheckResult | undefined =>
  checks.find((check) => check.id === id);

const resume: JobStory = { action: 'resume', ms: 3000, endMs: 5000, claim: 'SUCCESS' };
const says = (claim: NonNullable<JobStory['claim']>): readonly JobStory[] => [
  { endMs: 2500, claim },
  resume,
];
const onResume: Attempt = { ms: 3500, isExecuted: true };
const unsigned: Attempt = { ms: 0, view: 'untrusted', security: 'unsigned', played: 0 };
const stale: Attempt = { ...unsigned, security: 'stale-time' };
const unsignedCase = { id: 'C-SEC-01', variant: 'unsigned' } as const;

test('a client that distrusts and sends again passes, with exchanges and claim as evidence', () => {
  const result = judge({ ...unsignedCase, attempts: [unsigned, onResume], jobs: says('UNKNOWN') });
  expect(result).toMatchObject({
    verdict: 'PASS',
    severity: 'critical',
    operation: 'syncOrder',
    crypto: 'RSA256',
    attempts: 2,
    basis: ['sister', 'G-04', 'doc'],
  });
  expect(find(result, 'no-false-success')).toMatchObject({ verdict: 'pass', evidence: 'W+C' });
  expect(result.timeline.map(({ kind }) => kind)).toEqual([
    'job',
    'attempt',
    'delivered',
    'report',
    'job',
    'attempt',
    'delivered',
    'report',
  ]);
});

test('a client that believes it fails, and what it did not come to is no failure', () => {
  const result = judge({ ...unsignedCase, attempts: [unsigned], jobs: says('SUCCESS') });
  expect(result.verdict).toBe('FAIL');
  expect(result.checks.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
    'no-false-success fail',
    'repeats fail',
    'same-id n/a',
    'recovers n/a',
    'once n/a',
    'honest-claim pass',
  ]);
  expect(find(result, 'no-false-success')).toMatchObject({
    sentence: expect.stringContaining('claimed SUCCESS after'),
    exchanges: [{ ref: 'trace1', view: 'untrusted', struck: 'security:unsigned' }],
  });
});

/** The client closed the connection before the answer was there. */
const brokenOff = {
  firstByteUs: undefined,
  lastByteUs: undefined,
  endedUs: 1_200_000,
  bytes: 0,
  complete: false,
  endedBy: 'client',
} as const;

const hiding: readonly [when: string, story: CaseStory, reason: string][] = [
  ['nothing arrives', { ...unsignedCase, jobs: says('SUCCESS') }, 'no-traffic'],
  [
    'the script is taken out',
    { ...unsignedCase, attempts: [{ ms: 0 }], jobs: says('SUCCESS') },
    'fault-did-not-strike',
  ],
  [
    'the client is refused before',
    {
      ...unsignedCase,
      attempts: [{ ms: 0, view: 'untrusted', step: 'verify-signature', code: 'INVALID_SIGNATURE' }],
      jobs: says('UNKNOWN'),
    },
    'refused-before-script',
  ],
  [
    'another fault struck',
    { ...unsignedCase, attempts: [{ ...unsigned, security: 'wrong-key' }], jobs: says('SUCCESS') },
    'fault-did-not-strike',
  ],
  [
    'the client left before the answer was there',
    {
      id: 'C-UNK-02',
      attempts: [{ ms: 0, played: 0, more: { delivery: brokenOff } }],
      jobs: says('UNKNOWN'),
    },
    'fault-did-not-strike',
  ],
  [
    'exchanges are lost',
    {
      ...unsignedCase,
      attempts: [unsigned, onResume],
      jobs: says('UNKNOWN'),
      more: { hasEvicted: true },
    },
    'evicted',
  ],
];

test.each(hiding)('it is not judged, and never passed, when %s', (_, story, reason) => {
  const { verdict, checks } = judge(story);
  expect(verdict).toBe('NOT JUDGED');
  for (const check of checks) expect(check).toMatchObject({ verdict: 'open', reason });
});

test.each([
  ['core-2027.1', 'WARN'],
  ['strict-2027.1', 'FAIL'],
  [undefined, 'WARN'],
] as const)('an old answer that is believed: %s says %s', (profile, verdict) => {
  const story = { id: 'C-SEC-06', variant: 'stale-time', attempts: [stale], jobs: says('SUCCESS') };
  expect(judge(story, { profile }).verdict).toBe(verdict);
});

test('a new requestId is wrong in a case that only warns, too', () => {
  const attempts = [
    { ...stale, id: 'R1' },
    { ...onResume, id: 'R2' },
  ];
  const story = { id: 'C-SEC-06', variant: 'stale-time', attempts, jobs: says('UNKNOWN') };
  const result = judge(story, { profile: 'core-2027.1' });
  expect(result.verdict).toBe('FAIL');
  expect(find(result, 'same-id')?.verdict).toBe('fail');
});

test('what is our own conclusion only warns', () => {
  const attempts = [0, 10, 20, 30, 40, 50].map((ms) => ({ ms, view: 'U', played: 0 }) as const);
  const result = judge({ id: 'C-BACK-01', attempts, jobs: says('UNKNOWN') });
  expect(find(result, 'pauses')).toMatchObject({ verdict: 'warn', basis: 'inf' });
});

test('times of events that only we conclude to matter warn, documented ones fail', () => {
  const equal = [1, 2, 3].map(
    (message) =>
      ({
        ms: message * 9,
        message,
        id: `R${message}`,
        body: { orderModifyTime: 5, requestTime: 5 },
      }) as const,
  );
  const jobs: readonly JobStory[] = [{ action: 'sendAll', claim: 'SUCCESS' }, resume];
  expect(judge({ id: 'C-ORD-01', attempts: equal, jobs }).verdict).toBe('FAIL');
  expect(
    judge({ id: 'C-ORD-01', operation: 'syncPaymentInfo', attempts: equal, jobs }).verdict,
  ).toBe('WARN');
});

test('a required check that rests on the claim alone passes as claimed', () => {
  const attempts = [{ ms: 0, played: 0, message: 2 }];
  const claim = { outcome: 'UNKNOWN' } as const;
  expect(
    judge({ id: 'C-ORD-03', attempts, jobs: [{}, { message: 2, endMs: 900, claim }] }).verdict,
  ).toBe('PASS (claimed)');
});

test('what the driver does not do does not apply; what it could not do is an error', () => {
  expect(judge({ id: 'C-UNK-02', jobs: [{ claim: 'UNSUPPORTED' }] }).verdict).toBe(
    'NOT APPLICABLE',
  );
  const broken = { outcome: 'ERROR', reason: 'no database' } as const;
  expect(judge({ id: 'C-UNK-02', jobs: [{ claim: broken }] })).toMatchObject({
    verdict: 'ERROR',
    error: { message: 'the driver reported ERROR: no database' },
  });
  const error = { message: 'cannot start', remedy: 'Check the command.' };
  expect(judge({ id: 'C-UNK-02', more: { error } })).toMatchObject({ verdict: 'ERROR', error });
});

test('a client without kept connections has none that can be closed', () => {
  const attempts = [{ ms: 0 }, { ms: 20, message: 2, id: 'R2' }];
  const jobs = [{ action: 'sendAll', claim: 'SUCCESS' }] as const;
  expect(judge({ id: 'C-LOST-02', attempts, jobs }).verdict).toBe('NOT APPLICABLE');
});

const atDeadline = { endMs: 41_000, end: { kind: 'deadline' } } as const;

test('ended at the deadline: waiting for an answer is a failure, anything else an error', () => {
  const waiting = { ms: 0, view: 'lost', fault: 'reset', takesMs: 50_000, played: 0 } as const;
  const result = judge({ id: 'C-LOST-01', attempts: [waiting], jobs: [atDeadline] });
  expect(result.verdict).toBe('FAIL');
  expect(find(result, 'gives-up-by-itself')?.verdict).toBe('fail');
  const answered = [{ ms: 0, view: 'lost', fault: 'reset', played: 0 } as const];
  expect(judge({ id: 'C-LOST-01', attempts: answered, jobs: [atDeadline] }).verdict).toBe('ERROR');
});

test('only what time made fail is worth a second run', () => {
  const hasty = [0, 20, 40].map((ms) => ({ ms, view: ms < 40 ? 'U' : 'S', played: 0 }) as const);
  const exception = { id: 'C-UNK-01', variant: 'unknown-exception' };
  const fast = judge({
    ...exception,
    attempts: hasty.map((one, n) => ({ ...one, ...(n === 2 && { isExecuted: true as const }) })),
    jobs: says('SUCCESS'),
  });
  expect(fast.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)).toEqual([
    'pauses',
  ]);
  expect(isWorthRepeating(fast)).toBe(true);
  const forger = judge({ ...unsignedCase, attempts: [unsigned], jobs: says('SUCCESS') });
  expect(isWorthRepeating(forger)).toBe(false);
});

test('one attempt too many can come from a client that had no time to read', () => {
  const extra = (count: number) =>
    judge({
      id: 'C-UNK-02',
      attempts: [
        { ms: 0, view: 'U', played: 0, isExecuted: true },
        ...Array.from({ length: count + 1 }, (_, n) => ({ ms: 500 + n * 300 })),
      ],
      jobs: says('SUCCESS'),
    });
  expect(find(extra(1), 'recovers')?.verdict).toBe('fail');
  expect(isWorthRepeating(extra(1))).toBe(true);
  expect(isWorthRepeating(extra(2))).toBe(false);
  const afterRefusal = (ms: readonly number[]) =>
    judge({
      id: 'C-FIN-01',
      attempts: ms.map((at) => ({ ms: at, view: 'F', played: 0 })),
      jobs: says('FAILED'),
    });
  expect(find(afterRefusal([0, 500]), 'stops')?.verdict).toBe('fail');
  expect(isWorthRepeating(afterRefusal([0, 500]))).toBe(true);
  expect(isWorthRepeating(afterRefusal([0, 500, 800]))).toBe(false);
  expect(isWorthRepeating(afterRefusal([0, 3500]))).toBe(false);
});

const plain = (claim: NonNullable<JobStory['claim']> = 'SUCCESS'): CaseRecord<CatalogueCase> =>
  recordCase({ id: 'C-PRE-01', attempts: [{ ms: 0, isExecuted: true }], jobs: says(claim) });

test('no case counts on an operation whose plain case has not passed', () => {
  const good = recordCase({
    ...unsignedCase,
    attempts: [unsigned, onResume],
    jobs: says('UNKNOWN'),
  });
  expect(judgeRun(runOf([plain(), good]), options).cases.map(({ verdict }) => verdict)).toEqual([
    'PASS',
    'PASS',
  ]);
  const refused = judgeRun(runOf([plain('FAILED'), good]), options);
  expect(refused.cases.map(({ verdict }) => verdict)).toEqual(['FAIL', 'NOT JUDGED']);
  expect(refused.cases[1]?.checks[0]).toMatchObject({ verdict: 'open', reason: 'control-failed' });
});

test('a driver that always claims the same proves nothing by its claims', () => {
  const cases = [
    recordCase({
      id: 'C-FIN-01',
      attempts: [{ ms: 0, view: 'F', played: 0 }],
      jobs: says('SUCCESS'),
    }),
    recordCase({
      id: 'C-UNK-02',
      attempts: [{ ms: 0, view: 'U', played: 0 }],
      jobs: says('SUCCESS'),
    }),
    plain(),
  ];
  const { claimConstant, cases: results } = judgeRun(runOf(cases), options);
  expect(claimConstant).toBe(true);
  for (const { checks } of results)
    for (const check of checks)
      if (check.verdict !== 'open') expect(check.evidence, check.id).not.toBe('C');
});

test('a repeated case shows both runs and counts as flaky', () => {
  const story = { id: 'C-LOST-03', jobs: says('UNKNOWN') } as const;
  const hang = (takesMs: number, endedBy: 'client' | 'server'): Attempt => ({
    ms: 0,
    view: 'lost',
    fault: 'hang',
    takesMs,
    endedBy,
    played: 0,
    isExecuted: true,
  });
  const slow = recordCase({
    ...story,
    attempts: [hang(45_000, 'server'), { ms: 44_000 }],
    jobs: [
      { endMs: 44_500, claim: 'SUCCESS' },
      { ...resume, ms: 44_600, endMs: 44_700 },
    ],
  });
  const alone = recordCase({
    ...story,
    attempts: [hang(2000, 'client'), { ms: 3500 }],
    more: { isRepeat: true },
  });
  const { cases, summary } = judgeRun(runOf([plain(), slow, alone]), options);
  expect(cases).toHaveLength(2);
  expect(cases[1]).toMatchObject({ verdict: 'PASS (alone)', first: { verdict: 'FAIL' } });
  expect(summary).toMatchObject({ pass: 2, flaky: 1 });
});

test.each([
  ['control-failed', 'NOT JUDGED'],
  ['unsupported', 'NOT APPLICABLE'],
  ['mode', 'NOT APPLICABLE'],
  ['interrupted', 'NOT JUDGED'],
] as const)('a case that did not run for %s is %s', (reason, verdict) => {
  const { run } = recordCase({ id: 'C-SEC-04' });
  const { cases } = judgeRun(runOf([], { skipped: [{ run, reason }] }), options);
  expect(cases).toMatchObject([{ id: 'C-SEC-04', verdict, attempts: 0 }]);
  expect(cases[0]?.checks).toHaveLength(listChecks(findCase('C-SEC-04')).length);
});

test('traffic of other clients and the order in which exchanges end change nothing', () => {
  const story: CaseStory = {
    id: 'C-UNK-01',
    variant: 'unknown-exception',
    attempts: [
      { ms: 0, view: 'U', played: 0 },
      { ms: 400, view: 'U', played: 0 },
      { ms: 900, isExecuted: true },
    ],
    jobs: says('SUCCESS'),
  };
  const record = recordCase(story);
  const shuffled = { ...record, exchanges: [...record.exchanges].reverse() };
  expect(judgeAlone(shuffled, options)).toEqual(judgeAlone(record, options));
});

test('a case is judged in less than a millisecond', () => {
  const record = recordCase({
    ...unsignedCase,
    attempts: [unsigned, onResume],
    jobs: says('UNKNOWN'),
  });
  const times = Array.from({ length: 60 }, () => {
    const began = performance.now();
    judgeAlone(record, options);
    return performance.now() - began;
  });
  expect(Math.min(...times)).toBeLessThan(1);
});

test('a run that was saved as JSON is judged as before', () => {
  const cases = [
    recordCase({ ...unsignedCase, attempts: [unsigned], jobs: says('SUCCESS') }),
    recordCase({ ...unsignedCase, attempts: [unsigned, onResume], jobs: says('UNKNOWN') }),
  ];
  const run = runOf(cases);
  const hidden = { plaintext: false };
  const [facts, saved] = JSON.parse(
    JSON.stringify([saveRunFacts(run, hidden), cases.map((one) => saveCase(one, hidden))]),
  );
  const again = judgeRun(readSavedRun(facts, saved), options);
  expect(again).toEqual(JSON.parse(JSON.stringify(judgeRun(run, options))));
  expect(again.cases.map(({ verdict }) => verdict)).toEqual(['FAIL', 'PASS']);
});

test('lint is silent about what the case has made, and about nothing else', () => {
  const lintStory = (story: CaseStory) =>
    concludeRun(runOf([recordCase(story)]), {
      judging: options,
      contract,
      tool: { name: 'alipayhk-mock', version: '0', contract: '' },
      subject: { name: 'shop' },
      againCommand: () => '',
      startedAt: '',
      durationMs: 0,
    }).lint.map(({ rule }) => rule);
  const repeated: readonly Attempt[] = [
    { ms: 0, played: 0 },
    { ms: 2000, isExecuted: true },
  ];
  // The client was never given the key of the first S.
  expect(lintStory({ id: 'C-KEY-03', attempts: repeated })).toEqual([]);
  expect(lintStory({ id: 'C-UNK-02', attempts: repeated })).toEqual(['L-RTY-04']);
  const fifth = [0, 2000, 4000, 6000, 8000].map((ms): Attempt => ({ ms, view: 'U', played: 0 }));
  const resumed: JobStory = { action: 'resume', ms: 7500, endMs: 9000, claim: 'UNKNOWN' };
  const jobs: readonly JobStory[] = [{ endMs: 7000, claim: 'UNKNOWN' }, resumed];
  expect(lintStory({ id: 'C-UNK-05', attempts: fifth, jobs })).toEqual([]);
  expect(
    lintStory({ id: 'C-UNK-05', attempts: fifth, jobs: [{ endMs: 9000, claim: 'UNKNOWN' }] }),
  ).toEqual(['L-RTY-07']);
});
