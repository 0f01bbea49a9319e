import { describe, expect, test } from 'vitest';
import { compileRule } from '../../../server/domain/scenarios/compile-scenario.ts';
import { readScenarioText } from '../../../server/domain/scenarios/read-scenarios.ts';
import {
  listMagicValues,
  readMagicValue,
  readOverrideHeaders,
} from '../../../server/domain/scenarios/request-overrides.ts';
import { ScenarioSet } from '../../../server/domain/scenarios/scenario-set.ts';
import { operationOf, shippedContract } from '../shipped-contract.ts';

const contract = shippedContract();
const order = operationOf(contract, 'syncOrder');
const scenarioNamed = (name: string) => {
  const text =
    `name: ${name}\ndescription: x\nrules:\n` +
    '  - when: { operation: syncOrder }\n    then: { result: PROCESS_FAIL }\n';
  const { scenario } = readScenarioText(text, new Map(), contract);
  return scenario ?? expect.fail(`${name} cannot be read`);
};
const setOf = (...names: string[]) =>
  new ScenarioSet(() => new Map(names.map((name) => [name, scenarioNamed(name)])), []);

describe('a magic value', () => {
  const read = (value: unknown) =>
    readMagicValue(order, ['merchantBizNo'], { merchantBizNo: value as string });

  test.each([
    ['MOCK_PARAM_ILLEGAL', { result: 'PARAM_ILLEGAL' }],
    ['MOCK_PARAM_ILLEGAL_17', { result: 'PARAM_ILLEGAL' }],
    ['MOCK_FAULT_CUT_BODY', { fault: 'cut-body' }],
    ['MOCK_FAULT_RESET_2', { fault: 'reset' }],
    ['MOCK_FAULT_UNSIGNED', { security: 'unsigned' }],
    ['MOCK_NOTHING_OF_THE_KIND', undefined],
  ])('%s asks for %o', (value, then) => {
    expect(read(value)).toEqual({ field: 'merchantBizNo', value, then });
  });

  test.each(['ORDER-1', 7, null, undefined])('%s is none', (value) => {
    expect(read(value)).toBeUndefined();
  });

  test('in a field whose values the contract lists is none', () => {
    expect(
      readMagicValue(order, ['merchantBizType'], { merchantBizType: 'MOCK_PARAM_ILLEGAL' }),
    ).toBe(undefined);
  });

  test('is listed only if it fits into the shortest field', () => {
    const { fields, values } = listMagicValues(order, ['merchantBizNo', 'merchantBizType']);
    expect(fields).toEqual(['merchantBizNo']);
    expect(values).toContain('MOCK_PARAM_ILLEGAL');
    expect(values.filter((value) => value.length > 32)).toEqual([]);
  });
});

describe('request headers that choose an answer', () => {
  const read = (headers: Record<string, string | readonly string[]>) =>
    readOverrideHeaders(headers, 'syncOrder', contract, setOf('known'));
  const firstRule = (headers: Record<string, string | readonly string[]>) => {
    const outcome = read(headers);
    if (!('rules' in outcome)) throw new Error(JSON.stringify(outcome.problems));
    return outcome.rules?.all[0]?.scriptedResultFor(1);
  };

  test('none of them: no rules', () => {
    expect(read({ 'client-id': 'X' })).toEqual({ rules: undefined });
    expect(read({ 'x-mock-result': ' ' })).toEqual({ rules: undefined });
  });

  test.each([
    [{ 'x-mock-result': 'PROCESS_FAIL' }, { result: 'PROCESS_FAIL' }],
    [{ 'x-mock-result': 'UNKNOWN_EXCEPTION : U' }, { result: 'UNKNOWN_EXCEPTION', status: 'U' }],
    [{ 'x-mock-fault': 'cut-body' }, { delivery: { fault: { id: 'cut-body' } } }],
    [{ 'x-mock-fault': 'unsigned' }, { delivery: { security: { id: 'unsigned' } } }],
    [{ 'x-mock-delay-ms': '20' }, { delivery: { delayMs: 20 } }],
    [{ 'x-mock-scenario': 'known' }, { name: 'known, rule 1' }],
  ])('%o', (headers, expected) => {
    expect(firstRule(headers)).toMatchObject(expected);
  });

  test('a scenario comes after the rule of the other headers', () => {
    const outcome = read({ 'x-mock-scenario': 'known', 'x-mock-delay-ms': '1' });
    expect('rules' in outcome && outcome.rules?.all.map(({ name }) => name)).toEqual([
      'request header',
      'known, rule 1',
    ]);
  });

  test.each([
    [{ 'x-mock-result': 'NO_SUCH_CODE' }, /NO_SUCH_CODE/],
    [{ 'x-mock-delay-ms': 'soon' }, /delayMs/],
    [{ 'x-mock-scenario': 'knwon' }, /there is no scenario .*Did you mean/],
    [{ 'x-mock-result': ['PROCESS_FAIL', 'PARAM_ILLEGAL'] }, /PROCESS_FAIL,PARAM_ILLEGAL/],
  ])('%o is an error', (headers, message) => {
    const outcome = read(headers);
    expect(JSON.stringify('problems' in outcome ? outcome.problems : [])).toMatch(message);
  });
});

