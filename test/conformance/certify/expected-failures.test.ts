import { describe, expect, test } from 'vitest';
import {
  applyExpectedFailures,
  listFailures,
  readExpectedFailures,
} from '../../../server/conformance/certify/certify-files.ts';
import {
  type CaseResult,
  certifyExitCode,
  type FailLevel,
} from '../../../server/conformance/certify/result.ts';
import { parseLocatedYaml } from '../../../server/problems/located-yaml.ts';
import { believedUnsigned, sampleCase, sampleCheck, sampleResult } from './sample-result.ts';

const known = {
  cases: new Map([
    ['C-SEC-01', ['no-false-success', 'same-id']],
    ['C-SEC-06', ['no-false-success']],
    ['C-LOST-03', ['gives-up-by-itself']],
  ]),
  lintRules: ['L-RTY-04'],
  renamed: new Map([['C-SEC-10', 'C-SEC-06']]),
  operations: ['syncOrder', 'syncPaymentInfo'],
};

const read = (text: string) =>
  readExpectedFailures(parseLocatedYaml('certify.expected.yaml', text), known);

const run = (text: string, cases: readonly CaseResult[], chosen?: readonly string[]) => {
  const { value, problems } = read(text);
  expect(problems).toEqual([]);
  return applyExpectedFailures(sampleResult(cases), value, {
    today: '2027-01-31',
    chosen: chosen && new Set(chosen),
  });
};

const verdicts = ({ cases }: { readonly cases: readonly CaseResult[] }) =>
  cases.map(({ verdict }) => verdict);

const entry = '- { id: C-SEC-01, reason: planned }';

test.each([
  ['fails and is listed', entry, believedUnsigned(), 'XFAIL', 0],
  ['fails and is not listed', '', believedUnsigned(), 'FAIL', 1],
  ['passes and is listed', entry, sampleCase(), 'XPASS', 1],
  [
    'passes and is listed as flaky',
    entry.replace(' }', ', flaky: true }'),
    sampleCase(),
    'PASS',
    0,
  ],
  [
    'fails and is listed as flaky',
    entry.replace(' }', ', flaky: true }'),
    believedUnsigned(),
    'XFAIL',
    0,
  ],
  ['is not judged and is listed', entry, sampleCase({ verdict: 'NOT JUDGED' }), 'NOT JUDGED', 4],
  ['warns and is listed', entry, sampleCase({ verdict: 'WARN' }), 'WARN', 0],
  [
    'was expected until yesterday',
    entry.replace(' }', ', until: 2027-01-30 }'),
    believedUnsigned(),
    'FAIL',
    1,
  ],
  [
    'is expected until today',
    entry.replace(' }', ', until: 2027-01-31 }'),
    believedUnsigned(),
    'XFAIL',
    0,
  ],
  ['is another variant', entry.replace(' }', ', variant: other }'), believedUnsigned(), 'FAIL', 1],
  [
    'is one of the variants',
    entry.replace(' }', ', variant: [other, unsigned] }'),
    believedUnsigned(),
    'XFAIL',
    0,
  ],
  [
    'is another operation',
    entry.replace(' }', ', operation: syncPaymentInfo }'),
    believedUnsigned(),
    'FAIL',
    1,
  ],
  [
    'is excused by check',
    '- { id: C-SEC-01.no-false-success, reason: r }',
    believedUnsigned(),
    'XFAIL',
    0,
  ],
  [
    'is excused by another check',
    '- { id: C-SEC-01.same-id, reason: r }',
    believedUnsigned(),
    'FAIL',
    1,
  ],
] as const)('a case that %s', (_name, text, one, verdict, exitCode) => {
  const result = run(text, [one, sampleCase({ id: 'C-PRE-01' })]);
  expect(verdicts(result)).toEqual([verdict, 'PASS']);
  expect(certifyExitCode(result, 'major')).toBe(exitCode);
});

