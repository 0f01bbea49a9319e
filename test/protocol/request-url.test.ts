import { describe, expect, test } from 'vitest';
import { requestUrl, TargetError } from '../../server/protocol/http-call.ts';

const base = 'http://127.0.0.1:8852/some/where?x=1';

describe('the URL of a target', () => {
  test.each([
    '/',
    '/api/v1/sync',
    '/a?b=c&d=%2F%zz',
    '/a//b',
    '/a?u=http://other/',
    '/a?x=//other',
  ])('%s stays as it is', (target) => {
    expect(requestUrl(base, target).href).toBe(`http://127.0.0.1:8852${target}`);
  });

  test.each([
    '//other/x',
    '/\\other/x',
    '\\\\other',
    '/\t/other',
    '/\n/other',
    '\t//other',
    'http://other/x',
    'HTTP:other',
    'other',
    '@other/x',
    ':1@other/x',
    '.other/x',
    '',
    '*',
    '/..//other/x',
    '/./x',
    '/%2e%2e//other',
    '/a#b',
    '/a?',
    '/ä',
    '/a b',
    '/a\\b',
  ])('%j is refused', (target) => {
    expect(() => requestUrl(base, target)).toThrow(TargetError);
  });
});
