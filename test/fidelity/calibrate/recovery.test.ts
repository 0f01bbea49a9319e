import { expect, test } from 'vitest';
import { createMockServer } from '../../../sdk/testing/index.ts';
import { calibrate, probesToRun } from '../../../server/fidelity/calibrate/calibrate.ts';
import { settingName } from '../../../server/fidelity/calibrate/results.ts';
import { calibrateTwice, foundSettings } from '../compare/compare-everything.ts';
import { calibrationOptions } from './calibration-fixture.ts';
import {
  allRows,
  alternatives,
  type Chosen,
  chooseSettings,
  exploredAlternatives,
  exploredRows,
  outOfReach,
  unexplored,
  unreachable,
} from './recovered-settings.ts';

/** `npm run check:calibrate` plays 300. */
const seeds = 6;

test.each(Array.from({ length: seeds }, (_, index) => index + 1))(
  'settings of seed %i are recovered, or reported as out of reach',
  async (seed) => {
    const chosen = chooseSettings(seed);
    const calibration = await calibrateTwice(chosen);
    expect(calibration.stopped).toBeUndefined();
    expect(foundSettings(calibration)).toEqual({
      ...unexplored,
      ...chosen,
      ...unreachable(chosen),
    });
  },
  60_000,
);

test('limits of bodies and tables of statuses are recovered on request', async () => {
  const chosen: Chosen = {
    ...defaults,
    ...chooseSettings(5, exploredAlternatives),
    'limits.bodyBytes': '262144',
    'order.statusMachines.LINE_UP': lastAlternative('order.statusMachines.LINE_UP'),
  };
  const calibration = await calibrateTwice(chosen, exploredRows);
  expect(foundSettings(calibration)).toEqual({ ...chosen, ...unreachable(chosen, exploredRows) });
  expect(chosen['order.statusMachines.LINE_UP']).toContain('NUMBER_ARRIVED');
}, 60_000);

const lastAlternative = (name: string): string => exploredAlternatives[name]?.at(-1) ?? '';

const defaults = Object.fromEntries(
  Object.entries(alternatives).map(([name, [initial = '']]) => [name, initial]),
);

test.each([
  [['platform encryption key'], { encryptionKey: undefined }],
  [['EC key'], { ecPrivateKey: undefined }],
  [['platform encryption key', 'EC key'], { encryptionKey: undefined, ecPrivateKey: undefined }],
])('without the %j exactly the rows that need it are not reached', async (missing, keys) => {
  await using server = await createMockServer({ logLevel: 'silent' });
  const { identity } = calibrationOptions(server.url);
  const { results } = await calibrate(
    calibrationOptions(server.url, { rows: allRows, identity: { ...identity, ...keys } }),
  );
  const notReached = results.flatMap(({ row, setting, result }) =>
    result === 'not-reached' ? [setting ?? row] : [],
  );
  const expected = Object.entries(outOfReach(defaults, missing)).flatMap(([name, kind]) =>
    kind === 'not-reached' ? [name] : [],
  );
  expect(notReached.toSorted()).toEqual(expected.toSorted());
});

test('one question alone has an answer that looks like others', () => {
  const asked = probesToRun({ ...calibrationOptions('http://127.0.0.1:1'), rows: allRows });
  expect(
    asked.flatMap(({ questions }) =>
      questions.flatMap(({ notDistinguishable, decides }) =>
        notDistinguishable === undefined ? [] : [settingName(decides)],
      ),
    ),
  ).toEqual(['idempotency.compare']);
});
