import type { SampleRequest } from './sample-requests.ts';
import { postmanScripts } from './signing-script.ts';

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
      'Made by alipayhk-mock. The script of the collection signs each request; its tests verify each answer.',
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
