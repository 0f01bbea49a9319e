import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { certifySettings, createSandbox } from '../../../app/certify-sandbox.ts';
import { createMockServer, type MockServer } from '../../../app/create-server.ts';
import { demoClientId } from '../../../clients/key-folder/key-folder.ts';
import { caseAliases, catalogue } from '../../../conformance/certify/catalogue/index.ts';
import { receiverCatalogue } from '../../../conformance/certify/catalogue/receiver.ts';
import {
  applyExpectedFailures,
  type CertifyFile,
  type ExpectedFailures,
  listFailures,
  readCertifyFile,
  readExpectedFailures,
} from '../../../conformance/certify/certify-files.ts';
import {
  createPassiveDriver,
  type Driver,
  DriverUnavailableError,
} from '../../../conformance/certify/harness/driver.ts';
import { createCommandDriver } from '../../../conformance/certify/harness/driver-process.ts';
import { controlCase } from '../../../conformance/certify/harness/plan-runs.ts';
import { checkMessages } from '../../../conformance/certify/harness/runner.ts';
import {
  checkHook,
  createHookDriver,
  createStreamDriver,
  isLoopbackUrl,
} from '../../../conformance/certify/harness/running-drivers.ts';
import type { HarnessSettings, Sandbox } from '../../../conformance/certify/harness/sandbox.ts';
import { listChecks } from '../../../conformance/certify/judge-case.ts';
import { defaultJudgeLimits, type JudgeOptions } from '../../../conformance/certify/judge-run.ts';
import { renderSummary } from '../../../conformance/certify/render-terminal.ts';
import {
  type CaseResult,
  type CertifyResult,
  certifyExitCode,
} from '../../../conformance/certify/result.ts';
import { concludeRun, runCertify } from '../../../conformance/certify/run-certify.ts';
import { isReceiverCase } from '../../../conformance/certify/to-test-report.ts';
import { lintRules } from '../../../conformance/lint/lint-rules.ts';
import { type OperationId, operationIds } from '../../../domain/contract/contract.ts';
import { readContract } from '../../../domain/contract/read-contract.ts';
import { endpoints } from '../../../domain/operations/index.ts';
import { outboundCallIds } from '../../../domain/outbound/outbound-calls.ts';
import type { Settings } from '../../../domain/settings/settings-table.ts';
import type { JsonObject } from '../../../domain/state/state.ts';
import { packageRoot, version } from '../../../package-root.ts';
import { readLocatedYaml } from '../../../problems/located-yaml.ts';
import { StartupError } from '../../../problems/problem.ts';
import {
  exitCodes,
  printError,
  printWarning,
  translateOutput,
  usageError,
  writeNamed,
} from '../../input-output.ts';
import { merchantVariables } from '../../merchant.ts';
import { writeCertifyReports } from '../certify-reports.ts';
import type {
  CertifyCommandOptions,
  CertifyOutboundOptions,
  JudgeCommandOptions,
} from './certify-options.ts';
import { type NamedReceiver, nameReceiver, prepareReceiver } from './play-receiver.ts';
import { RunFolder, readRunFolder } from './run-folder.ts';
import { RunPrinter } from './run-printer.ts';
import { findCase } from './show-catalogue.ts';

