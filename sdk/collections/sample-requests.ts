import type { Contract, Operation } from '../../server/domain/contract/contract.ts';

/**
 * A request of a collection: the contract's example, with what must be new each time left to the
 * script.
 */
export interface SampleRequest {
  readonly name: string;
  readonly description: string;
  readonly path: string;
  readonly body: string;
}

/** One request for each example of each operation. */
export const sampleRequests = (
  { operations }: Contract,
  eventTimeOf: (id: string) => string | null,
): readonly SampleRequest[] =>
  [...operations.values()].flatMap((operation) =>
    [...operation.examples].map(([example, fields]) => ({
      name: operation.examples.size === 1 ? operation.id : `${operation.id} ${example}`,
      description: describe(operation),
      path: operation.path,
      body: sampleBody(fields, eventTimeOf(operation.id)),
    })),
  );

const describe = ({ summary, pathBasis, pathRegister }: Operation): string =>
  pathBasis === 'inferred' ? `${summary}. The path is inferred (${pathRegister}).` : summary;

const sampleBody = (example: object, eventTime: string | null): string => {
  const fresh = {
    ...example,
    ...placesIn(example),
    ...(eventTime === null ? {} : { [eventTime]: 0 }),
  };
  const text = JSON.stringify(fresh, null, 2);
  // A time is a number, so its place cannot be a text.
  return eventTime === null ? text : text.replace(`"${eventTime}": 0`, `"${eventTime}": {{now}}`);
};

/**
 * Where the script puts a new request id, and a new order and card unless the collection names one:
 * what is final takes no update.
 */
const placesIn = (example: object): object =>
  Object.fromEntries(
    ['requestId', 'merchantBizNo', 'passId']
      .filter((name) => name in example)
      .map((name) => [name, `{{${name}}}`]),
  );
