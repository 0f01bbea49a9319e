import { describe, expect, test } from 'vitest';
import {
  type CompiledRule,
  callCounter,
  matchingRules,
  type ScriptedResult,
  selectRule,
} from '../../../server/domain/scenarios/select-rule.ts';

const script = (name: string, goTo?: string): ScriptedResult => ({
  name,
  result: 'PARAM_ILLEGAL',
  delivery: { delayMs: 0, signed: true },
  ...(goTo === undefined ? {} : { goTo }),
});

const rule = (name: string, given: Partial<CompiledRule> = {}): CompiledRule => ({
  name,
  story: 'story',
  when: { operation: 'syncOrder' },
  matchesBody: () => true,
  matchesState: undefined,
  isEarly: false,
  scriptedResultFor: () => script(name),
  ...given,
});

const identity = '["T-1"]';
const input = { clientId: 'SHOP', request: {}, isReused: false };
const context = { identity, callsBefore: () => 0, stateOf: () => 'start', held: undefined, now: 0 };

describe('rules that match a request', () => {
  test.each<[string, Partial<CompiledRule>, boolean]>([
    ['without conditions', {}, true],
    ['of this client', { when: { operation: 'syncOrder', client: 'SHOP' } }, true],
    ['of another client', { when: { operation: 'syncOrder', client: 'OTHER' } }, false],
    ['whose fields do not match', { matchesBody: () => false }, false],
  ])('%s', (_what, given, isMatched) => {
    expect(matchingRules([[rule('a', given)]], input)).toHaveLength(isMatched ? 1 : 0);
  });

  test('are counted for the client or for each identity, one-shots by themselves', () => {
    const rules = [
      rule('once', { isOneShot: true }),
      rule('each', { when: { operation: 'syncOrder', call: { per: 'identity' } } }),
      rule('all'),
    ];
    expect(rules.map((one) => callCounter(one, identity))).toEqual([
      { collection: 'oneShots', id: 'once' },
      { collection: 'calls', id: 'each ["T-1"]' },
      { collection: 'calls', id: 'all' },
    ]);
  });
});

describe('the rule that answers', () => {
  const select = (...rules: readonly CompiledRule[]) =>
    selectRule(matchingRules([rules], input), context);

  test('is the first; those after it are not reached', () => {
    const { script: found, calls } = select(rule('first'), rule('second'));
    expect(found?.name).toBe('first');
    expect(calls).toEqual([[{ collection: 'calls', id: 'first' }, 1]]);
  });

  test('comes after those that let the call pass, which count it', () => {
    const passing = rule('passing', { scriptedResultFor: () => undefined });
    const { script: found, calls } = select(passing, rule('second'));
    expect(found?.name).toBe('second');
    expect(calls.map(([{ id }, count]) => [id, count])).toEqual([
      ['passing', 1],
      ['second', 1],
    ]);
  });

  test('is not one whose state does not match, which does not count the call', () => {
    const { script: found, calls } = select(rule('a', { matchesState: () => false }), rule('b'));
    expect(found?.name).toBe('b');
    expect(calls).toHaveLength(1);
  });

  test('is asked with the number of the call, from 1', () => {
    const asked: number[] = [];
    const counting = rule('a', {
      scriptedResultFor: (call) => {
        asked.push(call);
        return undefined;
      },
    });
    const matched = matchingRules([[counting]], input);
    selectRule(matched, context);
    selectRule(matched, { ...context, callsBefore: () => 4 });
    expect(asked).toEqual([1, 5]);
  });

  test('moves its story on, for this identity', () => {
    const moving = rule('a', { scriptedResultFor: () => script('a', 'paid') });
    expect(select(moving).goTo).toEqual(['story ["T-1"]', 'paid']);
    expect(select(rule('b')).goTo).toBeUndefined();
  });

  test('may be none', () => {
    expect(select()).toEqual({ script: undefined, calls: [] });
  });
});
