import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { startServer } from '../start-server.ts';

const answerOf = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(url, { headers });
  return { status: response.status, text: await response.text() };
};

test('GET /health and /metrics answer on the port of the operations, and leave no exchange', async () => {
  const at = await startServer();
  const [health, admin] = [
    await answerOf(`${at.url}/health`),
    await answerOf(`${at.url}/__admin/health`),
  ];
  expect(health).toEqual(admin);
  expect(JSON.parse(health.text)).toMatchObject({ status: 'ready', name: 'alipayhk-mock' });
  expect((await fetch(`${at.url}/health`, { method: 'HEAD' })).status).toBe(200);
  expect((await answerOf(`${at.url}/metrics`)).text).toContain('alipayhk_mock_exchanges_total');
  expect(at.journal.entries).toHaveLength(0);
  expect((await answerOf(`${at.url}/health/`)).text).toContain('INVALID_API');
  await at.close();
});

test('metrics follow the rule of the admin API; health needs no token', async () => {
  const at = await startServer({ adminToken: 'sesame' });
  expect((await answerOf(`${at.url}/health`)).status).toBe(200);
  expect((await answerOf(`${at.url}/metrics`)).status).toBe(403);
  expect((await answerOf(`${at.url}/metrics`, { authorization: 'Bearer sesame' })).status).toBe(
    200,
  );
  await at.close();
  const open = await startServer({ host: '0.0.0.0', adminPort: 0, adminHost: '127.0.0.1' });
  expect((await answerOf(`${open.url.replace('0.0.0.0', '127.0.0.1')}/metrics`)).status).toBe(403);
  await open.close();
});

test('without the admin API health stays, and metrics are a path that no operation has', async () => {
  const at = await startServer({ admin: false });
  expect((await answerOf(`${at.url}/health`)).status).toBe(200);
  expect((await answerOf(`${at.url}/metrics`)).text).toContain('INVALID_API');
  // As the health check of the image runs: it does not know the flags of the server.
  const port = new URL(at.url).port;
  expect((await runCli('health', '--port', port)).code).toBe(0);
  await at.close();
});

test('a path that the contract has is the contract’s', async () => {
  const at = await startServer({
    'paths.syncOrder': '/health',
    'paths.syncPaymentInfo': '/metrics',
  });
  for (const path of ['/health', '/metrics'])
    expect((await answerOf(`${at.url}${path}`)).text).toContain('METHOD_NOT_SUPPORTED');
  expect((await runCli('health', '--url', at.url)).code).toBe(0);
  await at.close();
});

test.each([
  ['another program', 200, 'hello'],
  ['JSON of another program', 200, '{"status":"ready","version":"1"}'],
  ['a simulator that is stopping', 503, '{"status":"stopping","name":"alipayhk-mock"}'],
])('health is not taken in by %s', async (_name, status, body) => {
  const server = createServer(
    (_req, res) => void res.writeHead(status, { 'content-type': 'application/json' }).end(body),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await runCli('health', '--url', url)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('not ready'),
  });
  const { ready, why } = JSON.parse((await runCli('health', '--url', url, '--json')).stdout);
  expect([ready, typeof why]).toEqual([false, 'string']);
  server.close();
});
