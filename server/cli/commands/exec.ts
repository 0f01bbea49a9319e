import { closeSync, constants, openSync, statSync } from 'node:fs';
import { constants as osConstants } from 'node:os';
import { dirname } from 'node:path';
import spawn from 'cross-spawn';
import { Simulator } from '../../../sdk/testing/simulator.ts';
import { createMockServer, type MockServer } from '../../app/create-server.ts';
import {
  createLogger,
  fileOutput,
  type LogOutput,
  logDiagnosis,
  logExchange,
} from '../../app/logger.ts';
import { demoClientId } from '../../clients/key-folder/key-folder.ts';
import { type CoverageReport, renderCoverage } from '../../conformance/coverage/coverage-report.ts';
import type { LintFinding } from '../../conformance/lint/lint.ts';
import { isAtLeast, renderFindings } from '../../conformance/lint/render-lint.ts';
import type {
  ReportCase,
  ReportFinding,
  TestReport,
} from '../../conformance/report/test-report.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { observedRows } from '../../fidelity/calibrate/results.ts';
import { exchangeToJson, type RedactionOptions, toHar } from '../../journal/exchange-views.ts';
import { isInbound, type JournalEntry } from '../../journal/journal-entry.ts';
import { version } from '../../package-root.ts';
import { StartupError } from '../../problems/problem.ts';
import { makeFolder } from '../../problems/read-file.ts';
import {
  errorMessage,
  exitCodes,
  formatJson,
  printError,
  printProblem,
  translateOutput,
  usageError,
  writeNamed,
} from '../input-output.ts';
import { merchantVariables } from '../merchant.ts';
import { ExchangeRecord, type ReportFileOptions, writeReports } from '../reports.ts';
import { type FileGate, type GateOptions, judgeCoverage, readGate } from './integration.ts';
import { onWrapperExit } from './serve.ts';

export interface ExecOptions extends ReportFileOptions, GateOptions {
  readonly client?: string;
  readonly log?: string;
  readonly journal?: string;
  readonly har?: string;
  readonly capsule?: string;
  readonly keepData?: boolean;
  readonly coverage?: string;
  /** Given when the flag was. */
  readonly port?: readonly string[];
}

/**
 * Runs a command next to its own simulator. The exit code is the command's, or 128 plus the number
 * of the signal that ended it. What happened is written once both have ended.
 */
export const exec = async (
  words: readonly string[],
  options: ExecOptions,
  settings: Settings,
): Promise<number> => {
  // Standard output belongs to the command, so the simulator's log goes to a file or nowhere.
  checkOutputFiles(options);
  const gate = readGate(options);
  if (settings['lint.mode'] === 'off' && (gate ?? options.coverage) !== undefined)
    throw usageError(
      'exec',
      'coverage is asked for, and lint is off, which counts it',
      'Leave out --lint off.',
    );
  const output = options.log === undefined ? undefined : fileOutput(options.log);
  // A PORT in the environment is usually meant for the program under test.
  const server = await startQuietServer(
    options.port === undefined ? { ...settings, port: 0 } : settings,
    output,
  );
  const record = new ExchangeRecord(server.journal);
  const startedAt = Date.now();
  let code: number;
  let seen: Seen | undefined;
  try {
    code = await runChild(words, {
      ...process.env,
      ...(await variablesFor(
        server,
        options.client ?? (settings.admin ? undefined : demoClientId),
        settings,
      )),
    });
    seen = readObserver(server);
  } finally {
    await server.close();
    await output?.close();
  }
  const durationMs = Date.now() - startedAt;
  const showing = { plaintext: settings['journal.plaintext'] };
  const { journal, har, capsule, report } = options;
  const writes: readonly ((() => void | Promise<void>) | undefined)[] = [
    journal === undefined
      ? undefined
      : () => writeNamed(journal, formatJson(recordAsJson(record, server.url, showing))),
    har === undefined
      ? undefined
      : () => writeNamed(har, formatJson(recordAsHar(record, server.url))),
    capsule === undefined
      ? undefined
      : async () =>
          (await import('./run-capsule.ts')).writeRunCapsule(capsule, record, {
            ...{ settings, server },
            keepData: options.keepData === true,
          }),
    ...report.map(
      (target) => () =>
        writeReports([target], reportExec({ words, code, startedAt, durationMs }, record)),
    ),
  ];
  let isAllWritten = true;
  for (const write of writes) isAllWritten = (await tryWrite(write)) && isAllWritten;
  let judged: number = exitCodes.ok;
  const isJudged = await tryWrite(() => {
    if (seen !== undefined)
      judged = judgeSeen(seen, { gate, coverage: options.coverage }, settings);
  });
  if (code !== exitCodes.ok) return code;
  return isAllWritten && isJudged ? judged : exitCodes.unusable;
};

