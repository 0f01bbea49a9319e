import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import express, { type ErrorRequestHandler } from 'express';
import { createAdminRouter } from './admin/admin-router.ts';
import { isLoopbackName } from './admin/guard.ts';
import { ClientBook } from './clients/client-book.ts';
import { Clients } from './clients/clients.ts';
import { Clock } from './clock/clock.ts';
import type { Settings } from './config/settings-table.ts';
import { type AnswerCheck, createAnswerCheck } from './contract/answer-check.ts';
import type { Contract } from './contract/contract.ts';
import { readFidelityRegister } from './contract/fidelity.ts';
import { endpoints } from './endpoints/index.ts';
import { createGateway } from './gateway/index.ts';
import { Journal } from './journal/journal.ts';
import type { JournalEntry } from './journal/journal-entry.ts';
import { KeyStore, type KeysChange } from './keyring/key-store.ts';
import type { Parties } from './keyring/keyring.ts';
import { type Listeners, listenAll } from './listeners.ts';
import { keyRules, loadParts, openStore, scenarioFolders, statusMachines } from './load-parts.ts';
import { packageRoot } from './package-root.ts';
import { ScenarioSet } from './scenario/scenario-set.ts';
import { type ScenariosChange, watchScenarios } from './scenario/watch-scenarios.ts';
import type { Store } from './store/store.ts';
import type { TlsCredentials } from './tls/server-credentials.ts';
import { toldSeldom } from './told-seldom.ts';
import { version } from './version.ts';

export interface MockServerOptions {
  readonly settings: Settings;
  /** Told of every exchange once it is over. */
  readonly onExchange?: (entry: JournalEntry, error?: unknown) => void;
  /** Told of answers that break the contract, when `validateAnswers` is on. */
  readonly onBrokenAnswer?: (sentence: string) => void;
  /** Told when the key folder has changed while the simulator runs. */
  readonly onKeysChange?: (change: KeysChange) => void;
  /** Told when scenario files have changed, with `watch`. */
  readonly onScenariosChange?: (change: ScenariosChange) => void;
  /** Told, in a sentence, of what goes wrong beside any exchange: a connection that was turned away, a snapshot that could not be written. */
  readonly onTrouble?: (sentence: string) => void;
  /** Milliseconds since 1970; the machine's clock when absent. */
  readonly now?: () => number;
}

/** A running simulator. */
export interface MockServer {
  /** Where it listens, e.g. `http://127.0.0.1:8852`. */
  readonly url: string;
  /** Where it listens with TLS, when `httpsPort` is set. */
  readonly httpsUrl?: string;
  /** The authority that clients of `httpsUrl` must trust, as PEM, and its file if it is kept in one. */
  readonly tlsAuthority?: { readonly certificate: string; readonly file: string | undefined };
  /** What the admin API asks for: as set, or made up because other machines can reach the address. */
  readonly adminToken?: string;
  readonly contract: Contract;
  readonly parties: Parties;
  /** Clients made and dropped while it runs; each client's own scenarios, queued rules and clock. */
  readonly clients: Clients;
  /** The simulator's clock; every client's own hangs on it. */
  readonly clock: Clock;
  /** Every scenario that is known, and which are active for everyone. */
  readonly scenarios: ScenarioSet;
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
  onKeysChange = () => {},
  onScenariosChange = () => {},
  onTrouble = () => {},
  now = Date.now,
}: MockServerOptions): Promise<MockServer> => {
  const loaded = await loadParts(settings, now);
  const { contract, tls } = loaded;
  const keys = { folder: settings.keys, rules: keyRules(settings), now, onChange: onKeysChange, stamp: loaded.keysStamp };
  const parties = new KeyStore(loaded.parties, keys);
  const store = await openStore(settings, onTrouble);
  const journal = new Journal({ entries: settings['journal.entries'], bytes: settings['journal.bytes'] });
  const clock = new Clock(now);
  const book = new ClientBook(() => parties.clients, clock);
  const scenarios = new ScenarioSet(loaded.scenarios, settings.scenario);
  const clients = new Clients({ book, store, journal, contract, scenarios });
  const check: AnswerCheck | undefined = settings.validateAnswers ? createAnswerCheck(contract) : undefined;
  const onLoopback = isLoopbackName(settings.host);
  // Whoever can reach the address could otherwise steer the simulator.
  const adminToken = settings.adminToken !== '' ? settings.adminToken : onLoopback ? undefined : randomBytes(16).toString('hex');
  const app = express().disable('x-powered-by').disable('etag').enable('strict routing').enable('case sensitive routing');
  app.use(
    '/__admin',
    createAdminRouter({
      version,
      contract,
      platform: () => parties.platform,
      now: clock.now,
      tlsAuthority: tls?.authority,
      scenarios,
      clients,
      clock,
      guard: { onLoopback, token: adminToken },
      fidelity: () => readFidelityRegister(join(packageRoot, 'openapi', 'fidelity.yaml')),
    }),
  );
  app.use(
    createGateway({
      settings,
      contract,
      validate: loaded.validate,
      parties: everyone(parties, book),
      deciding: {
        endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
        store,
        rules: { book, scenarios, contract, isSteered: settings.steering === 'on' },
        context: { policies: settings, statusMachines: statusMachines(contract, settings) },
      },
      journal,
      ...(check === undefined ? {} : { onAnswer: (operationId, answer) => check(operationId, answer).forEach(onBrokenAnswer) }),
      onExchange,
      clockOf: (clientId) => book.clockOf(clientId),
    }),
  );
  app.use(unforeseen);
  const listeners = await listenAll(app, settings, tls, toldSeldom(onTrouble)).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  // The demo keys of the package do not change.
  if (settings.keys !== '') parties.watch();
  const stopWatching = settings.watch ? watchScenarios(scenarioFolders(settings), contract, scenarios, onScenariosChange) : () => {};
  return {
    ...addresses(listeners, tls),
    ...(adminToken === undefined ? {} : { adminToken }),
    contract,
    parties,
    clients,
    clock,
    scenarios,
    journal,
    store,
    close: async (graceMs = 1500) => {
      parties.stop();
      stopWatching();
      await listeners.close(graceMs);
      await store.close();
    },
  };
};

/** The platform, and the clients of the key folder with those made since. */
const everyone = (inFiles: Parties, book: ClientBook): Parties => ({
  get platform() {
    return inFiles.platform;
  },
  get clients() {
    return book.keyrings;
  },
});

const addresses = (
  { url, httpsUrl }: Listeners,
  tls: TlsCredentials | undefined,
): Pick<MockServer, 'url' | 'httpsUrl' | 'tlsAuthority'> => ({
  url,
  ...(httpsUrl === undefined ? {} : { httpsUrl }),
  ...(tls?.authority === undefined ? {} : { tlsAuthority: { certificate: tls.authority, file: tls.authorityFile } }),
});

/** The last resort: whatever escaped the gateway is answered without a word of what it was. */
const unforeseen: ErrorRequestHandler = (_error, _req, res, _next) => {
  if (res.headersSent) res.destroy();
  else
    res.status(500).json({ result: { resultCode: 'UNKNOWN_EXCEPTION', resultStatus: 'U', resultMessage: 'Failed for an unknown reason' } });
};
