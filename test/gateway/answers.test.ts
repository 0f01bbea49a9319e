import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CallOptions, type SignedRequest, signRequest } from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import type { Operation } from '../../server/domain/contract/contract.ts';
import { endpoints } from '../../server/domain/operations/index.ts';
import { type RawAnswer, rawCall } from '../raw-call.ts';
import { demoClient, demoMerchant, startServer, withSettings } from '../start-server.ts';
import { isSignedBy, readStrictly } from '../strict-answer-reader.ts';

const merchant = demoMerchant();
let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const platformKey =
  merchant.platform.find('RSA')?.publicKey ?? expect.fail('the demo platform has no RSA key');

const operationOf = (id: string): Operation => {
  const found = [...server.contract.operations.values()].find((one) => one.id === id);
  if (found === undefined) throw new Error(`no operation ${id}`);
  return found;
};
const order = operationOf.bind(undefined, 'syncOrder');

const signed = (id: string, fields = {}, options: CallOptions = {}): SignedRequest => {
  const operation = operationOf(id);
  const body = composeSample(operation, { fields, time: Date.now() });
  return signRequest(merchant, operation.path, Buffer.from(JSON.stringify(body)), options);
};

type Changes = Partial<Record<string, string | string[] | undefined>>;

const send = (
  at: MockServer,
  request: SignedRequest,
  changes: Changes = {},
  target = request.target,
): Promise<RawAnswer> =>
  rawCall(at.url, {
    target,
    headers: Object.fromEntries(
      Object.entries({ ...request.headers, ...changes }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    ),
    body: request.body,
  });

const messageIn = ({ json }: RawAnswer): string =>
  (json['result'] ?? json['resultInfo'])?.['resultMessage'] ?? '';

describe('resultMessage (G-29, G-02)', () => {
  test('the text of the row first, then the detail in brackets', async () => {
    expect(messageIn(await send(server, signed('syncOrder', { merchantBizNo: '' })))).toBe(
      'Request is invalid, usually missing parameters. [merchantBizNo: must not be empty (got "")]',
    );
    expect(messageIn(await send(server, signed('syncOrder'), { Signature: undefined }))).toBe(
      'Request is invalid, usually missing parameters. [Signature header: is missing]',
    );
    expect(messageIn(await send(server, signed('syncOrder')))).toBe('Success');
  });

  test.each([[{ messages: 'documented' }], [{ wirePure: true }]] as const)(
    '%o: the text alone',
    (settings) =>
      withSettings(settings, async (at) => {
        for (const [id, text] of [
          [
            'syncAdditionalInfo',
            'Illegal parameters. For example, non-numeric input, invalid date.',
          ],
          ['syncOrder', 'Request is invalid, usually missing parameters.'],
        ] as const)
          expect(messageIn(await send(at, signed(id, { requestId: '' })))).toBe(text);
        // A row that the simulator alone has keeps its own text.
        expect(messageIn(await send(at, signed('syncOrder'), { 'Client-Id': 'NOBODY' }))).toBe(
          'Client is invalid',
        );
      }),
  );

  test('at most 256 code points, and no character cut in half', async () => {
    for (let shift = 0; shift < 4; shift++) {
      const fields = Object.fromEntries(
        [
          'requestId',
          'merchantBizNo',
          'orderStatus',
          'userId',
          'openId',
          'merchantAccountId',
          'merchantBizType',
        ].map((name) => [name, 'x'.repeat(shift) + '🍜'.repeat(70)]),
      );
      const answer = await send(server, signed('syncOrder', fields));
      const message = messageIn(answer);
      expect([...message]).toHaveLength(256);
      expect(message).toMatch(/^Request is invalid, usually missing parameters\. \[.*…\]$/);
      expect(message).not.toMatch(/\p{Surrogate}/u);
      expect(answer.body.toString('utf8')).not.toMatch(/\\u[dD][89a-fA-F]/);
    }
  });

  test('the page’s texts, row by row', () => {
    const texts = Object.fromEntries(
      [...server.contract.operations.values()].map(({ id, results, ownResultCodes }) => [
        id,
        Object.fromEntries(
          ownResultCodes.flatMap((code) => {
            const row = results.get(code);
            return row?.basis === 'documented' ? [[code, row.message]] : [];
          }),
        ),
      ]),
    );
    const illegal = 'Illegal parameters. For example, non-numeric input, invalid date.';
    const unknown = 'API failed due to unknown reason.';
    expect(texts).toEqual({
      syncAdditionalInfo: {
        SUCCESS: 'Success',
        PARAM_ILLEGAL: illegal,
        UNKNOWN_EXCEPTION: unknown,
      },
      syncAccountLinkage: { SUCCESS: 'Success' },
      syncPaymentInfo: {
        SUCCESS: 'Success',
        PARAM_ILLEGAL: illegal,
        PROCESS_FAIL: "A general business failure occurred. Don't retry.",
        UNKNOWN_EXCEPTION: unknown,
      },
      syncOrder: {
        SUCCESS: 'Success',
        PARAM_ILLEGAL: 'Request is invalid, usually missing parameters.',
        ORDER_STATUS_INVALID:
          'Order status is invalid, please refer to the relevant business scenario.',
        UNKNOWN_EXCEPTION: 'Unknown exception, please retry again.',
        UN_SUPPORT_BUSINESS: 'Service is not available, please check with support.',
      },
      updateMembershipCard: {
        SUCCESS: 'Success',
        PARAM_ILLEGAL: illegal,
        UNKNOWN_EXCEPTION: 'API failed due to unknown reason, please check with support.',
      },
    });
  });
});

/** One request for each way to be refused before the signature has verified. */
const earlyRefusals: readonly [string, Changes, string?][] = [
  ['unknown path', {}, '/api/open/nothing'],
  ['media type', { 'Content-Type': 'text/xml' }],
  ['Content-Type twice', { 'Content-Type': ['application/json', 'application/json'] }],
  ['no Signature', { Signature: undefined }],
  ['Signature twice', { Signature: ['signature=x', 'signature=y'] }],
  ['malformed Signature', { Signature: 'RSA256' }],
  ['no Request-Time', { 'Request-Time': undefined }],
  ['malformed Request-Time', { 'Request-Time': 'yesterday' }],
  ['malformed Encrypt', { Encrypt: 'algorithm=RSA_AES' }],
  ['unknown client', { 'Client-Id': 'NOBODY' }],
  ['a Client-Id with a comma', { 'Client-Id': 'A,B' }],
  ['unknown key version', { Signature: 'keyVersion=7,signature=AAAA' }],
  ['wrong signature', { Signature: 'signature=AAAA' }],
];

describe('client-id on answers (G-30)', () => {
  test.each(earlyRefusals)('%s: echoed', async (_name, changes, target) => {
    const answer = await send(server, signed('syncOrder'), changes, target);
    expect((answer.json['result'] ?? answer.json['resultInfo'])?.['resultStatus']).toBe('F');
    expect(answer.headers['client-id']).toBe(changes['Client-Id'] ?? demoClient);
    expect(answer.rawHeaders).toContain('client-id');
  });

  test('no Client-Id, an empty one or two of them: absent', async () => {
    for (const clientId of [undefined, '', [demoClient, demoClient], ['', demoClient]]) {
      const { headers, json } = await send(server, signed('syncOrder'), { 'Client-Id': clientId });
      expect(json['result']?.['resultCode']).toBe('PARAM_ILLEGAL');
      expect(headers['client-id']).toBeUndefined();
    }
  });

  test('another method: echoed', async () => {
    const { headers } = await rawCall(server.url, {
      method: 'GET',
      target: order().path,
      headers: { 'Client-Id': demoClient },
    });
    expect(headers['client-id']).toBe(demoClient);
  });
});

describe('a strict client of an integrator can read every answer that is meant to be read (G-06)', () => {
  test.each(endpoints.map(({ operationId }) => operationId))(
    '%s: success and refusal',
    async (id) => {
      const { path, resultFields } = operationOf(id);
      for (const fields of [{}, { passId: 'P2', requestId: 7, status: 7 }]) {
        const answer = await send(server, signed(id, fields));
        expect(readStrictly(answer)).toMatchObject({
          algorithm: 'RSA256',
          keyVersion: '1',
          clientId: demoClient,
          json: {
            [resultFields[0]]: {
              resultCode: fields.passId === undefined ? 'SUCCESS' : 'PARAM_ILLEGAL',
            },
          },
        });
        expect(isSignedBy(platformKey, path, answer)).toBe(true);
      }
    },
  );

  test('sealed answers, and those signed with ECC224', async () => {
    expect(() => readStrictly({ ...answerWithoutBody, rawHeaders: [] })).toThrow(
      'signature is missing',
    );
    for (const options of [{ seal: true }, { algorithm: 'ECC224' }] as const) {
      const answer = await send(server, signed('syncOrder', {}, options));
      expect(readStrictly({ ...answer, body: Buffer.from('{}') }).clientId).toBe(demoClient);
    }
  });

  test.each(earlyRefusals)('signRefusals: always, %s', async (_name, changes, target) =>
    withSettings({ signRefusals: 'always' }, async (at) => {
      const answer = await send(at, signed('syncOrder'), changes, target);
      expect(isSignedBy(platformKey, target ?? order().path, answer)).toBe(true);
    }),
  );

  test('an unsigned refusal it cannot read, as with the real gateway (G-04)', async () => {
    const answer = await send(server, signed('syncOrder'), { Signature: 'signature=AAAA' });
    expect(() => readStrictly(answer)).toThrow('signature is missing');
    expect(answer.json['result']?.['resultCode']).toBe('INVALID_SIGNATURE');
  });
});

const answerWithoutBody: RawAnswer = {
  status: 200,
  rawHeaders: [],
  headers: {},
  body: Buffer.from('{}'),
  json: {},
};

describe('names', () => {
  test.each([
    ['resultInfo', ['resultInfo']],
    ['result', ['result']],
    ['both', ['resultInfo', 'result']],
  ] as const)('membership.resultName: %s (G-07)', (name, fields) =>
    withSettings({ 'membership.resultName': name }, async (at) => {
      const done = await send(at, signed('updateMembershipCard'));
      const refused = await send(at, signed('updateMembershipCard'), { Signature: undefined });
      for (const [answer, resultCode] of [
        [done, 'SUCCESS'],
        [refused, 'PARAM_ILLEGAL'],
      ] as const) {
        expect(Object.keys(answer.json)).toEqual(fields);
        for (const field of fields) expect(answer.json[field]).toMatchObject({ resultCode });
      }
      expect(Object.keys((await send(at, signed('syncOrder'))).json)[0]).toBe('result');
    }),
  );

  test('tracer.alias: tracerId sends both (G-16)', () =>
    withSettings({ 'tracer.alias': 'tracerId' }, async (at) => {
      const { rawHeaders, headers } = await send(at, signed('syncOrder'));
      expect(rawHeaders[rawHeaders.indexOf('tracerId') + 1]).toBe(headers['tracer-id']);
      expect(headers['tracer-id']).toMatch(/^[a-z]{7}\d{21}$/);
      expect((await send(server, signed('syncOrder'))).rawHeaders).not.toContain('tracerId');
    }));
});

describe('paths', () => {
  const outAccount = '/api/open/v1/alipayhk/merchant/outAccount';
  const candidates = [`${outAccount}/sync`, `${outAccount}/accountInfo/sync`];
  const signedFor = (path: string) =>
    signRequest(merchant, path, signed('syncAdditionalInfo').body);
  const codeOf = ({ json }: RawAnswer) => json['result']?.['resultCode'];

  test('P-01 every path of a list is served and is the one that is signed', () =>
    withSettings({ 'paths.syncAdditionalInfo': candidates, basePath: '/gw' }, async (at) => {
      const [first = '', second = ''] = candidates.map((path) => `/gw${path}`);
      expect(at.contract.operations.get('syncAdditionalInfo')).toMatchObject({
        path: first,
        paths: [first, second],
      });
      for (const path of [first, second]) {
        const answer = await send(at, signedFor(path));
        expect(codeOf(answer)).toBe('SUCCESS');
        expect([first, second].filter((one) => isSignedBy(platformKey, one, answer))).toEqual([
          path,
        ]);
      }
      const otherwise = await send(at, signedFor(first), {}, second);
      expect(codeOf(otherwise)).toBe('INVALID_SIGNATURE');
      const own = `/gw${outAccount}/additionalInfo/sync`;
      expect(codeOf(await send(at, signedFor(own)))).toBe('INVALID_API');
    }));

  test.each([
    ...candidates,
    `${outAccount}/additionalinfo/sync`,
    `${outAccount}/additionalInfo/sync/`,
    `${outAccount}/paymentInfos/sync`,
    '/api/open/x',
  ])('P-01 an unknown path is refused with a reason that names paths.*: %s', async (path) => {
    const { json } = await send(server, signedFor(path));
    expect(json['result']).toMatchObject({
      resultCode: 'INVALID_API',
      resultMessage: expect.stringContaining('paths.<operation>'),
    });
  });
});

describe('the order of checks (G-01)', () => {
  test.each([
    { Signature: 'algorithm=MD5,signature=AAAA' },
    { Encrypt: 'algorithm=DES,symmetricKey=AAAA' },
  ])('an unknown client before an unknown algorithm: %j', async (changes) => {
    const codeOf = async (more: Changes) =>
      (await send(server, signed('syncOrder'), { ...changes, ...more })).json['result']?.[
        'resultCode'
      ];
    expect(await codeOf({ 'Client-Id': 'NOBODY' })).toBe('INVALID_CLIENT');
    expect(await codeOf({})).toBe('PARAM_ILLEGAL');
  });

  test('Content-Type sent twice is refused like any other header', async () => {
    const json = 'application/json; charset=UTF-8';
    for (const lines of [
      [json, json],
      [json, 'text/xml'],
      ['application/json', json, json],
    ]) {
      const answer = await send(server, signed('syncOrder'), { 'Content-Type': lines });
      expect(answer.json['result']?.['resultCode']).toBe('PARAM_ILLEGAL');
      expect(messageIn(answer)).toContain(
        `[Content-Type header: sent ${lines.length} times, must be sent once]`,
      );
    }
    // What an official SDK sends.
    const answer = await send(server, signed('syncOrder'), {
      'Content-Type': ['application/json', json],
    });
    expect(answer.json['result']?.['resultCode']).toBe('SUCCESS');
  });
});
