import { type RequestHandler, Router } from 'express';
import { productHeader } from '../../sdk/admin/admin-client.ts';
import type { ClientKeys } from '../clients/client-keys.ts';
import type { Clients } from '../clients/clients.ts';
import type { Clock } from '../clients/clock.ts';
import type { Resets } from '../clients/resets.ts';
import type { Seed } from '../clients/seed.ts';
import { type SettingRow, type Settings, settingRows } from '../domain/settings/settings-table.ts';
import type { Journal } from '../journal/journal.ts';
import type { Keyrings } from '../protocol/keys/keyring.ts';
import type { Store } from '../storage/store.ts';
import { createAdminValidator, validatedBody } from './admin-contract.ts';
import { AdminApiError, errorHandler, noRoute, refuse } from './admin-error.ts';
import { acceptClientAlias } from './client-alias.ts';
import { EventHub } from './event-hub.ts';
import type { GuardRules } from './guard.ts';
import { LoopbackClient } from './loopback-client.ts';
import { Metrics } from './metrics.ts';
import { rejectMalformedPath, secureHeaders } from './middleware.ts';
import { admit } from './probes.ts';
import { bodyReaders } from './request-bodies.ts';
import { createAssertionsRouter } from './routes/assertions-router.ts';
import { createClientsRouter, createPlatformKeysRouter } from './routes/clients-router.ts';
import { createDocsPages } from './routes/docs-pages.ts';
import { createDoctorRouter } from './routes/doctor-router.ts';
import { createEventsRouter, EventStreams } from './routes/events-router.ts';
import { createJournalRouter } from './routes/journal-router.ts';
import { createOpenRouter, type PublicRoutesDeps } from './routes/public-router.ts';
import { createResetRouter } from './routes/reset-router.ts';
import { createScenariosRouter } from './routes/scenarios-router.ts';
import { createStateRouter } from './routes/state-router.ts';
import { createTimeRouter } from './routes/time-router.ts';

export interface AdminDeps extends PublicRoutesDeps {
  readonly settings: Settings;
  readonly parties: Keyrings;
  readonly clients: Clients;
  readonly keys: ClientKeys;
  readonly resets: Resets;
  readonly clock: Clock;
  readonly seed: Seed;
  readonly journal: Journal;
  readonly store: Store;
  readonly guard: GuardRules;
  /** The package's own folder: its scenarios and the pages' files stand there. */
  readonly home: string;
  /** openapi/admin.yaml. */
  readonly document: () => Readonly<Record<string, unknown>>;
  /** Where the operations are served. */
  readonly gatewayUrl: () => string;
  /** Called with a log message, e.g. of wrong tokens. */
  readonly onWarning: (message: string) => void;
  /** Told of what went wrong here and is nobody's fault but ours. */
  readonly onAdminError: (error: unknown) => void;
}

export interface Admin {
  readonly router: Router;
  /** Answers with the metrics, to be put behind the guard of its listener. */
  readonly metrics: RequestHandler;
  /** Ends what would keep the listeners open. */
  close(): void;
}

/** What can be read and changed of the simulator itself, as openapi/admin.yaml describes it. */
export const createAdmin = (parts: AdminDeps): Admin => {
  const { journal, clients, version, gatewayUrl } = parts;
  const hub = new EventHub(journal);
  const streams = new EventStreams();
  const metrics = new Metrics(journal);
  const showing = { plaintext: parts.settings['journal.plaintext'] };
  const caller = new LoopbackClient({ ...parts, now: clockReader(clients, parts.now) });
  const router = Router();

  router.use(secureHeaders, (_req, res, next) => {
    res.set(productHeader, version);
    next();
  });
  router.use(
    rejectMalformedPath((req, res) => refuse(res, 404, [noRoute(req.method, req.originalUrl)])),
  );
  router.use(createOpenRouter(parts));
  router.get('/openapi.json', (_req, res) => void res.json(parts.document()));
  router.use(createDocsPages(parts.home));

  router.use(admit(parts.guard, parts.onWarning));
  router.use(
    ...bodyReaders(),
    acceptClientAlias(parts.document),
    createAdminValidator(parts.document),
  );

  router.get('/contract', (_req, res) => void res.json(parts.contract.document));
  router.get('/settings', (_req, res) => void res.json({ settings: settingsView(parts.settings) }));
  const showMetrics: RequestHandler = (_req, res) => {
    const gauges = { version, clients: clients.list().length, eventReaders: streams.size };
    res
      .set('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      .send(metrics.render(gauges));
  };
  router.get('/metrics', showMetrics);
  router.post(
    '/send',
    async (req, res) => void res.json(await caller.send(validatedBody(req, 'send'))),
  );
  router.use(
    createEventsRouter(hub, streams, parts.now),
    createJournalRouter({ version, journal, showing, caller, gatewayUrl }),
    createAssertionsRouter(journal, showing),
    createClientsRouter({ ...parts, hub }),
    createPlatformKeysRouter(parts),
    createScenariosRouter({ ...parts, hub }),
    createTimeRouter({ ...parts, hub }),
    createStateRouter({ ...parts, hub }),
    createDoctorRouter(parts.parties, parts.settings),
    createResetRouter(parts.resets, clients, hub),
  );
  router.use((req) => {
    throw new AdminApiError(404, [noRoute(req.method, req.originalUrl)]);
  });
  router.use(errorHandler(parts.onAdminError));
  return { router, metrics: showMetrics, close: () => streams.endAll() };
};

/** A stranger has no clock of its own, and gets none by being named. */
const clockReader =
  (clients: Clients, now: () => number) =>
  (clientId: string): number =>
    clients.has(clientId) ? clients.view(clientId).clock.now : now();

const redacted = '(redacted)';

/** Every setting with its value; what lets its bearer in is not shown. */
export const settingsView = (settings: Settings) =>
  settingRows.map((row) => {
    const value = settings[row.key as keyof Settings];
    return {
      key: row.key,
      value: redactSettings(row, value),
      initial: row.initial,
      changed: JSON.stringify(value) !== JSON.stringify(row.initial),
      help: row.help,
      ...(row.register === undefined ? {} : { register: row.register }),
    };
  });

const redactSettings = ({ key }: SettingRow, value: unknown): unknown => {
  if (key === 'adminToken') return value === '' ? '' : redacted;
  return key === 'clients' ? withoutTokens(value as Settings['clients']) : value;
};

const withoutTokens = (clients: Settings['clients']) =>
  Object.fromEntries(
    Object.entries(clients).map(([id, { agentToken, ...rest }]) => [
      id,
      { ...rest, ...(agentToken === undefined ? {} : { agentToken: redacted }) },
    ]),
  );
