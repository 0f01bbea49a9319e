import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { readContract } from '../../../server/domain/contract/read-contract.ts';
import {
  readScenarios,
  readScenarioText,
} from '../../../server/domain/scenarios/read-scenarios.ts';

import { packageRoot } from '../../../server/package-root.ts';

const { value: contract } = readContract(
  join(packageRoot, 'openapi', 'alipayhk.yaml'),
  settingsWith(),
);
if (contract === undefined) throw new Error('the contract cannot be read');

const head = 'name: story\ndescription: x\n';
const order = (conditions: string, then = 'result: SUCCESS') =>
  `${head}rules:\n  - when: { operation: syncOrder, ${conditions} }\n    then: { ${then} }\n`;
const check = (text: string) => {
  const { problems, warnings } = readScenarioText(text, new Map(), contract);
  return { problems, warnings };
};

describe('a rule that can never answer is an error with line, column and remedy', () => {
  test.each([
    [
      'body: { userId: 2160120074526881 }',
      'userId is text in the contract, so 2160120074526881 never matches',
      'Put it in quotation marks: "2160120074526881".',
      51,
    ],
    [
      'body: { userId: 21601200745268812160 }',
      'the number 21601200745268812160 does not keep its digits',
      'Put it in quotation marks: "21601200745268812160".',
      51,
    ],
    [
      'body: { merchantBizNo: 007 }',
      'the number 007 does not keep its digits',
      'Put it in quotation marks: "007".',
      58,
    ],
    [
      'body: { merchantBizNo: true }',
      'merchantBizNo is text in the contract, so true never matches',
      'Put it in quotation marks: "true".',
      58,
    ],
    [
      'body: { orderModifyTime: "1747893741000" }',
      'orderModifyTime is a whole number in the contract',
      'Write it without quotation marks: 1747893741000.',
      60,
    ],
    [
      'body: { orderModifyTime: 1.5 }',
      'orderModifyTime is a whole number in the contract, so 1.5 never matches',
      'Write a whole number.',
      60,
    ],
    [
      'body: { orderModifyTime: { min: -5, max: -1 } }',
      'the contract allows no number in this range',
      'It is from 0 to',
      60,
    ],
    [
      'body: { orderModifyTime: { min: 5, max: 1 } }',
      'min 5 is greater than max 1',
      'Exchange',
      60,
    ],
    [
      'body: { merchantBizType: LINEUP }',
      'merchantBizType is never "LINEUP" in the contract',
      'Did you mean "LINE_UP"?',
      60,
    ],
    [
      'body: { merchantBizType: { prefix: QUEUE } }',
      'no value of the contract matches',
      'It is one of: PASS_TICKET',
      60,
    ],
    [
      'body: { merchantBizType: { regex: "^line" } }',
      'no value of the contract matches',
      'It is one of: PASS_TICKET',
      60,
    ],
    [
      'body: { merchantBizNO: A }',
      'the contract has no field merchantBizNO',
      'Did you mean "merchantBizNo"?',
      43,
    ],
    [
      'body: { userId: null }',
      'userId is text in the contract, so null never matches',
      'Use present: false for an absent field.',
      51,
    ],
    [
      'body: { userId.first: A }',
      'userId is text in the contract, so it has no field first',
      'Write the condition on userId itself.',
      43,
    ],
    ['body: { userID: A }', 'the contract has no field userID', 'Did you mean "userId"?', 43],
    [
      'body: { userId: { prefix: 21, min: 3 } }',
      'rule 1: when.body.userId.prefix: must be text (got 21)',
      'Put it in quotation marks: "21".',
      61,
    ],
    [
      'body: { userId: { min: 3 } }',
      'userId is text in the contract, so min and max never match',
      'Use equals, prefix or regex.',
      51,
    ],
    [
      'body: { orderModifyTime: { prefix: "17" } }',
      'orderModifyTime is a whole number in the contract, so prefix never matches',
      'Use equals, min or max.',
      60,
    ],
    [
      'body: { merchantBizNo: { equals: A, prefix: B } }',
      'the other conditions never hold for "A"',
      'Keep one',
      58,
    ],
    [
      'body: { merchantBizNo: { present: false, equals: A } }',
      'can not be absent and have a value',
      'Keep one',
      58,
    ],
    [
      `body: { merchantBizNo: ${'x'.repeat(33)} }`,
      '33 characters, the contract allows 32',
      'Shorten it',
      58,
    ],
    [
      'body: { userId: null }',
      'userId is text in the contract, so null never matches',
      'Use present: false',
      51,
    ],
    ['body: { merchantBizNo: "" }', 'the contract refuses empty text', 'present: false', 58],
    [
      'body: { merchantBizNo.x: A }',
      'merchantBizNo is text in the contract, so it has no field x',
      'merchantBizNo itself',
      43,
    ],
    [
      'held: { ordrStatus: USED }',
      'the contract has no field ordrStatus',
      'Did you mean "orderStatus"?',
      43,
    ],
    ['bdoy: { userId: A }', 'rule 1: when.bdoy is not known here', 'Did you mean "body"?', 35],
    [
      'client: 2160120074526881',
      'rule 1: when.client: must be text (got 2160120074526881)',
      'Put it in quotation marks: "2160120074526881".',
      43,
    ],
    [
      'from: "2026-08-02T00:00:00Z", until: "2026-08-01T00:00:00Z"',
      'until is not later than from',
      'Exchange',
      72,
    ],
    [
      'from: 2026-08-02',
      'rule 1: when.from: must be a time with an offset',
      'See scenarios/README.md',
      41,
    ],
    [
      'call: { firts: 1 }',
      'rule 1: when.call.firts is not known here',
      'Did you mean "first"?',
      43,
    ],
  ])('%s', (conditions, message, remedy, column) => {
    const { problems } = check(order(conditions));
    expect(problems).toMatchObject([
      { where: 'scenario', line: 4, message: expect.stringContaining(message) },
    ]);
    expect(problems[0]?.remedy).toContain(remedy);
    expect(problems[0]?.column).toBe(column);
  });

  test('of the other operations: nested fields, patterns, fixed values', () => {
    const rule = (operation: string, body: string) =>
      check(
        `${head}rules:\n  - when:\n      operation: ${operation}\n      body:\n        ${body}\n    then: { result: SUCCESS }\n`,
      ).problems;
    expect(rule('syncAdditionalInfo', 'merchant.merchantAcountId: A')).toMatchObject([
      {
        line: 7,
        column: 9,
        message: 'the contract has no field merchant.merchantAcountId',
        remedy: 'Did you mean "merchant.merchantAccountId"?',
      },
    ]);
    expect(rule('updateMembershipCard', 'dataInfo.bilNo: A')).toMatchObject([
      { remedy: 'Did you mean "dataInfo.billNo"?' },
    ]);
    expect(rule('updateMembershipCard', 'dataInfo.$points$: "1"')).toEqual([]);
    expect(rule('updateMembershipCard', 'status: CLOSE')).toMatchObject([
      { remedy: 'Did you mean "CLOSED"?' },
    ]);
    expect(rule('updateMembershipCard', 'dataInfo: x')).toMatchObject([
      { remedy: 'Name a field inside it: dataInfo.billNo.' },
    ]);
    expect(rule('syncAccountLinkage', 'bizType: BINDING')).toMatchObject([
      { message: 'bizType is never "BINDING" in the contract' },
    ]);
  });

  test('templates, sequences and misspelt outcomes', () => {
    expect(
      check(order('client: A', 'result: SUCCESS, body: { a: "{{request.merchantBizNO}}" }'))
        .problems,
    ).toMatchObject([{ line: 5, remedy: 'Did you mean "{{request.merchantBizNo}}"?' }]);
    expect(check(order('client: A', 'reslt: SUCCESS')).problems).toMatchObject([
      {
        line: 5,
        column: 13,
        message: 'rule 1: then.reslt is not known here',
        remedy: 'Did you mean "result"?',
      },
    ]);
    expect(
      check(order('client: A', 'sequence: [SUCCESS, { reslt: SUCCESS }]')).problems,
    ).toMatchObject([
      {
        message: 'rule 1: then.sequence[2].reslt is not known here',
        remedy: 'Did you mean "result"?',
      },
    ]);
    expect(check(order('client: A', 'fault: rest')).problems).toMatchObject([
      { message: expect.stringContaining('"rest" is not a fault. Did you mean "reset"?') },
    ]);
    expect(check(order('client: A', 'fault: { id: cut-body, atBite: 20 }')).problems).toMatchObject(
      [
        {
          message: 'rule 1: then.fault.atBite is not known here',
          remedy: `Did you mean "atByte"?`,
        },
      ],
    );
    expect(
      check(`${head}rules:\n  - when: { operation: syncOrders }\n    then: { result: SUCCESS }\n`)
        .problems,
    ).toMatchObject([
      {
        line: 4,
        message: expect.stringMatching(/^rule 1: when.operation: must be/),
        remedy: 'Did you mean "syncOrder"?',
      },
    ]);
    expect(
      check(`${head}rulez: []\n`).problems.map(({ message, remedy }) => [message, remedy]),
    ).toEqual([
      ['rules: is missing', 'See scenarios/README.md for the format.'],
      ['rulez is not known here', 'Did you mean "rules"?'],
    ]);
  });
});

