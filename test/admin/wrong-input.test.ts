import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { demoClient, startServer } from '../start-server.ts';
import { type Asked, adminCaller, routes } from './admin-caller.ts';

let server: MockServer;
let call: ReturnType<typeof adminCaller>['call'];

beforeAll(async () => {
  server = await startServer();
  call = adminCaller(server).call;
});
afterAll(() => server.close());

/** Words of ajv, zod, the validator of OpenAPI, and the JSON reader of the engine. */
const rawText = new RegExp(
  [
    'must match',
    'must NOT have',
    'must be equal to',
    'must be (object|array|string|integer|number|boolean|null)\\b',
    'must be [<>]',
    'must have required',
    'must pass',
    'Invalid (input|option|string)',
    'Unrecognized key',
    'Too (big|small)',
    '[Uu]nknown query',
    'Empty value found',
    'reserved characters',
    'unsupported media',
    'Expected (property|double)',
    'Unexpected (token|end|non)',
    'Unterminated string',
    'in JSON at position',
  ].join('|'),
);

const wrongBodies: readonly string[] = [
  ...[
    '[]',
    '5',
    '"text"',
    'null',
    '',
    '{',
    '{"a":',
    '{"a":"',
    "{'a':1}",
    '{a:1}',
    '{"a":1,}',
    '{"a":1}}',
    'a=1&b=2',
    '<a/>',
    '\u0000',
  ],
  ...[5, 'x', '', null, true, [], {}, [5], [{}], { x: 1 }, -1, 1e30].map((value) =>
    JSON.stringify(Object.fromEntries([...namesOfBodies(), 'nope'].map((name) => [name, value]))),
  ),
];

/** Every name that a body of the admin API has at its top. */
function namesOfBodies(): readonly string[] {
  return [
    ...[
      'active',
      'algorithm',
      'advance',
      'at',
      'body',
      'client',
      'clientId',
      'count',
      'example',
      'exchange',
      'exchanges',
      'format',
    ],
    ...[
      'headers',
      'keyVersion',
      'lives',
      'name',
      'operation',
      'overlap',
      'parties',
      'publicKey',
      'rate',
      'rules',
      'seal',
      'seed',
    ],
    ...['timeoutMs', 'value', 'worlds', 'yaml'],
  ];
}

const wrongQueries = [
  '?limit=abc',
  '?version=x',
  '?nope=1',
  '?limit=',
  '?tag=a;b',
  '?operation=NOPE',
  '?since=[x]',
  '?clientID=x',
  '?limit=-1',
];

const askedOf = (method: string): { readonly body?: string; readonly query: string }[] => [
  ...wrongQueries.map((query) => ({ query })),
  ...(method === 'GET' ? [] : wrongBodies.map((body) => ({ body, query: '' }))),
];

/** Reads of the event stream do not end by themselves. */
const operations = [...routes].filter(([id]) => id !== 'events');

test.each(operations)(
  '%s: no text of a library answers wrong bodies, queries and paths',
  async (_id, { method, path }) => {
    const refusals: string[] = [];
    for (const value of ['x', demoClient, '%00', '99']) {
      const target = `${server.adminUrl}/__admin${path.replace(/\{\w+\}/g, value)}`;
      for (const { body, query } of askedOf(method)) {
        const response = await fetch(`${target}${query}`, {
          method,
          redirect: 'manual',
          ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
        });
        const text = await response.text();
        if (response.status < 400) continue;
        expect(response.status).toBeLessThan(500);
        refusals.push(text);
      }
      if (!path.includes('{')) break;
    }
    expect(refusals.filter((text) => rawText.test(text))).toEqual([]);
  },
);

describe('what is said instead', () => {
  const problemsOf = async (...asked: Parameters<typeof call>) => {
    const { status, json } = await call(...asked);
    expect(status).toBe(400);
    return json.problems;
  };

  test('unknown names: the one that was meant, or all', async () => {
    expect(
      await problemsOf('send', { body: { clientID: demoClient, operation: 'syncOrder' } }),
    ).toEqual(
      expect.arrayContaining([
        {
          where: 'body.clientID',
          message: 'is not known here',
          remedy: 'Did you mean "clientId"?',
        },
      ]),
    );
    expect(await problemsOf('setSeed', { body: { seed: 1, zzzzzz: 1 } })).toEqual([
      {
        where: 'body.zzzzzz',
        message: 'is not known here',
        remedy: expect.stringMatching(/^Known here: .*seed/),
      },
    ]);
    expect(await problemsOf('listJournal', { query: '?limt=5' })).toEqual([
      { where: 'query.limt', message: 'is not known here', remedy: 'Did you mean "limit"?' },
    ]);
  });

  test('missing, mistyped and unlisted values', async () => {
    expect(await problemsOf('setSeed', { body: {} })).toMatchObject([
      { where: 'body.seed', message: 'is required' },
    ]);
    expect(await problemsOf('setSeed', { body: { seed: 'x' } })).toMatchObject([
      { where: 'body.seed', message: 'must be of type integer (got "x")' },
    ]);
    expect(await problemsOf('listRecords', { path: { collection: 'order' } })).toMatchObject([
      {
        where: 'params.collection',
        message: expect.stringMatching(/^must be one of accounts, .*orders.* \(got "order"\)$/),
      },
    ]);
    expect(await problemsOf('setSeed', { body: [] })).toMatchObject([
      { where: 'body', message: expect.stringMatching(/^must be of type object/) },
    ]);
  });

  test('JSON that breaks off, and other texts', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await problemsOf('setSeed', { body: '{"seed":', headers })).toMatchObject([
      { message: 'is not JSON: it ends too soon: a closing bracket or quotation mark is missing' },
    ]);
    expect(await problemsOf('setSeed', { body: "{'seed': 1}", headers })).toMatchObject([
      { message: 'is not JSON: it has single quotation marks; JSON has double ones' },
    ]);
  });
});

const unknown = 'entirely-unknown';
test.each<[string, Asked]>([
  ['showScenario', { path: { name: unknown } }],
  ['activateScenarios', { body: { active: [unknown] } }],
  [
    'checkScenario',
    { body: { yaml: `name: a\ndescription: d\ninclude: [${unknown}]\nrules: []` } },
  ],
  [
    'send',
    {
      body: {
        clientId: demoClient,
        operation: 'syncOrder',
        headers: { 'x-mock-scenario': unknown },
      },
    },
  ],
])('%s: which request lists the scenarios, where one is unknown', async (operation, asked) => {
  const { text } = await call(operation, asked);
  expect(text).toContain('GET /__admin/scenarios lists them');
  expect(text).not.toContain('--help');
});

test.each(['verify', 'waitFor'])(
  'a pattern that the engine cannot run is a sentence of %s, not a failure',
  async (operationId) => {
    for (const [regex, said] of [
      ['(?=a)b', /look-around or a back-reference/],
      ['(?<!a)b', /look-around or a back-reference/],
      ['(a)\\1', /look-around or a back-reference/],
      ['(', /is not a regular expression/],
    ] as const) {
      const exchange = { body: { merchantBizNo: { regex } } };
      const body =
        operationId === 'verify'
          ? { exchanges: [{ exchange, exactly: 0 }] }
          : { exchange, withinMs: 1 };
      const { status, json } = await call(operationId, { body });
      expect([regex, status, json.error]).toEqual([regex, 400, expect.stringMatching(said)]);
    }
  },
);
