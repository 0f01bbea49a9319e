import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../server/package-root.ts';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** Settles with the address once the readiness line has come. */
  readonly url: Promise<string>;
  readonly finished: Promise<Finished>;
}

interface BundleOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly main?: string;
  /** A file descriptor for standard output in place of a pipe. */
  readonly stdout?: number | 'pipe';
  /** A process that has not ended by then is killed. */
  readonly killAfterMs?: number;
}

/** Runs the bundled command line, as a user would. */
export const runBundle = (args: readonly string[], options: BundleOptions = {}): Running => {
  const child = spawn(
    process.execPath,
    [options.main ?? join(packageRoot, 'dist', 'main.cjs'), ...args],
    {
      cwd: options.cwd ?? tmpdir(),
      env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir(), ...options.env },
      stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
      timeout: options.killAfterMs,
      killSignal: 'SIGKILL',
    },
  );
  let stdout = '';
  let stderr = '';
  const finished = new Promise<Finished>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  const url = new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const ready = /ready on (http:\/\/[^\s"]+)/.exec(stdout)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    finished.then(
      ({ code }) => reject(new Error(`ended with ${code} before it was ready: ${stderr}${stdout}`)),
      reject,
    );
  });
  url.catch(() => {});
  return { child, url, finished };
};