describe('what an expectation sends and expects fits the contract', () => {
  const step = (more: string, answer = 'result: SUCCESS, status: S') =>
    check(
      `${head}rules: []\nexpect:\n  - send: syncOrder\n    ${more}\n    answer: { ${answer} }\n`,
    ).problems;
  test.each([
    [
      'with: { merchantBizNO: A }',
      6,
      13,
      'the contract has no field merchantBizNO',
      'Did you mean "merchantBizNo"?',
    ],
    [
      'with: { userId: 2160120074526881 }',
      6,
      21,
      'userId is text in the contract',
      'Put it in quotation marks',
    ],
    [
      'with: { merchantBizType: LINEUP }',
      6,
      30,
      'merchantBizType is never "LINEUP" in the contract',
      'Did you mean "LINE_UP"?',
    ],
    [
      'wiht: { merchantBizNo: A }',
      6,
      5,
      'expect 1: wiht is not known here',
      'Did you mean "with"?',
    ],
  ])('%s', (more, line, column, message, remedy) => {
    expect(step(more)).toMatchObject([
      {
        line,
        column,
        message: expect.stringContaining(message),
        remedy: expect.stringContaining(remedy),
      },
    ]);
  });

  test('nested fields', () => {
    const text = `${head}rules: []\nexpect:\n  - send: syncAdditionalInfo\n    with: { merchant: { merchantAcountId: A } }\n    answer: { result: SUCCESS, status: S }\n`;
    expect(check(text).problems).toMatchObject([
      {
        line: 6,
        column: 25,
        message: 'the contract has no field merchantAcountId',
        remedy: 'Did you mean "merchantAccountId"?',
      },
    ]);
  });

  test('a call that is to be refused may be wrong on purpose; unknown names may be sent', () => {
    expect(
      step('with: { userId: 1, merchantBizType: X }', 'result: PARAM_ILLEGAL, status: F'),
    ).toEqual([]);
    expect(step('with: { entirelyMyOwn: 1 }')).toEqual([]);
    expect(step('with: { userId: null }')).toEqual([]);
  });

  test('the expected answer', () => {
    expect(step('seal: true', 'result: SUCESS, status: S')).toMatchObject([
      { line: 7, column: 23, remedy: 'Did you mean "SUCCESS"?' },
    ]);
    expect(
      step('seal: true', 'result: SUCCESS, status: S, fields: { ordrStatus: USED }'),
    ).toMatchObject([{ line: 7, column: 53, remedy: 'Did you mean "orderStatus"?' }]);
    expect(step('seal: true', 'reslt: SUCCESS, status: S').map(({ message }) => message)).toContain(
      'expect 1: answer.reslt is not known here',
    );
  });
});

