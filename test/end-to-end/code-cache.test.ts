import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { runBundle } from '../run-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'code-cache-'));
for (const name of ['dist', 'openapi', 'keys', 'scenarios', 'package.json'])
  cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
const dist = join(folder, 'dist');
const main = join(dist, 'main.cjs');
const caches = () => readdirSync(dist).filter((name) => name.endsWith('.cache'));
const forget = () => {
  for (const name of caches()) rmSync(join(dist, name), { recursive: true });
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts, lets it answer once, waits for what the caller says, and ends it. */
const run = async (
  env: Record<string, string>,
  until: () => void | Promise<void>,
): Promise<void> => {
  const { child, url, finished } = runBundle(['--port', '0'], { main, env });
  expect((await fetch(`${await url}/__admin/health`)).status).toBe(200);
  await until();
  child.kill('SIGTERM');
  expect((await finished).code).toBe(0);
};

/** A cache is written after the start, when the process is idle. */
const cacheTime = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2000));

test('the first start leaves compiled code behind, and the next one runs from it', async () => {
  forget();
  await run({}, () =>
    vi.waitFor(() => expect(caches()).toEqual([`code-${process.version}-${process.arch}.cache`]), {
      timeout: 10_000,
    }),
  );
  const file = join(dist, caches()[0] ?? '');
  const kept = statSync(file).mtimeMs;
  // A cache that the engine rejects, as it does one of other flags, would be written again.
  await run({}, cacheTime);
  expect(statSync(file).mtimeMs).toBe(kept);
});

test('a cache of something else is made anew', async () => {
  const file = join(dist, `code-${process.version}-${process.arch}.cache`);
  writeFileSync(file, 'not compiled code');
  await run({}, () =>
    vi.waitFor(() => expect(readFileSync(file).length).toBeGreaterThan(10_000), {
      timeout: 10_000,
    }),
  );
});

test('NODE_DISABLE_COMPILE_CACHE turns it off', async () => {
  forget();
  await run({ NODE_DISABLE_COMPILE_CACHE: '1' }, cacheTime);
  expect(caches()).toEqual([]);
});

test('where the cache cannot be written there is none, and nothing is left lying about', async () => {
  forget();
  // Not even root can put a file in the place of a folder.
  const inTheWay = join(dist, `code-${process.version}-${process.arch}.cache`);
  mkdirSync(inTheWay);
  const before = readdirSync(dist);
  await run({}, cacheTime);
  expect(readdirSync(dist)).toEqual(before);
});
