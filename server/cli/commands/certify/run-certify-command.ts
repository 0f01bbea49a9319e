import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certifySettings, createSandbox } from '../../../app/certify-sandbox.ts';
import { createMockServer, type MockServer } from '../../../app/create-server.ts';
import { demoClientId } from '../../../clients/key-folder/key-folder.ts';
import { catalogue } from '../../../conformance/certify/catalogue/index.ts';
import { receiverCatalogue } from '../../../conformance/certify/catalogue/receiver.ts';
import { applyExpectedFailures, listFailures } from '../../../conformance/certify/certify-files.ts';
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
} from '../../../conformance/certify/harness/running-drivers.ts';
import type { HarnessSettings, Sandbox } from '../../../conformance/certify/harness/sandbox.ts';
import { renderSummary } from '../../../conformance/certify/render-terminal.ts';
import {
  type CaseResult,
  type CertifyResult,
  certifyExitCode,
} from '../../../conformance/certify/result.ts';
import { concludeRun, runCertify } from '../../../conformance/certify/run-certify.ts';
import { isReceiverCase } from '../../../conformance/certify/to-test-report.ts';
import type { OperationId } from '../../../domain/contract/contract.ts';
import { readContract } from '../../../domain/contract/read-contract.ts';
import type { Settings } from '../../../domain/settings/settings-table.ts';
import { packageRoot, version } from '../../../package-root.ts';
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
import {
  type CertifyCommandOptions,
  type CertifyOutboundOptions,
  type JudgeCommandOptions,
  judgeOptions,
  type PreparedRun,
  prepareReceiver,
  readCertifyRun,
  readExpected,
  readingOptions,
} from './prepare-run.ts';
import { RunFolder, RunPrinter, readRunFolder, writeCertifyReports } from './run-output.ts';

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
