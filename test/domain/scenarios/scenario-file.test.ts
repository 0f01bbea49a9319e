import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ScenariosChange } from '../../../server/app/bootstrap.ts';
import type { MockServer } from '../../../server/app/create-server.ts';
import { playExpectations } from '../../../server/cli/commands/play-expectations.ts';
import { compileScenario } from '../../../server/domain/scenarios/compile-scenario.ts';
import { unreachableRules } from '../../../server/domain/scenarios/read-scenarios.ts';
import { scenarioFile } from '../../../server/domain/scenarios/scenario-file.ts';
import {
  matchingRules,
  ordinaryDelivery,
  RuleList,
  type ScriptedResult,
  selectRule,
} from '../../../server/domain/scenarios/select-rule.ts';
import { fillScript } from '../../../server/domain/scenarios/templates.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { parseLocatedYaml } from '../../../server/problems/located-yaml.ts';
import { merchantAt } from '../../merchant.ts';
import { demoMerchant, startServer } from '../../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const compile = (text: string) => {
  const source = parseLocatedYaml('story.yaml', text);
  return compileScenario(scenarioFile.parse(source.value), source, server.contract);
};
const story = (rule: string) => `name: story\ndescription: x\nrules:\n  - ${rule}\n`;
const operation = 'operation: syncOrder';

describe('contradictions are start-up errors that name line and remedy', () => {
  test.each([
    [
      `{ when: { ${operation} }, then: { result: SUCESS } }`,
      'SUCESS is not a result code of syncOrder',
      'Did you mean "SUCCESS"?',
    ],
    [
      `{ when: { ${operation} }, then: { result: PASS_UPDATE_FAIL } }`,
      'PASS_UPDATE_FAIL is not a result code of syncOrder',
      'Known: ',
    ],
    [
      `{ when: { ${operation} }, then: { result: SUCCESS, status: F } }`,
      'status F contradicts SUCCESS',
      'SUCCESS goes with S',
    ],
    [
      `{ when: { ${operation} }, then: { result: PARAM_ILLEGAL, status: S } }`,
      'status S contradicts PARAM_ILLEGAL',
      'SUCCESS goes with S',
    ],
    [
      `{ when: { ${operation} }, then: { result: SUCCESS, sequence: [SUCCESS] } }`,
      'result and sequence contradict',
      'Keep one',
    ],
    [
      `{ when: { ${operation} }, then: { sequence: [SUCCESS, NOPE] } }`,
      'NOPE is not a result code',
      'Known: ',
    ],
    [
      `{ when: { ${operation} }, then: { status: U } }`,
      'status overrides a result, but none is given',
      'result: CODE',
    ],
    [`{ when: { ${operation} }, then: {} }`, '"then" is empty', 'Give a result'],
    [
      `{ when: { ${operation} }, then: { result: SUCCESS, repeat: true } }`,
      'repeat needs a sequence',
      'Add a sequence',
    ],
    [
      `{ when: { ${operation} }, then: { result: SUCCESS, body: { a: "{{env.HOME}}" } } }`,
      'unknown template variable {{env.HOME}}',
      '{{request.FIELD}}',
    ],
    [
      `{ when: { ${operation}, state: wating }, then: { result: SUCCESS, goTo: waiting } }`,
      'no rule goes to the state "wating"',
      'Did you mean "waiting"?',
    ],
  ])('%s', (rule, message, remedy) => {
    const { problems } = compile(story(rule));
    expect(problems[0]).toMatchObject({
      where: 'story.yaml',
      line: 4,
      message: expect.stringContaining(message),
    });
    expect(problems.map((problem) => problem.remedy).join()).toContain(remedy);
  });

  test.each([
    [
      `{ when: { ${operation}, call: { first: 1, nth: 2 } }, then: { result: SUCCESS } }`,
      'exclude each other',
    ],
    [
      `{ when: { ${operation}, body: { a: { regex: "(" } } }, then: { result: SUCCESS } }`,
      'is not a regular expression',
    ],
    [`{ when: { operation: syncOrders }, then: { result: SUCCESS } }`, 'Invalid option'],
    [`{ when: { ${operation} }, then: { result: SUCCESS, delay: 1 } }`, 'Unrecognized key'],
  ])('%s does not fit the schema', (rule, message) => {
    const checked = scenarioFile.safeParse(parse(story(rule)));
    expect(checked.success).toBe(false);
    expect(checked.error?.issues.map((issue) => issue.message).join()).toContain(message);
  });
});

