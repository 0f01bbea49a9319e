import { describe, expect, test } from 'vitest';
import { readRequestText } from '../../server/doctor/diagnose-message.ts';
import { findHeader } from '../../server/doctor/read-http.ts';

const read = (text: string | Buffer) => {
  const reading = readRequestText(text);
  return 'message' in reading ? reading.message : expect.fail(reading.problem);
};
const problem = (text: string): string => {
  const reading = readRequestText(text);
  return 'problem' in reading ? reading.problem : expect.fail('it was read');
};

describe('raw HTTP', () => {
  test.each(['\n', '\r\n'])('a request with %j in its head keeps its body exactly', (eol) => {
    const message = read(
      [
        'POST /api/x?a=%20b HTTP/1.1',
        'Host: open.example:8443',
        'Client-Id: C1',
        'Signature: a=b,c=d',
        '',
        '{"a":\r\n1}\n',
      ].join(eol),
    );
    expect(message).toMatchObject({
      kind: 'request',
      method: 'POST',
      target: '/api/x?a=%20b',
      host: 'open.example:8443',
    });
    expect(findHeader(message, 'client-id')).toBe('C1');
    expect(message.body.toString()).toBe('{"a":\r\n1}\n');
  });

  test('Content-Length ends the body', () =>
    expect(read('POST /x HTTP/1.1\nContent-Length: 2\n\n{}\n').body.toString()).toBe('{}'));
  test('bytes that are no text stay', () =>
    expect(
      read(Buffer.concat([Buffer.from('POST /x HTTP/1.1\n\n'), Buffer.of(0xff, 0xfe)])).body,
    ).toEqual(Buffer.of(0xff, 0xfe)));
  test('no body', () => expect(read('POST /x HTTP/1.1\nHost: a\n').body).toHaveLength(0));
  test('an absolute URL on the request line', () =>
    expect(read('POST https://h.example/x?y HTTP/1.1\n\n')).toMatchObject({
      target: '/x?y',
      host: 'h.example',
    }));
  test('a response', () =>
    expect(read('HTTP/1.1 200 OK\nclient-id: C1\n\n{}')).toMatchObject({
      kind: 'response',
      status: 200,
    }));

  test.each([
    ['POST /x HTTP/1.1\nnonsense\n\n', 'no colon'],
    ['POST /x HTTP/1.1\nContent-Length: 9\n\n{}', 'incomplete'],
    ['POST /x HTTP/1.1\nTransfer-Encoding: chunked\n\n2\n{}', 'chunked'],
    ['what is this', 'neither'],
    ['', 'neither'],
  ])('%j is refused', (text, why) => expect(problem(text)).toContain(why));
});

describe('curl', () => {
  test('a usual command', () => {
    const message = read(`$ curl -sS -X POST 'https://h.example:8443/api/x?a=1' \\
      -H 'Client-Id: C1' --header "Signature: a=b,\\"c\\"" -o out.json \\
      --data-raw '{"a": "it'\\''s"}'`);
    expect(message).toMatchObject({ method: 'POST', target: '/api/x?a=1', host: 'h.example:8443' });
    expect(findHeader(message, 'Signature')).toBe('a=b,"c"');
    expect(message.body.toString()).toBe('{"a": "it\'s"}');
  });

  test.each([
    ["curl http://h/x -d $'a\\nb\\u8336\\x41'", 'a\nb茶A'],
    ['curl http://h/x --data "a\\\nb"', 'ab'],
    ["curl http://h/x -d 'a\nb'", 'a\nb'],
    ['curl http://h/x -d a -d b=1', 'a&b=1'],
    ['curl --url=http://h/x --data-binary={}', '{}'],
    ['curl http://h/x -d{}', '{}'],
    ["curl http://h/x --data-raw '@no file'", '@no file'],
    ["curl http://h/x -d ''", ''],
  ])('%j', (command, body) => expect(read(command).body.toString()).toBe(body));

  test.each([
    ['curl http://h/x', 'GET'],
    ["curl http://h/x -d ''", 'POST'],
    ['curl -XPUT http://h/x -d 1', 'PUT'],
  ])('%j is a %s', (command, method) => expect(read(command).method).toBe(method));

  test('a URL without a path', () => expect(read('curl http://h?x=1 -d 1').target).toBe('/?x=1'));

  test.each([
    ['curl http://h/x -d @order.json', 'strips all line breaks'],
    ['curl http://h/x --data-binary @order.json', 'cannot be read here'],
    ["curl http://h/x -d 'open", 'not closed'],
    ['curl -H "A: b"', 'no URL'],
    ['curl http://h/x -H', 'no value'],
    ['curl http://h/x -F a=b', 'form'],
  ])('%j is refused', (command, why) => expect(problem(command)).toContain(why));
});
