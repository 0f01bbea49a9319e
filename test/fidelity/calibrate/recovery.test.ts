import { expect, test } from 'vitest';
import { createMockServer } from '../../../sdk/testing/index.ts';
import {
  calibrate,
  probesToRun,
  rowsAskedBy,
} from '../../../server/fidelity/calibrate/calibrate.ts';
import { calibrationOptions } from './calibration-fixture.ts';
import { asSettings, chooseSettings, unreachable } from './recovered-settings.ts';

/** The whole proof: CALIBRATE_SEEDS=300. */
const seeds = Number(process.env['CALIBRATE_SEEDS'] ?? 6);

const allRows = new Set(
  probesToRun({
    ...calibrationOptions('http://127.0.0.1:1'),
    rows: new Set(['E-11', 'E-23']),
  }).flatMap(rowsAskedBy),
);

test.each(Array.from({ length: seeds }, (_, index) => index + 1))(
  'settings of seed %i are recovered, or reported as out of reach',
  async (seed) => {
    const chosen = chooseSettings(seed);
    await using server = await createMockServer({ logLevel: 'silent', ...asSettings(chosen) });
    const usual = await calibrate(calibrationOptions(server.url));
    const irreversible = await calibrate(
      calibrationOptions(server.url, { rows: allRows, earlier: usual.results, runId: 'T3STAB' }),
    );
    expect([usual.stopped, irreversible.stopped]).toEqual([undefined, undefined]);
    const found = Object.fromEntries(
      irreversible.results.flatMap(({ setting, value, result }) =>
        setting === undefined || setting.startsWith('paths.')
          ? []
          : [[setting, result === 'decided' || result === 'agrees' ? value : result]],
      ),
    );
    expect(found).toEqual({ ...chosen, ...unreachable(chosen) });
  },
  60_000,
);
