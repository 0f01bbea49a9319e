import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LoadGenerator } from '../load/load-generator.ts';
import { residentMiB } from '../process/process-figures.ts';
import { deleteRequests, signRequests } from '../requests/sign-requests.ts';
import type { AgainstResult, RowResult, StoredResult } from '../results.ts';
import { type ServerRow, serverRows } from '../rows.ts';
import type { Pauses } from '../scale/longest-pause.ts';
import { ours } from '../servers/ours.ts';
import { startServer } from '../servers/start-server.ts';
import { storeOrders } from '../servers/store-orders.ts';
import type { BenchContext } from './bench-context.ts';
import { measureServer, repeatingName } from './memory.ts';
import { measurePauses } from './scale.ts';
import { serverFolder } from './server-folder.ts';
import { timeStart } from './start-up.ts';
import { measureThroughput } from './throughput.ts';

const comparedRows = ['order', 'payment', 'encrypted', 'refused', 'order-all'];
const atRestMs = 5000;
/** One start right after the other, for the machine changes its pace within minutes. */
const startsPerRun = 3;
/** Each takes a minute or so. */
const longRuns = 3;

/** The rows of every change's totals, this build and another in turns within each round. */
export const measureAgainst = async (context: BenchContext): Promise<AgainstResult> => {
  const folder = context.against;
  if (folder === undefined) throw new Error('--against names no folder');
  const folders = [context.packed.folder, folder] as const;
  const rows = comparedRows.flatMap((id) => folders.map((from) => rowOfBuild(id, from)));
  const measured = await measureThroughput(rows, [], context);
  const startUpMs = [[], []] as [number[], number[]];
  const atRestMiB = [[], []] as [number[], number[]];
  for (let run = 0; run < context.pace.startUps; run++) {
    context.say(`memory at rest ${run + 1} of ${context.pace.startUps}`);
    for (const [build, from] of folders.entries())
      atRestMiB[build]?.push(await memoryAtRest(from, context));
  }
  context.say(`start-up, ${context.pace.startUps * startsPerRun} times`);
  const builds = [...folders.entries()];
  for (let run = 0; run < context.pace.startUps * startsPerRun; run++)
    for (const [build, from] of run % 2 === 0 ? builds.toReversed() : builds) {
      const starter = { recipe: ours(from), signs: true, expect: 'SUCCESS' };
      startUpMs[build]?.push(await timeStart(starter, context));
    }
  const grownMiB = await measureGrowth(folders, context);
  const stored = await measureStored(context);
  return { folder, rows: pairs(measured.rows), startUpMs, atRestMiB, grownMiB, stored };
};

/** What the same orders again and again leave in memory. */
const measureGrowth = async (
  folders: readonly [string, string],
  context: BenchContext,
): Promise<AgainstResult['grownMiB']> => {
  const grownMiB: [number[], number[]] = [[], []];
  const steps = context.pace.memorySteps;
  const signed = await signRequests({ order: steps[0] ?? 0 }, 'known', context.runFolder);
  const orders = signed.get('order');
  const load = new LoadGenerator(context.plan.load);
  try {
    for (let run = 0; run < longRuns && orders !== undefined; run++) {
      for (const [build, from] of folders.entries()) {
        context.say(`known orders ${run + 1} of ${longRuns}`);
        const server = { recipe: ours(from), name: repeatingName, repeats: true, steps };
        const asked = { ...server, signs: true, expect: 'SUCCESS' };
        const { atRestMiB, after } = await measureServer(asked, orders, load, context);
        grownMiB[build]?.push((Object.values(after).at(-1) ?? Number.NaN) - atRestMiB);
      }
    }
    return grownMiB;
  } finally {
    await load.stop();
    deleteRequests(signed.values());
  }
};

const measureStored = async (context: BenchContext): Promise<StoredResult> => {
  const orders = context.pace.storedOrders;
  const stored = join(serverFolder(context), 'data');
  context.say(`storing ${orders} orders`);
  await storeOrders(stored, orders);
  const startMs: number[] = [];
  const pauses: Pauses[] = [];
  for (let run = 0; run < longRuns; run++) {
    // Each server is sent the same order, and keeps it.
    const data = join(serverFolder(context), 'data');
    cpSync(stored, data, { recursive: true });
    const recipe = ours(context.packed.folder, ['--data', data, '--idempotency-max', '10000000']);
    startMs.push(await timeStart({ recipe, signs: true, expect: 'SUCCESS' }, context));
    pauses.push(await measurePauses(data));
  }
  return { orders, startMs, pauses };
};

const rowOfBuild = (id: string, from: string): ServerRow => {
  const row = serverRows(from, new Map(), 0).find((one) => one.id === id);
  if (row === undefined) throw new Error(`there is no row ${id}`);
  return row;
};

const memoryAtRest = async (from: string, context: BenchContext): Promise<number> => {
  const server = await startServer(ours(from), [], serverFolder(context));
  try {
    await wait(atRestMs);
    return residentMiB(server.pid);
  } finally {
    await server.stop();
  }
};

/** The rows come back in the order they were given: this build's, then the other's. */
const pairs = (rows: readonly RowResult[]): (readonly [RowResult, RowResult])[] =>
  rows.flatMap((row, index) => {
    const other = rows[index + 1];
    return index % 2 === 0 && other !== undefined ? [[row, other] as const] : [];
  });
