import { type Request, type RequestHandler, type Response, Router } from 'express';
import { AdminClient, productHeader } from '../../sdk/admin/admin-client.ts';
import type { ClientKeys } from '../clients/client-registry.ts';
import type { Clients, Resets } from '../clients/clients.ts';
import type { Clock, Seed } from '../clients/clock.ts';
import type { CaseSessions, CaseStep } from '../conformance/certify/harness/case-sessions.ts';
import type { LintFinding } from '../conformance/lint/lint.ts';
import type { TrafficObserver } from '../conformance/traffic-observer.ts';
import {
  hidePassword,
  type SettingRow,
  type Settings,
  settingRows,
} from '../domain/settings/settings-table.ts';
import type { StartPlayback } from '../fidelity/capsule/play-capsule.ts';
import type { Journal } from '../journal/journal.ts';
import type { OutboundService } from '../outbound/outbound-service.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import type { Keyrings } from '../protocol/keys/keyring.ts';
import type { Store } from '../storage/store.ts';
import { acceptClientAlias, createAdminValidator, validatedBody } from './admin-contract.ts';
import { createEventsRouter, EventHub, EventStreams, type SharedEvent } from './event-hub.ts';
import { LoopbackClient } from './loopback-client.ts';
import { createMcpRoute } from './mcp/mcp-route.ts';
import type { McpDeps } from './mcp/mcp-tool.ts';
import { Metrics } from './metrics.ts';
import {
  AdminRequestError,
  admit,
  bodyReaders,
  describeStoreFailure,
  errorHandler,
  type GuardRules,
  noRoute,
  problemsBody,
  rejectMalformedPath,
  secureHeaders,
  writeProblems,
} from './middleware.ts';
import {
  createClientsRouter,
  createPlatformKeysRouter,
  createTimeRouter,
} from './routes/clients-router.ts';
import {
  createCasesRouter,
  createDoctorRouter,
  createIntegrationRouter,
} from './routes/integration-router.ts';
import {
  createAssertionsRouter,
  createCapsuleRouter,
  createJournalRouter,
} from './routes/journal-router.ts';
import { createOutboundRouter } from './routes/outbound-router.ts';
import {
  createDocsPages,
  createPublicRouter,
  type PublicRoutesDeps,
} from './routes/public-router.ts';
import { createScenariosRouter } from './routes/scenarios-router.ts';
import { createResetRouter, createStateRouter } from './routes/state-router.ts';

export interface AdminDeps extends PublicRoutesDeps {
  /** Rows of the register that a calibration observed. */
  readonly observedRows: ReadonlySet<string>;
  readonly settings: Settings;
  readonly parties: Keyrings;
  readonly clients: Clients;
  readonly keys: ClientKeys;
  readonly resets: Resets;
  readonly clock: Clock;
  readonly seed: Seed;
  readonly journal: Journal;
  readonly store: Store;
  readonly outbound: OutboundService;
  /** Undefined: lint is off. */
  readonly observer: TrafficObserver | undefined;
  /** Cases of certify, prepared at their first use. */
  readonly cases: () => Promise<CaseSessions>;
  /** Exchanges whose traces a collector has not taken. */
  readonly droppedSpans: () => number;
  /** Replays exchanges whose values are replaced in a capsule. */
  readonly startPlayback: StartPlayback;
  readonly guard: GuardRules;
  /** What this replica itself has answered. */
  readonly own: Journal;
  /** Present where several replicas are one simulator. */
  readonly replicas?: Replicas | undefined;
  /** The package's folder, with its scenarios and the files of the pages. */
  readonly home: string;
  /** openapi/admin.yaml. */
  readonly document: () => Readonly<Record<string, unknown>>;
  /** Where the operations are served. */
  readonly gatewayUrl: () => string;
  /** Where this API is served. */
  readonly adminUrl: () => string;
  /** Called with a log message, e.g. of wrong tokens. */
  readonly onWarning: (message: string) => void;
  /** Called with an internal error of a route. */
  readonly onAdminError: (error: unknown) => void;
}

export interface Admin {
  readonly router: Router;
  /** Responds with the metrics; the listener puts its guard in front. */
  readonly metrics: RequestHandler;
  /** Shows the readers of events what happened at another replica. */
  showEvent(event: SharedEvent): void;
  /** Reports a change of a message to the merchant to the readers of events. */
  emitOutbound(clientId: string, id: string): void;
  /** Sends a finding of lint to the readers of events. */
  emitFinding(finding: LintFinding): void;
  /** Sends the verdict of a case to the readers of events. */
  emitVerdict(step: CaseStep, clientId: string): void;
  /** Ends the event streams, which would keep the listeners open. */
  close(): void;
}

