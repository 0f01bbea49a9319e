import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMockServer, replayCapsule } from '../../sdk/testing/index.ts';

const clientId = '4Q5Y8W0WSG45P907917';

test('a capsule of a client is exported and replayed, from memory and from a file', async () => {
  await using server = await createMockServer({ logLevel: 'silent' });
  await fetch(`${server.url}/__admin/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clientId, operation: 'syncOrder' }),
  });
  const capsule = await server.capsule({ clientId, keepData: true, last: 1 });
  expect(capsule.exchanges).toHaveLength(1);
  const same = [expect.objectContaining({ operation: 'syncOrder', result: 'same' })];
  expect(await replayCapsule(capsule)).toEqual(same);

  const folder = mkdtempSync(join(tmpdir(), 'capsule-'));
  try {
    const file = join(folder, 'a.capsule.json');
    writeFileSync(file, JSON.stringify(capsule));
    expect(await replayCapsule(file, { expect: 'verdict' })).toEqual(same);
    writeFileSync(file, JSON.stringify({ ...capsule, integrity: '0'.repeat(64) }));
    await expect(replayCapsule(file)).rejects.toThrow('was changed after it was written');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
