import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  type Router,
} from 'express';
import { type Admin, createAdmin } from '../admin/admin-router.ts';
import { isLoopbackName, noRoute, writeProblems } from '../admin/middleware.ts';
import { createConsoleRouter, createProbes } from '../admin/routes/public-router.ts';
import { ClientKeys, ClientRegistry } from '../clients/client-registry.ts';
import { Clients, Resets } from '../clients/clients.ts';
import { Clock, Seed } from '../clients/clock.ts';
import { demoClientId } from '../clients/key-folder/key-folder.ts';
import { KeyStore, type KeysChange } from '../clients/key-folder/key-store.ts';
import type {
  CaseSessions,
  CaseSessionsDeps,
} from '../conformance/certify/harness/case-sessions.ts';
import { isLintRule, lintRules } from '../conformance/lint/lint-rules.ts';
import { TrafficObserver } from '../conformance/traffic-observer.ts';
import type { Contract } from '../domain/contract/contract.ts';
import { readFidelityRegister } from '../domain/contract/fidelity.ts';
import { endpoints } from '../domain/operations/index.ts';
import { readOutboundContract } from '../domain/outbound/outbound-calls.ts';
import { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import { type Settings, settingRows } from '../domain/settings/settings-table.ts';
import {
  type CalibrationFile,
  observedRows,
  withObservations,
} from '../fidelity/calibrate/results.ts';
import { createGateway, type Gateway } from '../gateway/index.ts';
import type { PreparedValidator, RequestValidator } from '../gateway/request-validator.ts';
import { cpuNow, DiagnosisQueue, diagnosePending } from '../journal/diagnosis-queue.ts';
import { Journal, type JournalLimits } from '../journal/journal.ts';
import type { JournalEntry, Playback } from '../journal/journal-entry.ts';
import type { SharedJournal, SharedJournalDeps } from '../journal/shared-journal.ts';
import { listTargetProblems, OutboundService } from '../outbound/outbound-service.ts';
import { packageRoot, shippedOutbound, shippedRegister, version } from '../package-root.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { readLocatedYaml } from '../problems/located-yaml.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import { type Problem, StartupError } from '../problems/problem.ts';
import { readTextFile } from '../problems/read-file.ts';
import type { ClientKeyrings, Keyrings } from '../protocol/keys/keyring.ts';
import type { TlsCredentials } from '../protocol/tls/certificates.ts';
import type { Store } from '../storage/store.ts';
import { type AnswerCheck, createAnswerCheck } from './answer-check.ts';
import {
  keyRules,
  loadResources,
  openStore,
  type ScenariosChange,
  scenarioFolders,
  statusMachines,
  watchScenarios,
} from './bootstrap.ts';
import { type Listeners, listenAll, type OnLimitExceeded } from './http-listener.ts';
import { throttleRepeats } from './logger.ts';
import type { OtlpExporter, OtlpExporterOptions } from './otlp-exporter.ts';
import { createStartPlayback } from './playback-server.ts';
import type { JoinDeps, JoinedReplicas } from './replicas.ts';

export interface MockServerOptions {
  readonly settings: Settings;
  /** Called with every exchange once it is over. */
  readonly onExchange?: (entry: JournalEntry, error?: unknown) => void;
  /** Called with an exchange whose diagnosis was made after it was answered. */
  readonly onDiagnosis?: (entry: JournalEntry) => void;
  /** Called for answers that break the contract, when `validateAnswers` is on. */
  readonly onInvalidAnswer?: (sentence: string) => void;
  /** Called when the key folder has changed while the simulator runs. */
  readonly onKeysChange?: (change: KeysChange) => void;
  /** Called when scenario files have changed, with `watch`. */
  readonly onScenariosChange?: (change: ScenariosChange) => void;
  /**
   * Called with a sentence on what went wrong apart from any exchange: a connection that was
   * rejected, a snapshot that could not be written.
   */
  readonly onWarning?: (sentence: string) => void;
  /** Called with unexpected errors of the admin API. */
  readonly onAdminError?: (error: unknown) => void;
  /** Milliseconds since 1970; the machine's clock when absent. */
  readonly now?: () => number;
  /** With a shared store: has settings of its own, and leaves calls to merchants to the others. */
  readonly isGuest?: boolean;
  /** Replays recorded exchanges, with these keys instead of those of a folder. */
  readonly replay?: { readonly playback: Playback; readonly keyrings: Keyrings } | undefined;
}

/** A running simulator. */
export interface MockServer {
  /** Where it listens, e.g. `http://127.0.0.1:8852`. */
  readonly url: string;
  /** Where it listens with TLS, when `httpsPort` is set. */
  readonly httpsUrl?: string;
  /** Where `/__admin` is, unless `admin` is off: `url`, or a listener of its own. */
  readonly adminUrl?: string;
  /**
   * The authority that clients of `httpsUrl` must trust, as PEM, and its file if it is kept in one.
   */
  readonly tlsAuthority?: { readonly certificate: string; readonly file: string | undefined };
  /**
   * The token that the admin API requires: as set, or generated because other machines can reach
   * the address.
   */
  readonly adminToken?: string;
  readonly contract: Contract;
  /** What a calibration observed, if the settings name one. */
  readonly calibration: CalibrationFile | undefined;
  readonly parties: Keyrings;
  /**
   * Clients created and deleted while it runs; each client's scenarios, queued rules and clock.
   */
  readonly clients: Clients;
  /** The simulator's clock; every client's own runs relative to it. */
  readonly clock: Clock;
  /** Every scenario that is known, and which are active for everyone. */
  readonly scenarios: ScenarioSet;
  readonly journal: Journal;
  readonly store: Store;
  /** Resets of one client or of all. */
  readonly resets: Resets;
  /** Calls to merchants: plans, sends and lists them. */
  readonly outbound: OutboundService;
  /** Lint and coverage of the traffic; undefined when `lint.mode` is off. */
  readonly observer: TrafficObserver | undefined;
  /** The other simulators, where several share a store. */
  readonly replicas: JoinedReplicas | undefined;
  /** Checks a message against the contract, as the gateway does. */
  readonly validate: RequestValidator;
  /** Answers what is under way, for at most `graceMs`, then ends. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Reads keys, contract and scenarios, opens the store, and listens.
 * @throws StartupError with every problem of the files and settings at once; ListenError, e.g. with
 * code EADDRINUSE when the port is taken.
 */
export const createMockServer = async ({
  settings,
  onExchange = () => {},
  onDiagnosis = () => {},
  onInvalidAnswer = () => {},
  onKeysChange = () => {},
  onScenariosChange = () => {},
  onWarning = () => {},
  onAdminError = () => {},
  now = Date.now,
  isGuest = false,
  replay,
}: MockServerOptions): Promise<MockServer> => {
  const loaded = await loadResources(settings, now, replay?.keyrings);
  const { contract, tls } = loaded;
  const keys = {
    folder: settings.keys,
    rules: keyRules(settings),
    now,
    onChange: onKeysChange,
    stamp: loaded.keysStamp,
  };
  const parties = new KeyStore(loaded.parties, keys);
  checkLintRules(settings);
  checkTargets(settings);
  const warn = throttleRepeats(onWarning);
  const exporter = await createTraceExporter(settings['otlp.endpoint'], {
    contract,
    listensOn: () => url,
    onWarning: warn,
    originMs: performance.timeOrigin,
  });
  checkSharedSettings(settings, warn);
  const store = await openStore(settings, warn);
  const limits = { entries: settings['journal.entries'], bytes: settings['journal.bytes'] };
  const own = new Journal(store.health === undefined ? limits : ownLimits(limits), () =>
    warn(undiagnosed),
  );
  const shared = await shareJournal(store, {
    ...{ own, limits, onWarning: warn },
    originUs: Math.round(performance.timeOrigin * 1000),
  });
  const journal = shared?.merged ?? own;
  const diagnoses = new DiagnosisQueue({ cpuNow, monotonicNow: () => performance.now() });
  // Replicas agree on the time of their store, unless a test sets the machine's.
  const clock = new Clock(
    store.health === undefined ? now : () => now() + (store.clockOffsetMs ?? 0),
  );
  const seed = new Seed(settings.seed);
  const book = new ClientRegistry(() => parties.clients, clock);
  const scenarios = new ScenarioSet(loaded.scenarios, settings.scenario);
  const clients = new Clients({
    book,
    store,
    journal,
    contract,
    scenarios,
    platform: () => parties.platform,
    keyRules: keyRules(settings),
  });
  const check: AnswerCheck | undefined = settings.validateAnswers
    ? createAnswerCheck(contract)
    : undefined;
  const observer =
    settings['lint.mode'] === 'off'
      ? undefined
      : new TrafficObserver({
          ...{ settings, contract, endpoints, journal },
          isNumberedAtEnd: shared !== undefined,
          isTestClient: (id) => id === demoClientId || book.isCreated(id),
          originMs: performance.timeOrigin,
          nowUs: () => performance.now() * 1000,
          onFinding: (finding) => admin?.emitFinding(finding),
          onError: (error) => warn(`lint failed, which is a bug: ${describeStack(error)}`),
        });
  let replicas: JoinedReplicas | undefined;
  /** Only where replicas share their seed. */
  const countShared =
    shared && ((name: string) => replicas?.count(name) ?? Promise.reject(new Error('not joined')));
  const outbound = new OutboundService({
    ...{ settings, store, book, seed },
    journal: own,
    ...omitUndefined({
      replica: shared?.replica,
      numberOutbound: shared && ((entry: JournalEntry) => shared.numberOutbound(entry)),
    }),
    count: countShared,
    contract: () => readOutboundContract(shippedOutbound),
    parties: mergedKeyrings(parties, book),
    ca: readOutboundAuthority(settings),
    onChange: (clientId, id) => {
      admin?.emitOutbound(clientId, id);
      replicas?.announceOutbound(clientId, id);
    },
    onWarning: warn,
  });
  replicas = await joinStore(store, shared, {
    ...{ book, clients, scenarios, contract, clock, seed },
    fingerprint: isGuest ? '' : fingerprintOf(settings, contract.version, parties),
    isSteered: settings.steering === 'on' && !isGuest,
    onWarning: warn,
    onOutbound: (clientId, id) => {
      if (isGuest) return;
      outbound.follow(clientId, id).then(
        () => admin?.emitOutbound(clientId, id),
        () => {},
      );
    },
    onEvent: (event) => admin?.showEvent(event),
    onReport: async (report) => (await prepareCases()).finishFor(report),
    onReplicaGone: () => {
      if (!isGuest) outbound.start().catch(() => {});
    },
  }).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const resets = new Resets({
    ...{ book, store, journal, scenarios, clock, seed },
    onStateReset: (clientId) => observer?.forget(clientId),
  });
  const onLoopback = isLoopbackName(adminListenAddress(settings).host);
  // Require a token unless the address is loopback-only: any reachable host could otherwise control
  // the simulator.
  const madeToken = onLoopback || !settings.admin ? undefined : randomBytes(16).toString('hex');
  const adminToken = settings.adminToken !== '' ? settings.adminToken : madeToken;
  let url = '';
  let adminAddress = '';
  let isReady = false;
  const admin = settings.admin
    ? createAdmin({
        version,
        settings,
        contract,
        scenarios,
        startPlayback,
        platform: () => parties.platform,
        parties: mergedKeyrings(parties, book),
        now: clock.now,
        tlsAuthority: tls?.authority,
        clients,
        keys: new ClientKeys(book, () => parties.platform, keyRules(settings)),
        resets,
        clock,
        seed,
        journal,
        store,
        replicas,
        own,
        outbound,
        observer,
        cases: () => prepareCases(),
        droppedSpans: () => exporter?.dropped ?? 0,
        guard: { onLoopback, token: adminToken },
        fidelity: () => withObservations(readFidelityRegister(shippedRegister), loaded.calibration),
        observedRows: observedRows(loaded.calibration),
        home: packageRoot,
        document: readAdminContract,
        gatewayUrl: () => url,
        adminUrl: () => adminAddress,
        readiness: () => ({
          ready: isReady && store.health?.isUsable !== false,
          ...omitUndefined({ reason: store.health?.reason }),
        }),
        onWarning: warn,
        onAdminError,
      })
    : undefined;
  let cases: Promise<CaseSessions> | undefined;
  const prepareCases = (): Promise<CaseSessions> => {
    cases ??= openCases(
      () => running,
      settings,
      (step, id) => admin?.emitVerdict(step, id),
    );
    return cases;
  };
  const gateway = createGateway({
    settings,
    contract,
    validate: loaded.validator.validate,
    parties: mergedKeyrings(parties, book),
    deciding: {
      endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
      store,
      rules: { book, scenarios, contract, overridesAllowed: settings.steering === 'on' },
      context: { policies: settings, statusMachines: statusMachines(contract, settings) },
      notifications: outbound,
    },
    journal: own,
    diagnoses,
    onDoctorError: (error) =>
      onWarning(`the doctor failed, which is a bug: ${describeStack(error)}`),
    onAnswer:
      check === undefined
        ? undefined
        : (operationId, answer) => check(operationId, answer).forEach(onInvalidAnswer),
    onExchange,
    clockFor: (clientId) => book.clockFor(clientId),
    seed,
    playback: replay?.playback,
    refresh: replicas?.refreshClient,
    countExchange: countShared,
  });
  const app = bareApp().use(serveOperations(contract, gateway));
  if (settings.adminPort === 'same' && admin !== undefined)
    app.use('/__admin', admin.router).use('/__console', consoleRouter());
  app.use(
    createProbes({
      version,
      contract,
      scenarios,
      store,
      metrics: admin?.metrics,
      guard: { onLoopback: isLoopbackName(settings.host), token: adminToken },
      onWarning: warn,
    }),
    gateway,
  );
  app.use(fallbackErrorHandler(warn));
  // Of this replica's own: each logs and traces what it has answered.
  own.listen({
    onDiagnosis,
    ...omitUndefined({ onClose: exporter && ((entry: JournalEntry) => exporter.add(entry)) }),
  });
  const listeners = await listenAll(app, settings, tls, warn).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const adminListeners = await listenForAdmin(admin, settings, warn).catch(
    async (error: unknown) => {
      await listeners.close(0);
      await store.close();
      throw error;
    },
  );
  url = reachableUrl(listeners.url);
  isReady = true;
  adminAddress = reachableUrl(adminListeners?.url ?? listeners.url);
  if (!isGuest) await outbound.start();
  const adminUrl = admin === undefined ? undefined : (adminListeners?.url ?? listeners.url);
  const stopWarming = precompileValidators(loaded.validator);
  // The demo keys of the package do not change.
  if (settings.keys !== '') parties.watch();
  const stopWatching = settings.watch
    ? watchScenarios(scenarioFolders(settings), contract, scenarios, onScenariosChange)
    : () => {};
  const running: MockServer = {
    ...addresses(listeners, tls),
    ...omitUndefined({ adminUrl, adminToken }),
    contract,
    calibration: loaded.calibration,
    parties,
    clients,
    clock,
    scenarios,
    journal,
    store,
    resets,
    outbound,
    observer,
    replicas,
    validate: loaded.validator.validate,
    close: async (graceMs = 1500) => {
      isReady = false;
      outbound.close();
      (await cases)?.close();
      admin?.close();
      observer?.close();
      parties.stop();
      stopWatching();
      stopWarming();
      await Promise.all([listeners.close(graceMs), adminListeners?.close(graceMs)]);
      await exporter?.close();
      await diagnosePending(own.entries, AbortSignal.timeout(lastDiagnosesMs));
      if (own.pendingDiagnoses > 0)
        onWarning(
          `stopped before ${own.pendingDiagnoses} exchanges were diagnosed; give the ` +
            'simulator more time before it stops',
        );
      diagnoses.close();
      await shared?.close();
      await store.close();
    },
  };
  return running;
};

/** Loaded only when a case is started. */
const openCases = async (
  server: () => MockServer,
  settings: Settings,
  onVerdict: CaseSessionsDeps['onVerdict'],
): Promise<CaseSessions> => {
  const { createSandbox } = await import('./certify-sandbox.ts');
  const { CaseSessions } = await import('../conformance/certify/harness/case-sessions.ts');
  const byId = new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint]));
  const { replicas } = server();
  return new CaseSessions({
    sandbox: createSandbox(server()),
    ...(replicas && { replica: replicas.id, askReplica: replicas.call }),
    reading: { endpoints: byId, policies: settings },
    onVerdict,
  });
};

