import type { Contract, Operation, OperationId } from '../../server/domain/contract/contract.ts';
import { brunoScript, postmanScripts } from './signing-script.ts';

/** Where a collection sends, and as whom. */
export interface CollectionVariables {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly keyVersion: string;
  /** The bare base64 line. */
  readonly privateKey: string;
  readonly platformKey: string;
}

/**
 * A Postman collection (v2.1) whose requests sign themselves, and whose tests verify the answers.
 */
export const postmanCollection = (
  requests: readonly SampleRequest[],
  variables: CollectionVariables,
) => ({
  info: {
    name: 'AlipayHK',
    description:
      'Made by alipayhk-mock. The script of the collection signs each request; ' +
      'its tests verify each response.',
    schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
  },
  variable: Object.entries(variables).map(([key, value]) => ({ key, value, type: 'string' })),
  event: [
    {
      listen: 'prerequest',
      script: { type: 'text/javascript', exec: postmanScripts.before.split('\n') },
    },
    { listen: 'test', script: { type: 'text/javascript', exec: postmanScripts.after.split('\n') } },
  ],
  item: requests.map(({ name, description, path, body }) => ({
    name,
    request: {
      method: 'POST',
      description,
      header: [{ key: 'Content-Type', value: 'application/json; charset=UTF-8' }],
      url: { raw: `{{baseUrl}}${path}`, host: ['{{baseUrl}}'], path: path.slice(1).split('/') },
      body: { mode: 'raw', raw: body, options: { raw: { language: 'json' } } },
    },
  })),
});

/** The files of a Bruno collection whose requests sign themselves, by their path in its folder. */
export const brunoCollection = (
  requests: readonly SampleRequest[],
  variables: CollectionVariables,
): ReadonlyMap<string, string> =>
  new Map([
    [
      'bruno.json',
      `${JSON.stringify({ version: '1', name: 'AlipayHK', type: 'collection' }, null, 2)}\n`,
    ],
    ['collection.bru', block('script:pre-request', brunoScript)],
    ['environments/local.bru', block('vars', lines(variables))],
    ...requests.map((request, index): [string, string] => [
      `${request.name}.bru`,
      requestFile(request, index + 1),
    ]),
  ]);

const requestFile = ({ name, description, path, body }: SampleRequest, seq: number): string =>
  [
    block('meta', lines({ name, type: 'http', seq: String(seq) })),
    // As text: Bruno would serialise JSON again, and send other bytes than were signed.
    block('post', lines({ url: `{{baseUrl}}${path}`, body: 'text', auth: 'none' })),
    block('headers', lines({ 'Content-Type': 'application/json; charset=UTF-8' })),
    block('body:text', body),
    block('docs', description),
  ].join('\n');

const lines = (fields: object): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

const block = (name: string, content: string): string =>
  `${name} {\n${content.replace(/^(?=.)/gm, '  ')}\n}\n`;

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
  eventTimeOf: (id: OperationId) => string | null,
): readonly SampleRequest[] =>
  [...operations.values()].flatMap((operation) =>
    [...operation.examples].map(([example, fields]) => ({
      name: operation.examples.size === 1 ? operation.id : `${operation.id} ${example}`,
      description: describeOperation(operation),
      path: operation.path,
      body: sampleBody(fields, eventTimeOf(operation.id)),
    })),
  );

const describeOperation = ({ summary, pathBasis, pathRegister }: Operation): string =>
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
