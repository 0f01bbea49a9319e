import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  compilePattern,
  PatternMeter,
  patternProblem,
} from '../../server/domain/scenarios/pattern.ts';
import { startServer } from '../start-server.ts';
import { answered, attack, goodOrder, orderText, signedBody } from './raw-attack.ts';

describe('regular expressions of scenario files', () => {
  test.each([
    ['^ORDER-\\d+$', 'ORDER-12', true],
    ['^ORDER-\\d+$', 'ORDER-', false],
    ['海濱', '香港海濱樂園', true],
    ['\\p{L}{3}$', 'a海b', true],
    ['^.$', '😀', true],
    ['[^]', '\n', true],
    ['a\\/b|\\u6d77', 'x海', true],
    ['(?<year>\\d{4})-(?:0[1-9]|1[0-2])', 'on 2026-11', true],
  ])('%s on %s: %s', (source, text, fits) => {
    expect(compilePattern(source)(text)).toBe(fits);
    expect(new RegExp(source, 'u').test(text)).toBe(fits);
  });

  test.each(['(?=a)b', '(?<!a)b', '(a)\\1', '^(?!TEST)', '(?<n>a)\\k<n>', '\\\\\\k<n>'])(
    '%s is refused with the reason',
    (source) => {
      expect(patternProblem(source)).toEqual({
        message: expect.stringMatching(/look-around or a back-reference, ".+", which could run/),
        remedy: expect.stringMatching(/^Write the condition without it/),
      });
    },
  );

  test.each(['(', 'a{1000}{1000}{1000}', '[z-a]'])('%s is refused', (source) => {
    expect(patternProblem(source)?.message).toMatch(/^is not a regular expression/);
  });

  // Any of these would take longer than the test may, were every way tried.
  test.each(['(a+)+$', '^(a|a)*$', '^([a-z]+)*$', '(a|aa)+$', '(.*a){20}$', '^(a?){50}a{50}b'])(
    '%s is no trap',
    (source) => {
      expect(compilePattern(source)(`${'a'.repeat(20_000)}!`)).toBe(false);
    },
  );

  test('a program that is large for a long text is not run, and that is counted', () => {
    const meter = new PatternMeter();
    const began = performance.now();
    expect(compilePattern('(.{0,1000}c){0,1}$')('a'.repeat(100_000), meter)).toBe(false);
    expect(meter.skipped).toEqual(['(.{0,1000}c){0,1}$']);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(compilePattern('(.{0,1000}c){0,1}$')('a'.repeat(1000), new PatternMeter())).toBe(true);
  });

  test('the patterns of one request share their steps', () => {
    const meter = new PatternMeter(1000);
    const fits = compilePattern('^a+$');
    expect([1, 2, 3].map(() => fits('a'.repeat(60), meter))).toEqual([true, true, false]);
    expect(meter.skipped).toEqual(['^a+$']);
  });

  test.each([
    '.{0,1000}'.repeat(50),
    '((a{30}){30}){30}',
    `(${'ab'.repeat(200)}){0,1000}`,
    'x'.repeat(501),
    '(a{0,50}){0,50}(b{0,50}){0,50}',
  ])('%s is refused before it is compiled', (source) => {
    const began = performance.now();
    expect(patternProblem(source)?.message).toMatch(
      /repetitions add up to more than 2500|has 501 characters; 500 are allowed/,
    );
    expect(performance.now() - began).toBeLessThan(100);
  });

  test.each([
    '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
    '^.{1,1000}$',
    '\\p{L}{3,64}',
    '(?:[A-Z]{2}\\d{6}){1,16}',
  ])('%s is small enough', (source) => {
    expect(patternProblem(source)).toBeUndefined();
  });

  test('a rule whose pattern was not run says so in the exchange', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'costly-'));
    writeFileSync(
      join(folder, 'costly.yaml'),
      'name: costly\ndescription: A costly one.\nrules:\n  - when: { operation: syncOrder, body: { note: { regex: "(.{0,1000}c){0,1}$" } } }\n    then: { result: UN_SUPPORT_BUSINESS }\n',
    );
    const server = await startServer({ scenarios: [folder], scenario: ['costly'] });
    const text = orderText(server, 'COSTLY').replace(/^\{/, `{"note":"${'a'.repeat(100_000)}",`);
    const { body, milliseconds } = await attack(server, signedBody(text), {
      until: answered,
      forMs: 20_000,
    });
    expect(body).toContain('"SUCCESS"');
    expect(milliseconds).toBeLessThan(5000);
    expect(server.journal.entries.at(-1)?.findings.map(({ id }) => id)).toContain(
      'PATTERN_SKIPPED',
    );
    await server.close();
  });

  test('a trap in a scenario file holds nobody up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traps-'));
    writeFileSync(
      join(folder, 'trap.yaml'),
      'name: trap\ndescription: A trap.\nrules:\n  - when: { operation: syncOrder, body: { merchantBizNo: { regex: "^(A+)+$" } } }\n    then: { result: UN_SUPPORT_BUSINESS }\n',
    );
    const server = await startServer({ scenarios: [folder], scenario: ['trap'] });
    const { body } = await attack(server, signedBody(orderText(server, `${'A'.repeat(30)}!`)), {
      until: answered,
    });
    expect(body).toContain('"SUCCESS"');
    expect(
      (await attack(server, signedBody(orderText(server, 'A'.repeat(30))), { until: answered }))
        .body,
    ).toContain('UN_SUPPORT_BUSINESS');
    expect(await goodOrder(server)).toBe('SUCCESS');
    await server.close();
  });
});
