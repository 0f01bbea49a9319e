import { Ajv } from 'ajv';
import { schema as ctrfSchema } from 'ctrf';
import { describe, expect, test } from 'vitest';
import {
  markdownCell,
  renderCtrf,
  renderGithub,
  renderJunit,
  renderMarkdown,
} from '../../../server/conformance/report/formats.ts';

import { renderSarif } from '../../../server/conformance/report/sarif.ts';
import type { ReportCase, TestReport } from '../../../server/conformance/report/test-report.ts';

const hostile = `"]]></failure><x a='1'>&amp;\u0000\u001b[31m\ud800\uffff\r\n::error::%0A,| [a](b) @u`;

const passed: ReportCase = {
  group: 'LOST',
  name: 'C-LOST-01 syncOrder',
  status: 'passed',
  durationMs: 612.4,
  findings: [],
};
const failed: ReportCase = {
  group: 'SEC',
  name: hostile,
  status: 'failed',
  verdict: 'fail',
  durationMs: 20,
  details: hostile,
  findings: [
    {
      rule: 'C-SEC-01.no-false-success',
      level: 'error',
      message: hostile,
      remedy: 'Verify the signature.',
      location: { file: 'drivers/shop.py', line: 7, column: 3 },
    },
    { rule: 'L-RTY-04', level: 'note', message: 'sent again' },
  ],
  properties: { evidence: hostile },
};
const report: TestReport = {
  name: 'certify',
  version: '1.2.3',
  startedAt: Date.UTC(2027, 0, 2),
  durationMs: 5000,
  cases: [
    passed,
    failed,
    { ...passed, name: 'not judged', status: 'error', verdict: 'not-judged' },
    { ...passed, name: 'skipped', status: 'skipped', verdict: 'not-applicable' },
    {
      ...passed,
      name: 'flaky',
      flaky: true,
      retries: 1,
      findings: [{ rule: 'C-LOST-03.gives-up-by-itself', level: 'warning', message: 'slow' }],
    },
  ],
};

describe('JUnit', () => {
  const xml = renderJunit(report);

  test('counts per suite and over all, with the results as elements', () => {
    expect(xml).toContain(
      '<testsuites name="alipayhk-mock certify" tests="5" failures="1" errors="1" skipped="1" ' +
        'time="5.000">',
    );
    expect(xml).toContain(
      '<testsuite name="LOST" tests="4" failures="0" errors="1" skipped="1" time="2.450" ' +
        'timestamp="2027-01-02T00:00:00">',
    );
    expect(xml).toContain('<testcase name="C-LOST-01 syncOrder" classname="LOST" time="0.612"/>');
    expect(xml).toContain('<error message="not-judged" type="not-judged"');
    expect(xml).toContain('<skipped message="not-applicable" type="not-applicable"');
    expect(xml).toContain('<flakyFailure message="slow"');
  });

  test('escapes what clients say, and holds no character that XML cannot', () => {
    expect(xml).toContain('file="drivers/shop.py" line="7"');
    expect(xml).not.toContain('<x a');
    expect(xml).toContain(
      'message="&quot;]]&gt;&lt;/failure&gt;&lt;x a=&apos;1&apos;&gt;&amp;amp;' +
        '\\u0000\\u001b[31m\ufffd\ufffd\\u000d\\n::error::%0A,| [a](b) @u"',
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|\p{Surrogate}/u);
  });
});

test('CTRF fits its schema, and what could not be judged is no pass', () => {
  const document = JSON.parse(renderCtrf(report));
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(ctrfSchema);
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(document.results.summary).toMatchObject({
    tests: 5,
    passed: 2,
    failed: 1,
    skipped: 1,
    other: 1,
    flaky: 1,
  });
  expect(document.results.tests[1]).toMatchObject({
    status: 'failed',
    filePath: 'drivers/shop.py',
    line: 7,
  });
});

test('a workflow command is one line, whatever a client says', () => {
  const lines = renderGithub(report).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(
    /^::error file=drivers\/shop\.py,line=7,col=3,title=SEC%3A "\]\]><\/failure>/,
  );
  expect(lines[0]).toContain('\\u000d%0A::error::%250A,| [a](b) @u%0AVerify the signature.');
  expect(lines[1]).toBe('::error title=LOST%3A not judged::not-judged');
  for (const line of lines) expect(line).toMatch(/^::(error|warning) [^\r\n]*::[^\r\n]*$/);
});

describe('SARIF', () => {
  const render = (one: TestReport) =>
    JSON.parse(renderSarif(one, { file: 'certify.yaml' })).runs[0];

  test('every result has a rule that is listed and one relative location', () => {
    const { results, tool } = render(report);
    expect(results).toHaveLength(2);
    for (const { ruleId, ruleIndex, locations } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(locations).toHaveLength(1);
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[^/:]/);
      expect(locations[0].physicalLocation.region.startLine).toBeGreaterThan(0);
    }
    expect(results[1].locations[0].physicalLocation.artifactLocation.uri).toBe('certify.yaml');
    expect(results[0].message.text).toContain('\\[a\\](b)');
  });

  test('an absolute path becomes a relative reference', () => {
    const finding = { rule: 'r', level: 'error', message: 'm' } as const;
    const uris = ['/a b/c.py', 'C:\\work\\d#e.py'].map(
      (file) =>
        render({
          ...report,
          cases: [{ ...failed, findings: [{ ...finding, location: { file } }] }],
        }).results[0].locations[0].physicalLocation.artifactLocation.uri,
    );
    expect(uris).toEqual(['a%20b/c.py', 'work/d%23e.py']);
  });

  test('an alert stays the same from run to run', () => {
    const later: TestReport = {
      ...report,
      startedAt: report.startedAt + 1000,
      cases: report.cases.map((one) => ({ ...one, durationMs: one.durationMs + 1 })).reverse(),
    };
    const prints = (one: TestReport) =>
      render(one)
        .results.map((result: { partialFingerprints: object }) =>
          JSON.stringify(result.partialFingerprints),
        )
        .sort();
    expect(prints(later)).toEqual(prints(report));
    expect(new Set(prints(report)).size).toBe(2);
  });
});

describe('Markdown', () => {
  test('shows what did not pass or has a warning, and markup of no value', () => {
    const text = renderMarkdown(report, ['Profile: core']);
    expect(text).toContain('2 passed, 1 failed, 1 not judged, 1 skipped, in 5.0 s');
    expect(text.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(5);
    expect(markdownCell('a|b <img> ![x](https://y) @me www.z')).toBe(
      'a&#124;b &#60;img&#62; !&#91;x&#93;(https&#58;//y) &#64;&#8203;me www&#46;z',
    );
  });

  test('stays below what a job summary may hold', () => {
    const text = renderMarkdown({
      ...report,
      cases: Array.from({ length: 3000 }, (_, index) => ({
        ...failed,
        name: `${index} ${'<'.repeat(200)}`,
      })),
    });
    expect(Buffer.byteLength(text)).toBeLessThan(900_001);
    expect(text).toMatch(/\d+ more, left out here/);
  });
});