/** Loaded only when the setting names a collector. */
const createTraceExporter = async (
  endpoint: string,
  options: Omit<OtlpExporterOptions, 'target'>,
): Promise<OtlpExporter | undefined> => {
  if (endpoint === '') return undefined;
  const { OtlpExporter, readOtlpTarget } = await import('./otlp-exporter.ts');
  const { target, problems } = readOtlpTarget(endpoint, process.env);
  if (problems.length > 0) throw new StartupError(problems);
  return target && new OtlpExporter({ ...options, target });
};

/** Starts a simulator that replays recorded exchanges. */
export const startPlayback = createStartPlayback((options) => createMockServer(options));

/**
 * The first request of an operation compiles its schemas. Those that no request has needed soon
 * after the start are compiled by a timer.
 */
const precompileValidators = (validator: PreparedValidator): (() => void) => {
  // The request that needs a schema reports its errors.
  const timer = setTimeout(() => validator.validateExamples().catch(() => {}), 500).unref();
  return () => clearTimeout(timer);
};

const initialPrefix = settingRows.find(({ key }) => key === 'store.prefix')?.initial;

/** What each start makes up for itself cannot be the same in all replicas. */
const checkSharedSettings = (settings: Settings, onWarning: (sentence: string) => void): void => {
  const { store, admin, adminToken, httpsPort, data } = settings;
  if (store === 'memory' || store === 'file') {
    if (settings['store.prefix'] !== initialPrefix)
      onWarning('store.prefix has no effect: no Redis or Valkey is named. Set store, too');
    return;
  }
  if (data !== '') onWarning(`data has no effect: the state is in the store, not in ${data}`);
  const problems: Problem[] = [];
  if (admin && adminToken === '' && !isLoopbackName(adminListenAddress(settings).host))
    problems.push({
      where: 'adminToken',
      message: 'is not set, and each replica would make up its own',
      remedy: 'Set the same one for all: --admin-token TEXT.',
    });
  if (httpsPort !== 'off' && settings['tls.cert'] === '')
    problems.push({
      where: 'tls.cert',
      message: 'is not set, and each replica would make up its own authority',
      remedy: 'Set the same certificate for all with tls.cert and tls.key.',
    });
  if (problems.length > 0) throw new StartupError(problems);
};

