import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { type ReceiverFlaws, startReceiver } from './receiver.ts';

/** Sends one call with the limits that hold unless the settings say otherwise. */
const sendTo = async (flaws: ReceiverFlaws, command: string, call: string) => {
  const receiver = await startReceiver({ flaws });
  onTestFinished(() => receiver[Symbol.asyncDispose]());
  const file = join(mkdtempSync(join(tmpdir(), 'real-limits-')), 'out.xml');
  const to = `${receiver.url}/call`;
  const run = await runCli(command, call, '--to', to, '--report', `junit=${file}`);
  return { ...run, report: readFileSync(file, 'utf8') };
};

test('a merchant that answers unsigned ends the command with 1, and fails the report', async () => {
  const { code, stdout, report } = await sendTo({ unsigned: true }, 'notify', 'bill-notify');
  expect(code).toBe(1);
  expect(stdout).toContain('the answer has no Signature (OB-19)');
  expect(report).toContain('failures="1"');
  expect(report).toContain('type="OUT_UNSIGNED"');
});

test('a query is answered too late after 4 s, a notification is not', async () => {
  const query = await sendTo({ delayMs: 4000 }, 'query', 'query-account');
  expect(query.code).toBe(1);
  expect(query.stdout).toContain('✗ not acknowledged');
  expect(query.report).toContain('type="OUT_TIMEOUT"');
  const notification = await sendTo({ delayMs: 4000 }, 'notify', 'bill-notify');
  expect(notification.code).toBe(0);
  expect(notification.report).toContain('failures="0"');
});

test('a notification is answered too late after 6 s', async () => {
  const { code, report } = await sendTo({ delayMs: 6000 }, 'notify', 'bill-notify');
  expect(code).toBe(1);
  expect(report).toContain('type="OUT_TIMEOUT"');
});
