import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  BoundedLog,
  LineSplitter,
  maskKeys,
  ReportReader,
  readClaim,
} from '../../../../server/conformance/certify/harness/driver.ts';
import { packageRoot } from '../../../../server/package-root.ts';
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

describe('the report', () => {
  test.each([
    ['S', 'SUCCESS'],
    ['F', 'FAILED'],
    ['U', 'UNKNOWN'],
    ['SUCCESS', 'SUCCESS'],
  ])('may give its outcome as %s', (given, outcome) => {
    expect(readClaim(JSON.stringify({ outcome: given }))).toEqual({ claim: { outcome } });
  });

  test('may be a list with one outcome a message: the worst speaks for all', () => {
    const unknown = { outcome: 'U', resultCode: 'UNKNOWN_EXCEPTION', nextAttemptInMs: 100 };
    const outcomes = [{ outcome: 'S' }, unknown, { outcome: 'F', alerted: true }];
    expect(readClaim(JSON.stringify({ outcomes }))).toMatchObject({
      claim: {
        outcome: 'UNKNOWN',
        resultCode: 'UNKNOWN_EXCEPTION',
        nextAttemptInMs: 100,
        outcomes: [
          { message: 1, outcome: 'SUCCESS' },
          { message: 2, outcome: 'UNKNOWN' },
          { message: 3, outcome: 'FAILED' },
        ],
      },
    });
  });

  test('is that nothing is open, where the list is empty', () => {
    expect(readClaim('{"outcomes":[]}')).toMatchObject({ claim: { outcome: 'SUCCESS' } });
  });

  test('may list more than a case has: an outbox holds what the application put there', () => {
    const outcomes = Array.from({ length: 40 }, () => ({ outcome: 'SUCCESS' }));
    expect(readClaim(JSON.stringify({ outcomes }))).toHaveProperty('claim');
  });

  test.each([
    ['{"outcomes":[{"outcome":"fine"}]}', /^outcomes\.0\.outcome: /],
    ['{"outcomes":["S"]}', /^outcomes\.0: /],
    ['{"outcome":"sent"}', /^outcome: /],
  ])('%s cannot be used', (line, problem) => {
    expect(readClaim(line)).toEqual({ problem: expect.stringMatching(problem) });
  });

  test.each(['{"outcomes":3}', '[{"outcome":"S"}]', '{"out":1}', 'SUCCESS'])(
    'is not %s, which is another line of the log',
    (line) => {
      expect(readClaim(line)).toBeUndefined();
    },
  );
});

test.each([
  ...['csharp/CertifyDriver.cs', 'go/certify_driver.go', 'java/CertifyDriver.java'],
  ...['node/certify-driver.mjs', 'php/certify-driver.php', 'python/certify_driver.py'],
  'shell/certify-driver.sh',
])('a driver takes no more than thirty lines: %s', (file) => {
  const lines = readFileSync(join(packageRoot, 'examples', file), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.length).toBeLessThanOrEqual(30);
  expect(lines.filter((line) => line.length > 120)).toEqual([]);
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
