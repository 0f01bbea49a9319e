import { expect, test } from 'vitest';
import type { ScriptedResult } from '../../../server/domain/scenarios/select-rule.ts';
import { fillScript, unknownTemplates } from '../../../server/domain/scenarios/templates.ts';
import type { Json, JsonObject } from '../../../server/domain/state/state.ts';

const facts = {
  request: { merchantBizNo: 'T-1', amount: 100, merchant: { id: 'M' } },
  held: { orderStatus: 'USED' },
  now: 5000,
  call: 2,
};

test.each<[Json, Json]>([
  ['{{request.merchantBizNo}}', 'T-1'],
  ['{{request.amount}}', 100],
  ['{{ request.merchant }}', { id: 'M' }],
  ['{{request.nothing}}', null],
  ['{{held.orderStatus}}', 'USED'],
  ['{{now}} {{call}}', '5000 2'],
  ['no. {{request.nothing}}, {{request.merchant}}', 'no. , {"id":"M"}'],
  [
    ['{{call}}', 7, null, true],
    [2, 7, null, true],
  ],
  [{ deep: { at: '{{now}}' } }, { deep: { at: 5000 } }],
])('a template %j becomes %j', (template, filled) => {
  const script = { message: 'm {{call}}', body: { template } } as unknown as ScriptedResult;
  expect(fillScript(script, facts)).toMatchObject({ message: 'm 2', body: { template: filled } });
});

test('without a record, held is absent; without a message or body, none is made', () => {
  const script = { body: { was: '{{held.orderStatus}}' } } as unknown as ScriptedResult;
  expect(fillScript(script, { ...facts, held: undefined }).body).toEqual({ was: null });
  expect(fillScript({} as ScriptedResult, facts)).toEqual({});
});

test.each<[unknown, string[]]>([
  [undefined, []],
  ['{{request.x}} {{held.y}} {{now}} {{call}}', []],
  ['{{request}} {{env.HOME}}', ['request', 'env.HOME']],
  [{ a: ['{{nope}}'] } satisfies JsonObject, ['nope']],
])('unknown variables of %j are %j', (value, unknown) => {
  expect(unknownTemplates(value)).toEqual(unknown);
});
