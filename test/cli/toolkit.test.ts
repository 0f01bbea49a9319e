import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { AlipayHKClient } from '../../sdk/client/client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { initFiles } from '../../server/cli/commands/init.ts';
import { runBundle } from '../run-bundle.ts';
import { order } from '../sdk/testing/order.ts';
import { demoClient, startServer } from '../start-server.ts';
import { runCli } from './run-cli.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
const newFolder = () => mkdtempSync(join(tmpdir(), 'toolkit-'));
const isAbsent = (command: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`]);
    return false;
  } catch {
    return true;
  }
};

describe('curl, sign and verify-response', () => {
  test.skipIf(isAbsent('curl')).each([[[]], [['--encrypt']], [['--algorithm', 'ECC224']]])(
    'a printed curl line %j is accepted as it is, and its answer verifies',
    async (way) => {
      const line = await runCli(
        'curl',
        'order-sync',
        '--url',
        server.url,
        '--set',
        'merchantBizNo=本',
        ...way,
      );
      expect(line.code).toBe(0);
      const file = join(newFolder(), 'answer.http');
      // The server runs in this process, so nothing may block it.
      writeFileSync(
        file,
        (await promisify(execFile)('sh', ['-c', line.stdout], { timeout: 10_000 })).stdout,
      );
      const verified = await runCli('verify-response', file, '--target', 'order-sync');
      expect(verified).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/"resultCode": "SUCCESS"[\s\S]*✓/),
      });
      writeFileSync(file, readFileSync(file, 'utf8').replace(/.$/, 'x'));
      const tampered = await runCli('verify-response', file, '--target', 'order-sync', '--json');
      expect(tampered.code).toBe(1);
      expect(JSON.parse(tampered.stdout)).toMatchObject({
        signature: 'bad',
        distrust: expect.stringContaining('does not verify'),
      });
    },
  );

  test('verify-response: another path, a request, no file', async () => {
    const file = join(newFolder(), 'x.http');
    writeFileSync(file, 'POST / HTTP/1.1\r\n\r\n');
    expect(await runCli('verify-response', file, '--target', '/x')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('this is a request'),
    });
    expect((await runCli('verify-response', '/no/such', '--target', '/x')).code).toBe(2);
    writeFileSync(file, 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}');
    expect(await runCli('verify-response', file, '--target', '/x')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('not signed'),
    });
  });

  test('sign shows the very text that was signed; a body of one’s own stays as it is', async () => {
    const file = join(newFolder(), 'body.json');
    writeFileSync(file, '{ "requestId": "A" }');
    const { stdout } = await runCli('sign', 'order-sync', '--body', file, '--json');
    const signed = JSON.parse(stdout);
    expect(signed).toMatchObject({
      method: 'POST',
      target: '/api/open/alipay/v1/merchant/order/sync',
      body: '{ "requestId": "A" }',
    });
    expect(signed.signedText).toBe(
      `POST ${signed.target}\n${demoClient}.${signed.headers['Request-Time']}.{ "requestId": "A" }`,
    );
    expect((await runCli('sign', 'order-sync')).stdout).toMatch(
      /^POST \/api[\s\S]*Signature: algorithm=RSA256,keyVersion=1,signature=/,
    );
  });

  test('send --json', async () => {
    const { stdout, code } = await runCli('send', 'payment-info', '--url', server.url, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      signature: 'verified',
      settled: 'S',
      answer: { json: { result: { resultCode: 'SUCCESS' } } },
    });
  });

  test('keys from files, and what is wrong with them', async () => {
    const folder = newFolder();
    const made = await server.clients.create({ clientId: 'BY-FILE' });
    if ('problem' in made) throw new Error(made.problem.message);
    const file = join(folder, 'key.pem');
    writeFileSync(
      file,
      made.keyring.versions[0]?.privateKey?.export({ type: 'pkcs8', format: 'pem' }) ?? '',
    );
    const sent = await runCli(
      'send',
      'order-sync',
      '--url',
      server.url,
      '--client',
      'BY-FILE',
      '--private-key',
      file,
    );
    expect(sent.code).toBe(0);
    expect(await runCli('send', 'order-sync', '--client', 'NOBODY')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('client "NOBODY" is not in the key folder'),
    });
    writeFileSync(file, 'rubbish');
    expect((await runCli('send', 'order-sync', '--private-key', file)).stderr).toContain(
      'no RSA or secp224r1 key',
    );
    expect((await runCli('send', 'order-sync', '--private-key', '/no/such')).stderr).toContain(
      '/no/such',
    );
  });
});

describe('env', () => {
  test('prints what makes a client, as dotenv, for a shell, as JSON', async () => {
    const asJson = JSON.parse(
      (await runCli('env', '--format', 'json', '--url', server.url)).stdout,
    );
    const client = new AlipayHKClient({
      baseUrl: asJson.ALIPAYHK_BASE_URL,
      clientId: asJson.ALIPAYHK_CLIENT_ID,
      privateKey: asJson.ALIPAYHK_PRIVATE_KEY,
      keyVersion: Number(asJson.ALIPAYHK_KEY_VERSION),
      platformKey: asJson.ALIPAYHK_PLATFORM_KEY,
    });
    expect((await client.syncOrder(order())).orderStatus).toBe('TICKETED');
    const { stdout } = await runCli('env', '--format', 'shell', '--url', server.url);
    const seen = execFileSync('sh', ['-c', `${stdout}\nprintf %s "$ALIPAYHK_PRIVATE_KEY"`], {
      encoding: 'utf8',
    });
    expect(seen).toBe(asJson.ALIPAYHK_PRIVATE_KEY);
    expect((await runCli('env', '--algorithm', 'ECC224')).stdout).toMatch(
      /^ALIPAYHK_BASE_URL='http:\/\/127\.0\.0\.1:8852'/,
    );
  });
});

describe('exec', () => {
  const program = `
    const { env } = process;
    fetch(env.ALIPAYHK_ADMIN_URL + '/health').then(async (r) => {
      console.log(JSON.stringify({ status: (await r.json()).status, client: env.ALIPAYHK_CLIENT_ID, key: env.ALIPAYHK_PRIVATE_KEY.length > 100, args: process.argv.slice(1) }));
      process.exit(Number(env.CODE));
    });`;

  test.each([0, 7])(
    'runs the command beside a simulator that is ready, and ends with its code %i; options after it are its own',
    async (code) => {
      const { finished } = runBundle(
        ['exec', '--', process.execPath, '-e', program, '--', '--watch', 'x'],
        {
          env: { CODE: String(code), PORT: '1' },
        },
      );
      const { stdout, ...run } = await finished;
      expect({ code: run.code, stderr: run.stderr }).toEqual({ code, stderr: '' });
      expect(JSON.parse(stdout)).toMatchObject({
        status: 'ready',
        client: expect.stringMatching(/^MOCK/),
        key: true,
        args: ['--watch', 'x'],
      });
    },
  );

  test('a signal is passed on; the code is 128 and its number; the log goes to a file', async () => {
    const folder = newFolder();
    const log = join(folder, 'simulator.log');
    const call =
      "fetch(process.env.ALIPAYHK_BASE_URL + '/x', { method: 'POST' }).then(() => console.log('asked')); setInterval(() => {}, 1000)";
    const running = runBundle([
      'exec',
      '--client',
      demoClient,
      '--log',
      log,
      '--',
      process.execPath,
      '-e',
      call,
    ]);
    await new Promise<void>((resolve) => running.child.stdout?.on('data', () => resolve()));
    running.child.kill('SIGTERM');
    expect((await running.finished).code).toBe(143);
    expect(readFileSync(log, 'utf8')).toContain('INVALID_API');
  });

  test('a command that is not there', async () => {
    expect(await runBundle(['exec', '--', 'no-such-command']).finished).toMatchObject({
      code: 127,
      stderr: expect.stringMatching(/cannot run \S+: unknown command\. Check its name/),
    });
  });
});

describe('--json', () => {
  test('health, scenarios check and run', async () => {
    expect(JSON.parse((await runCli('health', '--url', server.url, '--json')).stdout)).toEqual({
      ready: true,
      url: server.url,
      httpStatus: 200,
    });
    const gone = await runCli('health', '--url', 'http://127.0.0.1:9', '--json');
    expect(gone.code).toBe(1);
    expect(JSON.parse(gone.stdout)).toMatchObject({ ready: false, why: expect.any(String) });
    expect(JSON.parse((await runCli('scenarios', 'check', '--json')).stdout)).toMatchObject({
      problems: [],
      warnings: [],
    });
    expect(
      JSON.parse((await runCli('scenarios', 'run', 'order-success', '--json')).stdout),
    ).toMatchObject({
      passed: 1,
      failed: 0,
      results: [{ scenario: 'order-success', passed: true, differences: [] }],
    });
  });
});

test('export har: what a running simulator has seen; without one it says so', async () => {
  await runCli('send', 'order-sync', '--url', server.url);
  const { log } = JSON.parse((await runCli('export', 'har', '--url', server.url)).stdout);
  expect(log.entries.at(-1).request.url).toContain('/merchant/order/sync');
  expect(await runCli('export', 'har', '--url', 'http://127.0.0.1:9')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no response'),
  });
});

describe('init', () => {
  test('writes files that work, says which, and overwrites none', async () => {
    const folder = newFolder();
    const { code, stdout } = await runCli('init', folder);
    expect(code).toBe(0);
    for (const name of [
      'alipayhk-mock.config.yaml',
      'scenarios/first-order-is-slow.yaml',
      'compose.alipayhk.yaml',
      '.github/workflows/alipayhk.yml',
    ]) {
      expect(stdout).toContain(`wrote ${join(folder, name)}`);
      expect(parse(readFileSync(join(folder, name), 'utf8'))).toBeTypeOf('object');
    }
    writeFileSync(join(folder, 'compose.alipayhk.yaml'), 'mine');
    const again = await runCli('init', folder);
    expect(again).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('exists, so nothing was written'),
    });
    expect(readFileSync(join(folder, 'compose.alipayhk.yaml'), 'utf8')).toBe('mine');
    const inAFile = await runBundle(['init', join(folder, 'compose.alipayhk.yaml', 'x')]).finished;
    expect(inAFile).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /compose\.alipayhk\.yaml.x.*: cannot be written: a part of its path is a file/,
      ),
    });
    expect(
      JSON.parse((await runCli('init', folder, '--force', '--json')).stdout).written,
    ).toHaveLength(4);
    const run = await runBundle(['scenarios', 'run', 'first-order-is-slow'], { cwd: folder })
      .finished;
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('1 passed') });
  });

  test('says how to make the tarball that the compose file and the workflow install', async () => {
    const { stdout } = await runCli('init', newFolder());
    const packed = execFileSync('sh', ['-c', `${/npm pack ".*"$/m.exec(stdout)?.[0]} --dry-run`], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    expect(stdout).toContain(`${packed} next to them`);
    for (const name of ['compose.alipayhk.yaml', '.github/workflows/alipayhk.yml'])
      expect(initFiles.get(name)?.text).toContain(packed);
  });

  test('the scenario it writes is slow at the first call for an order, and only then', async () => {
    const folder = newFolder();
    await runCli('init', folder);
    const slow = await startServer({
      scenarios: [join(folder, 'scenarios')],
      scenario: ['first-order-is-slow'],
    });
    const send = ['send', 'order-sync', '--set', 'merchantBizNo=SLOW-1'];
    const call = async (): Promise<number> => {
      const start = performance.now();
      const { stdout } = await runCli(...send, '--url', slow.url);
      expect(stdout).toContain('"resultCode": "SUCCESS"');
      return performance.now() - start;
    };
    try {
      expect(await call()).toBeGreaterThan(1900);

      expect(await call()).toBeLessThan(1900);
    } finally {
      await slow.close();
    }
  });
});

describe('help, mistakes, completion', () => {
  test('a mistyped command and a mistyped option get a suggestion', async () => {
    expect(await runCli('sned')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "send"?'),
    });
    expect((await runCli('curl', 'order-sync', '--encript')).stderr).toContain(
      '(Did you mean --encrypt?)',
    );
    expect((await runCli('export', 'postmen')).stderr).toContain('Allowed choices');
    expect((await runCli('completion', 'bsh')).stderr).toContain('Did you mean "bash"?');
  });

  test('every command of the toolkit shows examples', async () => {
    for (const name of [
      'send',
      'curl',
      'sign',
      'verify-response',
      'exec',
      'env',
      'init',
      'export',
      'proxy',
      'completion',
    ])
      expect([name, (await runCli(name, '--help')).stdout.includes('Examples:')]).toEqual([
        name,
        true,
      ]);
  });

  test('bash completes commands, sub-commands and options', async () => {
    const script = join(newFolder(), 'completion');
    writeFileSync(script, (await runCli('completion', 'bash')).stdout);
    const complete = (...words: string[]): string[] =>
      execFileSync(
        'bash',
        [
          '-c',
          `source ${script}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _alipayhk_mock; printf '%s\\n' "\${COMPREPLY[@]}"`,
        ],
        { encoding: 'utf8' },
      )
        .trim()
        .split('\n');
    expect(complete('alipayhk-mock', 'ex')).toEqual(['exec', 'export']);
    expect(complete('alipayhk-mock', 'keys', 'ro')).toEqual(['rotate']);
    expect(complete('alipayhk-mock', 'keys', 'rotate', '--over')).toEqual(['--overlap']);
    expect(complete('alipayhk-mock', 'curl', '--enc')).toContain('--encrypt');
    expect(complete('alipayhk-mock', 'curl', 'order')).toEqual(['order-sync']);
    expect(complete('alipayhk-mock', 'curl', '--algorithm', '')).toEqual(['RSA256', 'ECC224']);
    expect(complete('alipayhk-mock', 'serve', '--steering', 'o')).toContain('off');
    expect(complete('alipayhk-mock', 'completion', 'p')).toEqual(['powershell']);
    // No words: bash completes file names.
    expect(complete('alipayhk-mock', 'exec', '--log', '')).toEqual(['']);
    expect(complete('alipayhk-mock', 'doctor', '')).toEqual(['']);
    expect(complete('alipayhk-mock', 'exec', '--', 'npm', '--li')).toEqual(['']);
    // bash gives --option=value as three words.
    const lintModes = ['report', 'strict', 'off'];
    expect(complete('alipayhk-mock', '--lint', '')).toEqual(lintModes);
    expect(complete('alipayhk-mock', '--lint', '=')).toEqual(lintModes);
    expect(complete('alipayhk-mock', 'exec', '--lint', '=', 's')).toEqual(['strict']);
    expect(complete('alipayhk-mock', 'exec', '--report', 'j')).toEqual(['json=', 'junit=']);
    expect(complete('alipayhk-mock', 'lint', '--explain', 'L-SIG')).toHaveLength(3);
    expect(complete('alipayhk-mock', 'scenarios', 'run', 'net-r')).toEqual(['net-reset']);
    expect(complete('alipayhk-mock', 'certify', '--case', 'C-PRE')).toContain('C-PRE-01');
  });

  test.skipIf(isAbsent('zsh'))('zsh knows commands and values', async () => {
    const script = join(newFolder(), 'completion.zsh');
    writeFileSync(script, (await runCli('completion', 'zsh')).stdout);
    const complete = (...words: string[]): string[] =>
      execFileSync(
        'zsh',
        [
          '-fc',
          `source ${script}; setopt ksharrays; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _alipayhk_mock; print -l -- "\${COMPREPLY[@]}"`,
        ],
        { encoding: 'utf8' },
      )
        .trim()
        .split('\n');
    // What does not begin like the word is left out by zsh itself.
    expect(complete('alipayhk-mock', 'keys', 'ro')).toContain('rotate');
    expect(complete('alipayhk-mock', 'exec', '--lint=s')).toEqual([
      ...['--lint=report', '--lint=strict', '--lint=off'],
    ]);
    expect(complete('alipayhk-mock', 'lint', '--fail-on', 'w')).toEqual([
      ...['error', 'warning', 'note'],
    ]);
  });

  test.skipIf(isAbsent('fish'))('fish completes commands, operations and values', async () => {
    const script = join(newFolder(), 'completion.fish');
    writeFileSync(script, (await runCli('completion', 'fish')).stdout);
    const complete = (line: string) =>
      execFileSync('fish', ['--no-config', '-c', `source ${script}; complete -C '${line}'`], {
        encoding: 'utf8',
      })
        .trim()
        .split('\n')
        .map((found) => found.split('\t')[0]);
    expect(complete('alipayhk-mock keys ro')).toEqual(['rotate']);
    expect(complete('alipayhk-mock send or')).toEqual(['order-sync']);
    expect(complete('alipayhk-mock curl --algorithm ')).toEqual(['ECC224', 'RSA256']);
    expect(complete('alipayhk-mock exec --lint=s')).toEqual(['--lint=strict']);
    expect(complete('alipayhk-mock --lint s')).toEqual(['strict']);
    expect(complete('alipayhk-mock keys --steer')).toEqual(['']);
  });

  test('PowerShell has the words of each command, and the values of options', async () => {
    const script = (await runCli('completion', 'powershell')).stdout;
    expect(script).toContain("    'keys' = @('create', 'add', 'list', ");
    expect(script).toContain("    'curl --algorithm' = @('RSA256', 'ECC224')\n");
    expect(script).toContain("    'exec --log' = @()\n");
    // Only quoted words and fixed code: nothing is expanded.
    const code = script.replaceAll('"$path $before"', '').replaceAll(/'[^']*'/g, '');
    expect(code).not.toContain('"');
  });

  test('fish and zsh have every command', async () => {
    const fish = (await runCli('completion', 'fish')).stdout;
    for (const word of ['send', 'exec', 'rotate', 'overlap']) expect(fish).toContain(word);
    expect(fish).toContain("-l algorithm -x -a 'RSA256 ECC224'");
    expect(fish).toMatch(/from [^']*\bexec\b[^']*' -l log -r -F -d /);
    expect((await runCli('completion', 'zsh')).stdout).toContain('bashcompinit');
  });
});
