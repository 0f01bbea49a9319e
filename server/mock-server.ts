import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type ErrorRequestHandler } from 'express';
import { createAdminRouter } from './admin/admin-router.ts';
import type { Settings } from './config/settings-table.ts';
import { type AnswerCheck, createAnswerCheck } from './contract/answer-check.ts';
import type { Contract, StatusMachine } from './contract/contract.ts';
import { readFidelityRegister } from './contract/fidelity.ts';
import { readContract } from './contract/read-contract.ts';
import { createRequestValidator, type RequestValidator } from './contract/request-validator.ts';
import { endpoints } from './endpoints/index.ts';
import { createGateway } from './gateway/index.ts';
import { Journal } from './journal/journal.ts';
import type { JournalEntry } from './journal/journal-entry.ts';
import type { Parties } from './keyring/keyring.ts';
import { readKeyFolder } from './keyring/read-key-folder.ts';
import { packageRoot } from './package-root.ts';
import { type Problem, StartupError } from './problems/problem.ts';
import type { Scenario } from './scenario/compile-scenario.ts';
import { chooseScenarios, readScenarios } from './scenario/read-scenarios.ts';
import { LowdbStore } from './store/lowdb-store.ts';
import { openDataFolder } from './store/open-data-folder.ts';
import type { Store } from './store/store.ts';
import { version } from './version.ts';

export interface MockServerOptions {
  readonly settings: Settings;
  /** Told of every exchange once it is over. */
  readonly onExchange?: (entry: JournalEntry, error?: unknown) => void;
  /** Told of answers that break the contract, when `validateAnswers` is on. */
  readonly onBrokenAnswer?: (sentence: string) => void;
  /** Milliseconds since 1970; the machine's clock when absent. */
  readonly now?: () => number;
}

/** A running simulator. */
export interface MockServer {
  /** Where it listens, e.g. `http://127.0.0.1:8852`. */
  readonly url: string;
  readonly contract: Contract;
  readonly parties: Parties;
  /** Every scenario that could be activated; the active ones are `activeScenarios`. */
  readonly scenarios: ReadonlyMap<string, Scenario>;
  readonly activeScenarios: readonly Scenario[];
  readonly journal: Journal;
  readonly store: Store;
  /** Answers what is under way, for at most `graceMs`, then ends. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Reads keys, contract and scenarios, opens the store, and listens.
 * @throws StartupError with every problem of the files and settings at once; an error with code EADDRINUSE when the port is taken.
 */
export const createMockServer = async ({
  settings,
  onExchange = () => {},
  onBrokenAnswer = () => {},
  now = Date.now,
}: MockServerOptions): Promise<MockServer> => {
  const loaded = await load(settings);
  const { contract, parties, active } = loaded;
  const store = await openStore(settings);
  const journal = new Journal({ entries: settings['journal.entries'], bytes: settings['journal.bytes'] });
  const rules = active.flatMap((scenario) => scenario.rules);
  const check: AnswerCheck | undefined = settings.validateAnswers ? createAnswerCheck(contract) : undefined;
  const app = express().disable('x-powered-by').disable('etag').enable('strict routing').enable('case sensitive routing');
  app.use(
    '/__admin',
    createAdminRouter({
      version,
      contract,
      platform: parties.platform,
      scenarios: active.map(({ name }) => name),
      fidelity: () => readFidelityRegister(join(packageRoot, 'openapi', 'fidelity.yaml')),
    }),
  );
  app.use(
    createGateway({
      settings,
      contract,
      validate: loaded.validate,
      parties,
      deciding: {
        endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
        store,
        rules: () => rules,
        context: { policies: settings, statusMachines: statusMachines(contract, settings) },
      },
      journal,
      ...(check === undefined ? {} : { onAnswer: (operationId, answer) => check(operationId, answer).forEach(onBrokenAnswer) }),
      onExchange,
      now,
    }),
  );
  app.use(unforeseen);
  const server = createServer(app);
  const url = await listen(server, settings).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  return {
    url,
    contract,
    parties,
    scenarios: loaded.scenarios,
    activeScenarios: active,
    journal,
    store,
    close: (graceMs = 1500) => close(server, store, graceMs),
  };
};

interface Loaded {
  readonly contract: Contract;
  readonly validate: RequestValidator;
  readonly parties: Parties;
  readonly scenarios: ReadonlyMap<string, Scenario>;
  readonly active: readonly Scenario[];
}

/** Reads everything the settings point to, and reports all that is wrong with it at once. */
const load = async (settings: Settings): Promise<Loaded> => {
  const parties = readKeyFolder(settings.keys || join(packageRoot, 'keys'), { weakKeys: settings.lenient.includes('weakKeys') });
  const contractFile = settings.contract || join(packageRoot, 'openapi', 'alipayhk.yaml');
  const contract = readContract(contractFile, settings);
  const problems: Problem[] = [...parties.problems, ...contract.problems];
  if (contract.value === undefined) throw new StartupError(problems);
  const scenarios = readScenarios([join(packageRoot, 'scenarios'), ...settings.scenarios], contract.value);
  const active = chooseScenarios(scenarios.value, settings.scenario);
  problems.push(...scenarios.problems, ...active.problems, ...unknownClients(settings, parties.value));
  const validate = await createRequestValidator(contract.value).catch((error: unknown) => {
    problems.push({
      where: contractFile,
      message: error instanceof Error ? error.message : String(error),
      remedy: 'Correct the document; npx @redocly/cli lint shows more.',
    });
    return undefined;
  });
  if (problems.length > 0 || validate === undefined) throw new StartupError(problems);
  return { contract: contract.value, validate, parties: parties.value, scenarios: scenarios.value, active: active.value };
};

const unknownClients = ({ clients }: Settings, parties: Parties): Problem[] =>
  Object.keys(clients)
    .filter((id) => !parties.clients.has(id))
    .map((id) => ({
      where: 'clients',
      message: `settings for client "${id}", which has no keys`,
      remedy: `Put its public key into clients/${id}/v1.public.pem of the key folder.`,
    }));

const statusMachines = (contract: Contract, settings: Settings): ReadonlyMap<string, StatusMachine> => {
  const replaced = Object.entries(settings['order.statusMachines']).map(([type, table]): [string, StatusMachine] => [
    type,
    new Map(Object.entries(table).map(([status, next]) => [status, { next, legacy: false }])),
  ]);
  return new Map([...contract.statusMachines, ...replaced]);
};

const openStore = (settings: Settings): Promise<Store> | Store => {
  const limits = { requests: settings['idempotency.max'] };
  return settings.data === '' ? LowdbStore.inMemory(limits) : openDataFolder(settings.data, settings.durability, limits);
};

/** The last resort: whatever escaped the gateway is answered without a word of what it was. */
const unforeseen: ErrorRequestHandler = (_error, _req, res, _next) => {
  if (res.headersSent) res.destroy();
  else
    res.status(500).json({ result: { resultCode: 'UNKNOWN_EXCEPTION', resultStatus: 'U', resultMessage: 'Failed for an unknown reason' } });
};

const listen = (server: Server, { host, port }: Settings): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const { address, family, port: taken } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });

const close = async (server: Server, store: Store, graceMs: number): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A kept-alive connection that was busy when the server closed would be waited for; idle ones are ended as they become so.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(force);
  await store.close();
};
