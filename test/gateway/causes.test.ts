import { describe, expect, test } from 'vitest';
import { signRequest } from '../../sdk/client/signed-call.ts';
import { describeFaults } from '../../server/domain/contract/describe-faults.ts';
import { suggestPath } from '../../server/gateway/steps/receive.ts';
import { describeJsonError, findJsonLosses } from '../../server/problems/json-text.ts';
import { readTimestamp, timestampProblem } from '../../server/protocol/timestamps.ts';
import { merchantAt } from '../merchant.ts';
import { rawCall } from '../raw-call.ts';
import { demoMerchant, startServer } from '../start-server.ts';

describe('a Request-Time that cannot be read says why', () => {
  test.each([
    ['2024-05-22T06:42+08:00', 'it has no seconds'],
    ['2024-05-22T06:42Z', 'it has no seconds'],
    ['2024-05-22T06:42:21+08:00[Asia/Hong_Kong]', 'the name of a zone in brackets'],
    ['2024-05-22T06:42:21[Asia/Hong_Kong]', 'the name of a zone in brackets'],
    ['2024-05-22T06:42:21+08', 'its offset has no minutes; write +08:00'],
    ['2024-05-22T06:42:21,123+08:00', 'its fraction of a second begins with a comma'],
    ['2024-05-22T06:42:21 08:00', 'a space where the + of the offset belongs'],
    ['2024-05-22T06:42:21.123 0800', 'a space where the + of the offset belongs'],
    ['2024-05-22T06:42:21%2B08:00', 'it is percent-encoded'],
    ['2024-05-22 06:42:21+08:00', 'a space where the T belongs'],
    ['2024-05-22 06:42:21', 'a space where the T belongs'],
    ['2024-05-22T06:42:21 +08:00', 'a space before the offset'],
    ['1716331341', 'it is in seconds since 1970'],
    ['1716331341.5', 'it is in seconds since 1970'],
    ['1716331341123456', 'it is in microseconds since 1970'],
    ['1716331341123456789', 'it is in nanoseconds since 1970'],
    ['20240522T064221+0800', 'it is in the basic format'],
    ['Wed, 22 May 2024 06:42:21 GMT', 'an HTTP or e-mail date'],
    ['2024/05/22 06:42:21', 'its date has slashes'],
    ['2024-05-22t06:42:21+08:00', 'its T and Z must be capital letters'],
    ['2024-05-22T06:42:21', 'it has no offset'],
    ['2024-05-22', 'it has no time of day'],
    ['2024-02-30T06:42:21+08:00', 'no such moment exists'],
    ['2024-05-22T25:42:21+08:00', 'no such moment exists'],
    ['"2024-05-22T06:42:21+08:00"', 'it has quotation marks'],
    ['2024-05-22T06:42:21HKT', 'the name of a zone'],
    ['now', 'it is not written in that form'],
  ])('%s', (text, reason) => {
    expect(readTimestamp(text)).toBeUndefined();
    expect(timestampProblem(text)).toContain(reason);
  });
});

describe('an unknown path says which one may have been meant', () => {
  const order = '/api/open/alipay/v1/merchant/order/sync';
  const known = [
    order,
    '/api/open/alipay/v1/promotion/binding/sync',
    '/api/open/alipay/v1/ipass/pass/manage/updatePass',
  ];
  const orElse = 'Else set paths.<operation>';
  test.each([
    [`/${order}`, `did you mean ${order}? There is a doubled slash in the path`],
    [
      order.replace('/v1/', '/v1//'),
      `did you mean ${order}? There is a doubled slash in the path. ${orElse}`,
    ],
    [`${order}/`, `did you mean ${order}? There is a slash at the end. ${orElse}`],
    [`${order}%20`, `did you mean ${order}? There is white space in the path. ${orElse}`],
    [
      `${order};jsessionid=1A2B`,
      `did you mean ${order}? Path parameters (;name=value) are not part of it. ${orElse}`,
    ],
    [
      order.replace('order', '%6Frder'),
      `did you mean ${order}? Parts of it are percent-encoded. ${orElse}`,
    ],
    [order.toUpperCase(), `did you mean ${order}?`],
    [`/gateway${order}`, `did you mean ${order}? To serve a prefix set basePath: /gateway`],
    [`/gateway/${order};v=1`, `did you mean ${order}? To serve a prefix set basePath: /gateway`],
    ['/merchant/order/sync', `did you mean ${order}?`],
    ['/api/open/alipay/v1/merchant/orders/sync', `did you mean ${order}? ${orElse}`],
    ['/api/open/alipay/v1/merchant/order/snyc', `did you mean ${order}? ${orElse}`],
    [
      '/api/open/alipay/v1/something/else/entirely',
      'if AlipayHK gave you this path, set it as paths.<operation>',
    ],
    ['/', 'if AlipayHK gave you this path, set it as paths.<operation>'],
    ['/%E0%A4%A', 'if AlipayHK gave you this path, set it as paths.<operation>'],
  ])('P-01 %s', (path, expected) => {
    expect(suggestPath(path, known)).toBe(expected);
  });
});

