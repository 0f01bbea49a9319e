import { operationIds } from '../../../server/domain/contract/contract.ts';
import { mulberry32 } from '../../../server/domain/faults/delay.ts';
import { probesToRun, rowsAskedBy } from '../../../server/fidelity/calibrate/calibrate.ts';
import type { Probe } from '../../../server/fidelity/calibrate/probe.ts';
import { settingName } from '../../../server/fidelity/calibrate/results.ts';
import { keyWraps } from '../../../server/protocol/key-wrap.ts';
import { bodyCiphers } from '../../../server/protocol/sealing.ts';
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
  'membership.resultName': ['resultInfo', 'result', 'both'],
  ...Object.fromEntries(
    operationIds.map((id) => [`clients.encryption.${id}`, ['optional', 'required', 'forbidden']]),
  ),
};

export type Chosen = Readonly<Record<string, string>>;

export const chooseSettings = (seed: number): Chosen => {
  const random = mulberry32(seed);
  return Object.fromEntries(
    Object.entries(alternatives).map(([name, values]): [string, string] => {
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
  const plain = entries.filter(([name]) => !/^(strict|lenient|clients)\./.test(name));
  const encryption = Object.fromEntries(
    entries.flatMap(([name, value]) =>
      name.startsWith('clients.') ? [[name.split('.')[2] ?? '', value]] : [],
    ),
  );
  return {
    ...Object.fromEntries(plain),
    strict: membersOf('strict'),
    lenient: membersOf('lenient'),
    clients: { [demoClient]: { encryption } },
  };
};

/** Every row that a probe asks about, those of irreversible probes included. */
export const allRows: ReadonlySet<string> = new Set(
  [undefined, new Set(['E-11', 'E-23'])].flatMap((rows) =>
    probesToRun({ ...fixture, rows }).flatMap(rowsAskedBy),
  ),
);

/** Probes that another row, or a key, has to be found for first. */
const dependentProbes = probesToRun({ ...fixture, rows: allRows }).filter(
  ({ requires }) => requires !== undefined,
);

const settingsAskedBy = ({ questions, search }: Probe): readonly string[] => [
  ...questions.map(({ row, decides }) => settingName(decides) ?? row),
  ...(search?.decides ?? []),
];

/** What the requirements of the probes say: no path leads to these settings, or rows without one. */
export const outOfReach = (
  chosen: Chosen,
  missing: readonly string[] = [],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    dependentProbes
      .filter(({ requires = [] }) =>
        requires.some((one) =>
          'needs' in one ? missing.includes(one.needs) : chosen[one.key] !== one.value,
        ),
      )
      .flatMap(settingsAskedBy)
      .map((name) => [name, 'not-reached']),
  );

/** What a calibration cannot find of these settings, with the kind of its result. */
export const unreachable = (chosen: Chosen): Readonly<Record<string, string>> => ({
  ...outOfReach(chosen),
  ...(chosen['idempotency.mismatch'] === 'replay'
    ? { 'idempotency.compare': 'not-distinguishable' }
    : {}),
});
