/**
 * Coding agents as users have them: the packed tarball in an empty folder, started by npx, with the
 * protocol's own client in each of its eras, its inspector and its conformance suite. Inspector,
 * suite and the Node that they need come from the npm registry; what cannot be had is skipped, and
 * the last lines say so. --quick leaves out what is not in this repository.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Ajv2020 } from 'ajv/dist/2020.js';

const isQuick = process.argv.includes('--quick');
const folder = mkdtempSync(join(tmpdir(), 'check-agents-'));
const children = new Set();
const notes = [];
const note = (text) => {
  notes.push(text);
  console.log(text);
};

function installTarball() {
  const flags = ['pack', '--silent', '--pack-destination', folder];
  const tarball = execFileSync('npm', flags, { encoding: 'utf8' }).trim().split('\n').at(-1);
  const app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"private":true}');
  const install = ['install', '--silent', '--offline', '--no-audit', '--no-fund'];
  execFileSync('npm', [...install, join(folder, tarball)], { cwd: app, stdio: 'inherit' });
  execFileSync('npx', ['--no-install', 'alipayhk-mock', 'init', '--agents'], { cwd: app });
  const { command, args } = JSON.parse(readFileSync(join(app, '.mcp.json'), 'utf8')).mcpServers[
    'alipayhk-mock'
  ];
  assert.deepEqual([command, ...args], ['npx', 'alipayhk-mock', 'mcp']);
  checkDocs(join(app, 'node_modules/alipayhk-mock'), app);
  return app;
}

/** What agents are told to read is in the tarball. */
function checkDocs(root, app) {
  const links = [...readFileSync(join(root, 'llms.txt'), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)];
  assert.ok(links.length > 20);
  for (const [, link] of links)
    if (!/^https?:/.test(link)) readFileSync(resolve(root, link.split('#')[0]));
  const skill = readFileSync(join(app, '.agents/skills/alipayhk-mock/SKILL.md'), 'utf8');
  assert.ok(Buffer.byteLength(skill) < 5000);
  note(`llms.txt: its ${links.length} links are in the tarball; the skill has 5 kB at most`);
}

function eras() {
  return [
    ['newest', { versionNegotiation: { mode: 'auto' } }],
    ['with initialize', { versionNegotiation: { mode: 'legacy' } }],
    [
      '2025-06-18',
      { versionNegotiation: { mode: 'legacy' }, supportedProtocolVersions: ['2025-06-18'] },
    ],
  ];
}

/** The configuration that `init --agents` wrote, with a port on which nothing answers. */
async function startAgent(app, options) {
  const transport = new StdioClientTransport({
    command: 'npx',
    args: ['--no-install', 'alipayhk-mock', 'mcp', '--port', '1', '--tools', 'all'],
    cwd: app,
    env: { PATH: process.env.PATH, HOME: process.env.HOME ?? folder, TMPDIR: folder },
    stderr: 'ignore',
  });
  const client = new Client({ name: 'check-agents', version: '1' }, options);
  await client.connect(transport);
  const { tools } = await client.listTools();
  const schemas = new Map(tools.map((tool) => [tool.name, tool.outputSchema]));
  const said = [];
  const used = new Set();
  const call = async (name, args = {}) => {
    const result = await client.callTool({ name, arguments: args });
    used.add(name);
    said.push(JSON.stringify(result));
    assert.notEqual(result.isError, true, `${name}: ${result.content[0]?.text}`);
    const validate = new Ajv2020({ strict: false }).compile(schemas.get(name));
    assert.ok(validate(result.structuredContent), `${name}: ${JSON.stringify(validate.errors)}`);
    return result.structuredContent;
  };
  return { client, tools, call, said, used };
}

const order = (merchantBizNo) => ({
  merchantBizNo,
  orderStatus: 'TICKETED',
  userId: '2160120074526881',
  merchantBizType: 'PASS_TICKET',
  orderCreateTime: 1_747_893_700_000,
  orderModifyTime: 1_747_893_800_000,
  amount: { value: '63900', currency: 'HKD' },
  payAmount: { value: '59900', currency: 'HKD' },
  tradeNo: '2025052219071000010000017425001',
  extInfo: { title: { en_US: 'Day ticket' }, quantity: '2' },
});

const certifiedCases = [
  'C-PRE-01',
  'C-PRE-02',
  'C-REQ-03',
  'C-UNK-01',
  'C-UNK-02',
  'C-LOST-01',
  'C-FIN-01',
  'C-SEC-01',
];

