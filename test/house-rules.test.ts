import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readFidelityRegister } from '../server/domain/contract/fidelity.ts';
import { settingRows } from '../server/domain/settings/settings-table.ts';
import { packageRoot } from '../server/package-root.ts';

const folders = ['server', 'sdk', 'console'];
const files = folders.flatMap((folder) =>
  readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name)),
);
const sourceOf = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');
const importsOf = (file: string): string[] =>
  [
    ...sourceOf(file).matchAll(
      /^(?:import|export)[^'"]*?from '([^']+)';$|^import '([^']+)';$|\bimport\('([^']+)'\)/gm,
    ),
  ].map((found) => found[1] ?? found[2] ?? found[3] ?? '');
const ownImportsOf = (file: string): string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)));

/**
 * `server/gateway/steps/decide.ts` is in the room `gateway`, `sdk/client/backoff.ts` in
 * `sdk/client`.
 */
const roomOf = (file: string): string => {
  const [top = '', second = ''] = file.split('/');
  return top === 'server' ? second : top === 'sdk' ? `${top}/${second}` : top;
};

const base = ['protocol', 'problems', 'domain'];
const services = ['storage', 'doctor', 'journal', 'clients'];
const surfaces = ['conformance', 'gateway', 'admin'];

/**
 * Room -> rooms it may import. Each layer sees those below it; within services, only those before.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  problems: [],
  protocol: ['problems'],
  domain: ['protocol', 'problems'],
  ...Object.fromEntries(
    services.map((room, index) => [room, [...base, ...services.slice(0, index)]]),
  ),
  // What judges a merchant's integration.
  conformance: [...base, 'doctor', 'journal'],
  // It imitates a real gateway, and is compared with one.
  fidelity: [...base, 'journal', 'conformance'],
  // It calls merchants, and records what they answer.
  outbound: [...base, ...services, 'conformance'],
  gateway: [...base, ...services, 'conformance'],
  // Its loopback client signs as a merchant does.
  // The client of its API has the header that both sides must agree on.
  admin: [
    ...base,
    ...services,
    'conformance',
    'fidelity',
    'outbound',
    'package-root.ts',
    'sdk/client',
    'sdk/admin',
  ],
  app: [...base, ...services, ...surfaces, 'fidelity', 'outbound', 'package-root.ts'],
  cli: [
    ...base,
    ...services,
    ...surfaces,
    'fidelity',
    'outbound',
    'app',
    'package-root.ts',
    'sdk/admin',
    'sdk/client',
    'sdk/testing',
    'sdk/collections',
  ],
  'main.ts': ['app', 'cli'],
  'package-root.ts': [],
  // Published for merchants: the wire, and the contract's types.
  'sdk/client': ['protocol', 'domain', 'problems'],
  // It runs in the browser too, and knows the types of the admin API.
  'sdk/admin': ['problems', 'protocol', 'admin'],
  'sdk/collections': ['domain'],
  'sdk/testing': [
    ...[...base, ...services, ...surfaces, 'fidelity', 'app'],
    ...['sdk/admin', 'sdk/client'],
  ],
  // Of the admin API it knows the types, and of the others their texts.
  console: ['admin', 'problems', 'protocol', 'domain', 'doctor', 'conformance', 'sdk/admin'],
};

/** Package → files that may import it. */
const packages: Record<string, RegExp> = {
  lowdb: /^server\/storage\//,
  '@redis': /^server\/storage\/redis\/link\.ts$/,
  'node-forge': /^server\/protocol\/(tls|keys)\//,
  express: /^server\/(app|gateway|admin)\//,
  'express-openapi-validator': /^server\/(gateway\/request-validator|admin\/admin-contract)\.ts$/,
  helmet: /^server\/admin\/middleware\.ts$/,
  ajv: /^server\/(app\/answer-check|outbound\/judge-answer|gateway\/openapi-problems)\.ts$/,
  'ajv-formats': /^server\/gateway\/openapi-problems\.ts$/,
  '@readme': /^server\/gateway\/openapi-problems\.ts$/,
  zod: /^server\//,
  preact: /^console\//,
  'wouter-preact': /^console\/shell\/route\.ts$/,
  '@tanstack': /^console\/views\//,
  uplot: /^console\/views\//,
  '@codemirror': /^console\//,
  '@lezer': /^console\//,
  diff: /^console\/components\/byte-text\.tsx$/,
  'prom-client': /^server\/admin\/metrics\.ts$/,
  '@modelcontextprotocol': /^server\/admin\/mcp\/sdk\.ts$/,
  yaml: /^server\/problems\//,
  'fastest-levenshtein': /^server\/problems\/did-you-mean\.ts$/,
  re2js: /^server\/domain\/scenarios\/pattern\.ts$/,
  'cross-spawn':
    /^server\/(cli\/commands\/exec|conformance\/certify\/harness\/driver-process)\.ts$/,
  commander: /^server\/cli\//,
  'fast-xml-builder': /^server\/conformance\/report\/formats\.ts$/,
  // The types of the formats.
  ctrf: /^server\/conformance\/report\/formats\.ts$/,
  sarif: /^server\/conformance\/report\/sarif\.ts$/,
  // What is published for its users; the simulator itself does not depend on it.
  vitest: /^sdk\/testing\/vitest/,
  pino: /^server\/app\//,
  'pino-pretty': /^server\/app\//,
};

