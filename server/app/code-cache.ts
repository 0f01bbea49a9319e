import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

/**
 * Compiled code is kept once a process has lived so long: by then what a start needs has been
 * compiled, and short commands are spared.
 */
const keptAfterMs = 1000;

/**
 * Loads a CommonJS bundle. What the engine has compiled of it is kept in a file beside it and used
 * by the next start. The engine itself refuses a cache of another version or of another text; where
 * the folder cannot be written there is none. The bundle holds no `import()`: Node would not know
 * who asks.
 * `NODE_DISABLE_COMPILE_CACHE=1` turns it off, as it does Node's own (which begins with Node 22).
 * @returns the bundle's exports
 */
export const loadWithCodeCache = (file: string): unknown => {
  const isOff = process.env['NODE_DISABLE_COMPILE_CACHE'] === '1';
  const cacheFile = join(dirname(file), `code-${process.version}-${process.arch}.cache`);
  const cachedData = isOff ? undefined : readIfThere(cacheFile);
  // The build writes plain ASCII, which takes half as long to read as such.
  const text = readFileSync(file, 'latin1');
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) { ${text}\n});`,
    {
      filename: file,
      ...(cachedData === undefined ? {} : { cachedData }),
    },
  );
  if (!isOff && (cachedData === undefined || script.cachedDataRejected === true)) {
    setTimeout(() => keep(cacheFile, script.createCachedData()), keptAfterMs).unref();
  }
  const module = { exports: {} };
  script
    .runInThisContext()
    .call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
};

const readIfThere = (file: string): Buffer | undefined => {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
};

/** Written beside and put in place, so that nobody ever reads half of it. */
const keep = (file: string, data: Buffer): void => {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, data);
    renameSync(temporary, file);
  } catch {
    // A folder that cannot be written: every start compiles anew.
    rmSync(temporary, { force: true });
  }
};
