import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { merchantAt } from '../merchant.ts';
import { type Running, runBundle } from '../run-bundle.ts';
import { startServer } from '../start-server.ts';
import { diagnosisVectors, signingVectors } from '../vectors.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'command-line-'));

describe('serve', () => {
  test('says what a newcomer needs, in JSON lines, the readiness line last; ends with 0 on a signal', async () => {
    const running = runBundle(['--port', '0']);
    const url = await running.url;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`${url}/__admin/health`)).json()).toMatchObject({
      status: 'ready',
      scenarios: [],
    });
    running.child.kill('SIGTERM');
    const { code, stdout, stderr } = await running.finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).msg);
    expect(lines[0]).toMatch(/^demo client 4Q5Y8W0WSG45P907917: .*RSA v1 SHA256:1752bedb/);
    expect(lines.join('\n')).toMatch(/platform: .*platform-key/);
    for (const id of ['P-01', 'P-02']) expect(lines.join('\n')).toContain(`(${id})`);
    expect(lines.findIndex((line) => line.includes('ready on '))).toBe(lines.length - 3);
  });

  test('P-01 a path that is set is not called inferred: start-up tells all of them', async () => {
    const running = runBundle(['--port', '0', '--paths-sync-additional-info', '/a,/b']);
    await running.url;
    running.child.kill('SIGTERM');
    const { stdout } = await running.finished;
    expect(stdout).toContain('syncAdditionalInfo is served at /a, /b (paths.syncAdditionalInfo)');
    expect(stdout).not.toContain('(P-01)');
    expect(stdout).toContain('syncAccountLinkage has an inferred path');
  });

  test('answers what is under way before it ends, within two seconds; a second signal forces', async () => {
    const running = runBundle(['--port', '0', '--scenario', 'slow-answer']);
    const url = await running.url;
    const example = await startServer();
    const merchant = merchantAt({ ...example, url });
    const slow = merchant.call('syncOrder').catch((error: unknown) => error);
    const open = async () => {
      const journal = await fetch(`${url}/__admin/journal`);
      return ((await journal.json()) as { open: unknown[] }).open.length;
    };
    await expect.poll(open).toBe(1);
    const began = Date.now();
    let log = '';
    running.child.stdout?.on('data', (text: string) => {
      log += text;
    });
    running.child.kill('SIGINT');
    await expect.poll(() => log).toContain('a second signal stops at once');
    running.child.kill('SIGINT');
    const { code } = await running.finished;
    expect(code).toBe(130);
    expect(Date.now() - began).toBeLessThan(2000);
    expect(await slow).toBeInstanceOf(Error);
    await example.close();
  });

  test('a kept-alive connection does not hold it up', async () => {
    const running = runBundle(['--port', '0']);
    const url = await running.url;
    await fetch(`${url}/__admin/health`);
    const began = Date.now();
    running.child.kill('SIGTERM');
    expect((await running.finished).code).toBe(0);
    expect(Date.now() - began).toBeLessThan(1500);
  });

  test('a port in use is a clear message and exit code 3', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const { code, stdout } = await runBundle(['--port', String(port)]).finished;
    expect(code).toBe(3);
    expect(JSON.parse(stdout.trim()).msg).toBe(
      `cannot listen on 127.0.0.1:${port}: the port is in use. Stop what uses it, or choose another with --port (0 takes a free one).`,
    );
    taken.close();
  });

  test('bad keys, a bad scenario and a bad setting: all at once, with file, line and remedy, exit code 2', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'keys', 'clients', 'SHOP'), { recursive: true });
    mkdirSync(join(folder, 'keys', 'platform'));
    mkdirSync(join(folder, 'stories'));
    writeFileSync(join(folder, 'keys', 'clients', 'SHOP', 'v1.public.pem'), 'not a key');
    writeFileSync(
      join(folder, 'stories', 'bad.yaml'),
      'name: bad\ndescription: x\nrules:\n  - when: { operation: syncOrder }\n    then: { result: ORDER_STATUS_INVALD }\n',
    );
    const { code, stderr } = await runBundle(
      ['--keys', 'keys', '--scenarios-dir', 'stories', '--scenario', 'order-sucess', '--port', '0'],
      { cwd: folder },
    ).finished;
    expect(code).toBe(2);
    expect(stderr).toContain('4 errors');
    expect(stderr).toContain('holds no private RSA key, so no answer can be signed');
    expect(stderr).toContain(
      `${join(folder, 'keys', 'clients', 'SHOP', 'v1.public.pem')}: holds no key that can be read`,
    );
    expect(stderr).toContain(
      `${join(folder, 'stories', 'bad.yaml')}:5:21: ORDER_STATUS_INVALD is not a result code of syncOrder\n    Did you mean "ORDER_STATUS_INVALID"?`,
    );
    expect(stderr).toContain(
      'there is no scenario "order-sucess"\n    Did you mean "order-success"?',
    );
    const settings = await runBundle(['--port', 'x', '--log-level', 'loud'], {
      env: { ALIPAYHK_MOCK_ORDERNG_STALE: 'x' },
    }).finished;
    expect(settings.code).toBe(2);
    expect(settings.stderr).toContain('3 errors');
    expect(settings.stderr).toContain('Did you mean "ALIPAYHK_MOCK_ORDERING_STALE"?');
  });

  test('an unknown flag is refused with a suggestion', async () => {
    const { code, stderr } = await runBundle(['serve', '--prot', '1']).finished;
    expect(code).toBe(2);
    expect(stderr).toContain('(Did you mean --port?)');
  });

  test('a bad contract is refused, with its line', async () => {
    const folder = newFolder();
    writeFileSync(
      join(folder, 'contract.yaml'),
      'openapi: 3.0.3\ninfo: { version: "1" }\npaths: {}\n',
    );
    const { code, stderr } = await runBundle(['--contract', 'contract.yaml', '--port', '0'], {
      cwd: folder,
    }).finished;
    expect(code).toBe(2);
    expect(stderr).toMatch(/contract\.yaml:1:10: openapi: must be 3\.1/);
    expect(stderr).toMatch(/x-gateway-codes/);
  });

  test('--help and --version', async () => {
    const help = await runBundle(['--help']).finished;
    expect(help.code).toBe(0);
    for (const command of ['serve', 'send', 'doctor', 'journal', 'exec', 'health'])
      expect(help.stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
    expect((await runBundle(['serve', '--help']).finished).stdout).toMatch(/--idempotency-max <n>/);
    expect((await runBundle(['--version']).finished).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('a reader that has seen enough is no failure', () => {
    const { status, stdout, stderr } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${join(packageRoot, 'dist', 'main.cjs')}" --help | head -n 1`],
      {
        encoding: 'utf8',
      },
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: alipayhk-mock/);
  });

  test('state in a folder outlives the process; a second process on it is refused', async () => {
    const folder = newFolder();
    const first = runBundle(['--port', '0', '--data', 'state'], { cwd: folder });
    const firstUrl = await first.url;
    const second = await runBundle(['--port', '0', '--data', 'state'], { cwd: folder }).finished;
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/is in use by process \d+/);
    const send = (url: string, ...more: string[]) =>
      runBundle(['send', 'order-sync', '--url', url, '--set', 'merchantBizNo=KEPT', ...more])
        .finished;
    expect((await send(firstUrl, '--set', 'orderStatus=USED')).code).toBe(0);
    first.child.kill('SIGKILL');
    await first.finished;
    const third = runBundle(['--port', '0', '--data', 'state'], { cwd: folder });
    const stale = await send(await third.url, '--set', 'orderModifyTime=1');
    expect(stale.stdout).toContain('"orderStatus": "USED"');
    third.child.kill('SIGTERM');
    expect((await third.finished).code).toBe(0);
  });
});

