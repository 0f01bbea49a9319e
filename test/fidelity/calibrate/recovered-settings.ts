import { operationIds } from '../../../server/domain/contract/contract.ts';
import { mulberry32 } from '../../../server/domain/faults/fault.ts';
import { probesToRun, rowsAskedBy } from '../../../server/fidelity/calibrate/calibrate.ts';
import { statusTableSetting, usualBodyLimits } from '../../../server/fidelity/calibrate/explore.ts';
import type { Probe } from '../../../server/fidelity/calibrate/probe.ts';
import { settingName } from '../../../server/fidelity/calibrate/results.ts';
import { bodyCiphers, keyWraps } from '../../../server/protocol/sealing.ts';
import { calibrationOptions, demoClient } from './calibration-fixture.ts';

const fixture = calibrationOptions('http://127.0.0.1:1');

/** Every alternative that a probe can tell apart, by the name that results have. */
export const alternatives: Readonly<Record<string, readonly string[]>> = {
  httpStatus: ['ok', 'semantic'],
  signRefusals: ['authenticated', 'always', 'never'],
  'tracer.alias': ['off', 'tracerId'],
  'requestTime.formats': ['any', 'documented'],
  'requestTime.code': ['PARAM_ILLEGAL', 'TIMESTAMP_INVALID'],
  'requestTime.window': ['off', '1m', '5m', '15m', '1h', '24h'],
  ecc224: ['sha256', 'sha224', 'p1363'],
  'encryption.mode': bodyCiphers,
  'encryption.wrap': keyWraps,
  'encryption.keyForm': ['bytes', 'base64'],
  'strict.keyVersion': ['off', 'on'],
  'strict.encryptAlgorithm': ['off', 'on'],
  'strict.unknownFields': ['off', 'on'],
  'strict.emptyStrings': ['off', 'on'],
  'strict.timestamps': ['off', 'on'],
  'strict.updateDetailType': ['off', 'on'],
  'lenient.rawBase64Signature': ['off', 'on'],
  'idempotency.mismatch': ['PARAM_ILLEGAL', 'REPEAT_REQ_INCONSISTENT', 'replay'],
  'idempotency.compare': ['body', 'content', 'key'],
  'idempotency.replay': ['current', 'first'],
  'ordering.stale': ['ignore', 'refuse', 'apply'],
  'order.identity': ['account', 'merchantBizNo'],
  'order.identityDrift': ['refuse', 'ignore'],
  'order.statusMachine': ['on', 'off'],
  'order.extraFields': ['enforce', 'note'],
  'linkage.unknownUnbind': ['SUCCESS', 'PARAM_ILLEGAL'],
  'membership.unknownPass': ['SUCCESS', 'PASS_HAS_NOT_EXIST'],
  'membership.closedPass': ['PASS_UPDATE_FAIL', 'SUCCESS'],
  'membership.expiredPass': ['SUCCESS', 'PASS_UPDATE_FAIL'],
  'membership.update': ['merge', 'replace'],
  'membership.resultName': ['resultInfo', 'result', 'both'],
  ...Object.fromEntries(
    operationIds.map((id) => [`clients.encryption.${id}`, ['optional', 'required', 'forbidden']]),
  ),
};

export type Chosen = Readonly<Record<string, string>>;

const usualTable = 'as the contract has it';

export const chooseSettings = (
  seed: number,
  among: Readonly<Record<string, readonly string[]>> = alternatives,
): Chosen => {
  const random = mulberry32(seed);
  return Object.fromEntries(
    Object.entries(among).map(([name, values]): [string, string] => {
      const value = values[Math.floor(random() * values.length)] ?? '';
      // Encryption that is forbidden for the order would leave no request to find its form with.
      return [name, name.endsWith('.syncOrder') && value === 'forbidden' ? 'optional' : value];
    }),
  );
};

/** The settings as a simulator takes them. */
export const asSettings = (chosen: Chosen): Record<string, unknown> => {
  const entries = Object.entries(chosen);
  const membersOf = (list: string): string[] =>
    entries.flatMap(([name, value]) =>
      name.startsWith(`${list}.`) && value === 'on' ? [name.slice(list.length + 1)] : [],
    );
  const plain = entries.filter(
    ([name]) => !/^(strict|lenient|clients|order\.statusMachines)\./.test(name),
  );
  const tables = entries.filter(
    ([name, value]) => name.startsWith('order.statusMachines.') && value !== usualTable,
  );
  const encryption = Object.fromEntries(
    entries.flatMap(([name, value]) =>
      name.startsWith('clients.') ? [[name.split('.')[2] ?? '', value]] : [],
    ),
  );
  return {
    ...Object.fromEntries(
      plain.map(([name, value]) => [name, name === 'limits.bodyBytes' ? Number(value) : value]),
    ),
    'order.statusMachines': Object.fromEntries(
      tables.map(([name, value]) => [name.split('.')[2], JSON.parse(value)]),
    ),
    strict: membersOf('strict'),
    lenient: membersOf('lenient'),
    clients: { [demoClient]: { encryption } },
  };
};

