import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { billOfMaterials } from '../../scripts/bundled-packages.ts';
import { patchNotes } from '../../scripts/bundles.ts';
import { packageRoot } from '../../server/package-root.ts';
import { runBundle } from '../run-bundle.ts';

const read = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');

test('notice and bill of materials name the same packages, with their licences, and those the runtime is made of', () => {
  const { components, metadata } = JSON.parse(read('dist/sbom.cdx.json')) as ReturnType<
    typeof billOfMaterials
  >;
  const notice = read('dist/NOTICE.txt');
  expect(metadata.component).toMatchObject({
    name: 'alipayhk-mock',
    version: JSON.parse(read('package.json')).version,
  });
  for (const { name, version } of components) expect(notice).toContain(`${name} ${version}, `);
  const names = components.map(({ name }) => name);
  for (const name of [
    'express',
    'express-openapi-validator',
    'lowdb',
    'node-forge',
    'pino',
    'zod',
    'commander',
    'yaml',
  ])
    expect(names).toContain(name);
  for (const name of ['vitest', 'typescript', 'esbuild']) expect(names).not.toContain(name);
  const unlicensed = components.filter(
    ({ name, licenses }) => licenses.length === 0 && !notice.includes(`${name} `),
  );
  expect(unlicensed).toEqual([]);
});

test('the bill of materials says what the build patches, and what the copied bundle is made of', () => {
  const { components } = JSON.parse(read('dist/sbom.cdx.json')) as ReturnType<
    typeof billOfMaterials
  >;
  const patched = components.filter(({ pedigree }) => pedigree !== undefined);
  expect(patched.map(({ name }) => name).sort()).toEqual(Object.keys(patchNotes).sort());
  for (const { name, pedigree } of patched)
    expect(pedigree?.notes.split('; ')).toEqual(patchNotes[name]);
  const inside = components.find(({ name }) => name === 'swagger-ui-dist')?.components ?? [];
  expect(inside.map(({ name }) => name)).toEqual(expect.arrayContaining(['dompurify', 'react']));
});

const simulatorFiles = ['run', 'simulator', 'on-demand'].map((name) => `dist/${name}.cjs`);

test("the simulator's bundles are plain ASCII, as which the launcher reads them", () => {
  for (const file of simulatorFiles)
    expect(/[^\0-\x7f]/.exec(read(file))?.[0], file).toBeUndefined();
});

test("the simulator's bundles import nothing late, which code out of the engine's cache cannot do", () => {
  for (const file of simulatorFiles)
    expect(/[^.\w$]import\(.{0,50}/.exec(read(file))?.[0], file).toBeUndefined();
});

test('a server needs only the first of its bundles, and its neighbours load what they name', () => {
  const required = (file: string) =>
    [...read(file).matchAll(/^var .*require\("(\.\/.+?)"\)/gm)].map(([, name]) => name);
  expect(required('dist/simulator.cjs')).toEqual(['./connect.cjs']);
  expect(required('dist/on-demand.cjs')).toEqual(['./simulator.cjs']);
});

// A process that is killed on Windows lists nothing.
describe.skipIf(process.platform === 'win32')('what a server has loaded when it stops', () => {
  /** Lists the bundles that a server has loaded, after some exchanges and the given request. */
  const listLoaded = async (path: string, args: readonly string[] = [], init?: RequestInit) => {
    const folder = mkdtempSync(join(tmpdir(), 'loaded-'));
    const [script, list] = [join(folder, 'list.cjs'), join(folder, 'list.txt')];
    writeFileSync(
      script,
      `if (require('node:worker_threads').isMainThread) process.on('exit', () =>
        require('node:fs').writeFileSync(${JSON.stringify(list)}, Object.keys(require.cache).join('\\n')));`,
    );
    const { child, url, finished } = runBundle(['--port', '0', ...args], {
      env: { NODE_OPTIONS: `--require "${script}"` },
      killAfterMs: 30_000,
    });
    const base = await url;
    const sent = await runBundle(['send', 'order-sync', '--url', base]).finished;
    expect(sent.code, sent.stderr).toBe(0);
    await fetch(`${base}/api/open/alipay/v1/merchant/order/sync`, { method: 'POST', body: '{}' });
    await fetch(`${base}/__admin/journal`);
    const { status } = await fetch(`${base}${path}`, init);
    expect(status).toBe(200);
    child.kill('SIGTERM');
    await finished;
    const loaded = readFileSync(list, 'utf8').split('\n');
    rmSync(folder, { recursive: true });
    return loaded
      .map((file) => basename(file))
      .filter((name) => name !== 'list.cjs')
      .sort();
  };
  const plain = ['connect.cjs', 'main.cjs', 'run.cjs', 'simulator.cjs'];

  test('nothing that only a part of the users needs', async () => {
    expect(await listLoaded('/__admin/health')).toEqual(plain);
  });

  test('the package of metrics, once they were read', async () => {
    expect(await listLoaded('/__admin/metrics')).toEqual([...plain, 'prom-client.cjs'].sort());
  });

  test('MCP, once an agent has called', async () => {
    const initialize = {
      ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
      params: {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'test', version: '1' },
      },
    };
    const loaded = await listLoaded('/__admin/mcp', ['--mcp'], {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(initialize),
    });
    expect(loaded).toContain('mcp.cjs');
  });
});

test('a bill of materials: package urls, licence ids or expressions, hashes of the lock file', () => {
  const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`;
  const bill = billOfMaterials(
    [{ name: '@a/b', version: '1.2.3', license: '(MIT OR ISC)', text: '', integrity }],
    {
      name: 'self',
      version: '0.0.1',
      license: 'MIT',
    },
  );
  expect(bill.components[0]).toEqual({
    type: 'library',
    'bom-ref': 'pkg:npm/%40a/b@1.2.3',
    name: '@a/b',
    version: '1.2.3',
    purl: 'pkg:npm/%40a/b@1.2.3',
    licenses: [{ expression: '(MIT OR ISC)' }],
    hashes: [{ alg: 'SHA-512', content: '01'.repeat(64) }],
  });
  expect(bill.dependencies).toEqual([
    { ref: 'pkg:npm/self@0.0.1', dependsOn: ['pkg:npm/%40a/b@1.2.3'] },
  ]);
});

test('whatever the variables of OpenTelemetry say, exec calls nothing but its simulator', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dialled-'));
  const hook = join(folder, 'hook.cjs');
  writeFileSync(
    hook,
    `const { Socket } = require('node:net');
    const { connect } = Socket.prototype;
    Socket.prototype.connect = function (...args) {
      const { host, port } = Array.isArray(args[0]) ? args[0][0] : args[0];
      process.stderr.write(\`dialled \${host}:\${port}\\n\`);
      return connect.apply(this, args);
    };`,
  );
  const collector = 'http://127.0.0.1:4318';
  const call = 'fetch(process.env.ALIPAYHK_BASE_URL).then((one) => console.log(one.url))';
  const { code, stdout, stderr } = await runBundle(['exec', '--', process.execPath, '-e', call], {
    env: {
      NODE_OPTIONS: `--require ${hook}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector}/v1/traces`,
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_TRACES_SAMPLER: 'always_on',
      OTEL_SERVICE_NAME: 'shop',
    },
  }).finished;
  expect(code).toBe(0);
  const dialled = new Set(stderr.match(/dialled .*/g));
  expect([...dialled]).toEqual([`dialled ${new URL(stdout.trim()).host}`]);
});