/** A fixed program that sees results of tools only: from nothing to five passed scenarios. */
async function playNewcomer({ app, era, options, AlipayHKClient }) {
  const agent = await startAgent(app, options);
  const { client, tools, call, said, used } = agent;
  const committed = JSON.parse(readFileSync('test/admin/mcp/tools.json', 'utf8'));
  assert.deepEqual(
    tools.filter(({ name }) => committed.some((one) => one.name === name)).map(({ name }) => name),
    committed.map(({ name }) => name),
  );
  assert.equal((await call('simulator_status')).isRunning, false);
  const started = await call('start_simulator', { seed: 7 });
  const privateKey = readFileSync(started.privateKeyFile, 'utf8');
  const settings = {
    baseUrl: started.env.ALIPAYHK_BASE_URL,
    clientId: started.env.ALIPAYHK_CLIENT_ID,
    privateKey,
    platformKey: started.env.ALIPAYHK_PLATFORM_KEY,
    sleep: async () => {},
  };
  const wrong = new AlipayHKClient({ ...settings, keyVersion: 9, retry: false });
  await wrong.attempt('syncOrder', wrong.serialize('syncOrder', order('A')));
  const listed = await call('list_exchanges', { limit: 5 });
  assert.equal(listed.exchanges[0].code, 'KEY_NOT_FOUND');
  const why = await call('explain_exchange', { language: 'node' });
  assert.equal(why.verdict, 'refused');
  const good = new AlipayHKClient(settings);
  await good.syncOrder(order('A'));
  const verification = { exchanges: [{ exchange: { code: 'SUCCESS', signed: true } }] };
  assert.equal((await call('verify_exchanges', { verification, waitMs: 2000 })).passed, true);
  const { scenarios } = await call('find_scenarios', { query: 'order fails twice' });
  await call('script_outcomes', { scenarios: [scenarios[0].name] });
  await good.syncOrder(order('B')).catch(() => undefined);
  await call('script_outcomes', { scenarios: [] });
  await call('send_request', { operation: 'syncOrder' });
  await call('diagnose_message', { message: 'POST / HTTP/1.1\r\nSignature: x\r\n\r\n{}' });
  await call('read_state', { clientId: settings.clientId, collection: 'orders' });
  await call('lint_findings');
  await call('coverage_status');
  await call('look_up', { kind: 'guide', query: 'certify' });
  await call('move_clock', { advance: '5m' });
  const added = await call('add_client');
  const passed = await certify(call, settings, AlipayHKClient);
  await call('reset', { what: 'scenarios' });
  await call('stop_simulator');
  assert.deepEqual([...used].sort(), tools.map(({ name }) => name).sort());
  checkSecrets(said, [privateKey, readFileSync(added.privateKeyFile, 'utf8')]);
  await client.close();
  note(`${era}: npx from the tarball, all ${tools.length} tools, ${passed} cases passed`);
}

/** @returns how many of the cases passed: all of them, or this throws */
async function certify(call, settings, AlipayHKClient) {
  let session = await call('certify', { action: 'begin', cases: certifiedCases });
  const { handle, merchant } = session;
  // A certification is told by which factor pauses are shorter than in production.
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms * 0.05));
  const client = new AlipayHKClient({ ...settings, sleep, baseUrl: merchant.url, timeoutMs: 4000 });
  const outbox = new Map();
  let done = 0;
  const end = Date.now() + 120_000;
  while (!session.isDone && Date.now() < end) {
    if (session.step > done) {
      done = session.step;
      for (const line of session.instruction.split('\n'))
        if (line.startsWith('{')) outbox.set(line, JSON.parse(line));
      for (const [line, message] of outbox) {
        const outcome = await client.syncOrder(message).then(
          () => 'S',
          (error) => (error.code === 'UNKNOWN_OUTCOME' ? 'U' : 'F'),
        );
        if (outcome !== 'U') outbox.delete(line);
      }
    }
    await new Promise((done) => setTimeout(done, 250));
    session = await call('certify', { action: 'result', handle });
  }
  const failed = session.cases.filter(({ verdict }) => !/^PASS|^WARN/.test(verdict));
  assert.deepEqual(failed, [], 'cases that did not pass');
  const passed = new Set(session.cases.map(({ id }) => id)).size;
  assert.ok(passed >= 5, `${passed} cases`);
  return passed;
}

/** Not a line of a private key, in any form, is in what a tool has said. */
function checkSecrets(said, keys) {
  const text = said.join('\n');
  for (const key of keys) {
    const lines = key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----'));
    assert.ok(lines.length > 0);
    for (const line of [...lines, 'PRIVATE KEY'])
      assert.ok(!text.includes(line), 'an answer has a part of a private key');
  }
}

const nodeMajor = 24;