describe('matching', () => {
  const outcomes = (
    rules: string,
    calls: number,
    request: Record<string, string | number> = {},
    identity = 'x',
  ) => {
    const { scenario, problems } = compile(`name: story\ndescription: x\nrules:\n${rules}`);
    expect(problems).toEqual([]);
    const counters = new Map<string, number>();
    const states = new Map<string, string>();
    return Array.from({ length: calls }, (_, n) => {
      const matched = matchingRules([scenario.rules], {
        clientId: 'c',
        request,
        isReused: false,
      });
      const {
        script,
        calls: counted,
        goTo,
      } = selectRule(matched, {
        identity: identity === 'each' ? String(n) : identity,
        callsBefore: ({ id }) => counters.get(id) ?? 0,
        stateOf: (key) => states.get(key) ?? 'start',
        held: n === 0 ? undefined : { orderStatus: 'SERVING', calls: n },
        now: n * 1000,
      });
      for (const [{ id }, value] of counted) counters.set(id, value);
      if (goTo !== undefined) states.set(...goTo);
      return script?.result ?? '-';
    }).join(' ');
  };

  test.each([
    ['call: { first: 2 }', 'U U - -'],
    ['call: { nth: 3 }', '- - U -'],
    ['call: { every: 2 }', '- U - U'],
    ['', 'U U U U'],
  ])('%s', (condition, expected) => {
    expect(
      outcomes(
        `  - { when: { ${operation}${condition === '' ? '' : `, ${condition}`} }, then: { result: UNKNOWN_EXCEPTION } }`,
        4,
      ).replaceAll('UNKNOWN_EXCEPTION', 'U'),
    ).toBe(expected);
  });

  test('calls are counted for the client, or for each identity', () => {
    const rule = (per: string) =>
      `  - { when: { ${operation}, call: { first: 1, per: ${per} } }, then: { result: PARAM_ILLEGAL } }`;
    expect(outcomes(rule('client'), 3, {}, 'each')).toBe('PARAM_ILLEGAL - -');
    expect(outcomes(rule('identity'), 3, {}, 'each')).toBe(
      'PARAM_ILLEGAL PARAM_ILLEGAL PARAM_ILLEGAL',
    );
  });

  test('the first match wins; a later rule counts only the calls that reach it', () => {
    const rules = `  - { when: { ${operation}, call: { first: 1 } }, then: { result: PARAM_ILLEGAL } }\n  - { when: { ${operation}, call: { first: 1 } }, then: { result: UN_SUPPORT_BUSINESS } }`;
    expect(outcomes(rules, 3)).toBe('PARAM_ILLEGAL UN_SUPPORT_BUSINESS -');
  });

  test('named states: each identity goes its own way through the story', () => {
    const rules = [
      `  - { when: { ${operation} }, then: { result: PARAM_ILLEGAL, goTo: warned } }`.replace(
        'operation: syncOrder',
        'operation: syncOrder, state: start',
      ),
      `  - { when: { ${operation}, state: warned }, then: { result: UN_SUPPORT_BUSINESS, goTo: banned } }`,
      `  - { when: { ${operation}, state: [banned] }, then: { result: ACCESS_DENIED } }`,
    ].join('\n');
    expect(outcomes(rules, 4)).toBe(
      'PARAM_ILLEGAL UN_SUPPORT_BUSINESS ACCESS_DENIED ACCESS_DENIED',
    );
    expect(outcomes(rules, 2, {}, 'each')).toBe('PARAM_ILLEGAL PARAM_ILLEGAL');
  });

  test('a sequence may begin again, and may let a call through', () => {
    expect(
      outcomes(
        `  - { when: { ${operation} }, then: { sequence: [PARAM_ILLEGAL, behave], repeat: true } }`,
        4,
      ),
    ).toBe('PARAM_ILLEGAL - PARAM_ILLEGAL -');
  });

  test.each([
    ['held: nothing', 'U - -'],
    ['held: { orderStatus: SERVING }', '- U U'],
    ['held: { calls: { min: 2 } }', '- - U'],
    ['held: { orderStatus: PAUSED }', '- - -'],
    ['from: "1970-01-01T00:00:01Z"', '- U U'],
    ['until: "1970-01-01T08:00:02+08:00"', 'U U -'],
  ])('%s', (condition, expected) => {
    expect(
      outcomes(
        `  - { when: { ${operation}, ${condition} }, then: { result: UNKNOWN_EXCEPTION } }`,
        3,
      ).replaceAll('UNKNOWN_EXCEPTION', 'U'),
    ).toBe(expected);
  });

  test('templates fill in what was sent, held and counted; a lone one keeps its kind', () => {
    const script: ScriptedResult = {
      name: 's',
      message: 'Order {{request.no}} was {{ held.status }} ({{call}})',
      body: { n: '{{request.n}}', list: ['at {{now}}'], gone: '{{held.none}}' },
      delivery: ordinaryDelivery,
    };
    expect(
      fillScript(script, { request: { no: 'A', n: 7 }, held: { status: 'USED' }, now: 5, call: 2 }),
    ).toMatchObject({
      message: 'Order A was USED (2)',
      body: { n: 7, list: ['at 5'], gone: null },
    });
  });

  test('a sequence ends, and goes on with what the rule below says', () => {
    const rules = `  - { when: { ${operation} }, then: { sequence: [PARAM_ILLEGAL, SUCCESS] } }\n  - { when: { ${operation} }, then: { result: UN_SUPPORT_BUSINESS } }`;
    expect(outcomes(rules, 4)).toBe(
      'PARAM_ILLEGAL SUCCESS UN_SUPPORT_BUSINESS UN_SUPPORT_BUSINESS',
    );
  });

  test.each([
    ['a: x', { a: 'x' }, true],
    ['a: x', { a: 'xy' }, false],
    ['a: { prefix: x }', { a: 'xy' }, true],
    ['a: { regex: "^x\\\\d$" }', { a: 'x1' }, true],
    ['a: { regex: "^x\\\\d$" }', { a: 'xx' }, false],
    ['a: { present: true }', { a: 0 }, true],
    ['a: { present: false }', {}, true],
    ['a: { present: false }', { a: 0 }, false],
    ['a: { min: 2, max: 3 }', { a: 3 }, true],
    ['a: { min: 2, max: 3 }', { a: 4 }, false],
    ['a: { min: 2 }', { a: '3' }, false],
  ])('%s against %j: %s', (condition, request, matches) => {
    const rule = `  - { when: { ${operation}, body: { ${condition} } }, then: { result: PARAM_ILLEGAL } }`;
    expect(outcomes(rule, 1, request)).toBe(matches ? 'PARAM_ILLEGAL' : '-');
  });
});

