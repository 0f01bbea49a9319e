import { expect, test } from 'vitest';
import { compileQuery, findNearMisses } from '../../server/journal/exchange-query.ts';

import { exchangeSample } from './exchange-sample.ts';

const refused = {
  step: 'decide',
  code: 'PARAM_ILLEGAL',
  status: 'F',
  basis: [],
  reason: 'x',
} as const;
const query = compileQuery({
  clientId: 'SHOP',
  operation: 'syncOrder',
  code: 'SUCCESS',
  status: 'S',
  step: 'decide',
  signed: true,
});

const order = (...entries: readonly ReturnType<typeof exchangeSample>[]): number[] =>
  findNearMisses(query, entries).map(({ entry }) => entry.number);

test('a call of another operation is further away than three other differences', () => {
  const threeDiffer = exchangeSample({
    number: 1,
    verdict: { ...refused, step: 'validate-request' },
  });
  const otherOperation = exchangeSample({ number: 2, operation: 'syncPaymentInfo' });
  expect(order(otherOperation, threeDiffer)).toEqual([1, 2]);
});

test('another client is further away than one other difference, and nearer than another operation', () => {
  const oneDiffers = exchangeSample({ number: 1, verdict: { ...refused, code: 'SUCCESS' } });
  const otherClient = exchangeSample({ number: 2, clientId: 'OTHER' });
  const otherOperation = exchangeSample({ number: 3, operation: 'syncPaymentInfo' });
  expect(order(otherOperation, otherClient, oneDiffers)).toEqual([1, 2, 3]);
});

test('of equals the newest comes first', () => {
  const entries = [1, 2, 3].map((number) => exchangeSample({ number, clientId: 'OTHER' }));
  expect(order(...entries)).toEqual([3, 2, 1]);
});
