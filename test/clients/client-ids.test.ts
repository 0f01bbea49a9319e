import { cpSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signRequest } from '../../sdk/client/signed-call.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { readKeyFolder } from '../../server/clients/key-folder/key-folder.ts';
import { packageRoot } from '../../server/package-root.ts';
import { runCli } from '../cli/run-cli.ts';
import { rawCall } from '../raw-call.ts';
import { demoClient, demoMerchant, startServer } from '../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

let folders = 0;
const newFolder = (): string => {
  const folder = join(tmpdir(), `client-ids-${++folders}`);
  mkdirSync(folder);
  return folder;
};

/** An id that a URL normalises, or that leaves its folder, is one for no client at any entrance. */
describe.each(['..', '.', 'a/b', '%2e%2e'])('the client id %j is refused', (clientId) => {
  test('in the Client-Id header, although the signature is right', async () => {
    const target = '/api/open/alipay/v1/merchant/order/sync';
    const { headers } = signRequest({ ...demoMerchant(), clientId }, target, Buffer.from('{}'));
    const answer = await rawCall(server.url, { target, headers, body: '{}' });
    expect(answer.json['result']).toMatchObject({ resultStatus: 'F' });
    expect(answer.json['result']?.['resultCode']).toBe('INVALID_CLIENT');
    expect(server.clients.has(clientId)).toBe(false);
  });

  test('by the admin API, when it is made and where it is named', async () => {
    const before = server.clock.now();
    const admin = (method: string, path: string, body?: object) =>
      rawCall(server.url, {
        method,
        target: `/__admin${path}`,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    expect((await admin('POST', '/clients', { clientId })).status).toBe(409);
    // As it is, and escaped: neither spelling reaches what belongs to all clients.
    for (const spelled of [clientId, encodeURIComponent(clientId)]) {
      const moved = await admin('PUT', `/clients/${spelled}/clock`, { freeze: 1000 });
      expect([spelled, moved.status >= 400 && moved.status < 500]).toEqual([spelled, true]);
    }
    expect(server.clock.now()).toBeGreaterThanOrEqual(before);
    expect(server.clients.has(clientId)).toBe(false);
  });

  test('on the command line', async () => {
    const keys = newFolder();
    const made = await runCli('keys', 'create', '--keys', join(keys, 'new'), '--client', clientId);
    expect([made.code, made.stderr]).toEqual([2, expect.stringContaining(clientId)]);
    const url = `${server.adminUrl}/__admin`;
    const created = await runCli('clients', 'create', clientId, '--admin-url', url);
    expect([created.code === 0, created.stderr]).toEqual([false, expect.stringMatching(/./)]);
    expect(server.clients.has(clientId)).toBe(false);
  });
});

test('a folder of the key folder whose name is no client id is refused by its name', () => {
  const folder = join(newFolder(), 'keys');
  cpSync(join(packageRoot, 'keys'), folder, { recursive: true });
  renameSync(join(folder, 'clients', demoClient), join(folder, 'clients', '%2e%2e'));
  const { value, problems } = readKeyFolder(folder, { weakKeys: false });
  expect(problems.map(({ where, message }) => `${where} ${message}`).join('\n')).toContain(
    '%2e%2e',
  );
  expect(value.clients.has('%2e%2e')).toBe(false);
});
