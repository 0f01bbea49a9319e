import { expect, test } from 'vitest';
import { readFidelityRegister } from '../../../server/domain/contract/fidelity.ts';
import { type SettingKey, settingsTable } from '../../../server/domain/settings/settings-table.ts';
import { probesToRun, rowsAskedBy } from '../../../server/fidelity/calibrate/calibrate.ts';
import type { Probe } from '../../../server/fidelity/calibrate/probe.ts';
import { notDecided, notProbed } from '../../../server/fidelity/calibrate/probe-table.ts';
import { settingName } from '../../../server/fidelity/calibrate/results.ts';
import { shippedRegister } from '../../../server/package-root.ts';
import { calibrationOptions } from './calibration-fixture.ts';
import { exploredRows } from './recovered-settings.ts';

const entries = readFidelityRegister(shippedRegister);
const rows = entries.map(({ id }) => id);
const probes = probesToRun({
  ...calibrationOptions('http://127.0.0.1:1'),
  rows: new Set([...exploredRows, 'E-01']),
});
const asked = new Set<string>(probes.flatMap(rowsAskedBy));

const settingsDecidedBy = ({ questions, search, exploration }: Probe): readonly string[] => [
  ...questions.flatMap(({ decides }) => settingName(decides) ?? []),
  ...[search, exploration].flatMap((one) => one?.decides ?? []),
];
const decided = probes.flatMap(settingsDecidedBy);

/** What a setting can be, or what may be in its list. */
const valuesOf = (key: SettingKey): readonly string[] =>
  ((settingsTable[key] as { placeholder?: string }).placeholder ?? '')
    .replace(/^<|>$/g, '')
    .split(/[|,]/);

test('every row of the register is asked about, or there is a reason, never both', () => {
  const isPath = (row: string): boolean => row.startsWith('P-');
  const open = rows.filter((row) => !asked.has(row) && !isPath(row) && !(row in notProbed));
  expect(open).toEqual([]);
  expect(Object.keys(notProbed).filter((row) => asked.has(row) || !rows.includes(row))).toEqual([]);
});

test('every setting of the register is decided by a probe, or there is a reason, never both', () => {
  const lists = ['strict', 'lenient'] as const;
  const ofTable = Object.entries(settingsTable).flatMap(([key, setting]) => {
    if (!('register' in setting) || setting.register === undefined || key === 'clients') return [];
    const list = lists.find((one) => one === key);
    return list === undefined ? [key] : valuesOf(list).map((member) => `${list}.${member}`);
  });
  const ofEntries = entries
    .flatMap(({ settings }) => settings.map(({ key }) => key.replace('.<Client-Id>', '')))
    .filter((key) => key !== 'scenario' && !lists.some((one) => one === key));
  const names = [...new Set([...ofTable, ...ofEntries])];
  const isDecided = (name: string): boolean =>
    name.startsWith('paths.') || decided.some((one) => one === name || one.startsWith(`${name}.`));
  expect(names.length).toBeGreaterThan(40);
  expect(names.filter((name) => !isDecided(name) && !(name in notDecided))).toEqual([]);
  expect(
    Object.keys(notDecided).filter((name) => isDecided(name) || !names.includes(name)),
  ).toEqual([]);
});

test('the probe of a setting knows every value that it can have', () => {
  const questions = probes.flatMap((probe) => probe.questions);
  for (const { decides, alternatives } of questions) {
    if (decides === undefined || 'member' in decides || 'operation' in decides) continue;
    const known = Object.keys(alternatives).filter((value) => value !== 'any body');
    expect(valuesOf(decides.key).toSorted(), decides.key).toEqual(known.toSorted());
  }
});
