import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RequestHandler, type Response, Router } from 'express';
import { productName } from '../../../sdk/admin/admin-client.ts';
import type { Contract } from '../../domain/contract/contract.ts';
import type { ScenarioSet } from '../../domain/scenarios/scenario-set.ts';
import type { ObservedEntry } from '../../fidelity/calibrate/results.ts';
import { packageRoot } from '../../package-root.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import type { Store } from '../../storage/store.ts';
import {
  AdminRequestError,
  admit,
  type GuardRules,
  rejectMalformedPath,
  secureDocsHeaders,
  secureHeaders,
} from '../middleware.ts';

export interface PublicRoutesDeps extends HealthDeps {
  readonly platform: () => Keyring;
  /** PEM of the authority that clients of the HTTPS listener must trust. */
  readonly tlsAuthority: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fidelity: () => readonly ObservedEntry[];
  readonly readiness: () => { readonly ready: boolean; readonly reason?: string };
}

/** The routes without secrets, open to all callers: health, public keys, the register. */
export const createPublicRouter = (deps: PublicRoutesDeps): Router => {
  const { platform, tlsAuthority, now, fidelity, readiness } = deps;
  const router = Router();
  router.get('/health', (_req, res) => {
    res.json(healthAnswer(deps));
  });
  router.get('/ready', (_req, res) => {
    const answer = readiness();
    res.status(answer.ready ? 200 : 503).json(answer);
  });
  router.get('/platform-key', (req, res) => {
    const family =
      String(req.query['algorithm'] ?? 'RSA256').toUpperCase() === 'ECC224' ? 'EC' : 'RSA';
    const wanted = req.query['version'];
    const key =
      wanted === undefined
        ? platform().find(family, undefined, now())
        : platform().find(family, Number(wanted));
    if (key === undefined)
      throw publicNotFound(
        'platform-key',
        'the platform has no key of this algorithm and version',
        'Leave version out for the newest; algorithm is RSA256 or ECC224.',
      );
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    res
      .set({ 'key-version': String(key.version), fingerprint: key.fingerprint })
      .type('text/plain');
    res.send(
      req.query['format'] === 'base64' ? `${pem.replace(/-----[^-]+-----|\s/g, '')}\n` : pem,
    );
  });
  router.get('/llms.txt', (_req, res) => {
    res.type('text/plain').send(readFileSync(join(packageRoot, 'llms.txt'), 'utf8'));
  });
  router.get('/tls-ca', (_req, res) => {
    if (tlsAuthority === undefined)
      throw publicNotFound(
        'tls-ca',
        'no authority exists',
        'Start with --https-port; with tls.cert also with tls.ca.',
      );
    res.type('application/x-pem-file').send(tlsAuthority);
  });
  router.get('/fidelity', (_req, res) => void res.json({ entries: fidelity() }));
  return router;
};

const publicNotFound = (where: string, message: string, remedy: string): AdminRequestError =>
  new AdminRequestError(404, [{ where, message, remedy }]);

const docsPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>alipayhk-mock admin API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="swagger-ui.css">
<body>
<div id="docs"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
`;

const docsScript = `SwaggerUIBundle({
  url: '../openapi.json',
  dom_id: '#docs',
  validatorUrl: null,
  deepLinking: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
});
`;

/** Serves the admin API's documentation from local files. @param home the package's folder */
export const createDocsPages = (home: string): Router => {
  // Swagger UI's own files, as the build copied them, or from where they were installed.
  const folders = [join(home, 'dist', 'swagger-ui'), join(home, 'node_modules', 'swagger-ui-dist')];
  const router = Router({ strict: true });
  router.use(secureDocsHeaders);
  router.get('/docs', (_req, res) => res.redirect(302, 'docs/'));
  router.get('/docs/', (_req, res) => void res.type('html').send(docsPage));
  router.get('/docs/start.js', (_req, res) => void res.type('js').send(docsScript));
  router.get(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'], (req, res) => {
    const root = folders.find((folder) => existsSync(folder));
    if (root === undefined)
      throw new AdminRequestError(404, [
        {
          where: 'Swagger UI',
          message: 'is not in this package',
          remedy: 'GET /__admin/openapi.json has the same.',
        },
      ]);
    res.sendFile(req.path.replace('/docs/', ''), { root });
  });
  return router;
};

interface ProbeDeps extends HealthDeps {
  /** Prometheus' text; absent without the admin API. */
  readonly metrics?: RequestHandler | undefined;
  /** Who may read the metrics on this listener. */
  readonly guard: GuardRules;
  /** Called with a log message, e.g. of wrong tokens. */
  readonly onWarning: (message: string) => void;
}

const probePaths = ['/health', '/metrics'] as const;

/**
 * GET /health and GET /metrics on the port of the operations, where orchestrators and scrapers look
 * for them. A path that the contract has is the contract's. Health needs no admin API.
 */
export const createProbes = (deps: ProbeDeps): RequestHandler => {
  const { metrics, guard, onWarning } = deps;
  const taken = new Set([...deps.contract.operations.values()].flatMap(({ paths }) => paths));
  const router = Router({ strict: true, caseSensitive: true }).use(secureHeaders);
  router.get('/health', (_req, res) => {
    res.set('cache-control', 'no-store').json(healthAnswer(deps));
  });
  if (metrics !== undefined) router.get('/metrics', admit(guard, onWarning), metrics);
  const served: ReadonlySet<string> = new Set(
    probePaths.filter((path) => !taken.has(path) && (path === '/health' || metrics !== undefined)),
  );
  return (req, res, next) => {
    if ((req.method === 'GET' || req.method === 'HEAD') && served.has(req.path))
      router(req, res, next);
    else next();
  };
};

interface HealthDeps {
  readonly version: string;
  readonly contract: Contract;
  readonly scenarios: ScenarioSet;
  readonly store: Pick<Store, 'health'>;
}

/** The answer of a simulator that takes requests. */
const healthAnswer = ({ version, contract, scenarios, store: { health } }: HealthDeps) => ({
  status: 'ready',
  name: productName,
  version,
  contract: contract.version,
  scenarios: scenarios.activeNames,
  ...omitUndefined({
    store: health && (health.reason === undefined ? 'usable' : `not usable: ${health.reason}`),
  }),
});

/** The files of the page; no other file of the folder is served. */
const pageFiles = {
  'index.html': 'text/html; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'yaml-editor.js': 'text/javascript; charset=utf-8',
  'theme-bootstrap.js': 'text/javascript; charset=utf-8',
  'console-styles.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const satisfies Record<string, string>;
type PageFile = keyof typeof pageFiles;
const isPageFile = (name: string): name is PageFile => Object.hasOwn(pageFiles, name);

/**
 * The page loads from its own origin only, and runs its own scripts only. It must work over plain
 * http under any name, so there is neither an upgrade nor transport security.
 */
const pageHeaders = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // A new version must not meet an old script.
  'Cache-Control': 'no-cache',
} as const;

/**
 * Serves the console's page. The page has no secrets: it reads everything from the admin API, which
 * has its own guard.
 * @param folder where `scripts/build.ts` puts the page
 */
export const createConsoleRouter = (folder: string): Router => {
  const router = Router({ strict: true });
  const read = new Map<PageFile, Buffer>();
  const send = (res: Response, name: PageFile): void => {
    const content = read.get(name) ?? readPageFile(folder, name);
    if (content === undefined) {
      res
        .status(503)
        .type('text/plain')
        .send('The console has not been built: run npm run build.\n');
      return;
    }
    read.set(name, content);
    res.set(pageHeaders).set('Content-Type', pageFiles[name]).send(content);
  };
  // The page's relative links need the slash.
  router.use((req, res, next) => {
    if (req.originalUrl.split('?', 1)[0] === req.baseUrl) res.redirect(302, `${req.baseUrl}/`);
    else next();
  });
  const notFound = (res: Response): void =>
    void res.status(404).type('text/plain').send('Not found.\n');
  router.use(rejectMalformedPath((_req, res) => notFound(res)));
  // A path without an extension is a route within the page.
  router.get('/{*place}', (req, res) => {
    const name = req.path.slice(1);
    if (isPageFile(name)) send(res, name);
    else if (/\.(js|css|svg|map|ico|png)$/.test(name)) notFound(res);
    else send(res, 'index.html');
  });
  return router;
};

const readPageFile = (folder: string, name: PageFile): Buffer | undefined => {
  try {
    return readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
};
