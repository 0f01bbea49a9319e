import type { lookup } from 'node:dns';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createMockServer } from '../../sdk/testing/index.ts';
import { dial } from '../../server/outbound/dial.ts';
import { readServerCredentials } from '../../server/protocol/tls/certificates.ts';
import { demoClient, startServer } from '../start-server.ts';
import { startReceiver } from './receiver.ts';

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'outbound-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

const send = (url: string, options: Partial<Parameters<typeof dial>[1]> = {}) =>
  dial(
    { url: new URL(url), headerLines: [], body: Buffer.from('{}'), style: 'whole' },
    { allowHosts: [], timeoutMs: 2000, ...options },
  );

test('a plan survives a restart; what was overdue is sent at once', async () => {
  await using receiver = await startReceiver({ flaws: { answers: [{ httpStatus: 500 }] } });
  const settings = {
    data: temporaryFolder(),
    'outbound.targets': { '*': { 'bill-notify': `${receiver.url}/notify` } },
  } as const;
  let machineNow = Date.now();
  const start = () => startServer(settings, { now: () => machineNow });
  const first = await start();
  const { id } = await first.outbound.plan(demoClient, { call: 'bill-notify', fields: {} });
  await expect.poll(() => first.outbound.find(demoClient, id)?.attempts.length).toBe(1);
  await first.close();
  machineNow += 3_600_000;
  const second = await start();
  onTestFinished(() => second.close());
  await expect.poll(() => second.outbound.find(demoClient, id)?.state).toBe('acknowledged');
  expect(second.outbound.find(demoClient, id)?.attempts[1]?.at).toBe(machineNow);
  expect([...receiver.effects.values()]).toEqual([1]);
});

test('a name is checked when it is dialled: one that becomes public is not called', async () => {
  await using receiver = await startReceiver();
  const { port } = new URL(receiver.url);
  let address = '127.0.0.1';
  const rebinding = ((_host: string, _options: object, callback: (...found: unknown[]) => void) =>
    callback(null, [{ address, family: 4 }])) as typeof lookup;
  const url = `http://merchant.example:${port}/x`;
  expect(await send(url, { lookup: rebinding })).toHaveProperty('answer');
  for (const other of ['8.8.8.8', '169.254.169.254', '0.0.0.0']) {
    address = other;
    expect(await send(url, { lookup: rebinding })).toMatchObject({ failure: 'NOT_ALLOWED' });
  }
  address = '169.254.169.254';
  const allowHosts = ['merchant.example'];
  expect(await send(url, { lookup: rebinding, allowHosts })).toMatchObject({
    failure: 'NOT_ALLOWED',
  });
});

test('HTTPS is verified with the authority that the settings name', async () => {
  const { value } = await readServerCredentials(
    { cert: '', key: '', ca: '', names: [], clientCa: '', folder: undefined },
    Date.now(),
  );
  if (value?.authority === undefined) throw new Error('no certificate');
  await using receiver = await startReceiver({
    tls: { cert: String(value.cert), key: String(value.key) },
  });
  expect(await send(`${receiver.url}/x`)).toMatchObject({ failure: 'TLS_NOT_TRUSTED' });
  const ca = join(temporaryFolder(), 'ca.pem');
  writeFileSync(ca, value.authority);
  const server = await startServer({
    'outbound.ca': ca,
    'outbound.targets': { '*': { 'bill-notify': `${receiver.url}/notify` } },
  });
  onTestFinished(() => server.close());
  const { id } = await server.outbound.plan(demoClient, { call: 'bill-notify', fields: {} });
  await expect.poll(() => server.outbound.find(demoClient, id)?.state).toBe('acknowledged');
  expect(server.journal.entries[0]?.connection.tls).toBe(true);
});

test('a test has its own server called, plays the plan and asserts it', async () => {
  await using receiver = await startReceiver({ flaws: { answers: Array(9).fill({ text: 'no' }) } });
  await using server = await createMockServer({
    outbound: { targets: { '*': { 'bill-notify': `${receiver.url}/notify` } } },
  });
  const client = await server.clients.create();
  const sent = await client.outbound.notify('bill-notify', { billNo: 'B-1' });
  expect(sent).toMatchObject({ state: 'pending', attempts: [{ acknowledged: false }] });
  await client.clock.advance(25 * 3_600_000);
  await client.outbound.idle();
  expect((await client.outbound.read(sent.id)).attempts).toHaveLength(8);
  await client.verify({ exchanges: [{ exchange: { call: 'bill-notify' }, exactly: 8 }] });
  await client.verify({ exchanges: [], nothingElse: true });
  await client.assertNothingUnexpected();
});
