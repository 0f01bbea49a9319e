import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../server/conformance/certify/catalogue/index.ts';
import { renderHtml } from '../../../server/conformance/certify/html/page.ts';
import {
  renderCaseLine,
  renderSummary,
} from '../../../server/conformance/certify/render-terminal.ts';
import { type CaseResult, certifyExitCode } from '../../../server/conformance/certify/result.ts';
import {
  caseLabel,
  certifyTestReport,
} from '../../../server/conformance/certify/to-test-report.ts';
import { lintRules } from '../../../server/conformance/lint/lint-rules.ts';
import { renderJunit } from '../../../server/conformance/report/formats.ts';
import { renderSarif } from '../../../server/conformance/report/sarif.ts';
import { believedUnsigned, sampleCase, sampleCheck, sampleResult } from './sample-result.ts';

const open = sampleCheck({
  verdict: 'open',
  reason: 'fault-did-not-strike',
  evidence: '-',
  sentence: 'the fault did not strike',
});
const mixed: readonly CaseResult[] = [
  sampleCase({ id: 'C-PRE-01' }),
  believedUnsigned(),
  sampleCase({ id: 'C-LOST-03', verdict: 'NOT JUDGED', checks: [open] }),
  sampleCase({
    id: 'C-SEAL-01',
    verdict: 'NOT APPLICABLE',
    message: 'no encrypted mode',
    checks: [],
  }),
  sampleCase({ id: 'C-UNK-04', verdict: 'WARN', checks: [sampleCheck({ verdict: 'warn' })] }),
  sampleCase({ id: 'C-LOST-04', verdict: 'PASS (alone)' }),
  believedUnsigned({
    id: 'C-SEC-02',
    verdict: 'XFAIL',
    expectation: { id: 'C-SEC-02', reason: 'planned' },
  }),
  sampleCase({
    id: 'C-SEC-03',
    verdict: 'XPASS',
    expectation: { id: 'C-SEC-03', reason: 'planned' },
  }),
  sampleCase({
    id: 'C-BOX-01',
    verdict: 'ERROR',
    error: { message: 'the driver made no report', remedy: 'Print one.' },
  }),
];

describe('as test reports', () => {
  const report = certifyTestReport(sampleResult(mixed), { file: 'driver.py', line: 3 });

  test('each verdict has the status that a CI server must see', () => {
    expect(Object.fromEntries(report.cases.map((one) => [one.verdict, one.status]))).toEqual({
      pass: 'passed',
      fail: 'failed',
      'not-judged': 'error',
      'not-applicable': 'skipped',
      warn: 'passed',
      'pass-alone': 'passed',
      xfail: 'skipped',
      xpass: 'failed',
      error: 'error',
    });
    const xml = renderJunit(report);
    expect(xml).toContain('<error message="the fault did not strike" type="not-judged"');
    expect(xml).toContain('classname="SEC"');
    expect(xml).toContain('name="C-SEC-01[unsigned] syncOrder"');
    expect(xml).toContain('<flakyFailure');
  });

  test('SARIF has what failed or warned, and nothing that was expected or not judged', () => {
    const { results, tool } = JSON.parse(renderSarif(report, { file: 'certify.yaml' })).runs[0];
    expect(results.map(({ ruleId, level }: Record<string, string>) => [ruleId, level])).toEqual([
      ['C-SEC-01.no-false-success', 'error'],
      ['C-UNK-04.no-false-success', 'warning'],
      ['C-SEC-03', 'error'],
    ]);
    const ids = tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of catalogue) expect(ids).toContain(id);
  });

  test('a case that the profile does not ask for fails nothing', () => {
    const [one] = certifyTestReport(sampleResult([believedUnsigned({ counted: false })])).cases;
    expect(one).toMatchObject({ status: 'skipped', findings: [{ level: 'note' }] });
  });
});

test('the page shows what was covered, and how to do it right in six languages', () => {
  const item = { examples: [], how: 'Report it.', isOptional: false } as const;
  const counts = { total: 2, answered: 1, handled: 1 };
  const items = [
    { ...item, id: 'syncOrder S', answered: 1, handled: 1 },
    { ...item, id: 'syncOrder <F>', answered: 0, handled: 0, oneShot: { then: { result: 'F' } } },
  ];
  const coverage = {
    ...{ schema: 1 as const, contract: '1', exchanges: 3, ...counts, pairs: [], notIntegrated: [] },
    groups: [{ id: 'C' as const, title: 'letters', ...counts, items }],
  };
  const page = renderHtml(sampleResult([sampleCase()], { coverage }));
  expect(page).toContain('1 of 2 items handled (50 %)');
  expect(page).toContain('aria-label="syncOrder &lt;F&gt;: not seen"');
  expect(page).toContain('{&quot;then&quot;:{&quot;result&quot;:&quot;F&quot;}}');
  for (const language of ['Java', 'PHP', 'Python', 'Go', 'C#', 'Node'])
    expect(page).toContain(`<dt>${language}</dt>`);
});

