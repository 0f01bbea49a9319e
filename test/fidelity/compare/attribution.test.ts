import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMockServer, type MockServerSettings } from '../../../sdk/testing/index.ts';
import { startComparison } from '../../../server/cli/commands/compare.ts';
import type { Settings } from '../../../server/domain/settings/settings-table.ts';
import { calibrate } from '../../../server/fidelity/calibrate/calibrate.ts';
import type { ComparisonRecord } from '../../../server/fidelity/compare/comparison.ts';
import { calibrationOptions, defaultSettings } from '../calibrate/calibration-fixture.ts';
import { alternatives, asSettings, chooseSettings } from '../calibrate/recovered-settings.ts';
import {
  calibrateTwice,
  compareOver,
  scenariosWithExpectations,
  writtenSettings,
} from './compare-everything.ts';

/** The row that a setting belongs to. */
const rows: Readonly<Record<string, string>> = {
  httpStatus: 'G-03',
  signRefusals: 'G-04',
  'tracer.alias': 'G-16',
  'requestTime.formats': 'G-09',
  'requestTime.code': 'G-09',
  'requestTime.window': 'G-09',
  ecc224: 'G-12',
  'strict.keyVersion': 'G-10',
  'strict.encryptAlgorithm': 'G-14',
  'strict.unknownFields': 'G-17',
  'strict.emptyStrings': 'G-27',
  'strict.timestamps': 'E-17',
  'strict.updateDetailType': 'E-12',
  'lenient.rawBase64Signature': 'G-11',
  'idempotency.mismatch': 'I-03',
  'idempotency.compare': 'I-03',
  'idempotency.replay': 'I-02',
  'ordering.stale': 'O-01',
  'order.identity': 'O-03',
  'order.identityDrift': 'O-04',
  'order.statusMachine': 'E-01',
  'order.extraFields': 'E-20',
  'linkage.unknownUnbind': 'E-08',
  'membership.unknownPass': 'E-10',
  'membership.closedPass': 'E-11',
  'membership.expiredPass': 'E-23',
  'membership.resultName': 'G-07',
};

/** Compares two simulators with the requests of a calibration as traffic. */
const compareWith = async (
  real: MockServerSettings,
  mock: Partial<Settings>,
  rows: readonly string[],
): Promise<readonly ComparisonRecord[]> => {
  const records: ComparisonRecord[] = [];
  await using server = await createMockServer({ logLevel: 'silent', ...real });
  const running = await startComparison(
    { target: server.url, listen: 0, timeout: 5000 },
    { ...defaultSettings, logLevel: 'silent', ...mock },
    (record) => records.push(record),
  );
  if (running instanceof Error) throw running;
  await calibrate(calibrationOptions(running.url, { rows: new Set(rows) }));
  await running.close();
  return records;
};

test('two simulators with the same settings show no difference', async () => {
  const records = await compareWith({}, {}, Object.values(rows));
  expect(records.length).toBeGreaterThan(60);
  expect(
    records.flatMap(({ n, differences }) => differences.map((one) => ({ n, ...one }))),
  ).toEqual([]);
});

test('with the written file, every example and a scenario of each kind show no difference', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'written-'));
  const chosen = chooseSettings(1);
  try {
    const written = writtenSettings(await calibrateTwice(chosen), folder);
    const real = asSettings(chosen) as MockServerSettings;
    const names = ['order-success', 'order-repeated-and-late', 'net-reset', 'security-wrong-key'];
    const scenarios = scenariosWithExpectations().filter(({ name }) => names.includes(name));
    for (const scenario of [undefined, ...scenarios]) {
      const records = await compareOver(real, written, scenario);
      expect(records.length).toBeGreaterThan(0);
      expect(records.flatMap(({ differences }) => differences)).toEqual([]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(Object.entries(rows))('a gateway with another %s differs in %s', async (name, row) => {
  const value = alternatives[name]?.[1] ?? '';
  const records = await compareWith(asSettings({ [name]: value }) as MockServerSettings, {}, [
    row,
    'E-10',
  ]);
  const named = records.flatMap(({ differences }) => differences.flatMap((one) => one.rows));
  expect(named).toContain(row);
});