/** Builds the admin API, as openapi/admin.yaml describes it. */
export const createAdmin = (deps: AdminDeps): Admin => {
  const { journal, clients, version } = deps;
  const hub = new EventHub(journal, (event) => deps.replicas?.announceEvent(event));
  const streams = new EventStreams();
  const metrics = new Metrics(deps.own, () => ({
    version,
    clients: clients.list().length,
    eventReaders: streams.size,
    droppedSpans: deps.droppedSpans(),
  }));
  const showing = { plaintext: deps.settings['journal.plaintext'] };
  const caller = new LoopbackClient({ ...deps, now: clockReader(clients, deps.now) });
  const router = Router();

  router.use(secureHeaders, (_req, res, next) => {
    res.set(productHeader, version);
    next();
  });
  router.use(
    rejectMalformedPath((req, res) =>
      writeProblems(res, 404, [noRoute(req.method, req.originalUrl)]),
    ),
  );
  router.use(createPublicRouter(deps));
  router.get('/openapi.json', (_req, res) => void res.json(deps.document()));
  router.use(createDocsPages(deps.home));

  router.use(admit(deps.guard, deps.onWarning));
  if (deps.settings.mcp) router.all('/mcp', createMcpRoute(mcpDeps(deps)));
  router.use(
    ...bodyReaders(),
    acceptClientAlias(deps.document),
    createAdminValidator(deps.document),
  );

  if (deps.replicas !== undefined) router.use(createReplicaSync(deps.replicas));

  router.get('/contract', (_req, res) => void res.json(deps.contract.document));
  router.get('/settings', (_req, res) => void res.json({ settings: settingsView(deps.settings) }));
  const showMetrics: RequestHandler = async (_req, res) => {
    const { contentType, text } = await metrics.render();
    res.set('content-type', contentType).send(text);
  };
  router.get('/metrics', showMetrics);
  router.post(
    '/send',
    async (req, res) => void res.json(await caller.send(validatedBody(req, 'send'))),
  );
  router.use(
    createEventsRouter(hub, streams, deps.now),
    createJournalRouter({ ...deps, showing, caller }),
    createCapsuleRouter({ ...deps, start: deps.startPlayback }),
    createAssertionsRouter(journal, showing),
    createIntegrationRouter(deps.observer),
    createCasesRouter(deps.cases),
    createClientsRouter({ ...deps, hub }),
    createPlatformKeysRouter(deps),
    createScenariosRouter({ ...deps, hub }),
    createTimeRouter({ ...deps, hub }),
    createOutboundRouter(deps),
    createStateRouter({ ...deps, hub }),
    createDoctorRouter(deps.parties, deps.settings),
    createResetRouter(deps.resets, clients, hub),
  );
  router.use((req) => {
    throw new AdminRequestError(404, [noRoute(req.method, req.originalUrl)]);
  });
  router.use(errorHandler(deps.onAdminError));
  return {
    router,
    metrics: showMetrics,
    showEvent: ({ name, clientId, data }) => hub.show(name, clientId, data),
    emitOutbound: (clientId, id) => hub.show('outbound', clientId, () => ({ id, clientId })),
    emitFinding: (finding) => {
      const shown = { ...finding };
      hub.show('lint', finding.clientId, () => shown);
    },
    emitVerdict: ({ run, case: id, variant, operation, result }, clientId) =>
      hub.emit('verdict', clientId, () =>
        omitUndefined({ run, case: id, variant, operation, clientId, verdict: result?.verdict }),
      ),
    close: () => streams.endAll(),
  };
};

/** The tools act on this simulator, through its own API. */
const mcpDeps = ({ version, contract, guard, gatewayUrl, adminUrl }: AdminDeps): McpDeps => ({
  version,
  contract,
  simulator: () => ({
    admin: new AdminClient(adminUrl(), guard.token),
    url: gatewayUrl(),
    isOwn: false,
  }),
});

/** An unknown client uses the global clock; naming it does not create one. */
const clockReader =
  (clients: Clients, now: () => number) =>
  (clientId: string): number =>
    clients.has(clientId) ? clients.view(clientId).clock.now : now();

const redactedValue = '(redacted)';

/** Every setting with its value, credentials redacted. */
export const settingsView = (settings: Settings) =>
  settingRows.map((row) => {
    const value = settings[row.key as keyof Settings];
    return {
      key: row.key,
      value: redactSettings(row, value),
      initial: row.initial,
      changed: JSON.stringify(value) !== JSON.stringify(row.initial),
      help: row.help,
      ...omitUndefined({ register: row.register }),
    };
  });