test.each([
  ['{ prefix: tick }', 1],
  ['{ prefix: TICK }', 0],
  ['{ regex: "^(used|ticketed)$" }', 1],
  ['{ regex: "USED$" }', 0],
  ['{ present: true }', 0],
])('orderStatus: %s gives %i warning', (condition, count) => {
  const { problems, warnings } = check(order(`body: { orderStatus: ${condition} }`));
  expect(problems).toEqual([]);
  expect(warnings.map(({ message }) => message)).toEqual(
    Array(count).fill('no status of an order matches'),
  );
});

test('what may be meant is a warning', () => {
  expect(check(order('body: { entirelyMyOwn: A }'))).toMatchObject({
    problems: [],
    warnings: [{ line: 4, column: 43, message: 'the contract has no field entirelyMyOwn' }],
  });
  expect(check(order('body: { orderStatus: TICKETD }'))).toMatchObject({
    problems: [],
    warnings: [{ remedy: 'Did you mean "TICKETED"?' }],
  });
  expect(check(order('client: A', 'result: SUCCESS, body: { ordrStatus: A }'))).toMatchObject({
    problems: [],
    warnings: [{ line: 5, remedy: 'Did you mean "orderStatus"?' }],
  });
});

test('merge keys work in scenarios, and problems in what they bring are found in the file', () => {
  const text = `${head}rules:\n  - when: &when { operation: syncOrder, body: { userId: "1" } }\n    then: { result: SUCCESS }\n  - when: { <<: *when, client: A }\n    then: { result: PARAM_ILLEGAL }\n`;
  const { scenario, problems } = readScenarioText(text, new Map(), contract);
  expect(problems).toEqual([]);
  expect(scenario?.rules[1]?.when).toEqual({
    operation: 'syncOrder',
    body: { userId: '1' },
    client: 'A',
  });
  expect(check(text.replace('"1"', '1')).problems).toMatchObject([
    { line: 4, column: 57 },
    { line: 4, column: 57 },
  ]);
});

test('an empty folder is an error; what editors leave is not read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stories-'));
  const read = () => readScenarios([folder], contract);
  expect(read().problems).toMatchObject([{ where: folder, message: 'has no scenario file' }]);
  for (const name of [
    '.a.yaml.swp',
    '.hidden.yaml',
    '#a.yaml#',
    'a.yaml~',
    'a.yaml.bak',
    '.#a.yaml',
    '._a.yaml',
    'README.md',
  ])
    writeFileSync(join(folder, name), 'not: [yaml');
  expect(read().problems).toMatchObject([{ message: 'has no scenario file' }]);
  writeFileSync(join(folder, 'a.yaml'), order('client: A').replace('story', 'a'));
  expect(read().problems).toEqual([]);
  expect([...read().value.keys()]).toEqual(['a']);
});
