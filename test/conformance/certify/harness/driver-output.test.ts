import { describe, expect, test } from 'vitest';
import {
  BoundedLog,
  LineSplitter,
  maskKeys,
  ReportReader,
} from '../../../../server/conformance/certify/harness/driver-output.ts';
import { privateKey } from './job-request.ts';

const split = (...chunks: readonly (string | Buffer)[]) => {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(Buffer.from(chunk));
  splitter.end();
  return { lines, splitter };
};

describe('lines', () => {
  test('are put together from chunks, and the last one needs no line feed', () => {
    expect(split('a\nb', 'c\n', '\nd\r\n', 'é').lines).toEqual(['a', 'bc', '', 'd', 'é']);
  });

  test('may be cut inside a character', () => {
    const bytes = Buffer.from('香港\n');
    const { lines, splitter } = split(bytes.subarray(0, 2), bytes.subarray(2));
    expect(lines).toEqual(['香港']);
    expect(splitter.hasInvalidText).toBe(false);
  });

  test('that are too long are dropped, and those after them are read', () => {
    const { lines, splitter } = split('x'.repeat(300_000), 'x\nnext\n');
    expect(lines).toEqual(['next']);
    expect(splitter.dropped).toBe(1);
  });

  test('that are no UTF-8 are noticed', () => {
    expect(split(Buffer.from([0xff, 0xfe, 0x0a])).splitter.hasInvalidText).toBe(true);
  });
});

test('of several reports the last counts, with the time it came and a remark', () => {
  const times = [1, 2];
  const reader = new ReportReader(() => times.shift() ?? 0);
  reader.write(Buffer.from('log\n{"outcome":"UNKNOWN"}\nlog\n{"outcome":"SUCCESS"}'));
  reader.end();
  expect(reader.last).toMatchObject({ claim: { outcome: 'SUCCESS' } });
  expect(reader.atUs).toBe(2);
  expect(reader.remarks).toEqual(['wrote 2 reports; the last one counts']);
});

test('of a long log the beginning and the end are kept', () => {
  const log = new BoundedLog();
  log.write(Buffer.from('begin'));
  for (let count = 0; count < 640; count++) log.write(Buffer.alloc(8192, 'x'));
  log.write(Buffer.from('end'));
  const text = log.text((all) => all);
  expect(text.startsWith('begin')).toBe(true);
  expect(text.endsWith('end')).toBe(true);
  expect(text).toMatch(/\[\d{7} bytes omitted\]/);
  expect(text.length).toBeLessThan(100_000);
});

describe('a private key is masked', () => {
  const pem = `-----BEGIN PRIVATE KEY-----\n${privateKey}\n-----END PRIVATE KEY-----`;
  test.each([
    ['as it was given', `key=${privateKey} end`, 'key=[private key] end'],
    ['in JSON', `{"key":"${privateKey}"}`, '{"key":"[private key]"}'],
    ['as PEM', `a\n${pem}\nb`, 'a\n[private key]\nb'],
    ['as PEM in JSON', JSON.stringify(pem), '"[private key]"'],
    ['as PEM that was cut', `a ${pem.slice(0, 60)}`, 'a [private key]'],
    [
      'in lines',
      `${privateKey.slice(0, 34)}\n${privateKey.slice(34)}`,
      '[private key]\n[private key]',
    ],
    ['as base64url', privateKey.replaceAll('+', '-'), '[private key]'],
  ])('%s', (_name, text, expected) => {
    expect(maskKeys(text, [privateKey])).toBe(expected);
  });

  test('and other base64 is not', () => {
    const other = 'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo='.repeat(2);
    expect(maskKeys(other, [privateKey])).toBe(other);
  });
});
