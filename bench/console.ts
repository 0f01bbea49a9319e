/**
 * Measures whether a flood slows down the console's page or the server: `node --import tsx
 * bench/console.ts [exchanges per second] [seconds] [scroll]`. The page is open in a real Chromium
 * and shows the live list; the same flood without the page is the comparison. With `scroll`, 5,000
 * rows are there before, and the list is scrolled by 60 pixels a frame.
 */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { flood } from './console/flood.ts';
import { watchPage } from './console/watch-page.ts';
import { createRunFolder } from './folders.ts';
import { cpuSeconds, residentMiB } from './process/process-figures.ts';
import { repository } from './process/type-script.ts';
import { httpBytes } from './requests/http-bytes.ts';
import { createSigners } from './requests/request-kinds.ts';
import { startServer } from './servers/start-server.ts';

const exchangesPerSecond = Number(process.argv[2] ?? 1000);
const seconds = Number(process.argv[3] ?? 30);
const scrolls = process.argv[4] === 'scroll';
/**
 * Signed beforehand and sent in turns: a repeated one gets the first response with a new signature,
 * and journalled.
 */
const kindsOfRequest = 500;

const folder = createRunFolder();
const main = join(repository, 'dist', 'main.cjs');
const journal = scrolls ? ['--journal-entries', '8000'] : [];
const recipe = {
  name: 'ours',
  args: (port: number) => [main, '--port', String(port), '--log-level', 'silent', ...journal],
};
const signer = createSigners().order;
const nowhere = {
  target: '/api/open/nowhere',
  headers: { 'Content-Type': 'application/json' },
  body: Buffer.from('{}'),
};
/**
 * Orders cost the server two signatures each; a wrong path costs it next to nothing, so that the
 * page gets its full rate on any machine.
 */
const kinds = {
  orders: Array.from({ length: kindsOfRequest }, (_, index) => httpBytes(signer('console', index))),
  refusals: [httpBytes(nowhere)],
} as const;
type Kind = keyof typeof kinds;

const measure = async (kind: Kind, withPage: boolean): Promise<Record<string, unknown>> => {
  const requests = kinds[kind];
  const server = await startServer(recipe, [], folder);
  const { port } = server;
  if (scrolls) await flood({ port, requests: kinds.refusals, perSecond: 1000, seconds: 5 });
  const url = `http://127.0.0.1:${port}/__console/`;
  const page = withPage ? await watchPage(url, scrolls) : undefined;
  await flood({ port, requests, perSecond: exchangesPerSecond, seconds: 3 });
  await page?.begin();
  const cpu = cpuSeconds(server.pid);
  const flooded = await flood({
    port,
    requests,
    perSecond: exchangesPerSecond,
    seconds,
  });
  const serverCpu = (cpuSeconds(server.pid) - cpu) / flooded.seconds;
  const seen = await page?.end();
  const figures = {
    kind,
    withPage,
    ...flooded,
    serverCpu,
    serverMiB: residentMiB(server.pid),
    ...seen,
  };
  await page?.close();
  await server.stop();
  await wait(500);
  return figures;
};

for (const kind of ['orders', 'refusals'] as const)
  for (const withPage of [false, true])
    process.stdout.write(`${JSON.stringify(await measure(kind, withPage))}\n`);
process.exit(0);