/** Joins the other simulators of a shared store; any other store has none. */
const joinStore = async (
  store: Store,
  journal: SharedJournal | undefined,
  deps: Omit<JoinDeps, 'store' | 'journal'>,
): Promise<JoinedReplicas | undefined> => {
  if (journal === undefined) return undefined;
  const { joinReplicas } = await import('./replicas.ts');
  return joinReplicas({ ...deps, store, journal });
};

const shareJournal = async (
  store: Store,
  deps: Omit<SharedJournalDeps, 'store'>,
): Promise<SharedJournal | undefined> => {
  if (store.health === undefined) return undefined;
  const { createSharedJournal } = await import('./replicas.ts');
  return createSharedJournal(store, deps);
};

/** What this replica answered is kept until all can read it; the shared journal has the rest. */
const ownLimits = ({ entries, bytes }: JournalLimits): JournalLimits => ({
  entries: Math.min(entries, 2000),
  bytes: Math.min(bytes, 32 * 1024 * 1024),
});

/** Where two replicas differ in it, they may answer the same request differently. */
const fingerprintOf = (settings: Settings, contract: string, keys: Keyrings): string => {
  const local = ['host', 'port', 'httpsPort', 'adminHost', 'adminPort', 'adminToken', 'store'];
  const same = Object.entries(settings).filter(([key]) => !/^log|^tls|^otlp/.test(key));
  const compared = same.filter(([key]) => !local.includes(key));
  const prints = [...keys.clients, ['', keys.platform] as const].map(([id, { versions }]) => [
    id,
    versions.map(({ fingerprint }) => fingerprint),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([version, contract, compared, prints]))
    .digest('base64url')
    .slice(0, 16);
};

const consoleRouter = (): Router => createConsoleRouter(join(packageRoot, 'dist', 'console'));

const bareApp = (): Express =>
  express()
    .disable('x-powered-by')
    .disable('etag')
    .enable('strict routing')
    .enable('case sensitive routing');

const adminListenAddress = ({
  host,
  adminHost,
  adminPort,
}: Settings): { readonly host: string } => ({
  host: adminPort === 'same' || adminHost === '' ? host : adminHost,
});

/** A wildcard address cannot be called: its loopback address can. */
const reachableUrl = (url: string): string =>
  url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');

/** The admin API on its own listener, if `adminPort` asks for one. */
const listenForAdmin = async (
  admin: Admin | undefined,
  settings: Settings,
  warn: OnLimitExceeded,
): Promise<Listeners | undefined> => {
  if (admin === undefined || settings.adminPort === 'same') return undefined;
  const app = bareApp().use('/__admin', admin.router).use('/__console', consoleRouter());
  app.use((req, res) => writeProblems(res, 404, [noRoute(req.method, req.originalUrl)]));
  app.use(fallbackErrorHandler(warn));
  const hostSetting = settings.adminHost === '' ? 'host' : 'adminHost';
  const address = {
    ...adminListenAddress(settings),
    port: settings.adminPort,
    hostSetting,
    portSetting: 'adminPort',
  };
  return listenAll(app, { ...settings, ...address, httpsPort: 'off' }, undefined, warn);
};

let adminContract: Readonly<Record<string, unknown>> | undefined;

/** Read on first use. It is the package's own file, linted where it is written. */
const readAdminContract = (): Readonly<Record<string, unknown>> => {
  adminContract ??= readLocatedYaml(join(packageRoot, 'openapi', 'admin.yaml')).value as Readonly<
    Record<string, unknown>
  >;
  return adminContract;
};

/** The platform, and the clients of the key folder with those created since. */
const mergedKeyrings = (inFiles: Keyrings, book: ClientRegistry): ClientKeyrings => ({
  get platform() {
    return inFiles.platform;
  },
  get clients() {
    return book.keyrings;
  },
  platformFor: (clientId) => book.platformFor(clientId) ?? inFiles.platform,
});

const addresses = (
  { url, httpsUrl }: Listeners,
  tls: TlsCredentials | undefined,
): Pick<MockServer, 'url' | 'httpsUrl' | 'tlsAuthority'> => ({
  url,
  ...omitUndefined({
    httpsUrl,
    tlsAuthority:
      tls?.authority === undefined
        ? undefined
        : { certificate: tls.authority, file: tls.authorityFile },
  }),
});

/** @throws StartupError for addresses of merchants that must not be called */
const checkTargets = (settings: Settings): void => {
  const problems = listTargetProblems(settings);
  if (problems.length > 0) throw new StartupError(problems);
};

/** @throws StartupError when the file cannot be read */
const readOutboundAuthority = ({ 'outbound.ca': file }: Settings): Buffer | undefined => {
  if (file === '') return undefined;
  const read = readTextFile(file);
  if ('problem' in read) throw new StartupError([read.problem]);
  return Buffer.from(read.text);
};

/** @throws StartupError for rules that do not exist */
const checkLintRules = (settings: Settings): void => {
  const ids = settings['lint.allow'].map((one) => (typeof one === 'string' ? one : one.rule));
  const unknown = ids.filter((id) => !isLintRule(id));
  if (unknown.length === 0) return;
  throw new StartupError(
    unknown.map((id) => ({
      where: `lint.allow: ${id}`,
      message: 'unknown lint rule',
      remedy: suggest(id, Object.keys(lintRules)),
    })),
  );
};

/** How long diagnoses that are still pending are made for when the simulator stops. */
const lastDiagnosesMs = 1000;

const undiagnosed =
  'an exchange left the journal before it was diagnosed; raise journal.entries and ' +
  'journal.bytes, or send fewer bad requests at once';

const describeStack = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/**
 * The operations, before all that the app serves besides: Express looks through its layers for each
 * request, which takes longer than most of the gateway's steps.
 */
const serveOperations = ({ operations }: Contract, gateway: Gateway): RequestHandler => {
  const paths = new Set(
    [...operations.values()]
      .flatMap((operation) => operation.paths)
      .filter((path) => !/^\/__(admin|console)/.test(path)),
  );
  return (req, res, next) => (paths.has(req.url) ? gateway(req, res) : next());
};

/** Logs an error that escaped the gateway; the answer does not contain it. */
const fallbackErrorHandler =
  (onWarning: (sentence: string) => void): ErrorRequestHandler =>
  (error, req, res, _next) => {
    onWarning(
      `${req.method} ${req.path} failed outside the gateway, which is a bug: ` +
        describeStack(error),
    );
    if (res.headersSent) res.destroy();
    else
      res.status(500).json({
        result: {
          resultCode: 'UNKNOWN_EXCEPTION',
          resultStatus: 'U',
          resultMessage: 'Failed for an unknown reason',
        },
      });
  };
