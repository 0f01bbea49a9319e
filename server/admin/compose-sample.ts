import { randomBytes, randomUUID } from 'node:crypto';
import type { Operation } from '../domain/contract/contract.ts';
import { fillSample, findSample, type SampleValues } from '../domain/operations/fill-sample.ts';
import type { JsonObject } from '../domain/state/state.ts';

/**
 * Composes a request of an operation from the contract's example, with a random requestId in the
 * form of the example's.
 * @throws Error for an unknown example
 */
export const composeSample = (
  operation: Operation,
  values: Omit<SampleValues, 'requestId'>,
): JsonObject => {
  const { requestId } = findSample(operation, values.example);
  return fillSample(operation, {
    ...values,
    requestId: String(requestId).includes('-') ? randomUUID() : randomBytes(16).toString('hex'),
  });
};
