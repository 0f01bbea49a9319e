import { readProcessFile, readProcessStat } from '../../server/problems/read-file.ts';

const ticksPerSecond = 100;

/** The process and all that it started and that started in turn. */
export const processTree = (pid: number): readonly number[] => [
  pid,
  ...readProcessFile(pid, `task/${pid}/children`)
    .split(' ')
    .filter((text) => text !== '')
    .flatMap((child) => processTree(Number(child))),
];

/**
 * Processor time a process tree has used with all its threads, in seconds; NaN where there is no
 * /proc.
 */
export const cpuSeconds = (pid: number): number => sum(processTree(pid).map(ownCpuSeconds));

/** Resident memory of a process tree in MiB; NaN where there is no /proc. */
export const residentMiB = (pid: number): number => sum(processTree(pid).map(ownResidentMiB));

const ownCpuSeconds = (pid: number): number => {
  // utime and stime are the 14th and 15th field of the line.
  const fields = readProcessStat(pid);
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};

const ownResidentMiB = (pid: number): number =>
  Number(/^VmRSS:\s*(\d+)/m.exec(readProcessFile(pid, 'status'))?.[1]) / 1024;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
