import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, describe, expect, test } from 'vitest';
import { AlipayHKClient } from '../../sdk/client/client.ts';
import { init } from '../../server/cli/commands/init.ts';
import { packageRoot } from '../../server/package-root.ts';
import { runBundle } from '../run-bundle.ts';
import { runCli } from './run-cli.ts';

const main = join(packageRoot, 'dist', 'main.cjs');

interface ToolResult {
  readonly isError?: boolean;
  readonly structuredContent: Readonly<Record<string, unknown>>;
  readonly content: readonly { readonly text: string }[];
}

const open: Client[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((client) => client.close()));
});

/** An agent that starts the command as a user's configuration says. */
const startAgent = async (options: ClientOptions = {}, args: readonly string[] = []) => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [main, 'mcp', '--port', '1', ...args],
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir() },
    cwd: tmpdir(),
    stderr: 'ignore',
  });
  const client = new Client({ name: 'test', version: '1' }, options);
  await client.connect(transport);
  open.push(client);
  return {
    client,
    call: async (name: string, args: Readonly<Record<string, unknown>> = {}) =>
      (await client.callTool({ name, arguments: { ...args } })) as unknown as ToolResult,
  };
};

test.each<readonly [string, ClientOptions]>([
  ['the newest revision', { versionNegotiation: { mode: 'auto' } }],
  ['a revision with initialize', { versionNegotiation: { mode: 'legacy' } }],
])('agents of %s are served over standard input and output', async (_name, options) => {
  const { client, call } = await startAgent(options);
  expect((await client.listTools()).tools).toHaveLength(16);
  expect((await call('simulator_status')).structuredContent).toMatchObject({ isRunning: false });
  const resource = await client.readResource({ uri: 'alipayhk-mock://docs/how-to/client.md' });
  expect(JSON.stringify(resource.contents)).toContain('# ');
  const { prompts } = await client.listPrompts();
  expect(prompts.map(({ name }) => name)).toEqual([
    'integrate',
    'why_refused',
    'certify_my_client',
  ]);
});

describe('a program that sees only results of tools', () => {
  test('goes from nothing to five mended mistakes and a certified client', {
    timeout: 90_000,
  }, async () => {
    const { call } = await startAgent();
    const started = (await call('start_simulator', { seed: 7 })).structuredContent;
    const env = started['env'] as Readonly<Record<string, string>>;
    const options = {
      baseUrl: String(env['ALIPAYHK_BASE_URL']),
      clientId: String(env['ALIPAYHK_CLIENT_ID']),
      privateKey: readFileSync(String(started['privateKeyFile']), 'utf8'),
      platformKey: String(env['ALIPAYHK_PLATFORM_KEY']),
      sleep: async () => {},
    };
    const order = (merchantBizNo: string) => ({
      merchantBizNo,
      orderStatus: 'TICKETED' as const,
      userId: '2160120074526881',
      merchantBizType: 'PASS_TICKET' as const,
      orderCreateTime: 1_747_893_700_000,
      orderModifyTime: 1_747_893_800_000,
      amount: { value: '63900', currency: 'HKD' },
      payAmount: { value: '59900', currency: 'HKD' },
      tradeNo: '2025052219071000010000017425001',
      extInfo: { title: { en_US: 'Day ticket' }, quantity: '2' },
    });
    // Its first version signs another path.
    const wrong = new AlipayHKClient({ ...options, keyVersion: 9, retry: false });
    await wrong.attempt('syncOrder', wrong.serialize('syncOrder', order('A') as never));
    const explained = (await call('explain_exchange', { language: 'node' })).structuredContent;
    expect(explained).toMatchObject({ verdict: 'refused', code: 'KEY_NOT_FOUND' });
    const client = new AlipayHKClient(options);
    await client.syncOrder(order('A') as never);
    const verified = await call('verify_exchanges', {
      verification: { exchanges: [{ exchange: { code: 'SUCCESS', signed: true } }] },
      waitMs: 1000,
    });
    expect(verified.structuredContent).toMatchObject({ passed: true });

    const { scenarios } = (await call('find_scenarios', { query: 'order fails twice' }))
      .structuredContent as { scenarios: readonly { name: string }[] };
    expect(scenarios.length).toBeGreaterThan(0);
    await call('script_outcomes', { scenarios: ['order-fails-twice-then-succeeds'] });
    const success = await client.call('syncOrder', order('B') as never);
    expect(success.attempts).toBe(3);

    let certification = (await call('certify', { action: 'begin', cases: ['C-PRE-01'] }))
      .structuredContent;
    const handle = certification['handle'];
    const merchant = certification['merchant'] as { url: string };
    const certified = new AlipayHKClient({ ...options, baseUrl: merchant.url });
    let done = 0;
    await expect
      .poll(
        async () => {
          if (Number(certification['step']) > done) {
            done = Number(certification['step']);
            const [, , ...messages] = String(certification['instruction']).split('\n');
            for (const message of messages)
              await certified.syncOrder(JSON.parse(message)).catch(() => undefined);
          }
          certification = (await call('certify', { action: 'result', handle })).structuredContent;
          return certification['isDone'];
        },
        { timeout: 60_000, interval: 300 },
      )
      .toBe(true);
    expect(certification['cases']).toMatchObject([{ id: 'C-PRE-01', verdict: 'PASS' }]);
    expect((await call('stop_simulator')).structuredContent).toEqual({ stopped: true });
  });
});

