import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createMockServer, type MockServer } from '../../../sdk/testing/index.ts';
import {
  type Capsule,
  sealCapsule,
  writeCapsule,
} from '../../../server/fidelity/capsule/capsule-file.ts';
import { runCli } from '../run-cli.ts';

let folder = '';
let recorder: MockServer;
let running: MockServer;
beforeAll(async () => {
  recorder = await createMockServer({ logLevel: 'silent' });
  running = await createMockServer({ logLevel: 'silent', 'ordering.stale': 'refuse' });
});
afterAll(async () => {
  await recorder.close();
  await running.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-at-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const exportLast = async (count: number, ...more: readonly string[]): Promise<string> => {
  const file = join(folder, 'a.capsule.json');
  const selection = ['--url', recorder.url, '--last', String(count)];
  const done = await runCli('capsule', 'export', ...selection, '--out', file, ...more);
  expect(done).toMatchObject({ code: 0, stderr: '' });
  return file;
};
const replayAt = (file: string, ...more: readonly string[]) =>
  runCli('capsule', 'replay', file, '--url', running.url, ...more);

test('a running simulator gets the requests, and its own decisions are compared', async () => {
  const order = ['send', 'order-sync', '--url', recorder.url, '--set', 'merchantBizNo=AT-1'];
  await runCli(...order, '--set', 'orderModifyTime=1800000000000');
  await runCli(...order, '--set', 'orderModifyTime=1700000000000');
  const kept = await exportLast(2, '--keep-data');
  const { code, stdout } = await replayAt(kept);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^✓ #\d+ syncOrder$/m);
  expect(stdout).toMatch(
    /differs in code\n {4}recorded: SUCCESS\n {4}replayed: ORDER_STATUS_INVALID/,
  );
  expect(stdout).toContain('1 of 2 exchanges as recorded');
  const shared = await exportLast(2);
  expect(await replayAt(shared)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('the simulator has other keys for 4Q5Y8W0WSG45P907917'),
  });
});

test('a client that it does not know is there for the replay alone', async () => {
  await runCli('send', 'payment-info', '--url', recorder.url, '--set', 'accountId=AT-2');
  const file = await exportLast(1);
  const { integrity: _, ...capsule } = JSON.parse(readFileSync(file, 'utf8')) as Capsule;
  const text = writeCapsule(sealCapsule(capsule)).replaceAll(
    '4Q5Y8W0WSG45P907917',
    'ATREPLAY00000000001',
  );
  const { integrity: __, ...renamed } = JSON.parse(text) as Capsule;
  writeFileSync(file, writeCapsule(sealCapsule(renamed)));
  // Its signature names the other client, so it is refused: by a simulator that has its key.
  const { stdout } = await replayAt(file, '--json');
  expect(JSON.parse(stdout).exchanges).toMatchObject([
    { result: 'differs', difference: { part: 'step', replayed: 'verify-signature' } },
  ]);
  const { clients } = (await (await fetch(`${running.url}/__admin/clients`)).json()) as {
    clients: { clientId: string }[];
  };
  expect(clients.map(({ clientId }) => clientId)).not.toContain('ATREPLAY00000000001');
});

const countEntries = async (): Promise<number> => {
  const answer = await fetch(`${running.url}/__admin/journal`);
  return ((await answer.json()) as { entries: unknown[] }).entries.length;
};

test.each([
  ['http://203.0.113.9/x', 'could name another server'],
  ['//203.0.113.9/x', 'could name another server'],
  ['/a/../__admin/reset', 'percent-encode it'],
  ['/__ADMIN/reset/everything', 'its path is not one of the gateway'],
  ['/%5f_admin/reset/everything', 'its path is not one of the gateway'],
])('a capsule that names %s sends nothing', async (target, reason) => {
  await runCli('send', 'order-sync', '--url', recorder.url);
  const file = await exportLast(1, '--keep-data');
  const { integrity: _, ...capsule } = JSON.parse(readFileSync(file, 'utf8')) as Capsule;
  const exchanges = capsule.exchanges.map((one) => ({
    ...one,
    request: { ...one.request, target },
  }));
  writeFileSync(file, writeCapsule(sealCapsule({ ...capsule, exchanges })));
  const seen = await countEntries();
  const { code, stdout } = await replayAt(file);
  expect(code).toBe(0);
  expect(stdout).toContain(reason);
  expect(await countEntries()).toBe(seen);
});

test('another server than a simulator, a changed file and settings are refused before a request', async () => {
  await runCli('send', 'order-sync', '--url', recorder.url);
  const file = await exportLast(1, '--keep-data');
  const asked: (string | undefined)[] = [];
  const other = createServer((req, res) => {
    asked.push(req.url);
    res.end('{}');
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const elsewhere = ['capsule', 'replay', file, '--url', `http://127.0.0.1:${port}`];
  expect((await runCli(...elsewhere)).code).not.toBe(0);
  other.close();
  expect(asked).toEqual(['/__admin/clients']);
  expect(await replayAt(file, '--expect', 'bytes')).toMatchObject({ code: 2 });
  expect(await replayAt(file, '--seed', '4')).toMatchObject({ code: 2 });
  writeFileSync(file, readFileSync(file, 'utf8').replace('"SUCCESS"', '"SUCCESR"'));
  expect(await replayAt(file)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nothing was sent'),
  });
});
