import { type ChildProcess, spawnSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import spawn from 'cross-spawn';
import { readProcessFile, readProcessStat } from '../../../problems/read-file.ts';
import type { Claim, JobEnd } from '../types.ts';
import {
  BoundedLog,
  type ClaimResult,
  claimFromExitCode,
  type Driver,
  DriverUnavailableError,
  type JobRequest,
  type JobResult,
  jobEnvironment,
  maskKeys,
  ReportReader,
  readClaim,
  resultFile,
} from './driver.ts';

type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string };

interface ProcessOptions {
  readonly words: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** `NAME=value` of the environment that no other process has. */
  readonly mark: string;
  readonly onStdout: (chunk: Buffer) => void;
}

const runProblems: Readonly<Record<string, string>> = {
  ENOENT: 'unknown command',
  EACCES: 'this user may not execute it',
  ENOTDIR: 'a part of its path is a file',
};

/** How long pipes may stay open after all processes that were found have ended. */
const drainMs = 500;

/** A driver's process, in a group of its own, with bounded output. */
export class DriverProcess {
  readonly #child: ChildProcess;
  readonly #tree: ProcessTree;
  readonly #log = new BoundedLog();
  readonly #killAtExit: () => void;
  /** Resolves when the process itself has ended; rejects when it cannot be run. */
  readonly exited: Promise<ProcessEnd>;
  readonly #closed: Promise<void>;

