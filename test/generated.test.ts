import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from '../scripts/generate.ts';
import { packageRoot } from '../server/package-root.ts';

test('what is generated is fresh: npm run generate changes nothing', async () => {
  for (const [path, content] of await generatedFiles())
    expect([path, readFileSync(join(packageRoot, path), 'utf8') === content]).toEqual([path, true]);
});
