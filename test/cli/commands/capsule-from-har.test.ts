import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoClient } from '../../start-server.ts';
import { runCli } from '../run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'from-har-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const request = (name: string, method = 'POST') => ({
  request: {
    method,
    url: 'https://gateway.example/api/unknown',
    headers: [
      { name: ':authority', value: 'gateway.example' },
      { name, value: demoClient },
    ],
    postData: { mimeType: 'application/json', text: '{}' },
  },
});

const fromHar = async (...entries: readonly unknown[]) => {
  const [har, capsule] = [join(folder, 'a.har'), join(folder, 'a.capsule.json')];
  writeFileSync(har, JSON.stringify({ log: { entries } }));
  const made = await runCli('capsule', 'from-har', har, '--client', demoClient, '--out', capsule);
  return { made, capsule };
};

test('a request of HTTP/2, which has no Host, becomes a capsule that replays', async () => {
  const { made, capsule } = await fromHar(request('client-id'));
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const [exchange] = JSON.parse(readFileSync(capsule, 'utf8')).exchanges;
  expect(exchange.verdict.code).toBe('INVALID_API');
  const { code, stdout } = await runCli('capsule', 'replay', capsule);
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 of 1 exchanges as recorded'),
  });
});

test('a request that no server reads is left out, and said', async () => {
  const { made } = await fromHar(request('client-id'), request('client-id', 'PO ST'));
  expect(made.code).toBe(0);
  expect(made.stderr).toContain('1 of 2 requests');
});
