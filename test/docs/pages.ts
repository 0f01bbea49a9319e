import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../server/package-root.ts';

/** Every Markdown page of the repository, by its path. */
export const allPages = (): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: packageRoot,
    encoding: 'utf8',
  })
    .trim()
    .split('\n');

/** Pages whose commands are run. */
export const guidePages = (): readonly string[] =>
  allPages().filter((page) =>
    /^docs\/(how-to|explanation)\/|^skills\/|^(keys|scenarios)\/README\.md$/.test(page),
  );

export const readMarkdown = (page: string): string => readFileSync(join(packageRoot, page), 'utf8');
