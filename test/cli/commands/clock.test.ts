import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MockServer } from '../../../server/app/create-server.ts';
import { demoClient, startServer } from '../../start-server.ts';
import { runCli } from '../run-cli.ts';

const merchant = createServer((_req, res) => void res.writeHead(500).end());
const newYear = Date.UTC(2030, 0, 1);
let at: MockServer;

beforeEach(async () => {
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve));
  const { port } = merchant.address() as AddressInfo;
  at = await startServer({
    'outbound.targets': { '*': { 'bill-notify': `http://127.0.0.1:${port}/notify` } },
  });
});
afterEach(async () => {
  await at.close(0);
  await new Promise((resolve) => merchant.close(resolve));
});

const clock = (...args: readonly string[]) => runCli('clock', ...args, '--url', at.url);

test('it is held, set, advanced, run and reset', async () => {
  const held = await clock('hold', '2030-01-01T08:00:00+08:00');
  expect(held).toEqual({ code: 0, stdout: '2030-01-01T08:00:00+08:00, held\n', stderr: '' });
  expect(at.clock.now()).toBe(newYear);
  expect((await clock('advance', '90m')).stdout).toBe('2030-01-01T09:30:00+08:00, held\n');
  expect((await clock('set', String(newYear))).stdout).toBe('2030-01-01T08:00:00+08:00, held\n');
  expect((await clock('run', '60')).stdout).toContain('runs 60 times as fast as time');
  expect((await clock('reset')).code).toBe(0);
  expect(at.clock.state.rate).toBe(1);
  expect(Math.abs(at.clock.now() - Date.now())).toBeLessThan(60_000);
  expect(JSON.parse((await clock('show', '--json')).stdout)).toMatchObject({ rate: 1, sent: 0 });
});

test("a client's own clock moves alone", async () => {
  expect((await clock('hold', String(newYear), '--client', demoClient)).code).toBe(0);
  expect((await clock('show', '--client', demoClient)).stdout).toContain('2030-01-01');
  expect((await clock('show')).stdout).not.toContain('2030-01-01');
  expect(await clock('show', '--client', 'UNKNOWN')).toMatchObject({ code: 2 });
});

test('25 hours play the whole plan of a call that is never acknowledged', async () => {
  const url = ['--url', at.url];
  await clock('hold', String(newYear), '--client', demoClient);
  expect((await runCli('notify', 'bill-notify', ...url)).code).toBe(1);
  const advanced = await clock('advance', '25h', '--client', demoClient);
  expect(advanced.stdout).toBe('2030-01-02T09:00:00+08:00, held; 7 calls to merchants made\n');
  const [message] = JSON.parse((await runCli('outbound', 'list', '--json', ...url)).stdout);
  expect(message).toMatchObject({ state: 'exhausted' });
  expect(message.attempts).toHaveLength(8);
});

test.each([
  [['advance', 'soon'], 'Write e.g. 90s, 30m, 25h'],
  [['set', 'tomorrow'], 'Write e.g. 2026-08-01T00:00:00+08:00'],
  [['run', 'fast'], 'Write a number, e.g. 60'],
  [['set', '999999999999999'], 'error'],
])('%j is refused with what to write', async (args, remedy) => {
  const { code, stderr } = await clock(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(remedy);
});
