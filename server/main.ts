#!/usr/bin/env node
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import {
  boundHeap,
  fitThreadPool,
  holdYoungGeneration,
  loadWithCodeCache,
  releaseYoungGeneration,
} from './app/process-tuning.ts';

/**
 * A process that has lived so long is a server: by then what a start needs has been compiled and
 * allocated, and short commands are spared.
 */
const startedAfterMs = 1000;

/**
 * The executable. What it runs is beside it in the built package, in files of their own so that
 * compiled code can be kept of the one that every start needs.
 */
fitThreadPool();
const keepCompiledCode = loadWithCodeCache(
  fileURLToPath(new URL('./simulator.cjs', import.meta.url)),
);
setTimeout(() => {
  releaseYoungGeneration();
  keepCompiledCode();
  boundHeap();
}, startedAfterMs).unref();
const { run } = createRequire(import.meta.url)('./run.cjs') as typeof import('./cli/program.ts');
holdYoungGeneration();
void run(process.argv.slice(2));