/** Exit codes of a signal: 128 and its number. */
const signalCodes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Runs the cases, prints and writes what was found. @returns the exit code */
export const runCertifyCommand = async (
  words: readonly string[],
  options: CertifyCommandOptions,
  settings: Settings,
): Promise<number> => {
  const run = readCertifyRun(words, options, settings);
  const place = await openPlace(run, options, settings);
  const { sandbox, folder } = place;
  const interrupt = new Interrupt();
  try {
    const printer = new RunPrinter(options.report.some(({ file }) => file === '-'));
    if (options.passive === true) printer.ask(passiveIntroduction(run.harness, sandbox, settings));
    const deps = {
      sandbox,
      folder,
      harness: run.harness,
      ask: (text: string) => printer.ask(text),
    };
    const hasDriver = isDriven(words, options) && hasChosen(catalogue, run.chosen);
    const driver = hasDriver ? await createDriver(words, options, deps) : undefined;
    const kept =
      options.out === ''
        ? undefined
        : new RunFolder(options.out, sandbox.url, { plaintext: settings['journal.plaintext'] });
    const again = (one: CaseResult): string => againCommand(one, words, options);
    const playReceiver =
      run.receiver === undefined || !hasChosen(receiverCatalogue, run.chosen)
        ? undefined
        : prepareReceiver(run.receiver, {
            ...{ settings, sandbox, chosen: run.chosen, stop: interrupt.signal },
            isSandboxKnown: options.port !== undefined,
            crypto: run.harness.modes[0]?.algorithm ?? 'RSA256',
            sealed: run.harness.modes[0]?.sealed ?? false,
            againCommand: again,
            onCase: (played) => {
              kept?.addReceiver(played);
              printer.printCase(played.result);
            },
          });
    const judging = judgeOptions(run, settings);
    const { record, result } = await runCertify({
      ...describeRun(run, sandbox),
      driver,
      playReceiver,
      folder,
      stop: interrupt.signal,
      judging,
      againCommand: again,
      onCase: (one, record) => {
        kept?.add(one, record);
        printer.printCase(one);
        if (one.id === controlCase) printer.printLog(one, record.jobs);
      },
      onProgress: (progress) => printer.showProgress(progress),
    });
    const { tool, subject, startedAt, durationMs } = result;
    const { reading: _, ...kind } = judging;
    kept?.end(record, {
      ...{ tool, subject, startedAt, durationMs, judging: kind },
      again: Object.fromEntries(result.cases.map((one) => [one.id, one.again ?? ''])),
      receiver: result.cases.filter(isReceiverCase),
    });
    const weighed = weighExpected(result, run);
    printer.printChanged(weighed.cases);
    printer.end(renderSummary(weighed, printer.options));
    writeAll(weighed, words, options);
    if (isReceiverUnreachable(weighed.cases)) return interrupt.code ?? exitCodes.cannotListen;
    return interrupt.code ?? certifyExitCode(weighed, run.failOn);
  } catch (error) {
    if (!(error instanceof DriverUnavailableError)) throw error;
    printError(`${translateOutput(error.message)}. ${translateOutput(error.remedy)}`);
    return error.code === 'CANNOT_RUN' ? exitCodes.cannotRun : exitCodes.unusable;
  } finally {
    interrupt.close();
    await place.close();
  }
};

/** Plays the family OUT alone: `certify --receiver` without a driver and a folder. */
export const certifyOutbound = (
  { to, json = false, report, ...options }: CertifyOutboundOptions,
  settings: Settings,
): Promise<number> =>
  runCertifyCommand(
    [],
    {
      ...options,
      ...{ receiver: to, operation: [], out: '' },
      report: json ? [...report, { format: 'json', file: '-' }] : report,
    },
    settings,
  );

const isDriven = (words: readonly string[], options: CertifyCommandOptions): boolean =>
  words.length > 0 || options.hook !== undefined || options.passive === true;

const hasChosen = (
  rows: readonly { readonly id: string }[],
  chosen: ReadonlySet<string> | undefined,
): boolean => chosen === undefined || rows.some(({ id }) => chosen.has(id));

/** Nothing of the family OUT could be sent. */
const isReceiverUnreachable = (cases: readonly CaseResult[]): boolean => {
  const played = cases.filter(isReceiverCase).filter(({ verdict }) => verdict !== 'NOT APPLICABLE');
  return played.length > 0 && played.every(({ verdict }) => verdict === 'ERROR');
};

/** The simulator and the folder of one run. */
interface RunPlace {
  readonly sandbox: Sandbox;
  readonly folder: string;
  close(): Promise<void>;
}

/** @throws StartupError when the contract refuses the messages of the run */
const openPlace = async (
  run: PreparedRun,
  options: Pick<CertifyCommandOptions, 'port' | 'store' | 'advertiseUrl'>,
  settings: Settings,
): Promise<RunPlace> => {
  const server = await createMockServer({
    settings: certifySettings({ ...settings, ...ownAddresses(options, settings) }),
    isGuest: true,
    onWarning: printWarning,
  });
  const sandbox = createSandbox(server, { advertisedUrl: options.advertiseUrl });
  const folder = mkdtempSync(join(tmpdir(), 'alipayhk-certify-'));
  const close = async (): Promise<void> => {
    await sandbox.close();
    await server.close(0);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await rejectUnfitReplicas(server);
    await rejectBadMessages(sandbox, run);
  } catch (error) {
    await close();
    throw error;
  }
  return { sandbox, folder, close };
};