const redactSettings = ({ key }: SettingRow, value: unknown): unknown => {
  if (key === 'store') return hidePassword(String(value));
  if (key === 'adminToken') return value === '' ? '' : redactedValue;
  return key === 'clients' ? redactTokens(value as Settings['clients']) : value;
};

const redactTokens = (clients: Settings['clients']) =>
  Object.fromEntries(
    Object.entries(clients).map(([id, { agentToken, ...rest }]) => [
      id,
      { ...rest, ...omitUndefined({ agentToken: agentToken && redactedValue }) },
    ]),
  );

/** What the admin API needs where several replicas are one simulator. */
export interface Replicas {
  /** Applies what others have set, for one client or for all and everyone. */
  refresh(clientId: string | undefined): Promise<void>;
  /** Runs something while no other replica changes the same. */
  exclusively(clientId: string | undefined, run: () => Promise<void>): Promise<void>;
  /** Writes what has changed, and waits until it holds in every live replica. */
  publish(clientId: string | undefined): Promise<void>;
  /** Reads what all replicas have answered so far. */
  readJournal(): Promise<void>;
  /** Lets others read what was deleted. */
  flushJournal(): Promise<void>;
  /** Keeps reading it until the returned function is called. */
  listenToJournal(): () => void;
  /** Shows the readers of events at the other replicas what happened here. */
  announceEvent(event: SharedEvent): void;
  /** Accepts that the store has lost data. */
  acceptLoss(): Promise<void>;
}

const settingsPaths = /^\/(clients|scenarios|clock|seed|reset|send)(\/|$)/;
const journalPaths = /^\/(verify|wait-for|lint|coverage|reset|journal|events)(\/|$)/;
const listeningPaths = /^\/(events|wait-for)$/;
/** They begin with a path of settings, and change none. */
const harmless = /^\/(scenarios\/check$|send$)|^\/clients\/[^/]+\/state(\/|$)/;

/**
 * Brings a replica up to date before it answers, and the others before it answers a change. A
 * change of a client excludes others of the same client, one of everyone those of everyone.
 */
const createReplicaSync =
  (replicas: Replicas): RequestHandler =>
  async (req, res, next) => {
    const clientId = namedClient(req);
    if (req.path === '/reset/everything') await replicas.acceptLoss();
    if (listeningPaths.test(req.path)) res.once('close', replicas.listenToJournal());
    if (journalPaths.test(req.path)) await replicas.readJournal();
    if (!settingsPaths.test(req.path)) {
      if (req.method !== 'DELETE') return next();
      return answerAfter(res, next, () => replicas.flushJournal());
    }
    const isChange = req.method !== 'GET' && req.method !== 'HEAD' && !harmless.test(req.path);
    if (!isChange) {
      await replicas.refresh(clientId);
      return next();
    }
    // The id of a client that is made is not known yet: that it is free is compared as it is made.
    const isNew = req.method === 'POST' && /^\/clients\/?$/.test(req.path);
    const run = async (): Promise<void> => {
      await replicas.refresh(clientId);
      await answerAfter(res, next, () => replicas.publish(isNew ? undefined : clientId));
    };
    if (isNew) await run();
    else await replicas.exclusively(clientId, run);
  };

/** Holds the answer of the route back until `publish` has settled. */
const answerAfter = (res: Response, next: () => void, publish: () => Promise<void>) =>
  new Promise<void>((resolve) => {
    const end = res.end.bind(res) as (...args: readonly unknown[]) => Response;
    const finish = (...args: readonly unknown[]): void => {
      res.end = end as Response['end'];
      end(...args);
      resolve();
    };
    res.end = ((...args: readonly unknown[]) => {
      if (res.statusCode >= 400) finish(...args);
      else
        publish().then(
          () => finish(...args),
          (error: Error) => {
            const body = JSON.stringify(problemsBody([describeStoreFailure(error)]));
            res.status(503).set('content-type', 'application/json; charset=utf-8');
            res.set('content-length', String(Buffer.byteLength(body)));
            finish(body);
          },
        );
      return res;
    }) as Response['end'];
    res.once('close', () => resolve());
    next();
  });

const namedClient = (req: Request): string | undefined => {
  const inPath = /^\/(?:clients|reset\/clients)\/([^/]+)/.exec(req.path)?.[1];
  if (inPath !== undefined) return decodeURIComponent(inPath);
  const { clientId } = { ...req.query, ...(typeof req.body === 'object' ? req.body : {}) };
  return typeof clientId === 'string' && clientId !== '' ? clientId : undefined;
};
