import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CallOptions, type SignedRequest, signRequest } from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import type { Settings } from '../../server/domain/settings/settings-table.ts';
import { rawCall } from '../raw-call.ts';
import { demoClient, demoMerchant, startServer, withSettings } from '../start-server.ts';

const merchant = demoMerchant();
let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const orderPath = '/api/open/alipay/v1/merchant/order/sync';
const cardPath = '/api/open/alipay/v1/ipass/pass/manage/updatePass';

const order = (at: MockServer, fields = {}) => {
  const operation = at.contract.operations.get('syncOrder');
  if (operation === undefined) throw new Error('no syncOrder');
  return composeSample(operation, { fields, time: Date.now() });
};

const signedOrder = (options: CallOptions = {}, fields = {}): SignedRequest =>
  signRequest(merchant, orderPath, Buffer.from(JSON.stringify(order(server, fields))), options);

/** An encrypted answer is no JSON. */
const parsed = (body: string) => (body.startsWith('{') ? JSON.parse(body) : undefined);

const call = async (
  at: MockServer,
  request: SignedRequest,
  changes: { target?: string; headers?: Record<string, string | undefined>; body?: string } = {},
) => {
  const headers = Object.fromEntries(
    Object.entries({ ...request.headers, ...changes.headers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const sending = supertest(at.url)
    .post(changes.target ?? request.target)
    .set(headers)
    .send(changes.body ?? request.body.toString('utf8'))
    .buffer(true);
  const response = await sending.parse((res, done) => {
    const chunks: Buffer[] = [];
    res.on('data', (chunk: Buffer) => chunks.push(chunk));
    res.on('end', () => done(null, Buffer.concat(chunks)));
  });
  const entry = at.journal.entries.at(-1);
  return {
    status: response.status,
    headers: response.headers as Record<string, string>,
    json: parsed(String(response.body)),
    entry,
  };
};

const refused = (code: string, step: string, register: string) => ({ code, step, register });

describe('every refusal: code, step and register entry', () => {
  const rows: [string, () => Parameters<typeof call>[2], ReturnType<typeof refused>, RegExp][] = [
    [
      'unknown path',
      () => ({ target: '/api/open/nothing' }),
      refused('INVALID_API', 'receive', 'G-02'),
      /no operation has the path .*set it as paths\.<operation>/,
    ],
    [
      'a slash too many',
      () => ({ target: `${orderPath}/` }),
      refused('INVALID_API', 'receive', 'G-02'),
      /did you mean/,
    ],
    [
      'wrong letter case',
      () => ({ target: orderPath.toUpperCase() }),
      refused('INVALID_API', 'receive', 'G-02'),
      /did you mean/,
    ],
    [
      'wrong media type',
      () => ({ headers: { 'Content-Type': 'text/xml' } }),
      refused('MEDIA_TYPE_NOT_ACCEPTABLE', 'receive', 'G-20'),
      /text\/xml/,
    ],
    [
      'other charset',
      () => ({ headers: { 'Content-Type': 'application/json; charset=GBK' } }),
      refused('MEDIA_TYPE_NOT_ACCEPTABLE', 'receive', 'G-20'),
      /gbk/,
    ],
    [
      'compressed',
      () => ({ headers: { 'Content-Encoding': 'gzip' } }),
      refused('MEDIA_TYPE_NOT_ACCEPTABLE', 'receive', 'G-20'),
      /gzip/,
    ],
    [
      'text/plain without Encrypt',
      () => ({ headers: { 'Content-Type': 'text/plain; charset=UTF-8' } }),
      refused('MEDIA_TYPE_NOT_ACCEPTABLE', 'receive', 'G-20'),
      /Encrypt/,
    ],
    [
      'no Client-Id',
      () => ({ headers: { 'Client-Id': undefined } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /Client-Id header: is missing/,
    ],
    [
      'no Signature',
      () => ({ headers: { Signature: undefined } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /Signature header: is missing/,
    ],
    [
      'no Request-Time',
      () => ({ headers: { 'Request-Time': undefined } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /Request-Time header: is missing/,
    ],
    [
      'Request-Time without offset',
      () => ({ headers: { 'Request-Time': '2024-05-22T06:42:21' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-09'),
      /offset/,
    ],
    [
      '30 February',
      () => ({ headers: { 'Request-Time': '2024-02-30T06:42:21+08:00' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-09'),
      /Request-Time/,
    ],
    [
      'no signature value',
      () => ({ headers: { Signature: 'algorithm=RSA256,keyVersion=1' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /no signature/,
    ],
    [
      'pair without =',
      () => ({ headers: { Signature: 'RSA256,keyVersion=1,signature=x' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /no "="/,
    ],
    [
      'key twice',
      () => ({ headers: { Signature: 'signature=x,signature=y' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /given twice/,
    ],
    [
      'unknown algorithm',
      () => ({ headers: { Signature: 'algorithm=MD5,signature=x' } }),
      refused('PARAM_ILLEGAL', 'identify-client', 'G-02'),
      /MD5/,
    ],
    [
      'keyVersion not a number',
      () => ({ headers: { Signature: 'keyVersion=one,signature=x' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /keyVersion/,
    ],
    [
      'pairs separated by semicolons',
      () => ({ headers: { Signature: 'algorithm=RSA256; keyVersion=1; signature=x' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /Signature header: the pairs are separated by semicolons; use commas$/,
    ],
    [
      'a colon in a pair',
      () => ({ headers: { Signature: 'algorithm:RSA256,signature=x' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /"algorithm:RSA256" has no "="; a key and its value are joined by "=", not ":"/,
    ],
    [
      'the key of the value in other letter case',
      () => ({ headers: { Signature: 'algorithm=RSA256,keyVersion=1,Signature=x' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /has no signature, but an unknown key "Signature"\. Did you mean "signature"\?$/,
    ],
    [
      'symmetrickey',
      () => ({ headers: { Encrypt: 'algorithm=RSA_AES,symmetrickey=x' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /has no symmetricKey, but an unknown key "symmetrickey"\. Did you mean "symmetricKey"\?$/,
    ],
    [
      'Encrypt with semicolons',
      () => ({ headers: { Encrypt: 'algorithm=RSA_AES;keyVersion=1;symmetricKey=x' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /Encrypt header: the pairs are separated by semicolons/,
    ],
    ...(
      [
        ['Client-Id', 'clientId'],
        ['Client-Id', 'Client_Id'],
        ['Client-Id', 'X-Client-Id'],
        ['Request-Time', 'request_time'],
        ['Request-Time', 'requestTime'],
        ['Request-Time', 'Timestamp'],
        ['Signature', 'X-Signature'],
        ['Signature', 'Sign'],
        ['Signature', 'Signatrue'],
      ] as const
    ).map(([name, sentAs]): (typeof rows)[number] => [
      `${name} sent as ${sentAs}`,
      () => ({ headers: { [name]: undefined, [sentAs]: 'x' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      new RegExp(
        `${name} header: is missing, but the request has a header "${sentAs}"\\. Did you mean "${name}"\\?$`,
      ),
    ]),
    [
      'the Signature list in Authorization',
      () => ({
        headers: {
          Signature: undefined,
          Authorization: 'algorithm=RSA256,keyVersion=1,signature=x',
        },
      }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /Signature header: is missing, but the request has a header "Authorization"/,
    ],
    [
      'text/plain with a misnamed Encrypt',
      () => ({ headers: { 'Content-Type': 'text/plain; charset=UTF-8', 'X-Encrypt': 'x' } }),
      refused('MEDIA_TYPE_NOT_ACCEPTABLE', 'receive', 'G-20'),
      /there is no Encrypt header, but the request has a header "X-Encrypt"/,
    ],
    [
      "the documents' sample of a signature",
      () => ({
        headers: {
          Signature:
            'algorithm=RSA256, keyVersion=1, signature=KEhXthj4bJ801Hqw8kaLvEKc0Rii8KsNUazw7kZgjxyGSPuOZ48058UVJUkkR21iD9JkHBGR rWiHPae8ZRPuBagh2H3qu7fxY5GxVDWayJUhUYkr9m%2FOW4UQVmXaQ9yn%2Fw2dCtzwAW0htPHYrKMyrT pMk%2BfDDmRflA%2FAMJhQ71yeyhufIA2PCJV8%2FCMOa46303A0WHhH0YPJ9%2FI0UeLVMWlJ1XcBo3Jr bRFvcowQwt0lP1XkoPmSLGpBevDE8%2FQ9WnxjPNDfrHnKgV2fp0hpMKVXNM%2BrLHNyMv3MkHg9iTMOD% 2FFYDAwSd%2B6%2FEOFo9UbdlKcmodJwjKlQoxZZIzmF8w%3D%3D',
        },
      }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-11'),
      /the documents' sample/,
    ],
    [
      'unknown client',
      () => ({ headers: { 'Client-Id': 'NOBODY' } }),
      refused('INVALID_CLIENT', 'identify-client', 'G-02'),
      /NOBODY/,
    ],
    [
      'unknown key version',
      () => ({ headers: { Signature: 'keyVersion=7,signature=AAAA' } }),
      refused('KEY_NOT_FOUND', 'verify-signature', 'G-02'),
      /version 7/,
    ],
    [
      'changed body',
      () => ({ body: '{}' }),
      refused('INVALID_SIGNATURE', 'verify-signature', 'G-02'),
      /does not verify/,
    ],
    [
      'changed query',
      () => ({ target: `${orderPath}?a=1` }),
      refused('INVALID_SIGNATURE', 'verify-signature', 'G-02'),
      /does not verify/,
    ],
    [
      'Encrypt without a key',
      () => ({ headers: { Encrypt: 'algorithm=RSA_AES,keyVersion=1' } }),
      refused('PARAM_ILLEGAL', 'read-headers', 'G-02'),
      /symmetricKey/,
    ],
    [
      'Encrypt with another algorithm',
      () => ({ headers: { Encrypt: 'algorithm=DES,symmetricKey=x' } }),
      refused('PARAM_ILLEGAL', 'identify-client', 'G-14'),
      /RSA_AES/,
    ],
  ];

  test.each(rows)('%s', async (_name, changes, { code, step, register }, reason) => {
    const { status, json, entry, headers } = await call(server, signedOrder(), changes());
    expect(status).toBe(200);
    expect(json.result).toMatchObject({ resultCode: code, resultStatus: 'F' });
    expect(entry?.verdict).toMatchObject({ step, code, basis: [register] });
    expect(entry?.verdict.reason).toMatch(reason);
    expect(headers['signature']).toBeUndefined();
    expect(headers['response-time']).toBeUndefined();
    expect(headers['tracer-id']).toMatch(/^[a-z]{7}\d{21}$/);
  });

  test('other methods', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const answer = await rawCall(server.url, { method, target: orderPath, headers: {} });
      expect(answer.json['result']).toMatchObject({
        resultCode: 'METHOD_NOT_SUPPORTED',
        resultStatus: 'F',
      });
    }
  });

  test('a header sent twice', async () => {
    const { headers, target, body } = signedOrder();
    const answer = await rawCall(server.url, {
      target,
      headers: { ...headers, 'Client-Id': [demoClient, demoClient] },
      body,
    });
    expect(answer.json['result']).toMatchObject({
      resultCode: 'PARAM_ILLEGAL',
      resultMessage:
        'Request is invalid, usually missing parameters. [Client-Id header: sent 2 times, must be sent once]',
    });
  });

  test('a body over the limit', async () => {
    const { json, entry } = await call(
      server,
      signRequest(merchant, orderPath, Buffer.alloc(1_048_577, 'x')),
    );
    expect(json.result.resultMessage).toMatch(/\[the body is larger than 1048576 bytes\]$/);
    expect(entry?.verdict).toMatchObject({ step: 'receive', basis: ['G-24'] });
  });

  test('on the membership path the result object is resultInfo (G-07)', async () => {
    const { json } = await call(server, signedOrder(), { target: cardPath });
    expect(json).toHaveProperty('resultInfo.resultCode', 'INVALID_SIGNATURE');
    const wrongMethod = await rawCall(server.url, { method: 'GET', target: cardPath, headers: {} });
    expect(wrongMethod.json).toHaveProperty('resultInfo.resultCode', 'METHOD_NOT_SUPPORTED');
  });
});

describe('after authentication refusals are signed', () => {
  const bodies: [string, string, RegExp][] = [
    ['not JSON', '{"a":', /not JSON/],
    ['an array', '[]', /an array/],
    ['null', 'null', /null/],
    ['empty', '', /empty/],
    ['a byte order mark', '\uFEFF{}', /byte order mark/],
    [
      'missing fields',
      '{}',
      /requestId: is required; .*userId, openId: one of the two|userId, openId: one of the two/,
    ],
  ];
  test.each(bodies)('%s', async (_name, body, message) => {
    const { json, headers } = await call(
      server,
      signRequest(merchant, orderPath, Buffer.from(body)),
    );
    expect(json.result).toMatchObject({ resultCode: 'PARAM_ILLEGAL', resultStatus: 'F' });
    expect(json.result.resultMessage).toMatch(message);
    expect(headers['signature']).toMatch(/^algorithm=RSA256,keyVersion=1,signature=/);
    expect(headers['client-id']).toBe(demoClient);
  });

  test('bytes that are not UTF-8', async () => {
    const { headers, target, body } = signRequest(
      merchant,
      orderPath,
      Buffer.from([0x7b, 0xff, 0x7d]),
    );
    const answer = await rawCall(server.url, { target, headers, body });
    expect(answer.json['result']).toMatchObject({
      resultCode: 'PARAM_ILLEGAL',
      resultMessage: 'Request is invalid, usually missing parameters. [the body is not UTF-8]',
    });
  });

  test('messages name the field, the rule and the value', async () => {
    const { entry } = await call(
      server,
      signedOrder(
        {},
        {
          requestId: '9f0c1a52-6b2e-4c3d-8a7e-000000000001',
          orderModifyTime: '1',
          merchantBizType: 'TAXI',
          userId: null,
          openId: null,
          merchantBizNo: '',
        },
      ),
    );
    // The answer's own message is cut to its documented length.
    expect(entry?.verdict.reason.split('; ')).toEqual(
      expect.arrayContaining([
        'userId, openId: one of the two is required',
        'requestId: 36 characters, at most 32',
        'send the UUID without its hyphens (got "9f0c1a52-6b2e-4c3d-8a7e-000000000001")',
        'orderModifyTime: must be of type integer (got "1")',
        'merchantBizNo: must not be empty (got "")',
      ]),
    );
    expect(entry?.verdict.reason).toMatch(
      /merchantBizType: must be one of PASS_TICKET, .* \(got "TAXI"\)/,
    );
  });

  test('lengths count code points (E-16)', async () => {
    const fits = await call(
      server,
      signedOrder({}, { merchantBizNo: 'LENGTHS', userId: '🍜'.repeat(64) }),
    );
    expect(fits.json.result.resultCode).toBe('SUCCESS');
    const over = await call(server, signedOrder({}, { userId: '🍜'.repeat(65) }));
    expect(over.json.result.resultMessage).toMatch(/\[userId: 65 characters, at most 64/);
  });
});

describe('settings of the gateway', () => {
  test('httpStatus: semantic (G-03)', () =>
    withSettings({ httpStatus: 'semantic', 'limits.bodyBytes': 2048 }, async (at) => {
      const statuses = [
        (await call(at, signedOrder(), { target: '/x' })).status,
        (await rawCall(at.url, { method: 'GET', target: orderPath, headers: {} })).status,
        (await call(at, signedOrder(), { headers: { 'Content-Type': 'a/b' } })).status,
        (await call(at, signedOrder(), { headers: { 'Client-Id': 'X' } })).status,
        (await call(at, signedOrder(), { body: '{}' })).status,
        (await call(at, signRequest(merchant, orderPath, Buffer.from('{}')))).status,
        (await call(at, signRequest(merchant, orderPath, Buffer.alloc(3000, 'x')))).status,
        (await call(at, signedOrder())).status,
      ];
      expect(statuses).toEqual([404, 405, 415, 401, 401, 400, 413, 200]);
    }));

  test('signRefusals: always and never (G-04)', async () => {
    await withSettings({ signRefusals: 'always' }, async (at) =>
      expect((await call(at, signedOrder(), { body: '{}' })).headers['signature']).toBeDefined(),
    );
    await withSettings({ signRefusals: 'never' }, async (at) => {
      expect(
        (await call(at, signRequest(merchant, orderPath, Buffer.from('{}')))).headers['signature'],
      ).toBeUndefined();
      expect((await call(at, signedOrder())).headers['signature']).toBeDefined();
    });
  });

  test('requestTime.formats and requestTime.window (G-09)', async () => {
    await withSettings({ 'requestTime.formats': 'documented' }, async (at) => {
      const { json } = await call(at, signedOrder(), {
        headers: { 'Request-Time': '1747893741000' },
      });
      expect(json.result.resultCode).toBe('PARAM_ILLEGAL');
    });
    await withSettings({ 'requestTime.window': '5m' }, async (at) => {
      expect(
        (await call(at, signedOrder({ time: Date.now() - 6 * 60_000 }))).entry?.verdict,
      ).toMatchObject({
        step: 'read-headers',
        basis: ['G-09'],
      });
      expect(
        (await call(at, signedOrder({ time: Date.now() - 4 * 60_000 }))).json.result.resultCode,
      ).toBe('SUCCESS');
    });
  });

  test('lenient: rawBase64Signature (G-11)', () =>
    withSettings({ lenient: ['rawBase64Signature'] }, async (at) => {
      const request = signedOrder();
      const Signature = decodeURIComponent(request.headers['Signature'] ?? '');
      expect(
        (await call(server, request, { headers: { Signature } })).entry?.verdict,
      ).toMatchObject({
        step: 'read-headers',
        basis: ['G-11'],
      });
      expect((await call(at, request, { headers: { Signature } })).json.result.resultCode).toBe(
        'SUCCESS',
      );
    }));

  test('every ISO-8601 time with a zone is documented: no finding, and formats: documented accepts it (G-09)', async () => {
    const iso = [
      '2024-05-21T22:42:21Z',
      '2024-05-22T06:42:21.5+08:00',
      '2024-05-21T22:42:21.1234567Z',
      '2024-05-22T06:42:21+05:30',
    ];
    const others = ['2024-05-22T06:42:21+0800', '2024-05-22T06:42:21.123+0800', '1716331341000'];
    await withSettings({ 'requestTime.formats': 'documented' }, async (at) => {
      for (const time of iso) {
        // Not signed with this time: the step after the headers refuses, and the finding is there
        // already.
        const lenient = await call(server, signedOrder(), { headers: { 'Request-Time': time } });
        expect([lenient.entry?.verdict.step, lenient.entry?.findings]).toEqual([
          'verify-signature',
          [],
        ]);
        const strict = await call(at, signedOrder(), { headers: { 'Request-Time': time } });
        expect(strict.entry?.verdict.step).toBe('verify-signature');
      }
      for (const time of others) {
        const lenient = await call(server, signedOrder(), { headers: { 'Request-Time': time } });
        expect(lenient.entry?.findings.map(({ id }) => id)).toEqual(['REQUEST_TIME_FORM']);
        const strict = await call(at, signedOrder(), { headers: { 'Request-Time': time } });
        expect(strict.entry?.verdict).toMatchObject({ step: 'read-headers', basis: ['G-09'] });
      }
    });
  });

  test('requestTime.code: TIMESTAMP_INVALID (G-09)', () =>
    withSettings(
      { 'requestTime.code': 'TIMESTAMP_INVALID', 'requestTime.window': '5m' },
      async (at) => {
        for (const time of ['yesterday', '2024-05-22T06:42:21+08:00']) {
          const { json, entry } = await call(at, signedOrder(), {
            headers: { 'Request-Time': time },
          });
          expect(json.result).toMatchObject({ resultCode: 'TIMESTAMP_INVALID', resultStatus: 'F' });
          expect(entry?.verdict).toMatchObject({ step: 'read-headers', basis: ['G-09'] });
        }
      },
    ));

  test('keyVersion 0 is the newest active key, with a finding; strict: keyVersion refuses it (G-10)', async () => {
    const zero = (request: SignedRequest, name: 'Signature' | 'Encrypt') => ({
      headers: { [name]: (request.headers[name] ?? '').replace(/keyVersion=\d+/, 'keyVersion=0') },
    });
    const request = signedOrder({}, { merchantBizNo: 'ZERO' });
    const { json, entry } = await call(server, request, zero(request, 'Signature'));
    expect(json.result.resultCode).toBe('SUCCESS');
    expect(entry?.findings).toEqual([
      {
        id: 'KEY_VERSION_ZERO',
        sentence:
          'Signature header: keyVersion=0 means the newest active key here; versions start at 1',
        register: 'G-10',
      },
    ]);
    const sealed = signedOrder({ seal: true }, { merchantBizNo: 'ZERO-SEALED' });
    const opened = await call(server, sealed, zero(sealed, 'Encrypt'));
    expect(opened.entry).toMatchObject({
      sealed: true,
      verdict: { code: 'SUCCESS' },
      findings: [{ id: 'KEY_VERSION_ZERO' }],
    });
    await withSettings({ strict: ['keyVersion'] }, async (at) => {
      const { json: refusal, entry: refusedEntry } = await call(
        at,
        request,
        zero(request, 'Signature'),
      );
      expect(refusal.result.resultMessage).toContain('keyVersion must be 1 or more (got "0")');
      expect(refusedEntry?.verdict).toMatchObject({ step: 'read-headers', basis: ['G-10'] });
      expect((await call(at, sealed, zero(sealed, 'Encrypt'))).entry?.verdict.basis).toEqual([
        'G-10',
      ]);
      expect((await call(at, signedOrder())).json.result.resultCode).toBe('SUCCESS');
    });
  });

  test.each([
    ['Algorithm=RSA256,keyVersion=1', '"Algorithm" is ignored. Did you mean "algorithm"?'],
    ['algorithm=RSA256,keyversion=1', '"keyversion" is ignored. Did you mean "keyVersion"?'],
    ['algorithm=RSA256,key_version=1', '"key_version" is ignored. Did you mean "keyVersion"?'],
    [
      'Signature: algorithm=RSA256,keyVersion=1',
      '"Signature: algorithm" is ignored. Did you mean "algorithm"?',
    ],
    ['algoritm=RSA256,keyVersion=1', '"algoritm" is ignored. Did you mean "algorithm"?'],
    ['nonce=4711,keyVersion=1', '"nonce" is ignored'],
  ])('an unknown key in the Signature list is a finding (G-10): %s', async (start, sentence) => {
    const id = createHash('md5').update(start).digest('hex');
    const ids = { requestId: id, merchantBizNo: id };
    const request = signedOrder({}, ids);
    const value = /signature=.*$/.exec(request.headers['Signature'] ?? '')?.[0] ?? '';
    const { json, entry } = await call(server, request, {
      headers: { Signature: `${start},${value}` },
    });
    expect(json.result.resultCode).toBe('SUCCESS');
    expect(entry?.findings).toEqual([
      {
        id: 'HEADER_KEY_UNKNOWN',
        sentence: `Signature header: unknown key ${sentence}`,
        register: 'G-10',
      },
    ]);
  });

  test('an unknown key in the Encrypt list is a finding too (G-10)', async () => {
    const sealed = signedOrder({ seal: true }, { merchantBizNo: 'SEALED-KEYS' });
    const Encrypt = (sealed.headers['Encrypt'] ?? '').replace('keyVersion', 'keyversion');
    const { entry } = await call(server, sealed, { headers: { Encrypt } });
    expect(entry?.findings.map(({ sentence }) => sentence)).toEqual([
      'Encrypt header: unknown key "keyversion" is ignored. Did you mean "keyVersion"?',
    ]);
  });

  test('Encrypt under another name is a finding, and the diagnosis', () =>
    withSettings({}, async (at) => {
      const { headers, body, target } = signedOrder({ seal: true });
      const { Encrypt = '', ...others } = headers;
      const misnamed = { ...others, 'X-Encrypt': Encrypt, 'Content-Type': 'application/json' };
      const { entry } = await call(at, { headers: misnamed, body, target });
      expect(entry?.findings).toEqual([
        {
          id: 'HEADER_NAME',
          sentence: 'header "X-Encrypt": is not read. Did you mean "Encrypt"?',
          register: 'G-02',
        },
      ]);
      expect(entry?.diagnosis?.cause?.id).toBe('ENC_HEADER_NAME');
    }));

  test('strict: unknownFields (G-17); by default a finding', async () => {
    const { json, entry } = await call(server, signedOrder({}, { colour: 'red' }));
    expect(json.result.resultCode).toBe('SUCCESS');
    expect(entry?.findings).toEqual([
      {
        id: 'UNKNOWN_FIELD',
        sentence: 'colour: the contract knows no such field',
        register: 'G-17',
      },
    ]);
    await withSettings({ strict: ['unknownFields'] }, async (at) =>
      expect(
        (await call(at, signedOrder({}, { colour: 'red' }))).json.result.resultMessage,
      ).toMatch(/colour/),
    );
  });

  test('strict: encryptAlgorithm (G-14), timestamps (E-17)', async () => {
    await withSettings({ strict: ['encryptAlgorithm', 'timestamps'] }, async (at) => {
      const sealed = signedOrder({ seal: true });
      const Encrypt = (sealed.headers['Encrypt'] ?? '').replace('RSA_AES', 'RSA');
      expect((await call(at, sealed, { headers: { Encrypt } })).entry?.verdict.basis).toEqual([
        'G-14',
      ]);
      const seconds = { orderCreateTime: 1747893741 };
      expect((await call(at, signedOrder({}, seconds))).json.result.resultMessage).toMatch(
        /orderCreateTime: at least 100000000000/,
      );
      expect(
        (
          await call(server, signedOrder({}, { ...seconds, merchantBizNo: 'SEC' }))
        ).entry?.findings.map(({ id }) => id),
      ).toEqual(['TIME_IN_SECONDS']);
    });
  });

  test('clients: disabled, operations, agentToken, requestsPerSecond, encryption', async () => {
    const client = (rules: Settings['clients'][string]) => ({ clients: { [demoClient]: rules } });
    await withSettings(client({ disabled: true }), async (at) =>
      expect((await call(at, signedOrder())).json.result.resultCode).toBe('INVALID_CLIENT'),
    );
    await withSettings(client({ operations: ['syncPaymentInfo'] }), async (at) => {
      const { json, headers } = await call(at, signedOrder());
      expect(json.result.resultCode).toBe('ACCESS_DENIED');
      expect(headers['signature']).toBeDefined();
    });
    await withSettings(client({ agentToken: 'T' }), async (at) => {
      for (const headers of [{}, { 'Agent-Token': 'OTHER' }])
        expect((await call(at, signedOrder(), { headers })).entry?.verdict).toMatchObject({
          code: 'ACCESS_DENIED',
          basis: ['G-19'],
        });
      expect(
        (await call(at, signedOrder(), { headers: { 'Agent-Token': 'T' } })).json.result.resultCode,
      ).toBe('SUCCESS');
    });
    await withSettings(client({ encryption: { syncOrder: 'required' } }), async (at) => {
      expect((await call(at, signedOrder())).entry?.verdict.basis).toEqual(['G-15']);
    });
    await withSettings(client({ encryption: 'forbidden' }), async (at) =>
      expect((await call(at, signedOrder({ seal: true }))).entry?.verdict.basis).toEqual(['G-15']),
    );
    const at = await startServer(client({ requestsPerSecond: 2 }), {
      now: () => 1_747_893_741_000,
    });
    const codes = [];
    for (let i = 0; i < 3; i++) codes.push((await call(at, signedOrder())).json.result);
    expect(codes.map(({ resultCode }) => resultCode)).toEqual([
      'SUCCESS',
      'SUCCESS',
      'REQUEST_TRAFFIC_EXCEED_LIMIT',
    ]);
    expect(codes[2].resultStatus).toBe('U');
    await at.close();
  });

  test('paths and basePath move the operations, and the signed path with them', () =>
    withSettings({ basePath: '/gw', 'paths.syncOrder': '/orders' }, async (at) => {
      expect(at.contract.operations.get('syncOrder')?.path).toBe('/gw/orders');
      const moved = signRequest(merchant, '/gw/orders', signedOrder().body);
      expect((await call(at, moved)).json.result.resultCode).toBe('SUCCESS');
      expect((await call(at, signedOrder())).json.result.resultCode).toBe('INVALID_API');
    }));

  test('P-01 two operations with one path, in a list too, are a start-up error', async () => {
    for (const path of ['/orders', '/more'])
      await expect(
        startServer({ 'paths.syncOrder': ['/orders', '/more'], 'paths.syncPaymentInfo': path }),
      ).rejects.toThrow('two operations have the same path');
    const twice = await startServer({ 'paths.syncOrder': ['/orders', '/orders'] });
    await twice.close();
  });

  test('accountTypes (E-15)', () =>
    withSettings({ accountTypes: { TELECOM: ['MOBILE_SERVICE'] } }, async (at) => {
      const path = at.contract.operations.get('syncAdditionalInfo');
      if (path === undefined) throw new Error('no operation');
      const send = (fields: Record<string, string>) =>
        call(
          at,
          signRequest(
            merchant,
            path.path,
            Buffer.from(JSON.stringify(composeSample(path, { fields, time: Date.now() }))),
          ),
        );
      expect((await send({})).json.result.resultCode).toBe('SUCCESS');
      expect((await send({ subType: 'X' })).json.result.resultMessage).toMatch(
        /\[subType: must be one of MOBILE_SERVICE/,
      );
      expect((await send({ type: 'X' })).json.result.resultMessage).toMatch(
        /\[type: must be one of TELECOM/,
      );
    }));
});

test('an absolute request line is taken by its path (G-21)', async () => {
  const { headers, target, body } = signedOrder();
  const { hostname, port } = new URL(server.url);
  const answer = await new Promise<string>((resolve, reject) => {
    const req = httpRequest(
      {
        host: hostname,
        port,
        method: 'POST',
        path: `http://open.alipay.hk${target}`,
        headers: { ...headers, 'content-length': body.length },
      },
      (res) => {
        res.setEncoding('utf8').on('data', resolve);
      },
    );
    req.on('error', reject).end(body);
  });
  expect(JSON.parse(answer).result.resultCode).toBe('SUCCESS');
});

test('response header names go out in lower case (G-05), and nothing else tells of Express', async () => {
  const { headers, target, body } = signedOrder();
  const { rawHeaders } = await rawCall(server.url, { target, headers, body });
  const names = rawHeaders.filter((_, at) => at % 2 === 0);
  for (const name of ['client-id', 'signature', 'response-time', 'tracer-id', 'content-type'])
    expect(names).toContain(name);
  expect(names.map((name) => name.toLowerCase())).not.toEqual(
    expect.arrayContaining(['x-powered-by']),
  );
  expect(names.map((name) => name.toLowerCase())).not.toEqual(expect.arrayContaining(['etag']));
});

test('anything unforeseen is UNKNOWN_EXCEPTION with the operation’s own status, without a word of what it was (G-18)', async () => {
  const at = await startServer({}, { onExchange: () => {} });
  Object.assign(at.store, { commit: () => Promise.reject(new Error('secret detail')) });
  const { json, entry } = await call(at, signedOrder());
  expect(json.result).toMatchObject({ resultCode: 'UNKNOWN_EXCEPTION', resultStatus: 'F' });
  expect(JSON.stringify(json)).not.toContain('secret detail');
  expect(entry?.verdict.basis).toContain('G-18');
  await at.close();
});
