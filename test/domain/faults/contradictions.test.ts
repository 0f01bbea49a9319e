import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { MockServer } from '../../../server/app/create-server.ts';
import { wireFaults } from '../../../server/domain/faults/catalogue.ts';
import { compileScenario } from '../../../server/domain/scenarios/compile-scenario.ts';
import { scenarioFile } from '../../../server/domain/scenarios/scenario-file.ts';
import { parseLocatedYaml } from '../../../server/problems/located-yaml.ts';
import { startServer } from '../../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const story = (rule: string) => `name: story\ndescription: x\nrules:\n  - ${rule}\n`;
const outcome = (then: string) => story(`{ when: { operation: syncOrder }, then: { ${then} } }`);
const compile = (text: string) => {
  const source = parseLocatedYaml('story.yaml', text);
  return compileScenario(scenarioFile.parse(source.value), source, server.contract);
};
/** `line "the word the problem points at": message | remedy`. */
const complaints = (text: string): string[] =>
  compile(text).problems.map(({ line = 0, column = 0, message, remedy }) => {
    const word = /^[\w-]+/.exec(text.split('\n')[line - 1]?.slice(column - 1) ?? '')?.[0] ?? '';
    return `${line} "${word}": ${message} | ${remedy}`;
  });

describe('what contradicts a fault is a start-up error with line and remedy', () => {
  test.each([
    [
      'fault: { id: reset, phase: before-commit }, change: keep',
      [
        '4 "keep": change: keep contradicts the phase before-commit, after which the change is not there | Take change away, or say phase: after-commit.',
      ],
    ],
    [
      'fault: reset, change: drop',
      [
        '4 "drop": change: drop contradicts the phase after-commit, after which the change is kept | Take change away, or say phase: before-commit.',
      ],
    ],
    [
      'fault: { id: reset, phase: during-answer }',
      [
        '4 "during-answer": reset cannot strike during-answer: it is over before the answer begins | Phases of reset: after-commit, before-verify, after-verify, before-commit.',
      ],
    ],
    [
      'fault: { id: cut-body, phase: after-verify }',
      [
        '4 "after-verify": cut-body cannot strike after-verify: there is no answer yet | Phases of cut-body: during-answer, after-commit, before-commit.',
      ],
    ],
    [
      'security: wrong-key, signed: true',
      [
        '4 "true": signed: true contradicts security: wrong-key, which says how the answer is signed | Keep one of them.',
      ],
    ],
  ])('%s', (then, expected) => {
    expect(complaints(outcome(then))).toEqual(expected);
  });

  test.each([
    'result: SUCCESS',
    'status: U',
    'message: x',
    'body: { a: 1 }',
    'signed: true',
    'security: wrong-key',
  ])('a fault that tells no answer, with %s', (more) => {
    const [complaint = ''] = complaints(outcome(`fault: hang, ${more}`));
    expect(complaint).toContain(
      `4 "${/: ([\w-]*)/.exec(more)?.[1]}": ${more.split(':')[0]} contradicts hang, which does not set the answer`,
    );
    expect(complaint).toContain('choose a fault that sets the answer: headers-only, cut-body, ');
  });

  test.each([
    [
      '{ when: { operation: syncOrder, body: { a: b } }, then: { fault: { id: reset, phase: before-verify } } }',
      'nothing has been read of the body',
      'after-verify',
    ],
    [
      '{ when: { operation: syncOrder, call: { per: identity } }, then: { fault: { id: reset, phase: before-verify } } }',
      'nothing is known of the order',
      'after-verify',
    ],
    [
      '{ when: { operation: syncOrder }, then: { sequence: [{ fault: { id: reset, phase: before-verify } }, SUCCESS] } }',
      'this sequence holds both',
      'a rule of its own',
    ],
  ])('%s', (rule, message, remedy) => {
    expect(compile(story(rule)).problems).toMatchObject([
      {
        line: 4,
        message: expect.stringContaining(message),
        remedy: expect.stringContaining(remedy),
      },
    ]);
  });

  test('in a sequence the step that contradicts is named, also by what stands beside the sequence', () => {
    expect(complaints(outcome('fault: reset, sequence: [SUCCESS]'))).toEqual([
      expect.stringContaining('result contradicts reset'),
    ]);
  });
});

