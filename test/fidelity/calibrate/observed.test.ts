import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMockServer, type MockServerSettings } from '../../../sdk/testing/index.ts';
import { demoClient } from './calibration-fixture.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'observed-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = '2026-11-20T08:00:00.000Z';
const result = (row: string, more: Readonly<Record<string, unknown>>) => ({
  row,
  result: 'agrees',
  evidence: ['014-refusals'],
  at,
  ...more,
});

const writeCalibration = (changes: Readonly<Record<string, unknown>> = {}): string => {
  const file = join(folder, 'calibration.json');
  const calibration = {
    format: 'alipayhk-mock/calibration/v1',
    made: { by: 'alipayhk-mock 0.1.0', at },
    target: { host: 'open-dev.example.com' },
    results: [
      result('G-03', {
        setting: 'httpStatus',
        result: 'decided',
        value: 'semantic',
        evidence: ['014-refusals', '015-refusals'],
      }),
      result('G-04', { setting: 'signRefusals', value: 'authenticated' }),
      result('E-24', { result: 'not-probed', because: 'answers echo nothing', evidence: [] }),
    ],
    ...changes,
  };
  writeFileSync(file, JSON.stringify(calibration));
  return file;
};

const observedRows = async (url: string) => {
  const { entries } = (await (await fetch(`${url}/__admin/fidelity`)).json()) as {
    entries: { id: string; observed?: unknown }[];
  };
  return new Map(entries.map(({ id, observed }) => [id, observed]));
};

test('rows of a calibration count as observed, with host, date and number of probes', async () => {
  await using server = await createMockServer({
    logLevel: 'silent',
    calibration: writeCalibration(),
  });
  const rows = await observedRows(server.url);
  const seen = { host: 'open-dev.example.com', at };
  expect(rows.get('G-03')).toEqual([
    { ...seen, setting: 'httpStatus', result: 'decided', value: 'semantic', probes: 2 },
  ]);
  expect(rows.get('G-04')).toEqual([
    { ...seen, setting: 'signRefusals', result: 'agrees', value: 'authenticated', probes: 1 },
  ]);
  expect(rows.get('E-24')).toBeUndefined();
  expect(rows.get('G-05')).toBeUndefined();
});

test('an exchange says which of the rows that it is based on were observed', async () => {
  const show = async (settings: MockServerSettings) => {
    await using server = await createMockServer({ logLevel: 'silent', ...settings });
    const sent = await fetch(`${server.url}/__admin/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId: demoClient, operation: 'syncOrder' }),
    });
    const { exchange } = (await sent.json()) as { exchange: { id: string } };
    return (await fetch(`${server.url}/__admin/journal/${exchange.id}`)).json();
  };
  const calibration = writeCalibration({ results: [result('E-01', {}), result('E-04', {})] });
  const observed = await show({ calibration });
  expect(observed).toMatchObject({ observed: ['E-01', 'E-04'] });
  expect(await show({})).not.toHaveProperty('observed');
});

test('without the setting nothing counts as observed', async () => {
  await using server = await createMockServer({ logLevel: 'silent' });
  expect([...(await observedRows(server.url)).values()].filter(Boolean)).toEqual([]);
});

test.each([
  [{ format: 'alipayhk-mock/calibration/v9' }, /calibration\.json:\d+.*format/],
  [{ results: [result('X-99', {})] }, /calibration\.json:\d+.*results\[0\]\.row|row/],
])('a file with %j is refused with its place', async (changes, message) => {
  await expect(
    createMockServer({ logLevel: 'silent', calibration: writeCalibration(changes) }),
  ).rejects.toThrow(message);
});
