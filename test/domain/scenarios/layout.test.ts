import { describe, expect, test } from 'vitest';
import {
  layoutChoice,
  spellHeaders,
  writeInLayout,
} from '../../../server/domain/scenarios/layout.ts';

const body = { result: { resultCode: 'SUCCESS', resultStatus: 'S' }, list: [{ b: 1, a: 2 }, null] };

describe('the text of a response', () => {
  test.each([
    ['without a layout', undefined, JSON.stringify(body)],
    [
      'reversed',
      { members: 'reversed' },
      '{"list":[{"a":2,"b":1},null],"result":{"resultStatus":"S","resultCode":"SUCCESS"}}',
    ],
    [
      'sorted',
      { members: 'sorted' },
      '{"list":[{"a":2,"b":1},null],"result":{"resultCode":"SUCCESS","resultStatus":"S"}}',
    ],
    ['with spaces', { spaces: true }, JSON.stringify(body, null, 2)],
    ['without spaces', { spaces: false }, JSON.stringify(body)],
    [
      'with members that the contract does not know',
      { addToResult: { traceId: 'x' } },
      '{"result":{"resultCode":"SUCCESS","resultStatus":"S","traceId":"x"},"list":[{"b":1,"a":2},null]}',
    ],
  ] as const)('%s', (_what, layout, expected) => {
    expect(writeInLayout(body, layout)).toBe(expected);
  });
});

describe('the headers of a response', () => {
  const headers = { 'client-id': 'X', signature: 'a=1,b=2', encrypt: 'c=3,d=4', date: 'e,f' };

  test.each([
    ['as they are', undefined, headers],
    ['as they are', { members: 'sorted' }, headers],
    [
      'capitalized',
      { headerNames: 'capitalized' },
      { 'Client-Id': 'X', Signature: 'a=1,b=2', Encrypt: 'c=3,d=4', Date: 'e,f' },
    ],
    [
      'in upper case, pairs reversed',
      { headerNames: 'upper', headerPairs: 'reversed' },
      { 'CLIENT-ID': 'X', SIGNATURE: 'b=2,a=1', ENCRYPT: 'd=4,c=3', DATE: 'e,f' },
    ],
    [
      'pairs reversed',
      { headerPairs: 'reversed' },
      { 'client-id': 'X', signature: 'b=2,a=1', encrypt: 'd=4,c=3', date: 'e,f' },
    ],
  ] as const)('%s: %o', (_what, layout, expected) => {
    expect(spellHeaders(headers, layout)).toEqual(expected);
  });
});

test.each([{ members: 'shuffled' }, { spaces: 'yes' }, { unknown: 1 }])(
  'a layout of %o is refused',
  (layout) => {
    expect(layoutChoice.safeParse(layout).success).toBe(false);
  },
);
