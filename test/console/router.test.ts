import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import express from 'express';
import supertest from 'supertest';
import { afterAll, expect, test } from 'vitest';
import { createConsoleRouter } from '../../server/admin/routes/public-router.ts';
import { packageRoot } from '../../server/package-root.ts';
import { startServer } from '../start-server.ts';
import { isBuilt } from './browser.ts';

const built = supertest(
  express()
    .enable('strict routing')
    .use('/__console', createConsoleRouter(join(packageRoot, 'dist', 'console'))),
);
const empty = mkdtempSync(join(tmpdir(), 'console-'));
const unbuilt = supertest(express().use('/__console', createConsoleRouter(empty)));
afterAll(() => rmSync(empty, { recursive: true }));

test('the page has been built: npm run build makes it', () => {
  expect(isBuilt()).toBe(true);
});

test('every place within the page is the page', async () => {
  for (const place of ['/', '/exchanges/abc', '/scenarios/new', '/state/%5B%22T-1%22%5D'])
    expect((await built.get(`/__console${place}`).expect(200)).text).toContain(
      '<div id="console">',
    );
});

test('its scripts, with the editor that is loaded later, are below 350 kB as they are sent', () => {
  const sizes = ['console.js', 'yaml-editor.js', 'theme-bootstrap.js'].map(
    (name) => gzipSync(readFileSync(join(packageRoot, 'dist', 'console', name))).length,
  );
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(350_000);
});

test('without its slash it goes to the page, and keeps nothing else', async () => {
  expect((await built.get('/__console').expect(302)).headers['location']).toBe('/__console/');
});

test('scripts and styles come with their types, and nothing else in the folder is served', async () => {
  await built
    .get('/__console/console.js')
    .expect(200)
    .expect('content-type', /^text\/javascript/);
  await built
    .get('/__console/console-styles.css')
    .expect(200)
    .expect('content-type', /^text\/css/);
  for (const name of ['main.js', 'console.js.map', '..%2fmain.mjs', 'toString', '__proto__'])
    expect((await built.get(`/__console/${name}`)).text).not.toContain('createMockServer');
});

test('the content security policy leaves no way for a script that is not the page’s own', async () => {
  const { headers } = await built.get('/__console/');
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*|upgrade-insecure/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['strict-transport-security']).toBeUndefined();
});

test('it stands where the admin API stands, and goes with it', async () => {
  const apart = await startServer({ adminPort: 0 });
  const without = await startServer({ admin: false });
  const consoleAt = async (url: string | undefined): Promise<string> =>
    (await fetch(`${url}/__console/`)).text();
  expect(await consoleAt(apart.adminUrl)).toContain('<div id="console">');
  expect(await consoleAt(apart.url)).toContain('INVALID_API');
  expect(await consoleAt(without.url)).toContain('INVALID_API');
  await Promise.all([apart.close(0), without.close(0)]);
});

test('without the build it says what to run', async () => {
  expect((await unbuilt.get('/__console/').expect(503)).text).toContain('npm run build');
});
