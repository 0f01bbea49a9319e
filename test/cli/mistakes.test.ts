import { existsSync, mkdtempSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMockServer, ListenError, StartupError } from '../../sdk/testing/index.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { runBundle } from '../run-bundle.ts';
import { startServer } from '../start-server.ts';
import { runCli } from './run-cli.ts';

const newFolder = () => mkdtempSync(join(tmpdir(), 'mistakes-'));
const orderPath = '/api/open/alipay/v1/merchant/order/sync';

describe('a port that is in use', () => {
  let taken: Server;
  let port: number;
  beforeAll(async () => {
    taken = createTcpServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    port = (taken.address() as AddressInfo).port;
  });
  afterAll(() => {
    taken.close();
  });
  const sentence = (flag: string) =>
    `cannot listen on 127.0.0.1:${port}: the port is in use. Stop what uses it, or choose another with ${flag} (0 takes a free one).`;

  test('exec and proxy: the sentence of serve, and its exit code', async () => {
    const exec = await runBundle(['exec', '--port', String(port), '--', 'true']).finished;
    expect(exec).toEqual({ code: 3, stdout: '', stderr: `error: ${sentence('--port')}\n` });
    const admin = await runCli('exec', '--admin-port', String(port), '--', 'true');
    expect(admin).toEqual({
      code: 3,
      stdout: '',
      stderr: `error: ${sentence('--admin-port')}\n`,
    });
    const proxy = await runCli('proxy', '--target', 'http://127.0.0.1:9', '--listen', String(port));
    expect(proxy).toEqual({
      code: 3,
      stdout: '',
      stderr: `error: ${sentence('--listen')}\n`,
    });
  });

  test.each([
    ['a silent log', ['--log-level', 'silent'], 'pipe'],
    ['a log on a full disk', [], '/dev/full'],
  ])('serve with %s: the sentence is on standard error', async (_what, args, output) => {
    if (output !== 'pipe' && !existsSync(output)) return;
    const stdout = output === 'pipe' ? ('pipe' as const) : openSync(output, 'w');
    const { code, stderr } = await runBundle(['--port', String(port), ...args], { stdout })
      .finished;
    expect(code).toBe(3);
    expect(stderr).toContain(`error: ${sentence('--port')}\n`);
  });

  test('serve with a quiet log: the generated admin token is on standard error', async () => {
    const { child, finished } = runBundle(
      ['--port', '0', '--host', '0.0.0.0', '--log-level', 'warn'],
      { killAfterMs: 60_000 },
    );
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill('SIGTERM');
    expect((await finished).stderr).toMatch(/the admin API requires a token: [0-9a-f]{32}\n/);
  });

  test('createMockServer: an error with a stable code that names setting and remedy', async () => {
    const error = await createMockServer({ port }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ListenError);
    expect(error).toBeInstanceOf(StartupError);
    expect(error).toMatchObject({ code: 'EADDRINUSE', port, message: sentence('port') });
    expect(error).toMatchObject({
      problems: [{ where: `127.0.0.1:${port}`, message: 'cannot listen here: the port is in use' }],
    });
    await expect(createMockServer({ host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
      message:
        'cannot listen on 192.0.2.1:0: this machine has no such address. Choose another with host.',
    });
    await expect(createMockServer({ adminPort: port })).rejects.toMatchObject({
      message: sentence('adminPort'),
    });
  });
});

describe('send', () => {
  let server: MockServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const unusable = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await runCli(...args);
    expect(code).toBe(2);
    return stderr;
  };

  test('a mistyped example is named, with the nearest one', async () => {
    for (const command of ['send', 'sign', 'curl'])
      expect(await unusable(command, 'order-sync', '--example', 'MOVIE_TICKT')).toContain(
        '--example: syncOrder has no example "MOVIE_TICKT"\n    Did you mean "MOVIE_TICKET"?',
      );
  });

  test.each(['abc', '', '-1', '0', '1.5', '1e3', '99999'])(
    '--repeat %j and --key-version are refused unless whole',
    async (value) => {
      expect(await unusable('send', 'order-sync', `--repeat=${value}`)).toContain(
        'Write a whole number from 1 to 10000.',
      );
      if (value === '99999') return;
      for (const [command, ...args] of [['send', 'order-sync'], ['env'], ['doctor', 'x']] as const)
        expect(await unusable(command, ...args, `--key-version=${value}`)).toContain(
          "option '--key-version <n>' argument",
        );
    },
  );

  test('--fail: S ends with 0; F and U end with 1', async () => {
    const send = async (...more: string[]) =>
      (await runCli('send', 'order-sync', '--url', server.url, ...more)).code;
    expect(await send('--fail')).toBe(0);
    expect(await send('--fail', '--example', 'MOVIE_TICKET', '--repeat', '2')).toBe(0);
    const failing = ['--set', 'orderStatus=NO_SUCH_STATUS'];
    expect(await send(...failing)).toBe(0);
    expect(await send('--fail', ...failing)).toBe(1);
    const slow = await startServer({ scenario: ['order-fails-twice-then-succeeds'] });
    expect((await runCli('send', 'order-sync', '--url', slow.url, '--fail')).code).toBe(1);
    expect((await runCli('send', 'order-sync', '--url', slow.url)).code).toBe(0);
    await slow.close();
  });

  const signedBody = async (...assignments: string[]): Promise<Record<string, unknown>> => {
    const sets = assignments.flatMap((text) => ['--set', text]);
    return JSON.parse(
      JSON.parse((await runCli('sign', 'order-sync', '--json', ...sets)).stdout).body,
    );
  };

  test('--set descends into objects and lists, and null deletes', async () => {
    const body = await signedBody(
      'a.b=1',
      'a.c.d="x"',
      'list=[{"price":1},{"price":2}]',
      'list.1.price=3',
      'list.0=null',
    );
    expect(body).toMatchObject({ a: { b: 1, c: { d: 'x' } }, list: [{ price: 3 }] });
    expect(body['a.b']).toBeUndefined();
    expect(await signedBody('a={"b":1,"c":2}', 'a.b=null')).toMatchObject({ a: { c: 2 } });
    expect(await signedBody('userId=2160120074526881000123')).toMatchObject({
      userId: '2160120074526881000123',
    });
  });

  test('--set into a text, past a list, or without a field is refused', async () => {
    const set = (text: string) => unusable('sign', 'order-sync', '--set', 'list=[]', '--set', text);
    expect(await set('merchantBizNo.x=1')).toContain('merchantBizNo is');
    expect(await set('list.7=1')).toContain('7 is not an index of a list with 0 entries');
    for (const text of ['=1', 'a', 'a..b=1', '.a=1', 'a.=1'])
      expect(await set(text)).toContain('is not field=value');
    expect(await unusable('sign', 'order-sync', '--set', 'a=1', '--body', '/x')).toContain(
      '--body: sends a file unchanged',
    );
  });

  test('a path in --url is used once', async () => {
    const seen: string[] = [];
    const web = createServer((req, res) => {
      seen.push(req.url ?? '');
      res.end('{}');
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const prefixed = await runCli('send', 'order-sync', '--url', `${url}/mock/`);
    expect(prefixed.stdout).toContain(`→ POST ${url}/mock${orderPath}\n`);
    await runCli('send', 'order-sync', '--url', `${url}${orderPath}`);
    await runCli('send', 'order-sync', '--url', `${url}/mock`, '--base-path', '/mock');
    expect(seen).toEqual([`/mock${orderPath}`, orderPath, `/mock${orderPath}`]);
    const { stdout } = await runCli('curl', 'order-sync', '--url', `${url}/mock`);
    expect(stdout).toContain(`${url}/mock${orderPath}`);
    expect(stdout).not.toContain('/mock/mock');
    web.close();
  });

  test('the address of the admin API is taken as it is, and once', async () => {
    for (const url of [
      server.url,
      `${server.url}/`,
      `${server.url}/__admin`,
      `${server.url}/__admin/`,
      `${server.url}${orderPath}`,
    ]) {
      expect((await runCli('journal', 'list', '--url', url)).code).toBe(0);
      expect((await runCli('clients', 'list', '--url', url)).code).toBe(0);
      expect((await runCli('export', 'har', '--url', url)).code).toBe(0);
    }
    const missing = await unusable('journal', 'list', '--url', `http://127.0.0.1:9/__admin`);
    expect(missing).not.toContain('__admin/__admin');
  });

  test.each(['localhost:8852', 'rubbish', 'ftp://127.0.0.1', 'http://', ''])(
    '--url %j is refused with an example',
    async (url) => {
      for (const args of [['send', 'order-sync'], ['journal', 'list'], ['health'], ['env']])
        expect(await unusable(...args, '--url', url)).toMatch(
          /'--url <url>' argument '.*' is invalid\. Write an address .*e\.g\. http:/,
        );
    },
  );
});

test('a message about a file names that file', async () => {
  const folder = newFolder();
  const folderIs = `${folder}: cannot be read: it is a directory`;
  const commands = [
    ['send', 'order-sync', '--body', folder],
    ['sign', 'order-sync', '--private-key', folder],
    ['env', '--platform-key', folder],
    ['doctor', folder],
    ['verify-response', folder, '--target', 'order-sync'],
    ['state', 'import', folder],
    ['keys', 'add', folder, '--client', 'SHOP', '--keys', join(folder, 'keys')],
  ];
  for (const args of commands)
    expect((await runCli(...args)).stderr, args.join(' ')).toContain(folderIs);
  const file = join(folder, 'file');
  writeFileSync(file, 'x');
  for (const args of [
    ['export', 'openapi', '--out', join(file, 'below')],
    ['state', 'export', '--out', join(file, 'below')],
    ['init', join(file, 'below')],
  ])
    expect(
      (await runCli(...args, ...(args[0] === 'state' ? ['--url', 'http://127.0.0.1:9'] : []))).code,
      args.join(' '),
    ).toBe(2);
});

test('exec says which port is its default', async () => {
  const { stdout } = await runCli('exec', '--help');
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain('port to listen on; default: a free one');
  expect(stdout).not.toMatch(/default: 8852/);
});

test('an unforeseen error is one sentence; its stack only where it is asked for', async () => {
  const { reportFailure } = await import('../../server/cli/program.ts');
  const written: string[] = [];
  const write = process.stderr.write;
  process.stderr.write = (text) => written.push(String(text)) > 0;
  try {
    expect(reportFailure(new TypeError('x is not a function'))).toBe(70);
    process.env['NODE_DEBUG'] = 'alipayhk-mock';
    reportFailure(new TypeError('y'));
  } finally {
    delete process.env['NODE_DEBUG'];
    process.stderr.write = write;
  }
  expect(written[0]).toBe(
    'error: unexpected error, a bug of alipayhk-mock: TypeError: x is not a function\n    Report it, with what NODE_DEBUG=alipayhk-mock prints in addition.\n',
  );
  expect(written[1]).toMatch(/\n\s+at /);
});

test.each(['http://127.0.0.1:9/__admin', 'http://127.0.0.1:9/__console/'])(
  'send --url %s: operations are not there',
  async (url) => {
    const { code, stderr } = await runCli('send', 'order-sync', '--url', url);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /error: --url: \/__(admin|console)\/? has no operations\n {4}Write --url http:\/\/127\.0\.0\.1:9\.\n/,
    );
  },
);
