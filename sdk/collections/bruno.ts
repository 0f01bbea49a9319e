import type { CollectionVariables } from './postman.ts';
import type { SampleRequest } from './sample-requests.ts';
import { brunoScript } from './signing-script.ts';

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
    // As text: Bruno would read JSON and write it anew, and other bytes would go out than were
    // signed.
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
