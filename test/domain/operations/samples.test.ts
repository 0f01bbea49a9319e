import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectDataInfo } from '../../../server/domain/contract/inspect-request.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { merchantAt } from '../../merchant.ts';
import { startServer } from '../../start-server.ts';

test('no example of the contract gives a finding', async () => {
  const server = await startServer();
  try {
    const at = merchantAt(server);
    for (const { id, examples } of server.contract.operations.values())
      for (const name of examples.keys()) {
        const { code, entry } = await at.send(id, at.sample(id, {}, name));
        expect([id, name, code, entry?.findings]).toEqual([id, name, 'SUCCESS', []]);
      }
  } finally {
    await server.close();
  }
});

/** Whatever is written behind the name, in any language, up to the end of its line. */
const dataInfoLine = /dataInfo["']?\s*(?::|=>|=|,)?\s*(?=.*[{[])(.*)$/gm;
const quotedKey = /["']([^"']+)["']\]?\s*(?::|=>|=)|([\w$]+)\s*:/g;

const keysOf = (text: string): readonly string[] =>
  [...text.matchAll(dataInfoLine)].flatMap(([, line = '']) =>
    [...line.matchAll(quotedKey)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
  );

const examplePrograms = readdirSync(join(packageRoot, 'examples'), {
  recursive: true,
  withFileTypes: true,
})
  .filter((entry) => entry.isFile() && /\.(cs|go|java|mjs|cjs|php|py|sh|ts)$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((file) => !file.includes('node_modules'));

test('the keys that example programs send in dataInfo give no finding (E-13)', () => {
  const keys = examplePrograms.flatMap((file) => keysOf(readFileSync(file, 'utf8')));
  // Six programs, two keys each: a pattern that no longer finds them would prove nothing.
  expect(keys).toHaveLength(12);
  expect(inspectDataInfo({ dataInfo: Object.fromEntries(keys.map((key) => [key, '1'])) })).toEqual(
    [],
  );
  expect(keysOf('"dataInfo": {"points": "1280"},')).toEqual(['points']);
});