describe('expected failures', () => {
  test('excused by check, the other checks of the case stay in force', () => {
    const both = believedUnsigned({
      checks: [
        sampleCheck({ verdict: 'fail' }),
        sampleCheck({ id: 'same-id', verdict: 'fail', severity: 'major' }),
      ],
    });
    const one = run('- { id: C-SEC-01.no-false-success, reason: r }', [both]);
    expect(verdicts(one)).toEqual(['FAIL']);
    expect(one.cases[0]?.checks[0]?.expectation?.reason).toBe('r');
    const two = run(
      '[{ id: C-SEC-01.no-false-success, reason: r }, { id: C-SEC-01.same-id, reason: s }]',
      [both],
    );
    expect(verdicts(two)).toEqual(['XFAIL']);
    expect(two.expectations?.acceptsCritical).toBe(true);
  });

  test('an entry for several variants is not stale while one of them fails', () => {
    const result = run(entry, [
      believedUnsigned(),
      sampleCase({ variant: 'signature-without-time' }),
    ]);
    expect(verdicts(result)).toEqual(['XFAIL', 'PASS']);
    expect(result.expectations?.stale).toEqual([]);
  });

  test('entries of cases that were not to run say nothing', () => {
    const text = '- { id: C-LOST-03, reason: shared runner }';
    expect(certifyExitCode(run(text, [sampleCase()]), 'major')).toBe(4);
    expect(certifyExitCode(run(text, [sampleCase()], ['C-SEC-01']), 'major')).toBe(0);
  });

  test('unknown ids are problems with line and suggestion, renamed ones are resolved', () => {
    const { problems } = read(
      '- { id: C-SEC-11, reason: r }\n- { id: C-SEC-01.no-false-sucess, reason: r }\n' +
        '- { id: C-SEC-01, operation: orderSync, reason: r }\n- { id: L-RTY-04, reason: r }',
    );
    expect(problems).toMatchObject([
      { line: 1, message: 'C-SEC-11 does not exist', remedy: 'Did you mean "C-SEC-01"?' },
      { line: 2, remedy: 'Did you mean "no-false-success"?' },
      { line: 3, message: 'unknown operation "orderSync"' },
    ]);
    expect(read('- { id: C-SEC-01 }').problems).toMatchObject([{ line: 1 }]);
    expect(read('- { id: C-SEC-01, reason: r, until: soon }').problems).toHaveLength(1);
    expect(read('- { id: C-SEC-10, reason: TODO }').value).toEqual({
      entries: [{ id: 'C-SEC-06', reason: 'TODO' }],
      warnings: [
        'C-SEC-10 is now C-SEC-06: change the entry',
        'C-SEC-10 has no reason yet: replace TODO',
      ],
    });
  });

  test('what failed can be written as a file, which then excuses exactly that', () => {
    const cases = [
      believedUnsigned(),
      sampleCase({ id: 'C-SEC-06', sealed: true, verdict: 'FAIL' }),
    ];
    const entries = listFailures(cases);
    expect(entries).toEqual([
      { id: 'C-SEC-01', variant: 'unsigned', operation: 'syncOrder', reason: 'TODO' },
      { id: 'C-SEC-06', operation: 'syncOrder', sealed: true, reason: 'TODO' },
    ]);
    expect(verdicts(run(JSON.stringify(entries), cases))).toEqual(['XFAIL', 'XFAIL']);
  });
});

describe('exit code', () => {
  const code = (cases: readonly CaseResult[], failOn: FailLevel = 'major') =>
    certifyExitCode(sampleResult(cases), failOn);
  const minor = sampleCase({
    verdict: 'FAIL',
    severity: 'minor',
    checks: [sampleCheck({ verdict: 'fail', severity: 'minor' })],
  });

  test('is never 0 when nothing was judged, or not enough', () => {
    expect(code([])).toBe(4);
    expect(code([sampleCase({ verdict: 'NOT APPLICABLE' })])).toBe(4);
    expect(code([sampleCase(), sampleCase({ verdict: 'ERROR' })])).toBe(4);
    expect(code([sampleCase(), sampleCase({ verdict: 'NOT JUDGED', counted: false })])).toBe(0);
    expect(code([sampleCase({ verdict: 'ERROR' }), believedUnsigned()])).toBe(1);
  });

  test('follows --fail-on', () => {
    expect(code([minor], 'major')).toBe(0);
    expect(code([minor], 'minor')).toBe(1);
    expect(code([sampleCase({ verdict: 'WARN' })], 'minor')).toBe(0);
    expect(code([sampleCase({ verdict: 'WARN' })], 'warn')).toBe(1);
    expect(code([believedUnsigned()], 'critical')).toBe(1);
  });
});