describe('a rule that is in no file', () => {
  test.each([
    [{ when: { operation: 'syncOrder' }, then: { result: 'PROCESS_FAIL' } }, undefined],
    [{ when: { operation: 'syncOrder' }, then: { result: 'NO_SUCH_CODE' } }, /NO_SUCH_CODE/],
    [{ when: { operation: 'nothing' }, then: {} }, /operation/],
    [JSON.parse('{"when":{"__proto__":{}},"then":{}}'), /__proto__/],
    ['text', /./],
  ])('%j', (value, message) => {
    const compiled = compileRule('one-shot', 'queued 1', value, contract);
    if (message === undefined) expect(compiled).toMatchObject({ rule: { name: 'queued 1' } });
    else expect(JSON.stringify('problems' in compiled && compiled.problems)).toMatch(message);
  });
});

describe('the set of scenarios', () => {
  test('activates known ones alone, and nothing when one is unknown', () => {
    const set = setOf('a', 'b');
    expect(set.activate(['a', 'nope'])).toEqual(['nope']);
    expect(set.activeNames).toEqual([]);
    expect(set.activate(['b', 'a'])).toEqual([]);
    expect(set.rules.all.map(({ name }) => name)).toEqual(['b, rule 1', 'a, rule 1']);
    set.activateInitial();
    expect(set.activeNames).toEqual([]);
  });

  test('takes uploads beside those of files, and deletes them again', () => {
    const set = setOf('a');
    expect(set.upload(scenarioNamed('a'))).toBe(false);
    expect(set.upload(scenarioNamed('mine'))).toBe(true);
    expect([set.isUploaded('mine'), set.isUploaded('a')]).toEqual([true, false]);
    expect([...set.known.keys()]).toEqual(['mine', 'a']);
    set.activate(['mine', 'a']);
    expect([set.remove('a'), set.remove('mine')]).toEqual([false, true]);
    expect(set.activeNames).toEqual(['a']);
    set.upload(scenarioNamed('x'));
    set.removeAll();
    expect([...set.known.keys()]).toEqual(['a']);
  });

  test('keeps what it has when the files read anew have an error, or lack an active one', () => {
    const set = setOf('a');
    set.activate(['a']);
    const problem = { where: 'b.yaml', message: 'x', remedy: 'y' };
    expect(set.replace(new Map([['b', scenarioNamed('b')]]), [problem])).toBe(false);
    expect(set.replace(new Map([['b', scenarioNamed('b')]]), [])).toBe(false);
    expect([...set.known.keys()]).toEqual(['a']);
    const both = new Map(['a', 'b'].map((name) => [name, scenarioNamed(name)]));
    expect(set.replace(both, [])).toBe(true);
    expect([...set.known.keys()]).toEqual(['a', 'b']);
  });
});
