import { randomBytes, randomUUID } from 'node:crypto';
import type { Operation } from '../domain/contract/contract.ts';
import type { Json, JsonObject } from '../domain/state/state.ts';

export interface SampleChanges {
  /** Name of the contract's example; the first one when absent. */
  readonly example?: string;
  /** Fields laid over the example; null takes a field away. */
  readonly fields?: Readonly<Record<string, Json>>;
  /** The time the sample speaks of, milliseconds since 1970. */
  readonly time: number;
}

/**
 * A fresh request of an operation from the contract's example: a new requestId, and an event time
 * of now, so that it is neither a duplicate nor stale. Throws when there is no such example.
 */
export const composeSample = (
  operation: Operation,
  eventTimeField: string | null,
  { example, fields = {}, time }: SampleChanges,
): JsonObject => {
  const base =
    example === undefined ? [...operation.examples.values()][0] : operation.examples.get(example);
  if (base === undefined)
    throw new Error(
      `${operation.id} has no example "${example}". There are: ${[...operation.examples.keys()].join(', ')}.`,
    );
  const fresh: Record<string, Json> = {
    ...('requestId' in base
      ? {
          requestId: String(base['requestId']).includes('-')
            ? randomUUID()
            : randomBytes(16).toString('hex'),
        }
      : {}),
    ...(eventTimeField === null ? {} : { [eventTimeField]: time }),
  };
  return Object.fromEntries(
    Object.entries({ ...base, ...fresh, ...fields }).filter(
      ([name, value]) => value !== null || (name in base && base[name] === null),
    ),
  );
};