test('standard output has messages of the protocol only, also when tools fail', async () => {
  const child = spawn(process.execPath, [main, 'mcp', '--port', '1', '--log-level', 'debug'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: tmpdir(),
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const initialize = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize });
  send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  for (const [id, name] of ['start_simulator', 'explain_exchange', 'no_such_tool'].entries())
    send({ jsonrpc: '2.0', id: id + 2, method: 'tools/call', params: { name, arguments: {} } });
  await expect.poll(() => text.split('\n').length, { timeout: 15_000 }).toBeGreaterThanOrEqual(5);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  expect(await ended).toBe(0);
  for (const line of text.trim().split('\n')) expect(JSON.parse(line).jsonrpc).toBe('2.0');
});

test('other commands do not load the file of the protocol', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-hook-'));
  const hook = join(folder, 'hook.cjs');
  writeFileSync(
    hook,
    "process.on('exit', () => process.stderr.write(Object.keys(require.cache).join('\\n')));",
  );
  const { finished } = runBundle(['--help'], { env: { NODE_OPTIONS: `--require ${hook}` } });
  const { stderr } = await finished;
  expect(stderr).toContain('main.cjs');
  expect(stderr).not.toContain('mcp.cjs');
  rmSync(folder, { recursive: true });
});

test('what is wrong with settings and cases is said, and is no bug', async () => {
  const { call } = await startAgent();
  for (const [name, args, message] of [
    ['start_simulator', { settings: { httpStatus: 'nonsense' } }, 'httpStatus'],
    ['start_simulator', { scenario: ['no-such-scenario'] }, 'no-such-scenario'],
    ['certify', { action: 'begin', cases: ['C-NONE-99'] }, 'C-NONE-99'],
  ] as const) {
    const { isError, content } = await call(name, args);
    expect(isError).toBe(true);
    expect(content[0]?.text).toContain(message);
    expect(content[0]?.text).not.toContain('bug');
  }
});

describe('init --agents', () => {
  test('keeps what others have written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'init-agents-'));
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    writeFileSync(join(folder, 'AGENTS.md'), '# Mine\n\nKeep this.\n');
    writeFileSync(join(folder, '.mcp.json'), '{"other":1,"mcpServers":{"theirs":{"command":"x"}}}');
    expect(init(folder, { agents: true })).toBe(0);
    const once = read('AGENTS.md');
    expect(once.startsWith('# Mine\n\nKeep this.\n\n<!-- alipayhk-mock: begin -->')).toBe(true);
    expect(JSON.parse(read('.mcp.json'))).toEqual({
      other: 1,
      mcpServers: {
        theirs: { command: 'x' },
        'alipayhk-mock': { command: 'npx', args: ['alipayhk-mock', 'mcp'] },
      },
    });
    expect(Buffer.byteLength(read('.agents/skills/alipayhk-mock/SKILL.md'))).toBeLessThan(5000);
    writeFileSync(join(folder, 'AGENTS.md'), `${once}After.\n`);
    init(folder, { agents: true });
    expect(read('AGENTS.md')).toBe(`${once}After.\n`);
    writeFileSync(join(folder, '.mcp.json'), 'not JSON');
    expect(() => init(folder, { agents: true })).toThrow('is no JSON object');
    rmSync(folder, { recursive: true });
  });

  test('says what became of files that were there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'init-agents-'));
    const first = await runCli('init', folder, '--agents');
    expect(first.stdout.match(/^wrote \S+: /gm)).toHaveLength(3);
    const again = await runCli('init', folder, '--agents');
    expect(again.stdout.match(/ \(\w+\): /g)).toEqual([
      ' (updated): ',
      ' (updated): ',
      ' (overwritten): ',
    ]);
    const asJson = await runCli('init', folder, '--agents', '--json');
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      written: [{ change: 'updated' }, { change: 'updated' }, { change: 'overwritten' }],
    });
    rmSync(folder, { recursive: true });
  });
});
