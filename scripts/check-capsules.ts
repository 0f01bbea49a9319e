import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signRequest } from '../sdk/client/signed-call.ts';
import { composeSample } from '../server/admin/loopback-client.ts';
import { createMockServer } from '../server/app/create-server.ts';
import { settingsWith } from '../server/app/settings/resolve-settings.ts';
import { writeRunCapsule } from '../server/cli/commands/run-capsule.ts';
import { ExchangeRecord } from '../server/cli/reports.ts';
import { packageRoot } from '../server/package-root.ts';
import { demoMerchant } from '../test/start-server.ts';

/**
 * Replays the capsule of every scenario and of every example in fresh processes that have no key
 * folder, another time zone and another language: `npm run check:capsules -- [--quick] [node…]`.
 * Each argument is a Node binary; without one, it is the Node that runs this. With --quick, every
 * eighth scenario is played. Needs `npm run build` first.
 */

const { values, positionals: given } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const everyNth = 8;
const scenarios = values.quick
  ? readdirSync(join(packageRoot, 'scenarios'))
      .filter((file) => file.endsWith('.yaml'))
      .filter((_, at) => at % everyNth === 0)
      .map((file) => file.replace('.yaml', ''))
  : [];

const folder = mkdtempSync(join(tmpdir(), 'alipayhk-capsules-'));
const capsules = join(folder, 'capsules');
const keyless = join(folder, 'package');

const ways = {
  plain: { seal: false, algorithm: 'RSA256' },
  encrypted: { seal: true, algorithm: 'RSA256' },
  ecc224: { seal: false, algorithm: 'ECC224' },
} as const;

/** A capsule of all examples, sent in one way. */
const recordExamples = async (name: keyof typeof ways, keepData: boolean): Promise<void> => {
  const settings = settingsWith({ port: 0 });
  const server = await createMockServer({ settings });
  const record = new ExchangeRecord(server.journal);
  try {
    for (const operation of server.contract.operations.values())
      for (const example of operation.examples.keys()) {
        const sample = composeSample(operation, { example, time: Date.now() });
        const body = Buffer.from(JSON.stringify(sample));
        const request = signRequest(demoMerchant(), operation.path, body, ways[name]);
        const { headers, body: sent } = request;
        await fetch(`${server.url}${operation.path}`, { method: 'POST', headers, body: sent });
      }
  } finally {
    await server.close(0);
  }
  const file = join(capsules, `examples-${name}-${keepData ? 'kept' : 'pseudonyms'}.capsule.json`);
  await writeRunCapsule(file, record, { keepData, settings, server });
};

/** @returns how many capsules differ */
const replayAll = (node: string): number => {
  const files = readdirSync(capsules);
  const env = {
    ...process.env,
    TZ: 'America/St_Johns',
    LANG: 'zh_HK.UTF-8',
    LC_ALL: 'zh_HK.UTF-8',
  };
  const failures = files.flatMap((file) => {
    const words = [join(keyless, 'dist', 'main.cjs'), 'capsule', 'replay', join(capsules, file)];
    const ended = spawnSync(node, words, { cwd: keyless, encoding: 'utf8', env });
    return ended.status === 0 ? [] : [`${file}: ${ended.status}\n${ended.stdout}${ended.stderr}`];
  });
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  process.stdout.write(
    `Node ${version}: ${files.length - failures.length} of ${files.length} capsules replay\n`,
  );
  for (const failure of failures) process.stdout.write(`${failure}\n`);
  return failures.length;
};

try {
  for (const part of ['dist', 'openapi', 'scenarios', 'package.json'])
    cpSync(join(packageRoot, part), join(keyless, part), { recursive: true });
  const bundle = join(packageRoot, 'dist', 'main.cjs');
  const run = ['scenarios', 'run', ...scenarios, '--capsules', capsules];
  execFileSync(process.execPath, [bundle, ...run], { stdio: 'ignore' });
  for (const name of Object.keys(ways) as (keyof typeof ways)[])
    for (const keepData of [true, false]) await recordExamples(name, keepData);
  const runtimes = given.length > 0 ? given : [process.execPath];
  const differing = runtimes.map(replayAll).reduce((sum, count) => sum + count, 0);
  process.exitCode = differing === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
