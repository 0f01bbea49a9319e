import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { startServer } from '../start-server.ts';

const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
const sectionOf = (title: string): string => readme.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

test.each(['Choosing for one call, or one client', 'Seeing and checking what happened'])(
  'the curl lines under "%s" work as they stand',
  async (title) => {
    const [block] = [...sectionOf(title).matchAll(/```sh\n(admin=[\s\S]*?)```/g)].map(([, text]) => text ?? '');
    const server = await startServer();
    const script = `set -e\ncurl() { command curl -sS --fail-with-body "$@"; echo; }\n${block?.replace('http://127.0.0.1:8852', server.url)}`;
    const { stdout } = await promisify(execFile)('sh', ['-c', script]);
    expect(stdout.trim().split('\n').length).toBeGreaterThan(2);
    if (title.startsWith('Seeing')) expect(stdout.trim().split('\n').at(-1)).toMatch(/^\{"passed":true/);
    await server.close();
  },
);
