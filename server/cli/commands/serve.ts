import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminAccessProblem } from '../../admin/middleware.ts';
import type { ScenariosChange } from '../../app/bootstrap.ts';
import { createMockServer, type MockServer } from '../../app/create-server.ts';
import {
  createLogger,
  isReadableLog,
  type Logger,
  logDiagnosis,
  logExchange,
  standardOutput,
} from '../../app/logger.ts';
import type { KeysChange } from '../../clients/key-folder/key-store.ts';
import { configuredPaths } from '../../domain/contract/read-contract.ts';
import { hidePassword, type Settings } from '../../domain/settings/settings-table.ts';
import { type CalibrationFile, observedRows } from '../../fidelity/calibrate/results.ts';
import { printable } from '../../problems/display-text.ts';
import { formatProblem, ListenError, type Problem } from '../../problems/problem.ts';
import { alwaysValid, describeValidity, type Keyring } from '../../protocol/keys/keyring.ts';
import { StoreError } from '../../storage/store.ts';
import { exitCodes, printError, translateOutput } from '../input-output.ts';
import { flagFor } from '../options.ts';

/** Starts the simulator and runs until a signal stops it. */
export const serve = async (settings: Settings): Promise<number> => {
  const output = standardOutput();
  const logger = createLogger(settings, process.stdout.isTTY === true, output);
  const { code, error } = await runUntilStopped(settings, logger);
  const isFlushed = await output.close();
  // The reason for the exit code is reported even where the log is silent or cannot be written.
  const isLogged = logger.isLevelEnabled('fatal') && isFlushed && !output.hasLostLines;
  if (error !== undefined && !isLogged) printError(error);
  // A reader that has stopped reading would keep the process from ending.
  if (!isFlushed) process.exit(code);
  return code;
};

/** How the server ended: the exit code, and the error unless it was stopped as asked. */
interface ServerExit {
  readonly code: number;
  readonly error?: string;
}

const runUntilStopped = async (settings: Settings, logger: Logger): Promise<ServerExit> => {
  const stopped = stopSignal();
  const server = await startServer(settings, logger).catch(toListenError);
  if (server instanceof ListenError)
    return failStart(logger, exitCodes.cannotListen, server.sentence(flagFor));
  printBanner(server, logger, settings);
  const signal = await stopped;
  logger.info(
    `${signal}: answering what is under way, then stopping; a second signal stops at once`,
  );
  return stop(server, logger);
};

const toListenError = (error: unknown): ListenError => {
  if (error instanceof ListenError) return error;
  throw error;
};

const failStart = (logger: Logger, code: number, error: string): ServerExit => {
  logger.fatal(error);
  return { code, error };
};

const stop = async (server: MockServer, logger: Logger): Promise<ServerExit> => {
  try {
    await server.close();
    logger.info('stopped');
    return { code: exitCodes.ok };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const message = `stopped, but not everything could be kept: ${error.message}`;
    return failStart(logger, exitCodes.failed, message);
  }
};

const startServer = async (settings: Settings, logger: Logger): Promise<MockServer> => {
  let observed: ReadonlySet<string> = new Set();
  const server = await createMockServer({
    settings,
    onExchange: (entry, error) => logExchange(logger, entry, { error, observed }),
    onDiagnosis: (entry) => logDiagnosis(logger, entry),
    onAdminError: (error) => logger.error({ err: error }, 'the admin API failed'),
    onInvalidAnswer: (sentence) => logger.error(`an answer breaks the contract: ${sentence}`),
    onScenariosChange: (change) => logScenariosChange(logger, change),
    onWarning: (sentence) => logger.warn(sentence),
    onKeysChange: (change) => logKeysChange(logger, change),
  });
  observed = observedRows(server.calibration);
  return server;
};

/**
 * Logs what a first user needs, in the language of this run where people read the log; the last line
 * is the one that scripts wait for.
 */
const printBanner = (server: MockServer, logger: Logger, settings: Settings): void => {
  const shown = isReadableLog(settings, process.stdout.isTTY === true)
    ? translateOutput
    : (text: string): string => text;
  const inform = (text: string): void => logger.info(shown(text));
  const { url, adminUrl, contract, parties, scenarios } = server;
  for (const [clientId, keyring] of parties.clients)
    inform(
      `${settings.keys === '' ? 'demo client' : 'client'} ${clientId}: ${describeKeys(keyring)}`,
    );
  const publicKey = adminUrl === undefined ? '' : ` (public key: ${adminUrl}/__admin/platform-key)`;
  inform(`platform: ${describeKeys(parties.platform)}${publicKey}`);
  if (adminUrl !== undefined && adminUrl !== url) inform(`the admin API is on ${adminUrl}/__admin`);
  if (adminUrl !== undefined) inform(`the console, for a browser: ${adminUrl}/__console/`);
  for (const { id, path, paths, pathBasis, pathRegister } of contract.operations.values()) {
    if (configuredPaths(id, settings).length > 0)
      inform(`${id} is served at ${paths.join(', ')} (paths.${id})`);
    else if (pathBasis === 'inferred')
      logger.warn(
        shown(
          `${id} has an inferred path, ${path} (${pathRegister}); ` +
            `set paths.${id} once you know the real one`,
        ),
      );
  }
  if (server.calibration !== undefined) inform(describeCalibration(server.calibration));
  if (scenarios.activeNames.length > 0) inform(`scenarios: ${scenarios.activeNames.join(', ')}`);
  inform(`state is kept in ${describeStore(settings, server)}`);
  if (server.adminToken !== undefined && settings.adminToken === '') {
    const sentence =
      'other machines can reach this address, so the admin API requires a token: ' +
      server.adminToken;
    // It is generated at each start, and stated nowhere else: a quiet log must not lose it.
    if (logger.isLevelEnabled('info')) inform(sentence);
    else process.stderr.write(`${translateOutput(sentence)}\n`);
  }
  if (server.httpsUrl !== undefined)
    logger.info({ httpsUrl: server.httpsUrl }, shown(describeTls(server, settings)));
  logger.info({ url }, `alipayhk-mock ready on ${url}`);
};