test('the example of scenarios/README.md is right in every line', async () => {
  const text =
    /```yaml\n([\s\S]*?)```/.exec(
      readFileSync(join(packageRoot, 'scenarios', 'README.md'), 'utf8'),
    )?.[1] ?? '';
  const { scenario, problems } = compile(text);
  expect(problems).toEqual([]);
  const folder = mkdtempSync(join(tmpdir(), 'story-'));
  writeFileSync(join(folder, 'my-story.yaml'), text);
  const at = await startServer({ scenarios: [folder], scenario: ['my-story'] });
  const played = await playExpectations(scenario.expect, at.url, demoMerchant(), at.contract);
  expect(played.map(({ differences }) => differences)).toEqual(played.map(() => []));
  await at.close();
});

test('an unsigned success is possible on purpose (G-04)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'story-'));
  writeFileSync(
    join(folder, 'unsigned.yaml'),
    `name: unsigned\ndescription: x\nrules:\n  - { when: { ${operation} }, then: { signed: false } }\n`,
  );
  const at = await startServer({ scenarios: [folder], scenario: ['unsigned'] });
  expect(await merchantAt(at).call('syncOrder')).toMatchObject({
    code: 'SUCCESS',
    signature: 'unsigned',
  });
  await at.close();
});

test.each(['authenticated', 'always', 'never'] as const)(
  'G-04 a rule signs its refusals always or never, whatever signRefusals says: %s',
  async (signRefusals) => {
    const folder = mkdtempSync(join(tmpdir(), 'story-'));
    const refusal = '{ result: INVALID_SIGNATURE, signed: ';
    const steps = `[${refusal}true }, ${refusal}false }, INVALID_SIGNATURE]`;
    writeFileSync(
      join(folder, 'refused.yaml'),
      `name: refused\ndescription: x\nrules:\n  - { when: { ${operation} }, then: { sequence: ${steps} } }\n`,
    );
    const at = await startServer({ scenarios: [folder], scenario: ['refused'], signRefusals });
    const { call } = merchantAt(at);
    for (const signature of ['verified', 'unsigned', 'verified'])
      expect(await call('syncOrder', { merchantBizNo: 'A' })).toMatchObject({
        code: 'INVALID_SIGNATURE',
        signature,
      });
    await at.close();
  },
);

