import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
