import { expect, test } from 'vitest';
import { settingsIn } from '../../../server/app/settings/resolve-settings.ts';
import { compileRule } from '../../../server/domain/scenarios/compile-scenario.ts';
import { readScenarioText } from '../../../server/domain/scenarios/read-scenarios.ts';
import { findReservedKey } from '../../../server/problems/json-text.ts';
import { parseLocatedYaml } from '../../../server/problems/located-yaml.ts';
import { startServer } from '../../start-server.ts';

const aliases = `a: &a [x, x, x, x, x, x, x, x, x, x]\n${Array.from('bcdefghij', (name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]}, `.repeat(9)}x]`).join('\n')}\n`;

test.each([
  ['too many aliases', aliases],
  ['an old version', '%YAML 1.1\n---\nname: x\n? - &a b\n: - *a\n'],
  ['an unknown alias', 'name: *nobody\n'],
  ['an unknown tag', 'name: !!js/function x\n'],
  ['nested beyond the stack', `a: ${'['.repeat(20_000)}`],
  ['nothing but a directive', '%YAML 9.9\n'],
])('YAML with %s is a problem or a value, and never throws', async (_name, text) => {
  expect(() => parseLocatedYaml('file', text)).not.toThrow();
  const server = await startServer();
  for (const route of ['scenarios', 'scenarios/check']) {
    const answer = await fetch(`${server.url}/__admin/${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ yaml: text }),
    });
    const { problems } = (await answer.json()) as { problems: unknown[] };
    expect([route, answer.status, problems.length > 0]).toEqual([
      route,
      route === 'scenarios' ? 422 : 200,
      true,
    ]);
  }
  await server.close();
});

test.each(['__proto__', 'constructor', 'prototype', 'amount.__proto__'])(
  '%s is no key, wherever it stands',
  async (key) => {
    const yaml = `name: x\ndescription: x\nrules:\n  - when: { operation: syncOrder, body: { ${key}: x } }\n    then: { result: PARAM_ILLEGAL }\n`;
    const server = await startServer();
    const { scenario, problems } = readScenarioText(yaml, new Map(), server.contract);
    expect([scenario, problems]).toEqual([
      undefined,
      [
        {
          where: 'scenario',
          line: 4,
          column: expect.any(Number),
          message: expect.stringContaining(`the key "${key}" is reserved`),
          remedy: expect.any(String),
        },
      ],
    ]);
    const rule = JSON.parse(
      `{"when":{"operation":"syncOrder","body":{"${key}":"x"}},"then":{"result":"PARAM_ILLEGAL"}}`,
    );
    expect(compileRule('one-shot', 'one-shot', rule, server.contract)).toMatchObject({
      problems: [{ message: expect.stringContaining('is reserved') }],
    });
    expect(
      parseLocatedYaml('config', `clients: { ${key}: { disabled: true } }`).problems,
    ).toHaveLength(1);
    expect(settingsIn({ port: 1 }).unknown).toEqual([]);
    await server.close();
  },
);

test('a reserved key is found at any depth', () => {
  expect(findReservedKey(JSON.parse('[{"a":[{"b":{"__proto__":1}}]}]'))).toEqual([
    0,
    'a',
    0,
    'b',
    '__proto__',
  ]);
  expect(findReservedKey({ a: [{ proto: 1 }], toString: 1 })).toBeUndefined();
  let deep: unknown = 'x';
  for (let level = 0; level < 100_000; level++) deep = [deep];
  expect(findReservedKey(deep)).toBeUndefined();
});