const describeStore = ({ data, ...settings }: Settings, { store }: MockServer): string => {
  if (store.health !== undefined)
    return `${hidePassword(settings.store)}, which simulators can share`;
  return data === '' ? 'memory; --data DIR keeps it on disk' : data;
};

const describeCalibration = ({ target, made, results }: CalibrationFile): string => {
  const days = Math.max(0, Math.floor((Date.now() - Date.parse(made.at)) / 86_400_000));
  const rows = results.filter(({ result }) => result === 'decided' || result === 'agrees').length;
  return (
    `calibrated against ${printable(target.host)} on ${made.at.slice(0, 10)}, ` +
    `${days} ${days === 1 ? 'day' : 'days'} ago: ${rows} settings were observed`
  );
};

const describeKeys = ({ versions }: Keyring): string =>
  versions
    .map((key) => {
      const validity =
        key.validity === alwaysValid ? '' : ` (${describeValidity(key.validity, Date.now())})`;
      return `${key.family} v${key.version} ${key.fingerprint}${validity}`;
    })
    .join(', ');

const describeTls = (
  { url, adminUrl = url, httpsUrl, tlsAuthority }: MockServer,
  settings: Settings,
): string => {
  const authority = tlsAuthority?.file ?? `${adminUrl}/__admin/tls-ca, which is made at each start`;
  const trust = tlsAuthority === undefined ? '' : `; let clients trust ${authority}`;
  const mutual =
    settings['tls.clientCa'] === ''
      ? ''
      : `; clients must show a certificate (${settings['tls.clientCa']})`;
  return `with TLS on ${httpsUrl}${trust}${mutual}`;
};

const logScenariosChange = (logger: Logger, change: ScenariosChange): void => {
  if ('scenarios' in change)
    logger.info(`scenario files have changed: ${change.scenarios} scenarios are known`);
  else
    for (const problem of change.problems)
      logger.error(
        `scenario files have changed, the last good ones stay in force: ${problemLine(problem)}`,
      );
};

const logKeysChange = (logger: Logger, { changes, problems }: KeysChange): void => {
  for (const change of changes) logger.info(`keys: ${change}`);
  for (const problem of problems)
    logger.error(`keys: the previous keys stay in use: ${problemLine(problem)}`);
};

/** A log line has no line breaks. */
const problemLine = (problem: Problem): string => formatProblem(problem).replace(/\n\s*/g, '. ');

/**
 * Waits for the first SIGTERM or SIGINT, or the end of npm's shell. From then on a signal ends the
 * process immediately.
 * @returns the signal's name, or that npm has ended
 */
export const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    let isStopping = false;
    const stop = (reason: string): void => {
      isStopping = true;
      stopWatching();
      resolve(reason);
    };
    const stopWatching = onWrapperExit(() => stop('npm has ended'));
    // One listener for each signal, for good: Deno calls a listener that is added while a signal
    // is handled for that signal too.
    for (const [name, exitCode] of [['SIGTERM', 143] as const, ['SIGINT', 130] as const])
      process.on(name, () => {
        if (isStopping) process.exit(exitCode);
        stop(name);
      });
  });

const pollMs = 200;

/**
 * Calls back once when the shell that npm or npx runs this command in ends. Such a shell exits on
 * SIGTERM and SIGINT without forwarding them, and would leave a server that keeps its port.
 * @returns a function that stops watching
 */
export const onWrapperExit = (
  callback: () => void,
  env: NodeJS.ProcessEnv = process.env,
): (() => void) => {
  if (!isWrapped(env)) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, pollMs).unref();
  return () => clearInterval(timer);
};

/**
 * npm, npx, pnpm and yarn pass the script's text in the environment. A script that starts the
 * simulator in the background, or through another program, may want it to outlive the shell.
 */
const isWrapped = ({ npm_lifecycle_script: script = '' }: NodeJS.ProcessEnv): boolean =>
  /alipayhk-mock|main\.cjs/.test(script) && !/(?<![&>])&(?![&>\d])/.test(script);

/**
 * Listens on this machine's loopback address, for programs of this machine.
 * @returns the address, or why the port of `--listen` cannot be listened on
 */
export const listenLocally = async (
  server: Server,
  port: number,
): Promise<string | ListenError> => {
  const error = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  if (error !== undefined)
    return new ListenError(error, { host: '127.0.0.1', port, hostSetting: '', portSetting: '' });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Why a request is refused, e.g. one of a web page of another site; undefined accepts it. */
export const localAccessProblem = (req: IncomingMessage, whatItIs: string): string | undefined =>
  adminAccessProblem(req, { onLoopback: true, token: undefined })?.replace(
    'the admin API',
    whatItIs,
  );