describe('send and health', () => {
  let running: Running;
  let url: string;
  beforeAll(async () => {
    running = runBundle(['--port', '0']);
    url = await running.url;
  });
  afterAll(async () => {
    running.child.kill('SIGTERM');
    await running.finished;
  });

  const operations = [
    'additional-info',
    'account-linkage',
    'payment-info',
    'order-sync',
    'membership-card',
  ];
  const ways = [
    [],
    ['--encrypt'],
    ['--algorithm', 'ECC224'],
    ['--algorithm', 'ECC224', '--encrypt'],
  ];
  test.each(operations.flatMap((operation) => ways.map((way) => [operation, way] as const)))(
    'send %s %j gets a verified answer',
    async (operation, way) => {
      const { code, stdout, stderr } = await runBundle(['send', operation, ...way, '--url', url])
        .finished;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('"resultCode": "SUCCESS"');
      expect(stdout).toContain('✓ the response is signed by the platform');
    },
  );

  test('send says when an answer is not signed, exit code 1', async () => {
    const { code, stdout } = await runBundle([
      'send',
      'order-sync',
      '--url',
      url,
      '--paths-sync-order',
      '/nowhere',
    ]).finished;
    expect(code).toBe(1);
    expect(stdout).toContain('✗ the response is not signed');
  });

  test('send: unknown operation, example, field and address', async () => {
    expect((await runBundle(['send', 'ordersync']).finished).stderr).toContain(
      'Did you mean "order-sync"?',
    );
    expect(
      (await runBundle(['send', 'order-sync', '--set', 'x', '--url', url]).finished).stderr,
    ).toContain('is not field=value');
    expect(
      (await runBundle(['send', 'order-sync', '--example', 'BUS', '--url', url]).finished).stderr,
    ).toContain('has no example "BUS"');
    const nobody = await runBundle(['send', 'order-sync', '--url', 'http://127.0.0.1:9']).finished;
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain('no response');
  });

  test('health: 0 when ready, 1 when not', async () => {
    const { port } = new URL(url);
    expect((await runBundle(['health'], { env: { PORT: port } }).finished).code).toBe(0);
    expect((await runBundle(['health', '--port', '9']).finished).code).toBe(1);
  });

  test('clients: made, listed and dropped by command', async () => {
    const made = await runBundle(['clients', 'create', 'BY-COMMAND', '--url', url]).finished;
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^BY-COMMAND\n-----BEGIN PRIVATE KEY-----/),
    });
    expect((await runBundle(['clients', 'list', '--url', url]).finished).stdout).toMatch(
      /BY-COMMAND\n/,
    );
    expect(
      await runBundle(['clients', 'create', 'BY-COMMAND', '--url', url]).finished,
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('exists already'),
    });
    expect((await runBundle(['clients', 'drop', 'BY-COMMAND', '--url', url]).finished).code).toBe(
      0,
    );
    expect((await runBundle(['clients', 'drop', 'BY-COMMAND', '--url', url]).finished).code).toBe(
      2,
    );
  });

  test('scenarios: listed, shown, checked and run by command', async () => {
    expect((await runBundle(['scenarios', 'list']).finished).stdout).toMatch(/^net-reset +\S/m);
    expect((await runBundle(['scenarios', 'show', 'net-reset']).finished).stdout).toContain(
      'fault: reset',
    );
    expect(await runBundle(['scenarios', 'check']).finished).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('0 errors, 0 warnings'),
    });
    expect(
      await runBundle(['scenarios', 'run', 'net-reset', 'idem-repeat']).finished,
    ).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 passed, 0 failed'),
    });
    expect((await runBundle(['scenarios', 'run', 'no-such']).finished).code).toBe(2);
  });

  test('doctor: 0 for a good message, 1 for a mistake, 2 for unusable input', async () => {
    const folder = newFolder();
    const vector = diagnosisVectors.find(({ code }) => code === 'BODY_REFORMATTED');
    const good = signingVectors.find(({ id }) => id === 'S01');
    if (vector === undefined || good === undefined) throw new Error('no vector');
    const write = (
      name: string,
      {
        requestTarget,
        headers,
        bodyBase64,
      }: { requestTarget: string; headers: Readonly<Record<string, string>>; bodyBase64: string },
    ) => {
      const head = [
        `POST ${requestTarget} HTTP/1.1`,
        ...Object.entries(headers).map(([header, value]) => `${header}: ${value}`),
        '',
        '',
      ].join('\r\n');
      writeFileSync(
        join(folder, name),
        Buffer.concat([Buffer.from(head), Buffer.from(bodyBase64, 'base64')]),
      );
      return join(folder, name);
    };
    const bad = await runBundle(['doctor', write('bad.http', vector), '--language', 'php'])
      .finished;
    expect(bad).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/BODY_REFORMATTED.*PHP:.*first difference/s),
    });
    expect((await runBundle(['doctor', write('good.http', good)]).finished).code).toBe(0);
    expect(
      JSON.parse(
        (await runBundle(['doctor', join(folder, 'bad.http'), '--json']).finished).stdout,
      )[0].cause.id,
    ).toBe('BODY_REFORMATTED');
    writeFileSync(
      join(folder, 'entry.json'),
      JSON.stringify({
        method: 'POST',
        target: vector.requestTarget,
        request: {
          headers: Object.fromEntries(
            Object.entries(vector.headers).map(([name, value]) => [name.toLowerCase(), value]),
          ),
          bodyBase64: vector.bodyBase64,
        },
      }),
    );
    expect(await runBundle(['doctor', join(folder, 'entry.json')]).finished).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('BODY_REFORMATTED'),
    });
    const stranger = join(packageRoot, 'test', 'vectors', 'keys', 'stranger.public.spki.pem');
    expect(
      (await runBundle(['doctor', join(folder, 'good.http'), '--key', stranger]).finished).stdout,
    ).toContain('KEY_UNKNOWN');
    writeFileSync(join(folder, 'rubbish'), 'hello');
    expect((await runBundle(['doctor', join(folder, 'rubbish')]).finished).code).toBe(2);
  });

  test('doctor: checks a response against the platform’s key', async () => {
    const response = signingVectors.find(({ direction }) => direction === 'response');
    if (response === undefined) throw new Error('no vector');
    const file = join(newFolder(), 'response.http');
    const head = [
      'HTTP/1.1 200 OK',
      ...Object.entries(response.headers).map(([name, value]) => `${name}: ${value}`),
      '',
      '',
    ].join('\r\n');
    writeFileSync(
      file,
      Buffer.concat([Buffer.from(head), Buffer.from(response.bodyBase64, 'base64')]),
    );
    expect(await runBundle(['doctor', file]).finished).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--target'),
    });
    expect(
      (await runBundle(['doctor', file, '--target', response.requestTarget]).finished).code,
    ).toBe(0);
    expect(
      (await runBundle(['doctor', file, '--target', `${response.requestTarget}?x`]).finished).code,
    ).toBe(1);
  });

  test('the platform’s key is served as PEM and as the bare line of SDKs', async () => {
    const pem = await (await fetch(`${url}/__admin/platform-key`)).text();
    expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    expect(await (await fetch(`${url}/__admin/platform-key?format=base64`)).text()).toBe(
      `${pem.replace(/-----[^-]+-----|\s/g, '')}\n`,
    );
    expect(await (await fetch(`${url}/__admin/platform-key?algorithm=ECC224`)).text()).not.toBe(
      pem,
    );
    expect((await fetch(`${url}/__admin/platform-key?version=9`)).status).toBe(404);
    const register = (await (await fetch(`${url}/__admin/fidelity`)).json()) as {
      entries: unknown[];
    };
    expect(register.entries.length).toBeGreaterThan(50);
    expect((await fetch(`${url}/__admin/nothing`)).status).toBe(404);
  });
});

test('the config file in the folder is used, and its path settings are its own', async () => {
  const folder = newFolder();
  writeFileSync(
    join(folder, 'alipayhk-mock.config.yaml'),
    `$schema: ${packageRoot}/docs/config.schema.json\nport: 0\nscenario: [order-success]\ndata: ./kept\n`,
  );
  const running = runBundle([], { cwd: folder });
  expect(await (await fetch(`${await running.url}/__admin/health`)).json()).toMatchObject({
    scenarios: ['order-success'],
  });
  running.child.kill('SIGTERM');
  expect((await running.finished).stdout).toContain(`state is kept in ${join(folder, 'kept')}`);
});