describe('JSON', () => {
  test.each([
    ['{"a":1,"a":2}', ['a'], {}],
    ['{"a":{"b":1,"b":2},"c":[{"d":1},{"d":2,"d":3}]}', ['a.b', 'c.1.d'], {}],
    ['{"a":"x\\":1,\\"a\\":","b":1}', [], {}],
    ['{"a":9007199254740993}', [], { a: '9007199254740993' }],
    ['{"x":{"y":[1,1234567890123456789]}}', [], { 'x.y.1': '1234567890123456789' }],
    ['{"a":1e400,"b":-1e999}', [], { a: '1e400', b: '-1e999' }],
    ['{"a":9007199254740991,"b":1e5,"c":"1234567890123456789"}', [], {}],
    ['{"\\u0061":1,"a":2}', ['a'], {}],
    ['{"a":"\\\\","a" :\n1}', ['a'], {}],
    ['{"a":"海\\"濱","b":"\\\\\\"a\\":1"}', [], {}],
    ['{"a": -1E400}', [], { a: '-1E400' }],
    ['[0.5, -9007199254740993]', [], { 1: '-9007199254740993' }],
  ])('%s', (text, duplicates, numbers) => {
    const found = findJsonLosses(Buffer.from(text), JSON.parse(text));
    expect(found.duplicates).toEqual(duplicates);
    expect(Object.fromEntries(found.numbers)).toEqual(numbers);
  });

  const slip = (text: string): string => {
    try {
      JSON.parse(text);
    } catch (error) {
      return describeJsonError(text, error);
    }
    return 'is JSON';
  };
  test.each([
    ['{"a":', 'it ends too soon: a closing bracket or quotation mark is missing'],
    ['{"a":"b', 'it ends too soon: a closing bracket or quotation mark is missing'],
    ["{'a': 1}", 'it has single quotation marks; JSON has double ones'],
    ['{"a": 1,}', 'it has a comma before a closing bracket'],
    [
      '{"a": NaN}',
      'it has NaN, Infinity, undefined, None, True or False; JSON has null, true and false',
    ],
    ['{"a": 1} // x', 'it has a comment, which JSON does not have'],
    ['{a: 1}', 'it has a name without quotation marks'],
    ['<xml/>', 'it is XML or HTML'],
    ['requestId=1&openId=2', 'it is form data (name=value)'],
    ['\uFEFF{}', 'it starts with a byte order mark; send JSON without it'],
    ['{"a": 1\n "b": 2}', 'unexpected "\\"b\\": 2}" in line 2, column 2'],
  ])('%s is refused with its cause', (text, expected) => {
    expect(slip(text)).toBe(expected);
  });
});