/** A file that cannot be written is said, and keeps no other from being written. */
const tryWrite = async (write: (() => void | Promise<void>) | undefined): Promise<boolean> => {
  try {
    await write?.();
    return true;
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    for (const problem of error.problems) printProblem(problem);
    return false;
  }
};

/** What was seen of the traffic. */
interface Seen {
  readonly findings: readonly LintFinding[];
  readonly coverage: CoverageReport;
}

const readObserver = ({ observer }: MockServer): Seen | undefined =>
  observer && {
    findings: observer.lint({ isEnd: true }).findings,
    coverage: observer.coverage(),
  };

/**
 * Prints errors and warnings of lint, and what is below the gates of coverage. Notes are for those
 * who ask: a simulator that always has something to say is not read.
 */
const judgeSeen = (
  { findings, coverage }: Seen,
  {
    gate,
    coverage: file,
  }: { readonly gate: FileGate | undefined; readonly coverage: string | undefined },
  settings: Settings,
): number => {
  const shown = findings.filter((finding) => isAtLeast(finding, 'warning'));
  if (shown.length > 0) process.stderr.write(`${renderFindings(shown, translateOutput)}\n`);
  const forAll =
    file === undefined ? 'write them with --coverage FILE' : `alipayhk-mock coverage ${file}`;
  if (file !== undefined || gate !== undefined)
    process.stderr.write(
      `${renderCoverage(coverage, { maxMissing: 20, forAll, translate: translateOutput })}\n`,
    );
  const judged = judgeCoverage(coverage, gate, file);
  const isStrict = settings['lint.mode'] === 'strict';
  if (isStrict && findings.some((finding) => isAtLeast(finding, 'error'))) return exitCodes.failed;
  return judged;
};

const startQuietServer = async (
  settings: Settings,
  output: LogOutput | undefined,
): Promise<MockServer> => {
  if (output === undefined) return createMockServer({ settings });
  const logger = createLogger({ ...settings, logFormat: 'json' }, false, output);
  let observed: ReadonlySet<string> = new Set();
  const server = await createMockServer({
    settings,
    onExchange: (entry, error) => logExchange(logger, entry, { error, observed }),
    onDiagnosis: (entry) => logDiagnosis(logger, entry),
    onWarning: (sentence) => logger.warn(sentence),
  });
  observed = observedRows(server.calibration);
  return server;
};

/**
 * Checks every file that is written once the command has ended: by then it would be too late.
 * @throws StartupError
 */
const checkOutputFiles = (options: ExecOptions): void => {
  const { log, journal, har, capsule, coverage, report } = options;
  const named: readonly (readonly [string, string | undefined])[] = [
    ['--log', log],
    ['--journal', journal],
    ['--har', har],
    ['--capsule', capsule],
    ['--coverage', coverage],
    ...report.map(({ file }) => ['--report', file === '-' ? undefined : file] as const),
  ];
  for (const [flag, file] of named) if (file !== undefined) checkOutputFile(flag, file);
};

/**
 * @throws StartupError where opening the file would fail or block: a folder below /proc, a FIFO
 * that no process reads
 */
const checkOutputFile = (flag: string, file: string): void => {
  try {
    makeFolder(dirname(file));
    const existing = statSync(file, { throwIfNoEntry: false });
    if (existing?.isDirectory() === true) throw new Error('it is a folder');
    if (existing?.isFIFO() === true)
      closeSync(openSync(file, constants.O_WRONLY | constants.O_NONBLOCK));
  } catch (error) {
    throw usageError(
      file,
      `cannot be written: ${errorMessage(error)}`,
      `Name a file that this user may write with ${flag}.`,
    );
  }
};

/** Address, Client-Id, keys, and where the admin API is. */
const variablesFor = async (
  server: MockServer,
  client: string | undefined,
  settings: Settings,
): Promise<Record<string, string>> => {
  const merchant =
    client === undefined
      ? (await new Simulator(server).clients.create({ ownKeys: true })).env
      : merchantVariables(
          { client, url: server.url, algorithm: 'RSA256', keyVersion: 1 },
          settings,
        );
  const token = server.adminToken === undefined ? {} : { ALIPAYHK_ADMIN_TOKEN: server.adminToken };
  return { ...merchant, ALIPAYHK_ADMIN_URL: `${server.adminUrl ?? server.url}/__admin`, ...token };
};

