import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { rawCall } from '../raw-call.ts';
import { startServer } from '../start-server.ts';

let server: MockServer;
const seen: string[] = [];
const other = createServer((req, res) => {
  seen.push(`${req.method} ${req.url}`);
  res.end();
});
let host = '';
beforeAll(async () => {
  server = await startServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(other.address() as AddressInfo).port}`;
});
afterAll(async () => {
  other.close().closeAllConnections();
  await server.close();
});

test.each([
  (at: string) => `//${at}/x`,
  (at: string) => `/\\${at}/x`,
  (at: string) => `http://x//${at}/x`,
  (at: string) => `http://x/\\${at}/x`,
  (at: string) => `http://${at}//${at}/x`,
  (at: string) => `http://x?//${at}/x`,
  (at: string) => `https:${at}/x`,
  (at: string) => `@${at}/x`,
])('sending an exchange again calls no address that came from a request: %s', async (targetFor) => {
  const target = targetFor(host);
  await rawCall(server.url, { target, headers: {}, body: '{}' });
  const entry = server.journal.entries.at(-1);
  const sent = await fetch(`${server.url}/__admin/journal/${entry?.id}/send`, { method: 'POST' });
  const { error = '' } = (await sent.json()) as { error?: string };
  expect(seen).toEqual([]);
  const staysHere = entry?.target.startsWith('/?');
  expect([target, sent.status, error]).toEqual([
    target,
    staysHere ? 200 : 422,
    staysHere ? '' : expect.stringMatching(/^target: target .* could name another server/),
  ]);
});
