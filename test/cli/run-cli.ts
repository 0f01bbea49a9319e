import { vi } from 'vitest';
import { runProgram } from '../../server/cli/program.ts';
import { StartupError } from '../../server/problems/problem.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in this process, as `main.ts` would. */
export const runCli = async (...args: readonly string[]): Promise<CliRun> => {
  let stdout = '';
  let stderr = '';
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
  try {
    return { code: await runProgram(args), stdout, stderr };
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return { code: 2, stdout, stderr: error.message };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
};
