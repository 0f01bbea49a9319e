import { access, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { omitUndefined } from '../problems/plain-object.ts';

/**
 * Loads a CommonJS bundle for those that require it later. The code that the engine has compiled
 * of it is kept in a file next to it and used by the next start. The engine itself rejects a cache
 * of another version or of another text; in a folder that cannot be written nothing is kept. The
 * bundle holds no `import()`: Node could not resolve it.
 * `NODE_DISABLE_COMPILE_CACHE=1` turns it off, as it does Node's own (which begins with Node 22).
 * @returns keeps the compiled code for the next start, unless it is kept already
 */
export const loadWithCodeCache = (file: string): (() => void) => {
  const isOff = process.env['NODE_DISABLE_COMPILE_CACHE'] === '1';
  const cacheFile = join(dirname(file), `code-${process.version}-${process.arch}.cache`);
  const cachedData = isOff ? undefined : readIfThere(cacheFile);
  // The build writes plain ASCII, which takes half as long to read as such.
  const text = readFileSync(file, 'latin1');
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) { ${text}\n});`,
    omitUndefined({ filename: file, cachedData }),
  );
  const require = createRequire(file);
  const module = new Module(file);
  require.cache[file] = module;
  script
    .runInThisContext()
    .call(module.exports, module.exports, require, module, file, dirname(file));
  const isKept = isOff || (cachedData !== undefined && script.cachedDataRejected !== true);
  return () => {
    if (!isKept) writeCache(cacheFile, script.createCachedData());
  };
};

const readIfThere = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
};

/** Writes to a temporary file and renames it, so that no start reads half of it. */
const writeCache = (file: string, data: Buffer): void => {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, data);
    renameSync(temporary, file);
  } catch {
    // The folder cannot be written: every start compiles.
    rmSync(temporary, { force: true });
  }
};

const variable = 'UV_THREADPOOL_SIZE';
const usualThreads = 4;

/**
 * Gives Node's thread pool no more threads than there are processors. All of them sign; four on two
 * processors compete with each other and with the main thread, and a tenth fewer requests are
 * answered. A size that the environment sets is kept. The pool reads the
 * variable when it is first used, so it must not have been: Node's loader of ES modules uses it,
 * that of CommonJS does not. With one processor the pool does not sign.
 */
export const fitThreadPool = (): void => {
  const processors = availableParallelism();
  if (process.env[variable] !== undefined || processors === 1 || processors >= usualThreads) return;
  process.env[variable] = String(processors);
  access('.', () => {});
  // Child processes are not meant to inherit it.
  delete process.env[variable];
};

/** Both halves of the young generation. */
const largestYoungBytes = 16 * 1024 * 1024;
/** Of what lives after a major collection, what is allocated until the next one, in percent. */
const growthPercent = 200;

/**
 * What a start allocates lives on, so the engine would double the young generation four times for
 * it. Held, it stays as it is.
 */
export const holdYoungGeneration = (): void => growYoungGeneration(1);

/** Back to what the engine does by itself: it rejects code that was kept with other flags. */
export const releaseYoungGeneration = (): void => growYoungGeneration(2);

/** How often it is looked whether the engine has made the young generation smaller. */
const lookMs = 5000;

/**
 * Lets the young generation grow to half of what the engine allows, and the old one to three times
 * of what lives instead of four. In a pause the engine shrinks the young generation; it may grow
 * again afterwards.
 */
export const boundHeap = (): void => {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  growToBound();
};

const growToBound = (): void => {
  new PerformanceObserver((_, observer) => {
    if (youngBytes() < largestYoungBytes) return;
    holdYoungGeneration();
    observer.disconnect();
    const timer = setInterval(() => {
      if (youngBytes() >= largestYoungBytes) return;
      clearInterval(timer);
      releaseYoungGeneration();
      growToBound();
    }, lookMs).unref();
  }).observe({ type: 'gc' });
};

/** @param factor by which it grows when more survives than fits */
const growYoungGeneration = (factor: 1 | 2): void =>
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? 0;