test('lint of the same traffic is shown, and decides nothing', () => {
  const result = sampleResult([sampleCase()], {
    lint: [
      {
        rule: 'L-RTY-01',
        severity: 'error',
        basis: 'documented',
        clientId: 'M1',
        exchanges: [{ number: 1, id: 'x1' }],
        sentence: 'a new requestId <b>',
        members: [],
        remedyId: lintRules['L-RTY-01'].remedy,
        first: 0,
        last: 0,
        count: 2,
      },
    ],
  });
  expect(renderHtml(result)).toContain('a new requestId &lt;b&gt;');
  const report = certifyTestReport(result);
  expect(report.cases.map(({ status }) => status)).toEqual(['passed', 'passed']);
  const { results } = JSON.parse(renderSarif(report, { file: 'certify.yaml' })).runs[0];
  expect(results).toMatchObject([{ ruleId: 'L-RTY-01', level: 'warning' }]);
  expect(certifyExitCode(result, 'minor')).toBe(0);
});

describe('on a terminal', () => {
  const plain = { isStyled: false };

  test('a line for each case', () => {
    expect(mixed.map((one) => renderCaseLine(one, plain))).toEqual([
      '✓ C-PRE-01 syncOrder',
      '✗ C-SEC-01[unsigned] syncOrder · believed an unsigned S: claimed SUCCESS, and sent nothing ' +
        'more when asked to resume · critical, doc',
      '? C-LOST-03 syncOrder · the fault did not strike · critical, doc',
      '- C-SEAL-01 syncOrder · no encrypted mode · critical, doc',
      '! C-UNK-04 syncOrder · no success was claimed before a signed one was delivered · critical, doc',
      '✓ C-LOST-04 syncOrder · passed when repeated alone',
      'x C-SEC-02[unsigned] syncOrder · expected: planned · critical, doc',
      '✗ C-SEC-03 syncOrder · passes, but was expected to fail: planned · critical, doc',
      '✗ C-BOX-01 syncOrder · the driver made no report · critical, doc',
    ]);
  });

  test('failures come first, with a timeline of at most eight lines, the fix and the command', () => {
    const event = (atMs: number) => ({ atMs, kind: 'attempt', text: 'again' }) as const;
    const long = believedUnsigned({ timeline: Array.from({ length: 30 }, (_, at) => event(at)) });
    const text = renderSummary(sampleResult([sampleCase(), long]), plain);
    expect(text).toMatch(
      /^✗ C-SEC-01\[unsigned\] syncOrder: .* \(critical\)\n {4}fail no-false-success/,
    );
    expect(text.match(/ ms {2}attempt: again/g)).toHaveLength(7);
    expect(text).toContain('… 23 more in the report');
    expect(text).toContain('    fix: Takes no success that is not signed');
    expect(text).toContain('again: alipayhk-mock certify --case C-SEC-01 -- python driver.py');
    expect(text).toContain(
      '1 failed, 1 passed\nchecks: 1 seen on the wire, 2 seen on the wire and',
    );
  });

  test('the events that show the failure are among those that are printed', () => {
    const timeline = Array.from({ length: 30 }, (_, at) => {
      const text = `as R${at < 25 ? 1 : 2}`;
      return { atMs: at, kind: 'attempt', text, ref: `x${at}` } as const;
    });
    const shown = { arrivalMs: 0, view: 'U' } as const;
    const exchanges = [24, 25].map((number) => ({ ...shown, number, ref: `x${number}` }));
    const checks = [sampleCheck({ id: 'same-id', verdict: 'fail', exchanges })];
    const text = renderSummary(sampleResult([believedUnsigned({ timeline, checks })]), plain);
    expect(text).toMatch(/attempt: as R1\n.*attempt: as R2\n.*… 4 more in the report/);
  });

  test('of cases that fail in one check the gravest is shown, and the others are named', () => {
    const alike = (['C-SEC-02', 'C-SEC-04', 'C-SEC-07'] as const).map((id) =>
      believedUnsigned({
        id,
        checks: [
          sampleCheck({ verdict: 'fail', severity: id === 'C-SEC-04' ? 'critical' : 'minor' }),
        ],
      }),
    );
    const result = sampleResult(alike);
    const text = renderSummary(result, plain);
    expect(text).toMatch(/^no-false-success fails in 3 cases: .*\n✗ C-SEC-04/);
    expect(text).toContain('the same in C-SEC-02[unsigned], C-SEC-07[unsigned]\n');
    expect(text.match(/fix:/g)).toHaveLength(1);
    expect(renderHtml(result)).toMatch(
      /This fails in 3 cases, also in\s<a href="#C-SEC-02-unsigned/,
    );
  });

  test('a claim that contradicts the wire comes before all else', () => {
    const liar = believedUnsigned({
      id: 'C-SEC-04',
      checks: [sampleCheck({ id: 'honest-claim', verdict: 'fail', evidence: 'W≠C' })],
    });
    expect(renderSummary(sampleResult([believedUnsigned(), liar]), plain)).toMatch(/^✗ C-SEC-04/);
  });

  test('nothing that a driver says controls the terminal', () => {
    const evil = sampleResult([
      sampleCase({ verdict: 'ERROR', error: { message: '\u001b[2J\u202e', remedy: '\u0007' } }),
    ]);
    const text =
      renderSummary(evil, { isStyled: true }) +
      evil.cases.map((one) => renderCaseLine(one, { isStyled: true })).join('');
    expect(text).not.toContain('\u001b[2J');
    expect(text).not.toContain('\u202e');
    expect(text).not.toContain('\u0007');
    expect(text).toContain('\u001b[31m');
  });
});

