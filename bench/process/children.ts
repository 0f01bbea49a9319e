import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

const running = new Map<number, ChildProcess>();

/** Starts a process that does not outlive this one. */
export const startChild = (
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess & { readonly pid: number } => {
  const child = spawn(command, args, options);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  running.set(pid, child);
  child.once('exit', () => running.delete(pid));
  // Without a listener a failed message to a process that has ended would end this one.
  child.on('error', () => {});
  return Object.assign(child, { pid });
};

/** Ends a process by its id, and waits until it is gone. */
export const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
};

process.on('exit', () => {
  for (const child of running.values()) child.kill('SIGKILL');
});
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