describe('contract refusals', () => {
  const operation = {
    knownFields: new Map([['', new Set(['merchantBizNo', 'merchantBizType', 'userId', 'amount'])]]),
  };
  const missing = (field: string) => ({
    path: `/body/${field}`,
    message: 'must have required property',
    errorCode: 'required.openapi.validation',
  });
  test('name the misspelt field next to the missing one', () => {
    expect(
      describeFaults(
        [missing('merchantBizNo')],
        { merchantBizNO: '1', merchantBizType: 'X' },
        operation,
      ),
    ).toEqual(['merchantBizNo: is required; the request has "merchantBizNO"']);
    expect(describeFaults([missing('merchantBizNo')], { merchantBizType: 'X' }, operation)).toEqual(
      ['merchantBizNo: is required'],
    );
    expect(describeFaults([missing('merchantBizNo')], { merchant_biz_no: '1' }, operation)).toEqual(
      ['merchantBizNo: is required; the request has "merchant_biz_no"'],
    );
  });

  test('an amount that is not a whole number of cents, and what the validator has no sentence for', () => {
    const type = {
      path: '/body/amount',
      message: 'must be integer',
      errorCode: 'type.openapi.validation',
    };
    expect(describeFaults([type], { amount: 10.5 }, operation)).toEqual([
      'amount: must be whole cents, e.g. 1050 for HKD 10.50 (got 10.5)',
    ]);
    expect(describeFaults([type], { amount: '1050' }, operation)).toEqual([
      'amount: must be whole cents, e.g. 1050 for HKD 10.50 (got "1050")',
    ]);
    const text = 'amount.value: must be whole cents as text, e.g. "1050" for HKD 10.50';
    const value = { path: '/body/amount/value', errorCode: 'pattern.openapi.validation' };
    const pattern = { ...value, message: 'must match pattern "^[0-9]+$"' };
    expect(describeFaults([pattern], { amount: { value: '10.50' } }, operation)).toEqual([
      `${text} (got "10.50")`,
    ]);
    const number = { ...value, message: 'must be string', errorCode: 'type.openapi.validation' };
    expect(describeFaults([number], { amount: { value: 1050 } }, operation)).toEqual([
      `${text} (got 1050)`,
    ]);
    const odd = {
      path: '/body/userId',
      message: 'must NOT be valid',
      errorCode: 'not.openapi.validation',
    };
    expect(describeFaults([odd], { userId: 'x' }, operation)).toEqual([
      'userId: is not what the contract allows (got "x")',
    ]);
  });
});

test('over the wire: numbers are quoted as they were sent, losses and double names are findings, codings have no case', async () => {
  const server = await startServer();
  try {
    const merchant = merchantAt(server);
    const operation = [...server.contract.operations.values()].find(({ id }) => id === 'syncOrder');
    const post = async (text: string, headers: Record<string, string> = {}) => {
      const signed = signRequest(demoMerchant(), operation?.path ?? '', Buffer.from(text));
      const { json, headers: answered } = await rawCall(server.url, {
        target: signed.target,
        headers: { ...signed.headers, ...headers },
        body: signed.body,
      });
      const entry = server.journal.entries.find(({ id }) => id === answered['tracer-id']);
      return {
        result: json['result'],
        findings: entry?.findings.map(({ sentence }) => sentence) ?? [],
      };
    };
    const sample = (more: string) =>
      JSON.stringify(merchant.sample('syncOrder')).replace(/^\{/, `{${more},`);
    const withTime = (written: string) =>
      JSON.stringify(merchant.sample('syncOrder')).replace(
        /"orderModifyTime":\d+/,
        `"orderModifyTime":${written}`,
      );
    expect((await post(withTime('9007199254740993'))).result?.['resultMessage']).toContain(
      '(got 9007199254740993)',
    );
    expect((await post(withTime('1e400'))).result?.['resultMessage']).toContain('(got 1e400)');
    const lost = await post(sample('"mine":{"id":1234567890123456789}'), {
      'Content-Encoding': 'Identity',
    });
    expect(lost.result).toMatchObject({ resultCode: 'SUCCESS' });
    expect(lost.findings).toContain(
      'mine.id: the number 1234567890123456789 is read as 1234567890123456800; send it as text',
    );
    expect((await post(sample('"userId":"1"'))).findings).toContain(
      'userId: given twice in the same object; the last one counts',
    );
    expect((await post('{}', { 'Content-Encoding': 'GZIP' })).result?.['resultMessage']).toBe(
      'Media type or charset is not accepted [Content-Encoding gzip is not accepted; send the body as it is]',
    );
    expect((await post('{}', { 'Request-Time': '1716331341' })).result?.['resultMessage']).toMatch(
      /\[Request-Time header: it is in seconds since 1970; must be ISO-8601 with an offset.*\(got "1716331341"\)\]$/,
    );
  } finally {
    await server.close();
  }
});