describe('HTML', () => {
  const tags = (page: string): ReadonlySet<string> =>
    new Set([...page.matchAll(/<\/?([a-z!][^\s>]*)/gi)].map(([, name = '']) => name));

  test('one page for each case, linked from the matrix; no script, and nothing is loaded', () => {
    const page = renderHtml(sampleResult(mixed));
    for (const one of mixed) {
      const anchor = /href="#([^"]+)" title="/g;
      expect([...page.matchAll(anchor)].length).toBe(mixed.length);
      expect(page).toContain(caseLabel(one));
    }
    for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g))
      expect(page).toContain(`id="${anchor}"`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|url\(|@import| style=|\bon\w+=/);
    const style = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(`default-src 'none'`.replaceAll("'", '&#39;'));
    expect(page).toContain(`sha256-${hash}`);
    expect(page).toContain('Not issued by AlipayHK.');
    expect(page).not.toMatch(/certified by/i);
  });

  test('whatever a client, a driver or a file says stays text', () => {
    const evil = `"'><script>alert(1)</script><img src=x onerror=1>\`&amp;\u0000\ud800`;
    const spoil = <T>(value: T): T =>
      JSON.parse(JSON.stringify(value), (key, member) =>
        typeof member === 'string' &&
        !['id', 'verdict', 'kind', 'evidence', 'severity'].includes(key)
          ? `${member}${evil}`
          : member,
      );
    const honest = sampleResult(mixed, {
      stray: [{ ref: 'r', atMs: 1, clientId: 'c', operation: 'o' }],
      expectations: {
        stale: [{ id: 'a', reason: 'b' }],
        unconfirmed: [],
        expired: [{ id: 'a', reason: 'b', until: 'c' }],
        warnings: ['w'],
        acceptsCritical: true,
      },
    });
    const page = renderHtml(spoil(honest));
    expect([...tags(page)].sort()).toEqual([...tags(renderHtml(honest))].sort());
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<img');
  });

  test('stays below 1.5 MB; what failed keeps its wire log', () => {
    const [wire] = believedUnsigned().wire ?? [];
    const wires = Array.from({ length: 6 }, (_, at) => ({
      ref: `r${at}`,
      number: at,
      arrivalMs: at,
      endedMs: at,
      method: 'POST',
      target: '/x',
      requestHeaders: wire?.requestHeaders ?? [],
      requestBody: 'x'.repeat(4000),
      httpStatus: 200,
      responseHeaders: [],
      responseBody: 'y'.repeat(4000),
      reason: 'scripted',
    }));
    const many = Array.from({ length: 300 }, (_, at) =>
      sampleCase({ variant: `v${at}`, wire: wires }),
    );
    const page = renderHtml(sampleResult([...many, believedUnsigned()]));
    expect(Buffer.byteLength(page)).toBeLessThan(1_500_000);
    expect(page).toContain('signature=QUJD');
    expect(page).toContain('The wire log is left out to keep this file small');
  });
});
