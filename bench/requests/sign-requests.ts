import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../process/children.ts';
import { repository, typeScript } from '../process/type-script.ts';
import type { RequestKind } from './request-kinds.ts';
import type { WritingTask } from './write-requests.ts';

/** Signed requests on disk, in the order of the files. */
export interface SignedRequests {
  readonly files: readonly string[];
  readonly count: number;
}

export type Wanted = Readonly<Partial<Record<RequestKind, number>>>;

/**
 * Signs that many requests of each kind, on all cores. Labels make them unlike those of other
 * calls.
 */
export const signRequests = async (
  wanted: Wanted,
  label: string,
  folder: string,
): Promise<Map<RequestKind, SignedRequests>> => {
  const writers = Math.max(1, Math.min(4, availableParallelism()));
  const kinds = Object.entries(wanted) as [RequestKind, number][];
  const toTask = ([kind, count]: [RequestKind, number], writer: number): WritingTask => {
    const from = Math.floor((count * writer) / writers);
    return {
      kind,
      label,
      from,
      count: Math.floor((count * (writer + 1)) / writers) - from,
      file: join(folder, `${label}-${kind}-${writer}`),
    };
  };
  const tasks = Array.from({ length: writers }, (_, writer) =>
    kinds.map((one) => toTask(one, writer)),
  );
  await Promise.all(tasks.map(write));
  return new Map(
    kinds.map(([kind, count]) => [
      kind,
      { count, files: tasks.flat().flatMap((task) => (task.kind === kind ? [task.file] : [])) },
    ]),
  );
};

export const deleteRequests = (signed: Iterable<SignedRequests>): void => {
  for (const { files } of signed) for (const file of files) rmSync(file, { force: true });
};

const write = async (tasks: readonly WritingTask[]): Promise<void> => {
  const child = startChild(
    process.execPath,
    [...typeScript('requests/write-requests.ts'), JSON.stringify(tasks)],
    {
      cwd: repository,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('requests could not be signed');
};
