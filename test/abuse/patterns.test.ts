import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { patternProblem, readyPattern } from '../../server/scenario/pattern.ts';
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
    expect(readyPattern(source)(text)).toBe(fits);
    expect(new RegExp(source, 'u').test(text)).toBe(fits);
  });

  test.each(['(?=a)b', '(?<!a)b', '(a)\\1', '^(?!TEST)'])('%s is refused with the reason', (source) => {
    expect(patternProblem(source)).toMatch(/look-around or a back-reference, which could take for ever/);
  });

  test.each(['(', 'a{1000}{1000}{1000}', '[z-a]'])('%s is refused', (source) => {
    expect(patternProblem(source)).toMatch(/^is not a regular expression/);
  });

  // Any of these would take longer than the test may, were every way tried.
  test.each(['(a+)+$', '^(a|a)*$', '^([a-z]+)*$', '(a|aa)+$', '(.*a){20}$', '^(a?){50}a{50}b'])('%s is no trap', (source) => {
    expect(readyPattern(source)(`${'a'.repeat(20_000)}!`)).toBe(false);
  });

  test('a trap in a scenario file holds nobody up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'traps-'));
    writeFileSync(
      join(folder, 'trap.yaml'),
      'name: trap\ndescription: A trap.\nrules:\n  - when: { operation: syncOrder, body: { merchantBizNo: { regex: "^(A+)+$" } } }\n    then: { result: UN_SUPPORT_BUSINESS }\n',
    );
    const server = await startServer({ scenarios: [folder], scenario: ['trap'] });
    const { body } = await attack(server, signedBody(orderText(server, `${'A'.repeat(30)}!`)), { until: answered });
    expect(body).toContain('"SUCCESS"');
    expect((await attack(server, signedBody(orderText(server, 'A'.repeat(30))), { until: answered })).body).toContain(
      'UN_SUPPORT_BUSINESS',
    );
    expect(await goodOrder(server)).toBe('SUCCESS');
    await server.close();
  });
});
