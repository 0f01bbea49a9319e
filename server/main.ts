#!/usr/bin/env node
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { fitThreadPool, loadWithCodeCache } from './app/process-tuning.ts';

/**
 * The executable. What it runs is beside it in the built package, in files of their own so that
 * compiled code can be kept of the one that every start needs.
 */
fitThreadPool();
loadWithCodeCache(fileURLToPath(new URL('./simulator.cjs', import.meta.url)));
const { run } = createRequire(import.meta.url)('./run.cjs') as typeof import('./cli/program.ts');
void run(process.argv.slice(2));