test('a scenario may include others; one that is not there, and a circle, are start-up errors', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'includes-'));
  const write = (name: string, text: string) =>
    writeFileSync(join(folder, `${name}.yaml`), `name: ${name}\ndescription: x\n${text}`);
  write('both', `include: [order-success, slow-answer]\nrules: []\n`);
  const at = await startServer({ scenarios: [folder] });
  expect(at.scenarios.known.get('both')?.rules.map(({ name }) => name)).toEqual([
    'order-success, rule 1',
    'slow-answer, rule 1',
    'slow-answer, rule 2',
  ]);
  await at.close();
  write('both', 'include: [slow-anser]\nrules: []\n');
  await expect(startServer({ scenarios: [folder] })).rejects.toThrow(
    /both\.yaml:3:\d+: includes unknown scenario "slow-anser".*Did you mean "slow-answer"/s,
  );
  write('both', 'include: [both]\nrules: []\n');
  await expect(startServer({ scenarios: [folder] })).rejects.toThrow(/includes itself/);
});

test('rules that can never answer are found; those that ask for more are not', () => {
  const shadows = (rules: string) =>
    unreachableRules(scenarioFile.parse(parse(`name: story\ndescription: x\nrules:\n${rules}`)));
  const all = '  - { when: { operation: syncOrder }, then: { result: SUCCESS } }\n';
  const some =
    '  - { when: { operation: syncOrder, body: { a: 1 } }, then: { result: SUCCESS } }\n';
  expect(shadows(all + some)).toEqual([{ rule: 1, shadowedBy: 0 }]);
  expect(shadows(some + all)).toEqual([]);
  expect(shadows(some + some)).toEqual([{ rule: 1, shadowedBy: 0 }]);
  expect(shadows(all.replace('syncOrder', 'syncOrder, state: start') + all)).toEqual([]);
  expect(shadows(all.replace('syncOrder', 'syncOrder, call: { first: 1 }') + all)).toEqual([]);
});

test('watch: a changed file is taken up as a whole, a broken one keeps the last good set and is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watched-'));
  const write = (result: string) =>
    writeFileSync(
      join(folder, 'mine.yaml'),
      `name: mine\ndescription: x\nrules:\n  - { when: { operation: syncOrder }, then: { result: ${result} } }\n`,
    );
  write('PARAM_ILLEGAL');
  const changes: ScenariosChange[] = [];
  const at = await startServer(
    { scenarios: [folder], scenario: ['mine'], watch: true },
    { onScenariosChange: (change) => void changes.push(change) },
  );
  const next = async (count: number) => {
    await expect.poll(() => changes.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
    return changes.at(-1);
  };
  const code = async () => (await merchantAt(at).call('syncOrder')).code;
  expect(await code()).toBe('PARAM_ILLEGAL');
  write('UN_SUPPORT_BUSINESS');
  expect(await next(1)).toHaveProperty('scenarios');
  expect(await code()).toBe('UN_SUPPORT_BUSINESS');
  write('NO_SUCH_CODE');
  expect(await next(2)).toMatchObject({
    problems: [{ line: 4, message: expect.stringContaining('NO_SUCH_CODE') }],
  });
  expect(await code()).toBe('UN_SUPPORT_BUSINESS');
  await at.close();
});

test('the shelf leaves out only rules that do not fit, and keeps their order', () => {
  const bodies = [
    'a: x',
    'a: { prefix: x }',
    'a: { prefix: xy }',
    'a: { equals: x }',
    'a: null',
    'b: 1',
    '"c.d": x',
    'a: { present: false }',
    'b: { min: 1 }, a: { prefix: x }',
    'a: { prefix: x, regex: "y$" }',
  ];
  const text = `name: story\ndescription: x\nrules:\n${[...bodies, ...bodies].map((body) => `  - { when: { ${operation}, body: { ${body} } }, then: { result: SUCCESS } }`).join('\n')}\n  - { when: { ${operation} }, then: { result: SUCCESS } }`;
  const { rules } = compile(text).scenario;
  const list = new RuleList(rules);
  for (const request of [
    {},
    { a: 'x' },
    { a: 'xy' },
    { a: 'xyz', b: 1 },
    { a: null },
    { b: 1 },
    { a: 1, b: 2 },
    { c: { d: 'x' } },
    { a: 'y' },
  ]) {
    const names = (
      candidates: readonly { name: string; matchesBody: (fields: never) => boolean }[],
    ) =>
      candidates.filter(({ matchesBody }) => matchesBody(request as never)).map(({ name }) => name);
    expect(names(list.candidates('at-decision', 'syncOrder', request as never))).toEqual(
      names(rules),
    );
  }
  expect(list.candidates('at-decision', 'syncOrder', { a: 'y' }).length).toBeLessThan(rules.length);
});
