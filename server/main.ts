#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { fitThreadPool, loadWithCodeCache } from './app/process-tuning.ts';

/**
 * The executable. What it runs is beside it in the built package, as a file of its own so that
 * its compiled code can be kept.
 */
fitThreadPool();
const { run } = loadWithCodeCache(
  fileURLToPath(new URL('./run.cjs', import.meta.url)),
) as typeof import('./cli/program.ts');
void run(process.argv.slice(2));
