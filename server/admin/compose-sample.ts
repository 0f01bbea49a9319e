import { randomBytes, randomUUID } from 'node:crypto';
import type { Operation } from '../domain/contract/contract.ts';
import type { Json, JsonObject } from '../domain/state/state.ts';

export interface SampleChanges {
  /** Name of the contract's example; the first one when absent. */
  readonly example?: string | undefined;
  /** Fields that replace the example's; null deletes one. */
  readonly fields?: Readonly<Record<string, Json>>;
  /** The event time, milliseconds since 1970. */
  readonly time: number;
}

/**
 * Composes a request of an operation from the contract's example: a new requestId and a current
 * event time, so that it is neither a duplicate nor stale.
 * @throws Error for an unknown example
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
      `${operation.id} has no example "${example}". ` +
        `Use one of: ${[...operation.examples.keys()].join(', ')}.`,
    );
  const fresh: Record<string, Json> = {};
  if ('requestId' in base)
    fresh['requestId'] = String(base['requestId']).includes('-')
      ? randomUUID()
      : randomBytes(16).toString('hex');
  if (eventTimeField !== null) fresh[eventTimeField] = time;
  return Object.fromEntries(
    Object.entries({ ...base, ...fresh, ...fields }).filter(
      ([name, value]) => value !== null || (name in base && base[name] === null),
    ),
  );
};
