import { setTimeout as wait } from 'node:timers/promises';
import { residentMiB } from '../process/process-figures.ts';
import type { AgainstResult, RowResult } from '../results.ts';
import { type ServerRow, serverRows } from '../rows.ts';
import { ours } from '../servers/ours.ts';
import { startServer } from '../servers/start-server.ts';
import type { BenchContext } from './bench-context.ts';
import { serverFolder } from './server-folder.ts';
import { timeStart } from './start-up.ts';
import { measureThroughput } from './throughput.ts';

const comparedRows = ['order', 'payment', 'encrypted', 'refused', 'order-all'];
const settleMs = 500;

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
    context.say(`start-up and memory at rest ${run + 1} of ${context.pace.startUps}`);
    for (const [build, from] of folders.entries()) {
      const starter = { recipe: ours(from), signs: true, expect: 'SUCCESS' };
      startUpMs[build]?.push(await timeStart(starter, context));
      atRestMiB[build]?.push(await memoryAtRest(from, context));
    }
  }
  return { folder, rows: pairs(measured.rows), startUpMs, atRestMiB };
};

const rowOfBuild = (id: string, from: string): ServerRow => {
  const row = serverRows(from, new Map(), 0).find((one) => one.id === id);
  if (row === undefined) throw new Error(`there is no row ${id}`);
  return row;
};

const memoryAtRest = async (from: string, context: BenchContext): Promise<number> => {
  const server = await startServer(ours(from), [], serverFolder(context));
  try {
    await wait(settleMs);
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