/** A PORT in the environment is usually meant for the program under test, a store for others. */
const ownAddresses = (
  { port, store }: Pick<CertifyCommandOptions, 'port' | 'store'>,
  settings: Settings,
): Pick<Settings, 'port' | 'store'> => {
  if (store !== undefined && settings.store === 'file')
    throw usageError(
      'store',
      'is a file, which certify has no use for',
      'Leave it out, or name a Redis or Valkey.',
    );
  return {
    port: port === undefined ? 0 : settings.port,
    store: store === undefined ? 'memory' : settings.store,
  };
};

/** @throws StartupError for what would change answers that the cases do not know of */
const rejectUnfitReplicas = async ({ replicas, scenarios, clock }: MockServer): Promise<void> => {
  if (replicas === undefined) return;
  const active = scenarios.activeNames;
  if (active.length > 0)
    throw usageError(
      'store',
      `its simulators play ${active.join(', ')} to every client`,
      'End them: PUT /__admin/scenarios with {"active":[]}.',
    );
  if (Math.abs(clock.now() - Date.now()) > maxClockOffsetMs || clock.state.rate !== 1)
    throw usageError(
      'store',
      'the clock of its simulators was set, and certify measures pauses',
      'Set it back with alipayhk-mock clock reset.',
    );
  const { all, steered } = await replicas.countOthers();
  if (all === 0)
    printWarning(
      'no other simulator shares this store: they need the same --store and --store-prefix',
    );
  if (steered > 0)
    printWarning(
      `${steered} of the other simulators let a request choose its answer, so the application ` +
        'could: start them with --steering off',
    );
};

const maxClockOffsetMs = 5000;

/** What does not depend on how the application is driven. */
const describeRun = ({ harness, chosen, subject }: PreparedRun, sandbox: Sandbox) => ({
  sandbox,
  settings: harness,
  chosen,
  subject,
  tool: {
    name: 'alipayhk-mock',
    version,
    contract: contractDigest(sandbox.contract.document),
  },
});

const weighExpected = (
  result: CertifyResult,
  { expected, chosen }: Pick<PreparedRun, 'expected' | 'chosen'>,
): CertifyResult =>
  applyExpectedFailures(result, expected, {
    today: new Date().toISOString().slice(0, 10),
    chosen,
  });

/** Judges the cases of a run again, as they were recorded; nothing is sent. */
export const judgeRunFolder = async (
  folder: string,
  options: JudgeCommandOptions,
  settings: Settings,
): Promise<number> => {
  const { run, record } = readRunFolder(folder);
  const { value: contract, problems } = readContract(
    join(packageRoot, 'openapi', 'alipayhk.yaml'),
    settings,
  );
  if (contract === undefined) throw new StartupError(problems);
  const profile = options.profile ?? run.judging.profile;
  const result = concludeRun(record, {
    ...run,
    contract,
    receiver: (run.receiver ?? []).map((one) => ({ result: one, exchanges: [] })),
    judging: { ...run.judging, profile, reading: readingOptions(settings) },
    againCommand: ({ id }) => run.again[id] ?? '',
  });
  const weighed = weighExpected(result, {
    expected: readExpected(options.expected),
    chosen: undefined,
  });
  const printer = new RunPrinter(options.report.some(({ file }) => file === '-'));
  printer.end(renderSummary(weighed, printer.options));
  writeCertifyReports(weighed, { report: options.report });
  return certifyExitCode(weighed, options.failOn ?? 'major');
};

export interface PassiveRunOptions {
  /** Ids; none: all cases. */
  readonly cases: readonly string[];
  readonly operation: OperationId;
  readonly stop: AbortSignal;
  /** Called once the simulator listens. */
  readonly onStart: (url: string) => void;
  /** Called with what the application has to do next. */
  readonly ask: (text: string) => void;
  readonly onCase: (one: CaseResult) => void;
}

