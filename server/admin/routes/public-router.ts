import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';
import type { ObservedEntry } from '../../fidelity/calibrate/read-calibration.ts';
import { packageRoot } from '../../package-root.ts';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import { AdminRequestError } from '../admin-error.ts';
import { secureDocsHeaders } from '../middleware.ts';
import { type HealthDeps, healthAnswer } from '../probes.ts';

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

const page = `<!doctype html>
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

const script = `SwaggerUIBundle({
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
  router.get('/docs/', (_req, res) => void res.type('html').send(page));
  router.get('/docs/start.js', (_req, res) => void res.type('js').send(script));
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