/** The types whose tables are drawn too, and a table that a real gateway could have. */
const otherTables: Readonly<Record<string, string>> = {
  LINE_UP: JSON.stringify({
    CALL_NUM: ['CALL_NUM', 'NUMBER_ARRIVED'],
    NUMBER_ARRIVED: ['CALL_NUM', 'FINISHED'],
    FINISHED: [],
  }),
  MOVIE_TICKET: JSON.stringify({ TICKETED: ['USED'], USED: ['REFUNDED'], REFUNDED: ['REFUNDED'] }),
};

/** What explorations find, beside `alternatives`: they send many requests. */
export const exploredAlternatives: Readonly<Record<string, readonly string[]>> = {
  'limits.bodyBytes': usualBodyLimits.map(String),
  ...Object.fromEntries(
    [...fixture.contract.statusMachines.keys()].map((type) => [
      statusTableSetting(type),
      [usualTable, ...(otherTables[type] === undefined ? [] : [otherTables[type]])],
    ]),
  ),
};

/** What a calibration that does not explore finds of them. */
export const unexplored: Readonly<Record<string, string>> = Object.fromEntries(
  Object.keys(exploredAlternatives).map((name) => [name, 'not-probed']),
);

/** Every row that a probe asks about, those that are asked about on request only included. */
export const allRows: ReadonlySet<string> = new Set(
  [undefined, new Set(['E-11', 'E-23', 'E-24'])]
    .flatMap((rows) => probesToRun({ ...fixture, rows }).flatMap(rowsAskedBy))
    // Named, it asks about every table too.
    .filter((row) => row !== 'E-01'),
);

/** With the rows that explorations ask about. */
export const exploredRows: ReadonlySet<string> = new Set([...allRows, 'G-24', 'E-01']);

const settingsAskedBy = ({ questions, search, exploration }: Probe): readonly string[] => [
  ...questions.map(({ row, decides }) => settingName(decides) ?? row),
  ...[search, exploration].flatMap((asked) => asked?.decides ?? []),
];

/** What the requirements of a probe leave of it, or undefined where they are met. */
const missedRequirement = (
  { requires = [] }: Probe,
  chosen: Chosen,
  lost: { readonly keys: readonly string[]; readonly settings: ReadonlySet<string> },
): string | undefined => {
  for (const one of requires) {
    if ('needs' in one) {
      if (lost.keys.includes(one.needs)) return 'not-reached';
    } else if ('plain' in one) {
      if (chosen[`clients.encryption.${one.plain}`] === 'required') return 'not-reached';
    } else if (lost.settings.has(one.key)) return 'not-reached';
    else if (one.value !== undefined && chosen[one.key] !== one.value)
      return one.isVisibleOnly === true ? 'not-distinguishable' : 'not-reached';
  }
  return undefined;
};

/** What the requirements of the probes say: no path leads to these settings, or rows without one. */
export const outOfReach = (
  chosen: Chosen,
  missing: readonly string[] = [],
  rows: ReadonlySet<string> = allRows,
): Readonly<Record<string, string>> => {
  const found: Record<string, string> = {};
  // A probe comes after those that it rests on.
  for (const probe of probesToRun({ ...fixture, rows })) {
    const settings = new Set(Object.keys(found));
    const kind = missedRequirement(probe, chosen, { keys: missing, settings });
    if (kind !== undefined) for (const name of settingsAskedBy(probe)) found[name] = kind;
  }
  return found;
};

/** What a calibration cannot find of these settings, with the kind of its result. */
export const unreachable = (
  chosen: Chosen,
  rows: ReadonlySet<string> = allRows,
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(outOfReach(chosen, [], rows)).filter(([name]) => !/^[A-Z]-\d\d$/.test(name)),
  ),
  ...(chosen['idempotency.mismatch'] === 'replay'
    ? { 'idempotency.compare': 'not-distinguishable' }
    : {}),
});
