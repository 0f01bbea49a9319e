import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  chooseScenarios,
  readScenarios,
  readScenarioText,
  rulesWithIncludes,
} from '../../../server/domain/scenarios/read-scenarios.ts';
import { shippedContract } from '../shipped-contract.ts';

const contract = shippedContract();
const scenario = (name: string, more = ''): string =>
  `name: ${name}\ndescription: x\n${more}rules:\n` +
  '  - when: { operation: syncOrder }\n    then: { result: SUCCESS }\n';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenarios-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('scenario files', () => {
  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['two of one name', { 'a.yaml': scenario('same'), 'b.yaml': scenario('same') }, /is taken by/],
    ['no YAML', { 'a.yaml': 'name: [' }, /./],
    ['no scenario', { 'a.yaml': 'name: x' }, /./],
    ['an unknown include', { 'a.yaml': scenario('a', 'include: [nobody]\n') }, /unknown scenario/],
    [
      'a circle of includes',
      { 'a.yaml': scenario('a', 'include: [b]\n'), 'b.yaml': scenario('b', 'include: [a]\n') },
      /includes itself/,
    ],
    ['no file', {}, /has no scenario file/],
  ])('%s is a problem', (_what, files, message) => {
    for (const [name, text] of Object.entries(files)) write(name, text);
    const { problems } = readScenarios([folder], contract);
    expect(problems.map((one) => one.message).join('\n')).toMatch(message);
  });

  test('a folder that is watched may be empty, one file is enough, an absent one is a problem', () => {
    expect(readScenarios([folder], contract, true).problems).toEqual([]);
    const file = write('one.yaml', scenario('one'));
    expect([...readScenarios([file], contract).value.keys()]).toEqual(['one']);
    expect(readScenarios([join(folder, 'nowhere')], contract).problems).toHaveLength(1);
  });

  test('includes follow the own rules; what is chosen must exist', () => {
    write('a.yaml', scenario('a', 'include: [b]\n'));
    write('b.yaml', scenario('b'));
    const { value } = readScenarios([folder], contract);
    const [first] = chooseScenarios(value, ['a']).value;
    expect(first?.rules.length).toBe(2);
    expect(first && rulesWithIncludes({ ...first, include: ['nobody'] }, value)).toEqual(
      first?.rules,
    );
    const { value: chosen, problems } = chooseScenarios(value, ['b', 'c']);
    expect([chosen.map(({ name }) => name), problems.map(({ message }) => message)]).toEqual([
      ['b'],
      ['there is no scenario "c"'],
    ]);
  });
});

const head = 'name: story\ndescription: x\n';
const rule = (then: string, when = 'operation: syncOrder') =>
  `${head}rules:\n  - when: { ${when} }\n    then: { ${then} }\n`;
const expecting = (steps: string) => `${rule('result: SUCCESS')}expect:\n${steps}`;

describe('the text of a scenario', () => {
  test.each<[string, string]>([
    [rule('status: U'), 'status overrides a result, but none is given'],
    [rule('message: hello'), 'message overrides a result, but none is given'],
    [rule('body: { x: 1 }'), 'body overrides a result, but none is given'],
    [rule('unlisted: true, status: F'), 'unlisted overrides a result, but none is given'],
    [rule('change: drop'), 'change overrides a result, but none is given'],
    [rule('result: "NO CODE", unlisted: true'), 'a result code has 1 to 64 letters'],
    [rule('result: NEW_CODE, unlisted: true'), 'NEW_CODE is in no table'],
    [rule('result: NEW_CODE'), 'NEW_CODE is not a result code of syncOrder'],
    [rule('result: SUCCESS, status: F'), 'status F contradicts SUCCESS, which is the success'],
    [rule('result: PARAM_ILLEGAL, status: S'), 'which is a failure'],
    [
      expecting('  - { send: syncOrder, repeat: true, answer: { result: SUCCESS, status: S } }\n'),
      'there is no call of the same operation before it to repeat',
    ],
    [
      expecting('  - { send: syncOrder, example: BUS, answer: { result: SUCCESS, status: S } }\n'),
      'BUS is not an example of syncOrder',
    ],
    [
      expecting('  - { send: syncOrder, answer: { result: XQZWJVKQPL, status: F } }\n'),
      'XQZWJVKQPL is not a result code of syncOrder',
    ],
    [`${head}include: [nobody]\nrules: []\n`, 'unknown scenario "nobody"'],
    [`${head}include: [story]\nrules: []\n`, 'includes itself'],
    [rule('result: SUCCESS', 'operation: syncOrder, state: nowhere'), 'no rule goes to the state'],
    [rule('result: SUCCESS, message: "{{nope}}"'), 'unknown template variable'],
    [rule('result: SUCCESS', 'operation: syncOrder, body: { amount: 5 }'), ''],
  ])('%j: %s', (text, message) => {
    const { problems, warnings } = readScenarioText(text, new Map(), contract);
    expect([...problems, ...warnings].map((one) => one.message).join('\n')).toContain(message);
  });

  test.each<[string]>([
    [rule('result: NEW_CODE, unlisted: true, status: U')],
    [rule('result: PARAM_ILLEGAL, unlisted: true')],
    [rule('result: PARAM_ILLEGAL, status: U, message: "call {{call}}"')],
    [rule('fault: reset')],
    [
      expecting(
        '  - { send: syncOrder, answer: { result: SUCCESS, status: S } }\n' +
          '  - { send: syncOrder, repeat: true, answer: { result: SUCCESS, status: S } }\n',
      ),
    ],
  ])('is accepted: %j', (text) => {
    const { problems, scenario: read } = readScenarioText(text, new Map(), contract);
    expect([problems, read?.name]).toEqual([[], 'story']);
  });
});

describe('conditions that the contract never meets', () => {
  test.each<[string, string]>([
    ['orderModifyTime: { min: -5, max: -1 }', 'allows no number in this range'],
    ['orderModifyTime: -5', 'the contract refuses -5'],
    ['orderModifyTime: { min: 5, max: 1 }', 'min 5 is greater than max 1'],
    ['orderModifyTime: { prefix: "1" }', 'so prefix never matches'],
    ['orderModifyTime: { regex: "1" }', 'so regex never matches'],
    ['merchantBizNo: { min: 5 }', 'so min and max never match'],
    [`merchantBizNo: { prefix: ${'x'.repeat(200)} }`, 'the prefix is longer than'],
    [`merchantBizNo: ${'x'.repeat(200)}`, 'characters, the contract allows'],
    ['merchantBizNo: ""', 'the contract refuses empty text'],
    ['merchantBizNo: { present: false, equals: "x" }', 'can not be absent and have a value'],
    ['merchantBizNo: { equals: "x", prefix: "y" }', 'the other conditions never hold'],
    ['merchantBizNo: null', 'null never matches'],
    ['merchantBizNo.deeper: x', 'so it has no field deeper'],
    ['merchantBizType: { prefix: "ZZZ" }', 'no value of the contract matches'],
    ['merchantBizType: { regex: "^ZZZ" }', 'no value of the contract matches'],
    ['merchantBizType: NOPE', ''],
    ['merchantBizType: { prefix: "MOVIE" }', ''],
    ['merchantBizNo: { equals: "ab", prefix: "a" }', ''],
    ['extInfo: text', ''],
    ['goods: text', ''],
  ])('body: { %s }: %s', (condition, message) => {
    const text = rule('result: SUCCESS', `operation: syncOrder, body: { ${condition} }`);
    const { problems, warnings } = readScenarioText(text, new Map(), contract);
    expect([...problems, ...warnings].map((one) => one.message).join('\n')).toContain(message);
  });
});
