/**
 * Calibrates against simulators with random settings and checks that every setting is recovered, or
 * is out of reach where the requirements of the probes say so. With the config files that this
 * writes, compares simulators over all examples and all scenarios: nothing may differ. The first
 * seeds draw limits of bodies and tables of statuses too.
 * `npm run check:calibrate -- --seeds 300 --compared 2 --explored 20`
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import type { MockServerSettings } from '../sdk/testing/index.ts';
import {
  allRows,
  asSettings,
  chooseSettings,
  exploredAlternatives,
  exploredRows,
  unexplored,
  unreachable,
} from '../test/fidelity/calibrate/recovered-settings.ts';
import {
  calibrateTwice,
  compareOver,
  foundSettings,
  scenariosWithExpectations,
  writtenSettings,
} from '../test/fidelity/compare/compare-everything.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '300' },
    compared: { type: 'string', default: '2' },
    explored: { type: 'string', default: '20' },
  },
});
const from = Number(values.from);
const last = from + Number(values.seeds) - 1;
const folder = mkdtempSync(join(tmpdir(), 'alipayhk-calibrate-'));
const scenarios = scenariosWithExpectations();
let recovered = 0;
let compared = 0;
let failures = 0;
const fail = (sentence: string): void => {
  failures++;
  process.stdout.write(`error: ${sentence}\n`);
};

try {
  for (let seed = from; seed <= last; seed++) {
    const isExplored = seed - from < Number(values.explored);
    const rows = isExplored ? exploredRows : allRows;
    const chosen = {
      ...chooseSettings(seed),
      ...(isExplored ? chooseSettings(seed, exploredAlternatives) : {}),
    };
    const calibration = await calibrateTwice(chosen, rows);
    const expected = {
      ...(isExplored ? {} : unexplored),
      ...chosen,
      ...unreachable(chosen, rows),
    };
    const found = foundSettings(calibration);
    if (calibration.stopped === undefined && isDeepStrictEqual(found, expected)) recovered++;
    else fail(`seed ${seed}: ${calibration.stopped ?? ''} ${listUnequal(found, expected)}`);
    if (seed - from >= Number(values.compared)) continue;
    const written = writtenSettings(calibration, folder);
    for (const scenario of [undefined, ...scenarios]) {
      const records = await compareOver(
        asSettings(chosen) as MockServerSettings,
        written,
        scenario,
      );
      compared += records.length;
      for (const { n, operation, differences } of records)
        if (differences.length > 0)
          fail(
            `seed ${seed}, ${scenario?.name ?? 'examples'}: #${n} ${operation}: ` +
              differences.map(({ path, real, mock }) => `${path} ${real} | ${mock}`).join('; '),
          );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function listUnequal(
  found: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): string {
  const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
  return [...names]
    .filter((name) => found[name] !== expected[name])
    .map((name) => `${name}: found ${found[name]}, is ${expected[name]}`)
    .join('; ');
}

process.stdout.write(
  `${recovered} of ${last - from + 1} random settings recovered; ${compared} exchanges of all ` +
    `examples and ${scenarios.length} scenarios compared; ${failures} differences or failures\n`,
);
process.exitCode = failures === 0 ? 0 : 1;