test('rooms import only what they may', () => {
  const breaches = files.flatMap((file) =>
    ownImportsOf(file)
      .filter(
        (target) => ![roomOf(file), ...(mayImport[roomOf(file)] ?? [])].includes(roomOf(target)),
      )
      .map((target) => `${file} → ${target}`),
  );
  expect(breaches).toEqual([]);
});

test('every room has its rule, and sdk/client imports types alone of the domain', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => mayImport[room] === undefined)).toEqual(
    [],
  );
  const values = files
    .filter((file) => /^(sdk\/(admin|client|collections)|console)\//.test(file))
    .flatMap((file) =>
      [...sourceOf(file).matchAll(/^import (?!type)[^'"]*?from '([^']+)';$/gm)]
        .map((found) => normalize(join(dirname(file), found[1] ?? '')))
        .filter((target) => ['domain', 'admin'].includes(roomOf(target)))
        // Translations and the table of records are data that import nothing; the page needs them.
        .filter(
          (target) => !/^server\/domain\/(chinese|operations\/operation-records)\b/.test(target),
        )
        .map((target) => `${file} → ${target}`),
    );
  expect(values).toEqual([]);
});

test('packages stay where they belong', () => {
  const breaches = files.flatMap((file) =>
    importsOf(file)
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
      .map((name) => name.split('/')[0] ?? name)
      .filter((name) => packages[name]?.test(file) !== true)
      .map((name) => `${file} imports ${name}`),
  );
  expect(breaches).toEqual([]);
});

test('domain is pure: no clock, no randomness, no files, no network', () => {
  const pure = files.filter((file) => roomOf(file) === 'domain');
  expect(pure.length).toBeGreaterThan(40);
  for (const file of pure)
    expect([
      file,
      /Date\.now|Math\.random|new Date\(\)|performance\.now/.test(sourceOf(file)),
    ]).toEqual([file, false]);
  // Types are no dependency; `node:http` for STATUS_CODES and `node:net` for isIP are constants and
  // pure functions.
  const allowed = ['node:crypto', 'node:http', 'node:net'];
  const impure = pure.flatMap((file) =>
    [...sourceOf(file).matchAll(/^import (?!type)[^'"]*?from '(node:[^']+)';$/gm)]
      .filter(([, name = '']) => !allowed.includes(name))
      .map(([, name]) => `${file} ${name}`),
  );
  // Scenario files are read next to what they mean; reading takes place at start-up and on a change
  // only.
  expect(impure).toEqual([
    'server/domain/scenarios/read-scenarios.ts node:fs',
    'server/domain/scenarios/read-scenarios.ts node:path',
  ]);
  // What runs in other programs' sandboxes has no other source of randomness.
  expect(
    files.filter(
      (file) => /Math\.random/.test(sourceOf(file)) && file !== 'sdk/collections/collections.ts',
    ),
  ).toEqual([]);
});

test('a request can be read without going back', () => {
  const page = readFileSync(join(packageRoot, 'docs', 'architecture.md'), 'utf8');
  const listed = page.slice(page.indexOf('in this order.'), page.indexOf('## Where is'));
  const order = [...listed.matchAll(/`([a-z/-]+\.ts)`/g)].map(
    ([, name]) => `server/gateway/${name}`,
  );
  const steps = files.filter((file) => /^server\/gateway\/(steps|reply)\//.test(file));
  const inList = sourceOf('server/gateway/index.ts');
  expect(
    steps.filter((file) => inList.includes(`/${basename(file)}'`) && !order.includes(file)),
  ).toEqual([]);
  for (const [place, file] of order.entries())
    expect([file, ownImportsOf(file).filter((name) => order.indexOf(name) >= place)]).toEqual([
      file,
      [],
    ]);
});

test('addresses are dialled in one place', () => {
  const dialling =
    /import \{[^}]*\b(request|get|connect|createConnection)\b[^}]*\} from 'node:(https?|net|tls)'/;
  expect(files.filter((file) => dialling.test(sourceOf(file))).toSorted()).toEqual([
    // The simulator itself, that a capsule is played to.
    'server/fidelity/capsule/play-capsule.ts',
    'server/protocol/send-raw.ts',
  ]);
  // What merchants import, and what runs in a browser.
  const outside = files.filter((file) => /^server\/(?!doctor|conformance)/.test(file));
  expect(outside.filter((file) => /(?<![.\w])fetch\(/.test(sourceOf(file)))).toEqual([]);
});

test('there are no import circles', () => {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const target of ownImportsOf(file)) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test('names: kebab-case, no drawers, no index that only re-exports', () => {
  for (const file of files) {
    expect(basename(file)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*(\.gen)?\.tsx?$/);
    expect(file).not.toMatch(/(^|\/)(utils?|helpers?|common|shared|misc)(\/|\.)/);
    if (basename(file) === 'index.ts' && file !== 'sdk/testing/index.ts')
      expect([file, /^(?!import|export \{|\/\/|\/\*| \*|\s*$)/m.test(sourceOf(file))]).toEqual([
        file,
        true,
      ]);
  }
});

test('no any, no non-null assertion, no enum', () => {
  for (const file of files.filter((name) => !name.endsWith('.gen.ts'))) {
    const code = sourceOf(file).replace(
      /\/\*[\s\S]*?\*\/|\/\/.*$|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/gm,
      '',
    );
    expect([
      file,
      ...(code.match(/: any\b|<any\b|as any\b|\benum \w+ \{|\w!\.|\]!|\)!\./g) ?? []),
    ]).toEqual([file]);
  }
});

test('every register entry that code names exists, and every setting of the register exists', () => {
  const entries = readFidelityRegister(join(packageRoot, 'openapi', 'fidelity.yaml'));
  const ids = new Set(entries.map(({ id }) => id));
  const named = [
    ...files.map(sourceOf),
    readFileSync(join(packageRoot, 'openapi', 'alipayhk.yaml'), 'utf8'),
  ].flatMap((text) => text.match(/\b(?:[PGIOE]|OB)-\d{2}\b/g) ?? []);
  expect([...new Set(named)].filter((id) => !ids.has(id))).toEqual([]);
  const keys = new Set(settingRows.map(({ key }) => key));
  const unknown = entries
    .flatMap(({ id, settings }) => settings.map(({ key }) => `${id} ${key}`))
    .filter(
      (line) =>
        !keys.has((line.split(' ')[1] ?? '').replace(/^clients\..*/, 'clients')) &&
        !line.endsWith(' scenario'),
    );
  expect(unknown).toEqual([]);
});

test('the repository speaks of itself alone', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: packageRoot, encoding: 'utf8' })
    .trim()
    .split('\n');
  const texts = tracked.filter(
    (name) =>
      /\.(ts|md|ya?ml|json|mjs|sh|java|py|php)$|Dockerfile|check-/.test(name) &&
      !name.startsWith('test/vectors/') &&
      name !== relative(packageRoot, import.meta.filename),
  );
  const forbidden = /\/work\/|registry\.npm|deb\.debian|\bissue #?\d|this session|farm-/i;
  expect(
    texts.filter((name) => forbidden.test(readFileSync(join(packageRoot, name), 'utf8'))),
  ).toEqual([]);
});
