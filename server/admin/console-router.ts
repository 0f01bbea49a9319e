import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Response, Router } from 'express';
import { rejectMalformedPath } from './middleware.ts';

/** The files of the page; no other file of the folder is served. */
const files = {
  'index.html': 'text/html; charset=utf-8',
  'console.js': 'text/javascript; charset=utf-8',
  'yaml-editor.js': 'text/javascript; charset=utf-8',
  'theme-bootstrap.js': 'text/javascript; charset=utf-8',
  'console-styles.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const satisfies Record<string, string>;
type FileName = keyof typeof files;
const isFile = (name: string): name is FileName => Object.hasOwn(files, name);

/**
 * The page loads from its own origin only, and runs its own scripts only. It must work over plain
 * http under any name, so there is neither an upgrade nor transport security.
 */
const headers = {
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
  const read = new Map<FileName, Buffer>();
  const send = (res: Response, name: FileName): void => {
    const content = read.get(name) ?? readFile(folder, name);
    if (content === undefined) {
      res
        .status(503)
        .type('text/plain')
        .send('The console has not been built: run npm run build.\n');
      return;
    }
    read.set(name, content);
    res.set(headers).set('Content-Type', files[name]).send(content);
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
    if (isFile(name)) send(res, name);
    else if (/\.(js|css|svg|map|ico|png)$/.test(name)) notFound(res);
    else send(res, 'index.html');
  });
  return router;
};

const readFile = (folder: string, name: FileName): Buffer | undefined => {
  try {
    return readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
};
