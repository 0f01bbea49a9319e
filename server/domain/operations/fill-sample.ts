import type { Operation } from '../contract/contract.ts';
import type { Json, JsonObject } from '../state/state.ts';
import { endpointFor } from './index.ts';

export interface SampleValues {
  /** Name of the contract's example; the first one when absent. */
  readonly example?: string | undefined;
  /** Replaces the example's requestId, where it has one. */
  readonly requestId: string;
  /** The event time, milliseconds since 1970. */
  readonly time: number;
  /** Fields that replace those of the example and the times; null and undefined delete one. */
  readonly fields?: Readonly<Record<string, Json | undefined>>;
}

/**
 * Fills the contract's example of an operation: a requestId and an event time, so that it is
 * neither a duplicate nor stale, and the caller's own fields.
 * @throws Error for an unknown example
 */
export const fillSample = (
  operation: Operation,
  { example, requestId, time, fields = {} }: SampleValues,
): JsonObject => {
  const sample = findSample(operation, example);
  const { eventTime } = endpointFor(operation.id);
  const filled: Record<string, Json | undefined> = { ...sample };
  if ('requestId' in sample) filled['requestId'] = requestId;
  if (eventTime !== null) filled[eventTime] = time;
  Object.assign(filled, fields);
  return Object.fromEntries(
    Object.entries(filled).filter(
      (entry): entry is [string, Json] =>
        entry[1] !== undefined && (entry[1] !== null || sample[entry[0]] === null),
    ),
  );
};

/** @throws Error for an unknown example */
export const findSample = ({ id, examples }: Operation, example?: string): JsonObject => {
  const [first] = examples.values();
  const found = example === undefined ? first : examples.get(example);
  if (found === undefined)
    throw new Error(
      `${id} has no example "${example}". Use one of: ${[...examples.keys()].join(', ')}.`,
    );
  return found;
};
