import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const tuning = pathToFileURL('server/app/process-tuning.ts').href;

/** Both halves of the young generation, MiB: at its bound, when shrunk, and some load later. */
const script = `
import { setTimeout as wait } from 'node:timers/promises';
import { getHeapSnapshot, getHeapSpaceStatistics } from 'node:v8';
import { boundHeap } from ${JSON.stringify(tuning)};

const young = () =>
  getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20;
const kept = [];
const load = async () => {
  for (let round = 0; round < 600; round++) {
    kept.push(Array.from({ length: 3000 }, (_, at) => ({ at })));
    if (kept.length > 100) kept.shift();
    await wait(0);
  }
};

boundHeap();
await load();
const grown = young();
// It is made after a collection that gives back what it can, as the engine does in a pause.
getHeapSnapshot().destroy();
const shrunk = young();
await wait(6000);
await load();
process.stdout.write(JSON.stringify({ grown, shrunk, regrown: young() }));
`;

test('the young generation grows again after the engine has shrunk it in a pause', async () => {
  const { stdout } = await run(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { timeout: 60_000 },
  );
  expect(JSON.parse(stdout)).toEqual({ grown: 16, shrunk: expect.any(Number), regrown: 16 });
  expect(JSON.parse(stdout).shrunk).toBeLessThan(16);
}, 60_000);
