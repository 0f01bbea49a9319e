/**
 * A process that opens a data folder, writes it again, and prints the longest pause of its event
 * loop: `longest-pause.ts FOLDER`.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Change } from '../../server/domain/state/state.ts';
import { openFileStore } from '../../server/storage/file/file-store.ts';

/** What it prints, as JSON. */
export interface Pauses {
  readonly longestMs: number;
  readonly p99Ms: number;
  /** With nothing to do at all, for as long: what the machine itself does to an event loop. */
  readonly idleLongestMs: number;
  readonly seconds: number;
}

const folder = process.argv[2] ?? '';
/** Of the file: each snapshot is a new one. */
const readInode = (): number => statSync(join(folder, 'state.log')).ino;
const change: Change = {
  collection: 'orders',
  id: 'pause',
  value: { fields: {}, eventTime: 1, updates: 1 },
};

const store = await openFileStore(
  folder,
  'os',
  { requests: 1e8, bytes: Number.MAX_SAFE_INTEGER },
  { minChangeBytes: 0, changeShare: 0 },
);
const put = () => store.commit('pause-probe', [], [change]);
await wait(500);
const before = readInode();
const began = performance.now();
const busy = monitorEventLoopDelay({ resolution: 1 });
busy.enable();
await put();
// Keeps reading meanwhile, as requests would.
while (readInode() === before) await Promise.all([put(), wait(2)]);
busy.disable();
const milliseconds = performance.now() - began;
const idle = monitorEventLoopDelay({ resolution: 1 });
idle.enable();
await wait(milliseconds);
idle.disable();
const pauses: Pauses = {
  ...{ longestMs: busy.max / 1e6, p99Ms: busy.percentile(99) / 1e6 },
  ...{ idleLongestMs: idle.max / 1e6, seconds: milliseconds / 1000 },
};
process.stdout.write(JSON.stringify(pauses));
process.exit();
