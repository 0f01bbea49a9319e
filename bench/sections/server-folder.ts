import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext } from './bench-context.ts';

/** An empty folder for one server. */
export const serverFolder = ({ runFolder }: BenchContext): string =>
  mkdtempSync(join(runFolder, 'server-'));