test.each([
  ['fault: rset', '"rset" is not a fault. Did you mean "reset"?'],
  ['fault: { id: hnag }', '"hnag" is not a fault. Did you mean "hang"?'],
  ['fault: 3', 'must be the id of a fault, or { id: …, … }'],
  ['fault: { phase: after-commit }', 'must be the id of a fault'],
  ['fault: { id: reset, forMs: 3 }', 'Unrecognized key: "forMs"'],
  ['fault: { id: hang, forMs: 0 }', 'Too small'],
  ['fault: { id: hang, forMs: 600001 }', 'Too big'],
  ['fault: { id: slow-drip, bytesPerSecond: 0 }', 'Too small'],
  ['fault: { id: huge-body, bytes: 1000000000 }', 'Too big'],
  ['fault: { id: gateway-html, httpStatus: 500 }', 'httpStatus: must be 502, 503 or 504 (got 500)'],
  [
    'fault: { id: reset, phase: sometime }',
    'phase: must be "before-verify", "after-verify", "before-commit", "after-commit" or "during-answer"',
  ],
  ['security: wrong-kee', '"wrong-kee" is not a security fault. Did you mean "wrong-key"?'],
  ['security: { id: wrong-key, phase: after-commit }', 'Unrecognized key: "phase"'],
  ['delayMs: { from: 3, to: 2 }', 'from must not be greater than to'],
  ['delayMs: { median: 3, sigma: 9 }', 'Too big'],
  ['delayMs: 600001', 'Too big'],
  ['delayMs: { from: 3 }', 'must be a number of milliseconds, { from, to } or { median, sigma }'],
])('%s does not fit the schema', (then, message) => {
  const checked = scenarioFile.safeParse(parse(outcome(then)));
  expect(checked.error?.issues.map((issue) => issue.message).join()).toContain(message);
});

test.each([
  'fault: reset, change: keep',
  'fault: { id: reset, phase: before-commit }, change: drop',
  'fault: cut-body, result: PARAM_ILLEGAL, change: keep',
  'fault: not-json, signed: false',
  'fault: slow-drip, security: tampered-body, delayMs: 5',
  'security: unsealed, signed: false',
  'fault: { id: reset, phase: before-verify }, delayMs: { from: 1, to: 2 }',
])('%s is fine', (then) => {
  expect(complaints(outcome(then))).toEqual([]);
});

test('the one-liner is bound to the commit; what happens on the way is bound to the answer', () => {
  const phaseOf = (id: string) =>
    compile(outcome(`fault: ${id}`)).scenario.rules[0]?.scriptedResultFor(1)?.delivery.fault?.phase;
  expect(Object.keys(wireFaults).filter((id) => phaseOf(id) === 'during-answer')).toEqual([
    'partial-status',
    'headers-only',
    'cut-body',
    'slow-drip',
    'length-too-long',
    'length-too-short',
  ]);
  expect(phaseOf('reset')).toBe('after-commit');
});

test.each([
  ['{ result: SUCCESS }', false],
  ['{ status: S }', false],
  ['{ result: SUCCESS, status: S, transport: reset }', false],
  ['{ transport: reset }', true],
  ['{ result: SUCCESS, status: S }', true],
])('an expected answer is a result or a way of getting none: %s', (answer, fits) => {
  const text = `${outcome('fault: reset')}expect:\n  - { send: syncOrder, answer: ${answer} }\n`;
  expect(scenarioFile.safeParse(parse(text)).success).toBe(fits);
});
