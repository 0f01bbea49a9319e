import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Router } from 'express';
import { AdminRequestError } from '../admin-error.ts';
import { secureDocsHeaders } from '../middleware.ts';

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
