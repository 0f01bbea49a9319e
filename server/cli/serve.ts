import type { Settings } from '../config/settings-table.ts';
import { createLogger, type Logger, logExchange } from '../logging.ts';
import { createMockServer, type MockServer } from '../mock-server.ts';
import { exitCodes } from './exit-codes.ts';

/** Starts the simulator and runs until it is told to stop. */
export const serve = async (settings: Settings): Promise<number> => {
  const logger = createLogger(settings, process.stdout.isTTY === true);
  const stopped = stopSignal();
  const server = await start(settings, logger);
  if (server === undefined) return exitCodes.cannotListen;
  introduce(server, logger, settings);
  const signal = await stopped;
  logger.info(`${signal}: answering what is under way, then stopping; a second signal stops at once`);
  await server.close();
  logger.info('stopped');
  return exitCodes.ok;
};

const start = async (settings: Settings, logger: Logger): Promise<MockServer | undefined> => {
  try {
    return await createMockServer({
      settings,
      onExchange: (entry, error) => logExchange(logger, entry, error),
      onBrokenAnswer: (sentence) => logger.error(`an answer breaks the contract: ${sentence}`),
    });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? listenTrouble[String(error.code)] : undefined;
    if (why === undefined) throw error;
    logger.fatal(`cannot listen on ${settings.host}:${settings.port}: ${why}`);
    return undefined;
  }
};

const listenTrouble: Record<string, string> = {
  EADDRINUSE: 'the port is in use. Stop what uses it, or choose another with --port (0 takes a free one).',
  EACCES: 'this user may not use the port. Choose one above 1023 with --port.',
  EADDRNOTAVAIL: 'this machine has no such address. Choose another with --host.',
  ENOTFOUND: 'the host name is not known. Choose another with --host.',
};

/** Says what a newcomer needs; the last line is the one that scripts wait for. */
const introduce = ({ url, contract, parties, activeScenarios }: MockServer, logger: Logger, settings: Settings): void => {
  for (const [clientId, keyring] of parties.clients) {
    logger.info(`client ${clientId}: ${keyring.versions.map((key) => `${key.family} v${key.version} ${key.fingerprint}`).join(', ')}`);
  }
  logger.info(
    `platform: ${parties.platform.versions.map((key) => `${key.family} v${key.version} ${key.fingerprint}`).join(', ')} (public key: ${url}/__admin/platform-key)`,
  );
  for (const { id, path, pathBasis, pathRegister } of contract.operations.values()) {
    if (pathBasis === 'inferred')
      logger.warn(`${id} has an inferred path, ${path} (${pathRegister}); set paths.${id} once you know the real one`);
  }
  if (activeScenarios.length > 0) logger.info(`scenarios: ${activeScenarios.map(({ name }) => name).join(', ')}`);
  logger.info(settings.data === '' ? 'state is kept in memory; --data DIR keeps it on disk' : `state is kept in ${settings.data}`);
  logger.info({ url }, `alipayhk-mock ready on ${url}`);
};

/** The first SIGTERM or SIGINT; from then on another one ends the process at once. */
const stopSignal = (): Promise<string> =>
  new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      resolve(signal);
      process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
      for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => process.exit(name === 'SIGINT' ? 130 : 143));
    };
    process.once('SIGTERM', onSignal).once('SIGINT', onSignal);
  });
