import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startComparison } from '../../server/cli/commands/compare.ts';
import { runCli } from '../cli/run-cli.ts';
import { merchantAt } from '../merchant.ts';
import { demoClient, startServer } from '../start-server.ts';
import { defaultSettings } from './calibrate/calibration-fixture.ts';
import { formsOf, privateKeyTexts } from './secret-texts.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'no-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const agentToken = 'T0KEN-of-an-agent';
const adminToken = 'planted-admin-token';
const tokens = [agentToken, adminToken, 'planted-bearer', 'planted-cookie'];
const planted = {
  merchantBizNo: 'Planted-Order-4711',
  userId: '2160774411992255',
  openId: 'planted-open-id-9',
  orderTitle: 'Planted 海鮮 dinner',
};
const values = [...Object.values(planted), 'Planted-Query', 'Planted-Owner'];

test('no capsule, record, report or transcript holds a key, a token or a value', async () => {
  const server = await startServer({
    'journal.plaintext': true,
    adminToken,
    clients: { [demoClient]: { agentToken } },
  });
  const at = (name: string): string => join(folder, name);
  const connection = ['--url', server.url, '--admin-token', adminToken];
  try {
    const records: unknown[] = [];
    const running = await startComparison(
      { target: server.url, listen: 0, timeout: 5000, capsules: at('compare') },
      { ...defaultSettings, logLevel: 'silent', 'ordering.stale': 'apply' },
      (record) => records.push(record),
    );
    if (running instanceof Error) throw running;
    for (const how of [{}, { seal: true }, { algorithm: 'ECC224' as const }]) {
      const merchant = merchantAt({ ...server, url: running.url });
      const late = { ...planted, orderStatus: 'USED', orderModifyTime: 1_700_000_000_000 };
      await merchant.call('syncOrder', planted, undefined, how);
      await merchant.call('syncOrder', late, undefined, how);
    }
    await fetch(`${running.url}/api/open/alipay/v1/merchant/order/sync?who=Planted-Query`, {
      method: 'POST',
      headers: {
        'client-id': demoClient,
        'request-time': new Date().toISOString(),
        signature: 'algorithm=RSA256,keyVersion=1,signature=AAAA',
        'agent-token': agentToken,
        authorization: 'Bearer planted-bearer',
        cookie: 'session=planted-cookie',
        'x-request-owner': 'Planted-Owner',
      },
      body: JSON.stringify(planted),
    });
    expect(await running.close()).toMatchObject({ exchanges: 7, skipped: 0 });
    writeFileSync(at('compare.jsonl'), records.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const report = ['--report', `junit=${at('compare.xml')}`];
    const compared = await runCli('compare', 'report', at('compare.jsonl'), ...report);
    writeFileSync(at('compare.txt'), compared.stdout);

    for (const [name, options] of [
      ['shared', []],
      ['kept', ['--keep-data', '--open']],
    ] as const) {
      const file = at(`${name}.capsule.json`);
      const exported = ['capsule', 'export', ...connection, ...options, '--out', file];
      expect(await runCli(...exported)).toMatchObject({ code: 0, stderr: '' });
      const replayed = await runCli('capsule', 'replay', file, '--report', `junit=${file}.xml`);
      expect(replayed).toMatchObject({ code: 0 });
    }
    // `exec --capsule` and `scenarios run --capsules` write with the values of the demo client.
    const kept = ['kept.exec.capsule.json', 'kept.scenarios'] as const;
    const child = [
      process.execPath,
      '-e',
      `fetch(process.env.ALIPAYHK_BASE_URL + '/api/x', { method: 'POST' })`,
    ];
    expect(
      await runCli('exec', '--admin-token', adminToken, '--capsule', at(kept[0]), '--', ...child),
    ).toMatchObject({ code: 0 });
    expect(
      await runCli('scenarios', 'run', 'additional-info-success', '--capsules', at(kept[1])),
    ).toMatchObject({ code: 0 });
    const identity = join(folder, 'identity');
    writeFileSync(identity, JSON.stringify({ openId: planted.openId }));
    const calibrated = await runCli(
      ...['calibrate', '--target', server.url, '--out', at('calibration'), '--yes'],
      ...['--rate', '1000', '--rows', 'G-03,G-13,E-03', '--identity', identity],
    );
    writeFileSync(at('calibrate.txt'), calibrated.stdout + calibrated.stderr);

    const keys = privateKeyTexts([server.parties.platform, ...server.parties.clients.values()]);
    expect(keys.length).toBeGreaterThan(5);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(json|jsonl|md|yaml|xml|txt)$/.test(name),
    );
    expect(names.length).toBeGreaterThan(12);
    for (const name of names) {
      const text = readFileSync(join(folder, name), 'utf8');
      const isKept = name.startsWith('kept.');
      const words = [...keys, ...tokens, 'PRIVATE KEY', ...(isKept ? [] : values)];
      for (const form of words.flatMap(formsOf))
        expect(text.includes(form), `${name}: ${form}`).toBe(false);
      if (name === 'kept.capsule.json') expect(text).toContain(planted.merchantBizNo);
    }
  } finally {
    await server.close(0);
  }
}, 120_000);
