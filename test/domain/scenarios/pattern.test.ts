import { describe, expect, test } from 'vitest';
import {
  compilePattern,
  maxPatternLength,
  maxPatternSteps,
  PatternMeter,
  patternProblem,
} from '../../../server/domain/scenarios/pattern.ts';

describe('a pattern', () => {
  test.each([
    ['^a+$', 'aaa', true],
    ['^a+$', 'aab', false],
    ['b{2,3}', 'abbc', true],
    ['(ab){2}', 'abab', true],
    ['[)(]', ')', true],
    ['\\(', '(', true],
  ])('%s on %s: %s', (source, text, isMatch) => {
    expect(compilePattern(source)(text)).toBe(isMatch);
  });

  test.each([
    'a'.repeat(maxPatternLength + 1),
    '((a{100}){100}){100}',
    '(?=a)',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    '(',
  ])('%.30s is refused, with a reason', (source) => {
    expect(() => compilePattern(source)).toThrow(Error);
    expect(patternProblem(source)).toEqual({
      message: expect.any(String),
      remedy: expect.any(String),
    });
  });

  test('is not matched once its steps are used up, and is named then', () => {
    const meter = new PatternMeter(10);
    expect(compilePattern('a')('a'.repeat(1000), meter)).toBe(false);
    expect(meter.skipped).toEqual(['a']);
    expect(new PatternMeter().take('b', maxPatternSteps + 1)).toBe(false);
  });
});
