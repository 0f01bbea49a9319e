import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { type Finished, runBundle } from '../run-bundle.ts';

/** Drivers that do not do what they should: certify says what is wrong, and leaves nothing. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alipayhk-mock-drivers-'));
  writeFileSync(
    join(folder, 'certify.yaml'),
    'operations: [syncOrder]\nretry: { patienceMs: 5000 }\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const correctClient = join(packageRoot, 'test/conformance/mutants/client.mjs');

/** Certifies first contact with a driver that is this program. */
const certify = async (program: string): Promise<Finished> => {
  writeFileSync(join(folder, 'driver.mjs'), program);
  const { finished } = runBundle(
    ['certify', '--case', 'C-PRE-01', '--', process.execPath, 'driver.mjs'],
    { cwd: folder },
  );
  return finished;
};

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Runs the correct client as this driver's child, with changes to its surroundings. */
const send = (environment = '{}', change = '(text) => text') => `
  import { readFileSync } from 'node:fs';
  import { spawnSync } from 'node:child_process';
  const change = ${change};
  const { stdout } = spawnSync(process.execPath, [${JSON.stringify(correctClient)}], {
    input: change(readFileSync(0, 'utf8')),
    env: { ...process.env, ...${environment} },
    encoding: 'utf8',
  });`;

test('one that sends, reports in the middle of its log, and writes no last line feed, is fine', async () => {
  const { code, stdout } = await certify(`${send()}
    console.log('{"half": ');
    process.stdout.write(Buffer.from([0xff, 0xfe, 0x0a]));
    console.log(stdout.trim());
    process.stdout.write('x'.repeat(100000) + ' the end');`);
  expect([code, stdout]).toEqual([0, expect.stringContaining('✓ C-PRE-01')]);
});

test('one that supports nothing: nothing was seen', async () => {
  const { code, stdout } = await certify(
    `console.log(JSON.stringify({ outcome: 'UNSUPPORTED' }));`,
  );
  expect([code, stdout]).toEqual([4, expect.stringContaining('not applicable')]);
});

test('one that sends nothing: what it must send, and where', async () => {
  const { code, stdout } = await certify('');
  expect(code).toBe(4);
  expect(stdout).toContain('the driver must send to ALIPAYHK_BASE_URL, as ALIPAYHK_CLIENT_ID');
});

test('one that sends for another operation', async () => {
  const other = `(text) => text
    .replace('syncOrder', 'updateMembershipCard')
    .replace('/merchant/order/sync', '/ipass/pass/manage/updatePass')`;
  const { code, stdout } = await certify(`${send('{}', other)} console.log(stdout);`);
  expect(code).not.toBe(0);
  expect(stdout).not.toContain('✓ C-PRE-01');
});

test('one that sends as the demo client: its traffic belongs to no case', async () => {
  const { code, stdout } = await certify(
    `${send(`{ ALIPAYHK_CLIENT_ID: '4Q5Y8W0WSG45P907917' }`)} console.log(stdout);`,
  );
  expect(code).not.toBe(0);
  expect(stdout).not.toContain('✓ C-PRE-01');
});

test('one that prints its private key: it is in no file of the run', async () => {
  const { code, stdout } = await certify(`${send()}
    console.log(process.env.ALIPAYHK_PRIVATE_KEY);
    console.error(process.env.ALIPAYHK_PRIVATE_KEY);
    console.log(stdout.trim());`);
  expect(code).toBe(0);
  const run = join(folder, 'certify-run');
  const files = readdirSync(run, { recursive: true, encoding: 'utf8', withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
  expect(texts.length).toBeGreaterThan(1);
  expect([stdout, ...texts].join('\n')).not.toMatch(/MIIEv[\w+/]{100}/);
});

test('one that leaves a child running: it is ended', async () => {
  const { code } = await certify(`${send()}
    import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    const stay = { stdio: 'ignore', detached: true };
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], stay);
    child.unref();
    if (stdout.includes('resent')) child.kill();
    else writeFileSync('child.pid', String(child.pid));
    console.log(stdout.trim());
    process.exit();`);
  expect(code).toBe(0);
  const pid = Number(readFileSync(join(folder, 'child.pid'), 'utf8'));
  // One that has ended exists until its new parent has noticed.
  await expect.poll(() => isThere(pid)).toBe(false);
});

test('one that never ends: it is ended, and that is said', { timeout: 60_000 }, async () => {
  writeFileSync(
    join(folder, 'certify.yaml'),
    'operations: [syncOrder]\nretry: { patienceMs: 500 }\n',
  );
  const { code, stdout } = await certify(
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`,
  );
  expect([code, stdout]).toEqual([4, expect.stringContaining('ended at the deadline')]);
});