async function checkWithOthers(app) {
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  writeFileSync(join(tools, 'package.json'), '{"private":true}');
  const flags = ['--silent', '--no-audit', '--no-fund', '--ignore-scripts'];
  const packages = [
    `node@npm:node-linux-${arch() === 'arm64' ? 'arm64' : 'x64'}@${nodeMajor}`,
    '@modelcontextprotocol/inspector@2.12.0',
    '@modelcontextprotocol/conformance@0.2.0-alpha.12',
  ];
  const installed = spawnSync('npm', ['install', ...flags, ...packages], { cwd: tools });
  if (installed.status !== 0) {
    note('inspector and conformance suite: skipped, not to be had here');
    return;
  }
  const node = join(tools, 'node_modules/node/bin/node');
  const main = join(app, 'node_modules/alipayhk-mock/dist/main.cjs');
  inspect(node, join(tools, 'node_modules/@modelcontextprotocol/inspector'), main);
  await conform(node, join(tools, 'node_modules/@modelcontextprotocol/conformance'), main);
}

function inspect(node, inspector, main) {
  const launcher = join(inspector, 'clients/launcher/build/index.js');
  const run = (...args) => {
    const { status, stdout } = spawnSync(
      node,
      [
        launcher,
        '--cli',
        '--format',
        'json',
        process.execPath,
        main,
        'mcp',
        '--port',
        '1',
        ...args,
      ],
      { encoding: 'utf8', timeout: 60_000 },
    );
    return { status, stdout };
  };
  const list = run('--method', 'tools/list');
  assert.equal(list.status, 0);
  assert.equal(JSON.parse(list.stdout).result.tools.length, 16);
  const status = run('--method', 'tools/call', '--tool-name', 'simulator_status');
  assert.equal(status.status, 0);
  const failing = run('--method', 'tools/call', '--tool-name', 'explain_exchange');
  assert.equal(failing.status, 5);
  note(`inspector on Node ${nodeMajor}: 16 tools, a call, and exit code 5 for a tool that fails`);
}

/**
 * Scenarios of the suite that ask for no tools of its own. Four checks of `server-stateless` do: they
 * ask for tools that log, ask the user or need a capability of the client, which none here does.
 */
const conformance = [
  'server-initialize',
  'ping',
  'tools-list',
  'resources-list',
  'prompts-list',
  'dns-rebinding-protection',
  'caching',
  'http-header-validation',
  'server-stateless',
  'sep-2164-resource-not-found',
  'sep-2640-skills-directory',
  'sep-2640-skills-enumeration',
  'sep-2640-skills-manifest',
];

async function conform(node, suite, main) {
  const server = spawn(process.execPath, [main, '--port', '0', '--mcp'], { cwd: folder });
  children.add(server);
  const url = await new Promise((found, failed) => {
    let text = '';
    server.stdout.on('data', (chunk) => {
      text += chunk;
      const ready = /ready on (http:[^"\s]+)/.exec(text)?.[1];
      if (ready !== undefined) found(ready);
    });
    server.once('exit', () => failed(new Error(`the simulator ended: ${text}`)));
  });
  const bin = join(
    suite,
    JSON.parse(readFileSync(join(suite, 'package.json'), 'utf8')).bin.conformance,
  );
  let checks = 0;
  let skipped = 0;
  for (const scenario of conformance) {
    const args = [bin, 'server', '--url', `${url}/__admin/mcp`, '--scenario', scenario];
    const { status, stdout } = spawnSync(node, args, { encoding: 'utf8', timeout: 60_000 });
    const untestable = stdout.match(/Error: Not testable: server does not list the diag/g) ?? [];
    const failed = Number(/(\d+) failed/.exec(stdout)?.[1]);
    assert.equal(failed, untestable.length, `${scenario}\n${stdout}`);
    assert.equal(status, failed === 0 ? 0 : 1);
    skipped += failed;
    checks += Number(/Passed: (\d+)\//.exec(stdout)?.[1] ?? 0);
  }
  const left = readdirSync(folder).filter((name) => name.startsWith('alipayhk'));
  assert.ok(left.length < 10);
  assert.ok(skipped <= 4, `${skipped} checks could not be played`);
  note(
    `conformance suite: ${conformance.length} scenarios of the server, ${checks} checks passed, ` +
      `${skipped} ask for tools of the suite's own`,
  );
}

try {
  const app = installTarball();
  const { AlipayHKClient } = await import(join(app, 'node_modules/alipayhk-mock/dist/client.mjs'));
  for (const [era, options] of eras()) await playNewcomer({ app, era, options, AlipayHKClient });
  if (!isQuick) await checkWithOthers(app);
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n== agents\n${notes.join('\n')}`);