/**
 * Windows hands Ctrl-C to every process of the console, so the command has it already; `kill` would
 * end it before it can clean up. The listener is there so that this process outlives it.
 */
const forwards = process.platform !== 'win32';
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const spawnProblems: Readonly<Record<string, string>> = {
  ENOENT: 'unknown command. Check its name, and that it is installed.',
  EACCES: 'this user may not execute it. Check its mode.',
};

const runChild = (
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> =>
  new Promise((resolve) => {
    // Not Node's own: on Windows that cannot run `npm`, which is a script of cmd.exe.
    const child = spawn(command, args, { env, stdio: 'inherit' });
    const forwarders = forwarded.map((signal) => ({
      signal,
      forward: () => void (forwards && child.kill(signal)),
    }));
    for (const { signal, forward } of forwarders) process.on(signal, forward);
    const stopWatching = onWrapperExit(() => void child.kill('SIGTERM'));
    const end = (code: number): void => {
      stopWatching();
      for (const { signal, forward } of forwarders) process.off(signal, forward);
      resolve(code);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      printError(`cannot run ${command}: ${spawnProblems[error.code ?? ''] ?? error.message}`);
      end(exitCodes.cannotRun);
    });
    child.on('exit', (code, signal) =>
      end(code ?? 128 + (signal === null ? 0 : osConstants.signals[signal])),
    );
  });

/** The record as JSON: each exchange as `journal show --json` prints it. */
const recordAsJson = (
  { entries, omitted }: ExchangeRecord,
  url: string,
  showing: RedactionOptions,
) => ({
  schema: 1,
  tool: { name: 'alipayhk-mock', version },
  url,
  omitted,
  exchanges: entries.map((entry) => exchangeToJson(entry, showing)),
});

/** The record as HTTP Archive 1.2. */
const recordAsHar = ({ entries, omitted }: ExchangeRecord, url: string) => {
  const har = toHar(entries, { version, url, evicted: 0 });
  if (omitted === 0) return har;
  const comment = `${omitted} later exchanges were not recorded`;
  return { log: { ...har.log, comment } };
};

interface FinishedCommand {
  readonly words: readonly string[];
  readonly code: number;
  readonly startedAt: number;
  readonly durationMs: number;
}

/**
 * Reports a run of `exec`: whether its command succeeded, and what the simulator refused meanwhile.
 * A refusal is a warning, because a test may provoke it.
 */
const reportExec = (
  { words, code, startedAt, durationMs }: FinishedCommand,
  { entries, omitted }: ExchangeRecord,
): TestReport => {
  const failure = exitFinding(code);
  const command: ReportCase = {
    group: 'exec',
    name: words.join(' '),
    status: failure === undefined ? 'passed' : 'failed',
    durationMs,
    findings: [...(failure === undefined ? [] : [failure]), ...refusals(entries)],
    properties: {
      exchanges: String(entries.length + omitted),
      results: tally(
        entries.filter(isInbound).map(({ verdict }) => `${verdict.code} ${verdict.status}`),
      ),
    },
  };
  return { name: 'exec', version, startedAt, durationMs, cases: [command] };
};

const exitFinding = (code: number): ReportFinding | undefined => {
  if (code === exitCodes.ok) return undefined;
  const message =
    code === exitCodes.cannotRun
      ? 'the command cannot be run'
      : `the command ended with exit code ${code}`;
  return { rule: 'exit-code', level: 'error', message };
};

/** Each kind of diagnosed refusal once, with how often it came and where to look. */
const refusals = (entries: readonly JournalEntry[]): readonly ReportFinding[] => {
  const kinds = new Map<string, { readonly first: JournalEntry; count: number }>();
  for (const entry of entries) {
    const id = entry.diagnosis?.cause?.id;
    if (id === undefined) continue;
    const kind = kinds.get(id);
    if (kind === undefined) kinds.set(id, { first: entry, count: 1 });
    else kind.count++;
  }
  return [...kinds].map(([rule, { first, count }]): ReportFinding => {
    const often = count === 1 ? 'once' : `${count} times`;
    const what = `${first.verdict.code} ${often}, first for ${first.method} ${first.target}`;
    const sentence = first.diagnosis?.cause?.sentence ?? '';
    return { rule, level: 'warning', message: `${what}: ${sentence}` };
  });
};

const tally = (names: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name}: ${count}`).join(', ');
};
