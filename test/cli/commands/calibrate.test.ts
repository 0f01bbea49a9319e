import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createMockServer, type MockServerSettings } from '../../../sdk/testing/index.ts';
import { readLocatedYaml } from '../../../server/problems/located-yaml.ts';
import { runCli } from '../run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'calibrate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const calibrate = (url: string, ...more: readonly string[]) =>
  runCli('calibrate', '--target', url, '--out', folder, '--rate', '1000', ...more);

const rows = ['--rows', 'G-03,G-17,E-17,G-07'] as const;

test('writes a config file that makes a simulator agree in everything', async () => {
  const settings: MockServerSettings = {
    httpStatus: 'semantic',
    strict: ['unknownFields', 'timestamps'],
    'membership.resultName': 'both',
  };
  await using server = await createMockServer({ logLevel: 'silent', ...settings });
  const first = await calibrate(server.url, '--yes', ...rows);
  expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('4 decided') });
  const written = join(folder, 'alipayhk-mock.calibrated.yaml');
  expect(readFileSync(written, 'utf8')).toMatch(
    /^httpStatus: "semantic" # G-03, \d{3}-refusals, \d{3}-refusals$/m,
  );

  await using same = await createMockServer({
    logLevel: 'silent',
    ...(readLocatedYaml(written).value as MockServerSettings),
  });
  await using other = await createMockServer({ logLevel: 'silent' });
  const results = async (url: string, runFolder: string) => {
    await runCli(
      'calibrate',
      '--target',
      url,
      '--out',
      runFolder,
      '--rate',
      '1000',
      '--yes',
      ...rows,
    );
    const { results } = JSON.parse(readFileSync(join(runFolder, 'calibration.json'), 'utf8'));
    return results.map(({ row, setting, result, value }: Record<string, string>) =>
      [row, setting, result, value].join(' '),
    );
  };
  const expected = await results(server.url, join(folder, 'again'));
  expect(await results(same.url, join(folder, 'same'))).toEqual(expected);
  expect(await results(other.url, join(folder, 'other'))).not.toEqual(expected);
});

test('no file holds a key, a signature or, below transcript, the Client-Id', async () => {
  await using server = await createMockServer({ logLevel: 'silent' });
  await calibrate(server.url, '--yes', '--rows', 'G-03,G-13,G-15', '--shareable');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(json|md|yaml)$/.test(name),
  );
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text).not.toMatch(
      /PRIVATE|4Q5Y8W0WSG45P907917|(signature|symmetricKey)=[A-Za-z0-9%]{20}/,
    );
  }
});

test('a dry run opens no connection and writes nothing', async () => {
  const { code, stdout } = await calibrate('http://127.0.0.1:1', '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('Nothing was sent. ');
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  [['--target', 'http://192.168.77.1:1'], '192.168.77.1 is not this machine'],
  [['--target', 'http://203.0.113.7:1'], '203.0.113.7 does not look like a test environment'],
  [
    ['--target', 'http://203.0.113.7:1', '--i-may-test-this', '203.0.113.7'],
    '203.0.113.7 does not look like a test environment',
  ],
])('%j is refused before a byte is sent', async (args, message) => {
  const { code, stderr } = await runCli('calibrate', ...args, '--out', folder, '--yes');
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(readdirSync(folder)).toEqual([]);
});

test('a target that does not answer ends the run with code 1 and the reason', async () => {
  const { code, stdout } = await calibrate('http://127.0.0.1:1', '--yes');
  expect(code).toBe(1);
  expect(stdout).toContain('ECONNREFUSED');
  expect(stdout).toContain('ended early: no path that was tried is known there: no answer');
});

test('passes the trace of the caller on, and writes reports, in Chinese where it is asked to', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  vi.stubEnv('TRACEPARENT', `00-${traceId}-b7ad6b7169203331-01`);
  await using server = await createMockServer({ logLevel: 'silent', httpStatus: 'semantic' });
  const junit = join(folder, 'calibrate.xml');
  const ctrf = join(folder, 'calibrate.ctrf.json');
  const run = await calibrate(
    server.url,
    ...['--yes', '--rows', 'G-03,G-17', '--lang', 'zh-HK'],
    ...['--report', `junit=${junit}`, '--report', `ctrf=${ctrf}`],
  );
  vi.unstubAllEnvs();
  expect(run.code).toBe(0);
  expect(run.stdout).toMatch(/^\d+ 個請求：\d+ 項已確定/);
  const { entries } = (await server.admin('GET', '/journal?limit=1000')) as {
    readonly entries: readonly { readonly trace?: { readonly traceId: string } }[];
  };
  expect(entries.length).toBeGreaterThan(3);
  expect(new Set(entries.map(({ trace }) => trace?.traceId))).toEqual(new Set([traceId]));
  expect(readFileSync(join(folder, 'calibration.md'), 'utf8')).toMatch(
    /^# 對 127\.0\.0\.1:\d+ 的校準/,
  );
  expect(readFileSync(junit, 'utf8')).toContain('<testcase name="G-03 httpStatus"');
  const { results } = JSON.parse(readFileSync(ctrf, 'utf8'));
  expect(results.summary).toMatchObject({ failed: 0 });
  expect(results.tests.length).toBeGreaterThan(1);
});