/**
 * Judges an application that the caller runs, without a terminal.
 * @throws StartupError when a case does not exist
 */
export const runPassively = async (
  { cases, operation, stop, onStart, ask, onCase }: PassiveRunOptions,
  settings: Settings,
): Promise<void> => {
  const options = { passive: true, case: cases, operation: [operation], report: [], out: '' };
  const run = readCertifyRun([], options, settings);
  const { sandbox, folder, close } = await openPlace(run, {}, settings);
  try {
    onStart(sandbox.url);
    await runCertify({
      ...describeRun(run, sandbox),
      driver: createPassiveDriver({ sandbox, ask, waitMs: passiveWaitMs }),
      folder,
      stop,
      judging: judgeOptions(run, settings),
      againCommand: (one) => againCommand(one, [], options),
      onCase,
      onProgress: () => {},
    });
  } finally {
    await close();
  }
};

/** Ends a run at the first signal; a second one ends the process at once. */
class Interrupt {
  readonly #controller = new AbortController();
  readonly #listeners = Object.entries(signalCodes).map(([name, code]) => {
    const listener = (): void => {
      if (this.code !== undefined) process.exit(code);
      this.code = code;
      this.#controller.abort();
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  code: number | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  close(): void {
    for (const [name, listener] of this.#listeners) process.off(name, listener);
  }
}

/** What a run is made of: `certify.yaml`, with the command line laid over it. */
interface PreparedRun {
  readonly file: CertifyFile;
  readonly harness: HarnessSettings;
  readonly chosen: ReadonlySet<string> | undefined;
  readonly expected: ExpectedFailures;
  readonly failOn: NonNullable<CertifyFile['failOn']>;
  readonly profile: CertifyFile['profile'];
  readonly subject: CertifyResult['subject'];
  readonly receiver: NamedReceiver | undefined;
}

const settingsFile = 'certify.yaml';

/** @throws StartupError for modes that exclude each other, or none */
const rejectModes = (
  words: readonly string[],
  options: CertifyCommandOptions,
  receiver: NamedReceiver | undefined,
): void => {
  const { stream = false, hook, hookRemote = false, passive = false, client } = options;
  const { serial = false } = options;
  const isDriverless = hook !== undefined || passive;
  const problems: readonly (readonly [isWrong: boolean, where: string, ...text: string[]])[] = [
    [
      words.length === 0 && !isDriverless && receiver === undefined,
      'certify',
      'no driver is named',
      'Write its command after --, or have one written with --init.',
    ],
    [
      words.length > 0 && isDriverless,
      passive ? '--passive' : '--hook',
      'the application runs already, so no command is run',
      'Leave out the command, or the option.',
    ],
    [
      [stream, hook !== undefined, passive].filter(Boolean).length > 1,
      'certify',
      '--stream, --hook and --passive exclude each other',
      'Keep one of them.',
    ],
    [
      hook !== undefined && !hookRemote && !isLoopbackUrl(new URL(hook)),
      '--hook',
      'is not on this machine, and private keys would be sent there',
      'Allow it with --hook-remote.',
    ],
    [
      client !== undefined && !isDriverless && receiver === undefined,
      '--client',
      'is for an application that runs already: a command gets a client for each case',
      'Leave it out, or use --hook or --passive.',
    ],
    [
      serial && client === undefined && !passive,
      '--serial',
      'is for an application with a fixed identity',
      'Name its Client-Id with --client.',
    ],
  ];
  const found = problems.filter(([isWrong]) => isWrong);
  if (found.length > 0)
    throw new StartupError(
      found.map(([, where, message = '', remedy = '']) => ({ where, message, remedy })),
    );
};

/** @throws StartupError with everything that is wrong with files and flags */
const readCertifyRun = (
  words: readonly string[],
  options: CertifyCommandOptions,
  settings: Settings,
): PreparedRun => {
  const named = options.config ?? (existsSync(settingsFile) ? settingsFile : undefined);
  const { value: file, problems } =
    named === undefined ? { value: {}, problems: [] } : readCertifyFile(readLocatedYaml(named));
  if (problems.length > 0) throw new StartupError(problems);
  const receiver = nameReceiver(options, file);
  rejectModes(words, options, receiver);
  const cases = options.case.map(findCase);
  const unplayed = cases.find((one) => isReceiverCase(one) && receiver === undefined);
  if (unplayed !== undefined)
    throw usageError(
      '--case',
      `${unplayed.id} calls the merchant's own server`,
      'Name it with --receiver http://127.0.0.1:3000.',
    );
  const expectedFile =
    options.expected ??
    (file.expectedFailures === undefined
      ? undefined
      : join(dirname(named ?? '.'), file.expectedFailures));
  return {
    file,
    receiver,
    harness: harnessSettings(file, options, settings),
    chosen: cases.length === 0 ? undefined : new Set(cases.map(({ id }) => id)),
    expected: readExpected(expectedFile),
    failOn: options.failOn ?? file.failOn ?? 'major',
    profile: options.profile ?? file.profile,
    subject: {
      name: file.name ?? basename(resolve('.')),
      commit: process.env['GITHUB_SHA'] ?? process.env['CI_COMMIT_SHA'],
    },
  };
};

const harnessSettings = (
  file: CertifyFile,
  options: CertifyCommandOptions,
  _settings: Settings,
): HarnessSettings => {
  const { retry = {}, timeouts = {} } = file;
  const isPassive = options.passive === true;
  // Nothing scales the pauses of an application that is not driven.
  const realPauses = isPassive || (options.realPauses ?? retry.realPauses ?? false);
  const named = operationIds.filter((id) => options.operation.includes(id));
  return {
    operations: named.length > 0 ? named : (file.operations ?? primaryFirst),
    modes: file.modes ?? [{ algorithm: 'RSA256', sealed: false }],
    every: options.every ?? file.every ?? 'primary',
    // Checked to be JSON by the file's schema.
    messages: (file.messages ?? {}) as Readonly<Record<string, JsonObject>>,
    pauseFactor: realPauses ? 1 : (retry.pauseFactor ?? 0.05),
    realPauses,
    patienceMs: options.patience ?? retry.patienceMs ?? 30_000,
    ceilingMs: timeouts.ceilingMs ?? defaultJudgeLimits.ceilingMs,
    // 2.5 times the pause of the printed plan, until the client has shown its own.
    quietMs: realPauses ? 5000 : 2000,
    jobs: isPassive ? 1 : (options.jobs ?? defaultJobs(options)),
    isRevealed: options.reveal === true,
    // A command gets a client for each case; what is named is then the receiver's.
    client: isPassive ? (options.client ?? demoClientId) : options.hook && options.client,
    isSerial: options.serial === true || isPassive,
  };
};

/** A process for every job takes a core at its start; an application that runs on mostly waits. */
const defaultJobs = ({ hook, stream = false }: CertifyCommandOptions): number =>
  hook !== undefined || stream
    ? 4
    : Math.max(2, Math.min(4, Math.floor(availableParallelism() / 2)));

/** Orders first: most merchants begin with them. */
const primaryFirst = ['syncOrder', ...operationIds.filter((id) => id !== 'syncOrder')] as const;

const readExpected = (file: string | undefined): ExpectedFailures => {
  if (file === undefined) return { entries: [], warnings: [] };
  const { value, problems } = readExpectedFailures(readLocatedYaml(file), {
    cases: new Map<string, readonly string[]>([
      ...catalogue.map((one) => [one.id, listChecks(one).map(({ id }) => id)] as const),
      ...receiverCatalogue.map((one) => [one.id, one.checks] as const),
    ]),
    lintRules: Object.keys(lintRules),
    renamed: new Map(Object.entries(caseAliases)),
    operations: [...operationIds, ...outboundCallIds],
  });
  if (problems.length > 0) throw new StartupError(problems);
  return value;
};

const judgeOptions = (
  { file, profile, harness }: PreparedRun,
  settings: Settings,
): JudgeOptions => ({
  reading: readingOptions(settings),
  limits: {
    recommendedMs: file.timeouts?.recommendedMs ?? defaultJudgeLimits.recommendedMs,
    ceilingMs: harness.ceilingMs,
  },
  profile,
  ...(file.accept && { accept: file.accept }),
});

const readingOptions = (settings: Settings): JudgeOptions['reading'] => ({
  endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
  policies: settings,
});

/** A message that the contract refuses would be blamed on the client. */
const rejectBadMessages = async (
  sandbox: Sandbox,
  { harness, chosen }: PreparedRun,
): Promise<void> => {
  const cases = catalogue.filter(({ id }) => chosen === undefined || chosen.has(id));
  const sentences = await checkMessages({ cases, sandbox, settings: harness });
  if (sentences.length === 0) return;
  throw new StartupError(
    sentences.map((message) => ({
      where: 'messages',
      message,
      remedy: 'Change messages in certify.yaml so that the contract accepts them.',
    })),
  );
};

interface DriverDeps {
  readonly sandbox: Sandbox;
  readonly folder: string;
  readonly harness: HarnessSettings;
  readonly ask: (text: string) => void;
}

/** A person has to find out first how to make the application send. */
const passiveWaitMs = 10 * 60_000;

/** @throws DriverUnavailableError where nothing answers at the hook's address */
const createDriver = async (
  words: readonly string[],
  { stream = false, hook, client, passive = false }: CertifyCommandOptions,
  { sandbox, folder, harness: { pauseFactor, patienceMs }, ask }: DriverDeps,
): Promise<Driver> => {
  const { nowUs } = sandbox;
  if (passive) return createPassiveDriver({ sandbox, ask, waitMs: passiveWaitMs });
  if (hook !== undefined) {
    const url = new URL(hook);
    await checkHook(url);
    return createHookDriver({ url, sendsConnection: client === undefined, nowUs });
  }
  return stream
    ? createStreamDriver({ words, nowUs, pauseFactor, patienceMs, folder })
    : createCommandDriver(words, nowUs);
};

/** Where to and as whom: the application is configured once, by hand. */
const passiveIntroduction = (
  { client = demoClientId, modes }: HarnessSettings,
  { url }: Sandbox,
  settings: Settings,
): string => {
  const algorithm = modes[0]?.algorithm ?? 'RSA256';
  const { ALIPAYHK_PRIVATE_KEY: privateKey, ...variables } = merchantVariables(
    { client, url, algorithm, keyVersion: 1 },
    settings,
  );
  return [
    'Configure your application with these values, and let it run:',
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    // A key folder is the merchant's own; the demo keys are no secret.
    settings.keys === ''
      ? `ALIPAYHK_PRIVATE_KEY=${privateKey}`
      : `and the private key of ${client} in ${settings.keys}`,
  ].join('\n');
};

const contractDigest = (document: unknown): string =>
  `sha256:${createHash('sha256').update(JSON.stringify(document)).digest('hex')}`;

const againCommand = (
  one: CaseResult,
  words: readonly string[],
  { config, stream, hook, passive, receiver, client }: CertifyCommandOptions,
): string => {
  const formatFlag = (flag: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [`${flag} ${quote(value)}`];
  const start = ['alipayhk-mock certify', `--case ${one.id}`];
  if (isReceiverCase(one))
    return [
      ...start,
      ...formatFlag('--receiver', receiver),
      ...formatFlag('--client', client),
      ...formatFlag('--call', one.operation),
      ...formatFlag('--config', config),
    ].join(' ');
  return [
    ...start,
    `--operation ${one.operation}`,
    ...formatFlag('--config', config),
    ...(stream === true ? ['--stream'] : []),
    ...formatFlag('--hook', hook),
    ...(passive === true ? ['--passive'] : []),
    ...(words.length === 0 ? [] : [`-- ${words.map(quote).join(' ')}`]),
  ].join(' ');
};

/** As a shell takes it. */
const quote = (word: string): string =>
  /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

const writeAll = (
  result: CertifyResult,
  words: readonly string[],
  { report, writeExpected, sarifLocation }: CertifyCommandOptions,
): void => {
  if (writeExpected !== undefined)
    // JSON is YAML too.
    writeNamed(writeExpected, `${JSON.stringify(listFailures(result.cases), null, 2)}\n`);
  writeCertifyReports(result, { report, command: words, ...(sarifLocation && { sarifLocation }) });
};
