import { statfsSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import type { CorePlan } from './cores.ts';

/** What the figures depend on. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Of the folder that durable rows write to. */
  readonly fileSystem: string;
  readonly pinning: string;
  /** Load average before the run began: what else the machine was doing. */
  readonly loadBefore: number;
}

export const describeMachine = (plan: CorePlan, folder: string): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${release()} ${process.arch}`,
  node: process.version,
  fileSystem: findFileSystem(folder),
  pinning:
    plan.one.length === 0
      ? 'none: no taskset, or only one core, so load generator and servers share it'
      : `load generator on core ${plan.load.join(',')}, one-core rows on core ` +
        `${plan.one.join(',')}, two-core rows on cores ${plan.all.join(',')}`,
  loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
});

/** Flushing has no effect on a memory file system, so the report names the file system. */
const findFileSystem = (folder: string): string => {
  const { type } = statfsSync(folder);
  return (
    {
      61267: 'ext4',
      16914836: 'tmpfs (memory: flushing costs nothing here)',
      1481003842: 'xfs',
      2435016766: 'btrfs',
      2035054128: 'overlay',
    }[type] ?? `type 0x${type.toString(16)}`
  );
};
