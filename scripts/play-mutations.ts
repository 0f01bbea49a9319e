/**
 * Plays the mutations of `mutations/mutations.ts`: applies each one in a scratch copy, runs the
 * tests that must notice, and reports those that survive.
 *
 * `npm run mutations` plays all, `npm run mutations -- --quick` the short list; names of mutations
 * as arguments play those alone. `--no-baseline` spares the run without a mutation, for who has just
 * run the tests. Ends with 1 when more survive than may.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { transformSync } from 'esbuild';
import { findMutation } from './mutations/find-mutation.ts';
import { type Mutation, mutations } from './mutations/mutations.ts';

const root = join(import.meta.dirname, '..');

/** Of all mutations. */
const maxSurvivors = 1;

const { values: flags, positionals: names } = parseArgs({
  options: { quick: { type: 'boolean' }, 'no-baseline': { type: 'boolean' } },
  allowPositionals: true,
});

const chosen = (): readonly Mutation[] => {
  const unknown = names.filter((name) => !mutations.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`no mutation is called ${unknown.join(', ')}`);
  if (names.length > 0) return mutations.filter(({ name }) => names.includes(name));
  return flags.quick === true ? mutations.filter(({ isQuick }) => isQuick) : mutations;
};

/** A copy of every file of the project, ignored ones apart, with the installed packages. */
const copyProject = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'mutations-'));
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const files = new Set(listed.split('\0').filter((name) => existsSync(join(root, name))));
  files.delete('');
  for (const file of files) {
    mkdirSync(join(copy, dirname(file)), { recursive: true });
    cpSync(join(root, file), join(copy, file), { force: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
};

interface TestRun {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** @throws Error when no test ran, as where a file cannot be loaded */
const runTests = (copy: string, tests: readonly string[]): TestRun => {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const options = ['--maxWorkers=1', '--bail=1', '--reporter=json', `--outputFile=${report}`];
  const { stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', ...options, ...tests], {
    cwd: copy,
    encoding: 'utf8',
  });
  const run: TestRun = JSON.parse(readFileSync(report, 'utf8'));
  if (run.numFailedTests + run.numPassedTests === 0)
    throw new Error(`no test ran of ${tests.join(', ')}\n${stdout}${stderr}`);
  return run;
};

/** @throws Error when a test fails without any mutation */
const checkBaseline = (copy: string, played: readonly Mutation[]): void => {
  const { testResults } = runTests(copy, [...new Set(played.flatMap(({ tests }) => tests))]);
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName);
  if (failed.length > 0)
    throw new Error(`tests fail without any mutation, correct them first: ${failed.join('; ')}`);
};

/** @returns whether a test noticed it */
const play = (copy: string, mutation: Mutation): boolean => {
  const { file, original, mutated } = findMutation(copy, mutation);
  // What does not compile would fail every test, whatever it asserts.
  transformSync(mutated, { loader: file.endsWith('x') ? 'tsx' : 'ts' });
  writeFileSync(join(copy, file), mutated);
  try {
    return runTests(copy, mutation.tests).numFailedTests > 0;
  } finally {
    writeFileSync(join(copy, file), original);
  }
};

const played = chosen();
const copy = copyProject();
const survivors: Mutation[] = [];
try {
  // The short version checks the whole list, too: that costs nothing.
  for (const mutation of mutations) findMutation(copy, mutation);
  if (flags['no-baseline'] !== true) checkBaseline(copy, played);
  for (const mutation of played) {
    const isNoticed = play(copy, mutation);
    if (!isNoticed) survivors.push(mutation);
    console.log(`${isNoticed ? 'noticed ' : 'SURVIVED'}  ${mutation.name}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
for (const { name, breaks, tests } of survivors)
  console.log(
    `\nerror: no test notices: ${name}\n  breaks: ${breaks}\n  tests: ${tests.join(', ')}`,
  );
console.log(`\n${played.length} mutations, ${survivors.length} survived`);
process.exitCode =
  survivors.length > maxSurvivors || (played.length < 30 && survivors.length > 0) ? 1 : 0;
