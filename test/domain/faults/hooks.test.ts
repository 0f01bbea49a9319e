import { describe, expect, test } from 'vitest';
import { hooksFor, wireChoice } from '../../../server/domain/faults/choice.ts';
import type { WireMessage } from '../../../server/domain/faults/fault.ts';

const body = Buffer.from('{"result":{"resultCode":"SUCCESS"}}');
const message: WireMessage = {
  httpStatus: 200,
  headers: {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': String(body.length),
    'client-id': 'X',
    signature: 's',
  },
  body,
};
const hooks = (fault: unknown) => hooksFor({ fault: wireChoice.parse(fault) });

describe('the bytes that a fault sends', () => {
  const sent = (fault: unknown) => {
    const plan = hooks(fault).plan(message);
    const text = Buffer.concat((plan?.chunks ?? []).map(({ bytes }) => bytes)).toString();
    return { ...plan, text, sent: text.slice(text.indexOf('\r\n\r\n') + 4) };
  };

  test.each([
    ['hang', '', 120_000, 'close'],
    [{ id: 'hang', forMs: 5 }, '', 5, 'close'],
    ['reset', '', 0, 'reset'],
    ['close', '', 0, 'close'],
    ['partial-status', 'HTTP/1.1 2', 0, 'close'],
    [{ id: 'partial-status', atByte: 1 }, 'H', 0, 'close'],
  ])('%j', (fault, text, holdMs, close) => {
    expect(sent(fault)).toMatchObject({ text, holdMs, close });
  });

  test.each([
    ['headers-only', '', 120_000],
    ['cut-body', body.toString().slice(0, Math.floor(body.length / 2)), 0],
    [{ id: 'cut-body', atByte: 3 }, body.toString().slice(0, 3), 0],
    [{ id: 'cut-body', atByte: 1000 }, body.toString().slice(0, -1), 0],
    ['slow-drip', body.toString(), 0],
    ['length-too-long', body.toString(), 1000],
    ['length-too-short', body.toString(), 0],
    ['duplicate-headers', body.toString(), 0],
  ])('%j: head and %j', (fault, rest, holdMs) => {
    const { text, sent: received, holdMs: held } = sent(fault);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toMatch(/\r\nconnection: close\r\n\r\n/);
    expect([received, held]).toEqual([rest, holdMs]);
  });

  test.each([
    ['length-too-long', body.length + 10],
    [{ id: 'length-too-long', bytes: 1 }, body.length + 1],
    ['length-too-short', body.length - 10],
    [{ id: 'length-too-short', bytes: 1000 }, 0],
  ])('%j states a wrong length', (fault, length) => {
    expect(sent(fault).text).toContain(`content-length: ${length}\r\n`);
  });

  test('a drip is at most twenty pieces a second, and ends after ten minutes', () => {
    const plan = hooks({ id: 'slow-drip', bytesPerSecond: 1 }).plan({
      ...message,
      body: Buffer.alloc(1000, 'x'),
    });
    const drops = plan?.chunks.slice(1) ?? [];
    expect(drops.every(({ afterMs, bytes }) => afterMs === 1000 && bytes.length === 1)).toBe(true);
    expect(drops).toHaveLength(600);
  });

  test('headers that are sent twice have the same value', () => {
    expect(sent('duplicate-headers').text.match(/client-id: X/g)).toHaveLength(2);
    expect(sent('duplicate-headers').text.match(/content-length/g)).toHaveLength(1);
  });
});

describe('the message that a fault makes of an answer', () => {
  test.each([
    ['not-json', 'resultCode=SUCCESS&resultStatus=S'],
    [{ id: 'huge-body', bytes: 1000 }, body.toString().padEnd(1000)],
    [{ id: 'wrong-charset', bytes: 'latin1' }, body.toString()],
    ['wrong-charset', body.toString()],
  ])('%j: the plain body', (fault, plain) => {
    expect(hooks(fault).plain(body).toString()).toBe(plain);
  });

  test.each([
    ['empty-200', { httpStatus: 200, headers: { 'content-length': '0' } }],
    ['gateway-html', { httpStatus: 502 }],
    [{ id: 'gateway-html', httpStatus: 504 }, { httpStatus: 504 }],
    ['wrong-charset', { headers: { 'content-type': 'application/json; charset=GBK' } }],
    [
      { id: 'wrong-charset', label: 'Big5', bytes: 'utf-16le' },
      { headers: { 'content-type': 'application/json; charset=Big5' } },
    ],
    [{ id: 'wrong-charset', bytes: 'latin1' }, message],
    ['reset', message],
  ])('%j: the message', (fault, expected) => {
    expect(hooks(fault).rewrite(message)).toMatchObject(expected);
  });

  test('an HTML page names its status', () => {
    expect(hooks('gateway-html').rewrite(message).body.toString()).toContain('502 Bad Gateway');
  });
});