  constructor({ words, env, mark, onStdout }: ProcessOptions) {
    const [command = '', ...args] = words;
    const child = spawnDriver(command, args, env);
    this.#child = child;
    this.#tree = { pid: child.pid ?? 0, mark };
    // A process need not read its job, and may end before it is written.
    child.stdin?.on('error', () => {});
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#log.write(chunk);
      onStdout(chunk);
    });
    child.stderr?.on('data', (chunk: Buffer) => this.#log.write(chunk));
    this.exited = new Promise((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(cannotRun(command, error)));
      child.once('exit', (code, signal) =>
        resolve(
          signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal },
        ),
      );
    });
    this.exited.catch(() => {});
    this.#closed = new Promise((resolve) => {
      child.once('close', () => resolve());
    });
    this.#killAtExit = () => {
      if (child.pid !== undefined) killTreeNow(this.#tree);
    };
    process.on('exit', this.#killAtExit);
  }

  get hasEnded(): boolean {
    const { exitCode, signalCode } = this.#child;
    return exitCode !== null || signalCode !== null;
  }

  /** @param isLast closes stdin after it */
  write(text: string, isLast: boolean): void {
    if (isLast) this.#child.stdin?.end(text);
    else this.#child.stdin?.write(text);
  }

  /**
   * Ends what is left: the process, its group, and what came of it.
   * @param isKill without giving it time
   * @returns how many processes were still there
   */
  async end(isKill = false): Promise<number> {
    if (this.#child.pid === undefined) return 0;
    const left = await endTree(this.#tree, isKill);
    await Promise.race([this.#closed, new Promise((done) => setTimeout(done, drainMs).unref())]);
    // A process that could not be ended must not keep the pipes, and certify with them.
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    process.off('exit', this.#killAtExit);
    return left;
  }

  /** @param mask removes what must not be shown */
  log(mask: (text: string) => string): string {
    return this.#log.text(mask);
  }
}

/** Node reports some paths that cannot be run by an exception, others by an event. */
const spawnDriver = (
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ChildProcess => {
  try {
    return spawn(command, args, {
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that all of it can be ended.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (error) {
    throw cannotRun(command, error as NodeJS.ErrnoException);
  }
};

const cannotRun = (command: string, error: NodeJS.ErrnoException): DriverUnavailableError =>
  new DriverUnavailableError(
    'CANNOT_RUN',
    `cannot run ${command}: ${runProblems[error.code ?? ''] ?? error.message}`,
    'Check its name, and that it is installed.',
  );

/** How long processes have to end after SIGTERM, and to be gone after SIGKILL. */
const terminateGraceMs = 2000;
const killGraceMs = 1000;
const memberPollMs = 20;

interface ProcessTree {
  /** The leader of the process group. */
  readonly pid: number;
  /** `NAME=value` in the environment of every process that came of it. */
  readonly mark: string;
}

/**
 * Ends whatever is left of a process, its group and its descendants, and waits until it is gone.
 * @returns how many processes there were
 */
const endTree = async (tree: ProcessTree, isKill = false): Promise<number> => {
  const found = findMembers(tree);
  if (found.length === 0) return 0;
  if (!isKill && (await signalUntilGone(tree, 'SIGTERM', terminateGraceMs))) return found.length;
  await signalUntilGone(tree, 'SIGKILL', killGraceMs);
  return found.length;
};

/** The same at once, where nothing can be waited for. */
const killTreeNow = (tree: ProcessTree): void => {
  for (const pid of findMembers(tree)) signalProcess(pid, 'SIGKILL');
};

const signalUntilGone = async (
  tree: ProcessTree,
  signal: 'SIGTERM' | 'SIGKILL',
  graceMs: number,
): Promise<boolean> => {
  const until = performance.now() + graceMs;
  const signalled = new Set<number>();
  for (;;) {
    const members = findMembers(tree);
    if (members.length === 0) return true;
    // New ones may have been forked meanwhile; SIGTERM is sent once to each.
    for (const pid of members) {
      if (signal === 'SIGTERM' && signalled.has(pid)) continue;
      signalled.add(pid);
      signalProcess(pid, signal);
    }
    if (performance.now() > until) return false;
    await sleep(memberPollMs);
  }
};

const signalProcess = (pid: number, signal: 'SIGTERM' | 'SIGKILL'): void => {
  try {
    if (process.platform === 'win32') spawnSync('taskkill', ['/T', '/F', '/PID', String(pid)]);
    else process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
};

/**
 * Process ids, negative for a whole group. On Linux the processes themselves, so that one that left
 * the group is found too, and one that has ended but was not waited for does not count.
 */
const findMembers = (tree: ProcessTree): readonly number[] => {
  if (process.platform === 'linux') return linuxMembers(tree);
  const target = process.platform === 'win32' ? tree.pid : -tree.pid;
  try {
    process.kill(target, 0);
    return [target];
  } catch {
    return [];
  }
};

const linuxMembers = ({ pid, mark }: ProcessTree): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((name) => isMember(name, pid, mark))
    .map(Number);

const isMember = (name: string, group: number, mark: string): boolean => {
  const [state, , groupId] = readProcessStat(name);
  if (state === undefined || state === 'Z' || state === 'X') return false;
  if (groupId === String(group)) return true;
  return readProcessFile(name, 'environ').split('\0').includes(mark);
};

/** A report in a file is no longer than this. */
const maxReportBytes = 256 * 1024;

/** Codes of a shell that could not run what it was given. */
const shellFailures: Readonly<Record<number, string>> = {
  126: 'exit code 126: the shell may not execute the command',
  127: 'exit code 127: the shell does not find the command',
};

/**
 * Runs the command once for each job: the job on stdin, the report on stdout or in a file.
 * @param words the command and its arguments
 * @param nowUs microseconds of the journal's monotonic clock
 */
export const createCommandDriver = (words: readonly string[], nowUs: () => number): Driver => ({
  mode: 'command',
  endsWithJob: true,
  give: (request) => runJob(words, request, nowUs),
  close: () => Promise.resolve(),
});

type JobStopper = 'itself' | 'deadline' | 'kill' | 'stop';

const runJob = async (
  words: readonly string[],
  request: JobRequest,
  nowUs: () => number,
): Promise<JobResult> => {
  const { job, connection, stateFolder } = request;
  const reports = new ReportReader(nowUs);
  const driver = new DriverProcess({
    words,
    env: jobEnvironment(request),
    mark: `ALIPAYHK_CERTIFY_STATE=${stateFolder}`,
    onStdout: (chunk) => reports.write(chunk),
  });
  driver.write(`${JSON.stringify(job)}\n`, true);
  const endedBy = await awaitStopper(driver, request);
  const exitedUs = nowUs();
  const left = await driver.end(endedBy === 'kill');
  const exit = await driver.exited;
  reports.end();
  const file = readResultFile(resultFile(request));
  const said = file ?? reports.last;
  const read = readJobReport(said, exit, endedBy, job.job);
  const mask = (text: string): string => maskKeys(text, [connection.privateKey]);
  return {
    ...read,
    claimedUs:
      read.claim === undefined
        ? undefined
        : read.claimedBy === 'report' && file === undefined
          ? reports.atUs
          : exitedUs,
    end: toJobEnd(exit, endedBy),
    endedUs: nowUs(),
    remarks: [
      ...(file === undefined ? reports.remarks : []),
      ...read.remarks,
      ...(endedBy === 'itself' && left > 0
        ? [`left ${left} processes running when it ended; they were ended`]
        : []),
    ],
    log: driver.log(mask),
  };
};

/** Waits for the end of the process, or for a reason to end it. */
const awaitStopper = async (
  driver: DriverProcess,
  { deadlineMs, kill, stop }: JobRequest,
): Promise<JobStopper> => {
  let timer: NodeJS.Timeout | undefined;
  const reasons = new AbortController();
  const untilAborted = (signal: AbortSignal, reason: JobStopper): Promise<JobStopper> =>
    new Promise((resolve) => {
      if (signal.aborted) resolve(reason);
      signal.addEventListener('abort', () => resolve(reason), { signal: reasons.signal });
    });
  try {
    return await Promise.race([
      driver.exited.then((): JobStopper => 'itself'),
      new Promise<JobStopper>((resolve) => {
        timer = setTimeout(() => resolve('deadline'), deadlineMs);
      }),
      untilAborted(kill, 'kill'),
      untilAborted(stop, 'stop'),
    ]);
  } finally {
    clearTimeout(timer);
    reasons.abort();
  }
};

const toJobEnd = (exit: ProcessEnd, endedBy: JobStopper): JobEnd =>
  endedBy === 'deadline' || endedBy === 'stop'
    ? { kind: 'deadline' }
    : endedBy === 'kill'
      ? { kind: 'killed' }
      : exit;

interface ReportReading {
  readonly claim?: Claim | undefined;
  readonly claimedBy?: JobResult['claimedBy'];
  readonly remarks: readonly string[];
}

/** A report beats the exit code; a report that cannot be used is the driver's own failure. */
const readJobReport = (
  said: ClaimResult | undefined,
  exit: ProcessEnd,
  endedBy: JobStopper,
  job: string,
): ReportReading => {
  if (said !== undefined) return { ...checkReport(said, job), claimedBy: 'report' };
  if (endedBy !== 'itself' || exit.kind !== 'exited') return { remarks: [] };
  const failure = shellFailures[exit.code];
  if (failure !== undefined) return { ...driverError(failure), claimedBy: 'exit-code' };
  const claim = claimFromExitCode(exit.code);
  return claim === undefined ? { remarks: [] } : { claim, claimedBy: 'exit-code', remarks: [] };
};

/** A report about another job, or one that cannot be read, is an error of the driver. */
export const checkReport = (said: ClaimResult, job: string): ReportReading => {
  if ('problem' in said) return driverError(`the report cannot be used: ${said.problem}`);
  if (said.job !== undefined && said.job !== job)
    return driverError(`the report is about the job ${said.job}, and the job is ${job}`);
  return { claim: said.claim, remarks: [] };
};

const driverError = (reason: string): ReportReading => ({
  claim: { outcome: 'ERROR', reason },
  remarks: [reason],
});

/** @returns undefined where the driver has written nothing there */
const readResultFile = (file: string): ClaimResult | undefined => {
  let handle: number | undefined;
  try {
    // Neither a link that leads elsewhere nor a pipe that would block.
    handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const info = fstatSync(handle);
    if (!info.isFile() || info.size === 0) return undefined;
    if (info.size > maxReportBytes)
      return { problem: `the result file has more than ${maxReportBytes} bytes` };
    const bytes = Buffer.alloc(info.size);
    readSync(handle, bytes);
    const text = bytes.toString('utf8').trim();
    const last = text.split('\n').at(-1) ?? '';
    return (
      readClaim(text) ?? readClaim(last) ?? { problem: 'the result file holds no JSON report' }
    );
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
    rmSync(file, { force: true });
  }
};
