import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';
import { settingRows } from '../server/config/settings-table.ts';
import { readFidelityRegister } from '../server/contract/fidelity.ts';
import { packageRoot } from '../server/package-root.ts';

const serverFolder = join(packageRoot, 'server');
const files = readdirSync(serverFolder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const sourceOf = (file: string): string => readFileSync(join(serverFolder, file), 'utf8');
const importsOf = (file: string): string[] =>
  [...sourceOf(file).matchAll(/^(?:import|export)[^'"]*?from '([^']+)';$|^import '([^']+)';$|\bimport\('([^']+)'\)/gm)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? '',
  );
const ownImportsOf = (file: string): string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)));
const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : file);

/** Folder → folders of ours it may import. */
const mayImport: Record<string, readonly string[]> = {
  text: [],
  protocol: [],
  problems: ['text'],
  world: [],
  clock: [],
  tls: ['problems'],
  keyring: ['problems', 'protocol', 'tls'],
  config: ['problems'],
  contract: ['config', 'problems', 'text', 'world'],
  faults: ['keyring', 'problems', 'protocol'],
  scenario: ['contract', 'faults', 'problems', 'text', 'world'],
  endpoints: ['config', 'contract', 'scenario', 'world'],
  store: ['problems', 'world'],
  journal: ['contract', 'doctor', 'protocol', 'scenario', 'text', 'world'],
  doctor: ['protocol', 'text'],
  gateway: [
    'clients',
    'clock',
    'config',
    'contract',
    'doctor',
    'endpoints',
    'faults',
    'journal',
    'keyring',
    'problems',
    'protocol',
    'scenario',
    'store',
    'text',
    'world',
  ],
  merchant: ['contract', 'endpoints', 'keyring', 'protocol', 'scenario', 'world'],
  collections: ['contract'],
  embedded: ['admin', 'config', 'index.ts', 'merchant', 'mock-server.ts', 'problems', 'protocol', 'text'],
  admin: [
    'clients',
    'clock',
    'config',
    'contract',
    'doctor',
    'endpoints',
    'journal',
    'keyring',
    'merchant',
    'package-root.ts',
    'problems',
    'protocol',
    'scenario',
    'store',
    'world',
  ],
  clients: ['clock', 'contract', 'journal', 'keyring', 'problems', 'protocol', 'scenario', 'store', 'world'],
  // The page asks over HTTP; of the admin API it knows the types.
  console: ['admin', 'text'],
};

/** Package → files that may import it. */
const packages: Record<string, RegExp> = {
  lowdb: /^store\//,
  'node-forge': /^(tls\/|keyring\/pkcs12\.ts$)/,
  express: /^(gateway|admin|console\/console-router\.ts|contract\/request-validator\.ts|mock-server\.ts|listeners\.ts)/,
  'express-openapi-validator': /^(contract\/request-validator|admin\/admin-contract)\.ts$/,
  helmet: /^admin\/secure-headers\.ts$/,
  ajv: /^contract\/answer-check\.ts$/,
  zod: /^(admin|cli|config|contract|faults|keyring|scenario|problems|store)\//,
  preact: /^console\/page\//,
  'fastest-levenshtein': /^problems\/did-you-mean\.ts$/,
  yaml: /^problems\/located-yaml\.ts$/,
  re2js: /^scenario\/pattern\.ts$/,
  commander: /^cli\//,
  // What is published for its users; the simulator itself knows nothing of it.
  vitest: /^embedded\/vitest/,
  pino: /^logging\.ts$/,
  'pino-pretty': /^logging\.ts$/,
};

test('folders import only what they may', () => {
  const breaches = files.flatMap((file) => {
    const allowed = mayImport[folderOf(file)];
    if (allowed === undefined) return [];
    return ownImportsOf(file)
      .filter((target) => ![folderOf(file), ...allowed].includes(folderOf(target)))
      .map((target) => `${file} → ${target}`);
  });
  expect(breaches).toEqual([]);
});

test('every folder has its rule, and nothing imports the command line', () => {
  const folders = new Set(files.filter((file) => file.includes('/')).map(folderOf));
  expect([...folders].filter((folder) => mayImport[folder] === undefined)).toEqual(['cli']);
  expect(
    files.filter(
      (file) => folderOf(file) !== 'cli' && file !== 'main.ts' && ownImportsOf(file).some((target) => folderOf(target) === 'cli'),
    ),
  ).toEqual([]);
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

test('protocol knows nothing but node:crypto; deciding code reads no clock, no chance, no files', () => {
  for (const file of files.filter((name) => folderOf(name) === 'protocol'))
    expect([file, ...importsOf(file).filter((name) => !name.startsWith('./') && name !== 'node:crypto')]).toEqual([file]);
  const deciding = files.filter(
    (file) => ['endpoints', 'world'].includes(folderOf(file)) || /^scenario\/(match|script|compile)/.test(file),
  );
  for (const file of deciding) expect([file, /Date\.now|Math\.random|node:fs|new Date\(\)/.test(sourceOf(file))]).toEqual([file, false]);
  // What runs in other programs' sandboxes has no other chance.
  expect(files.filter((file) => /Math\.random/.test(sourceOf(file)) && file !== 'collections/signing-script.ts')).toEqual([]);
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
    if (basename(file) === 'index.ts' && file !== 'index.ts')
      expect([file, /^(?!import|export \{|\/\/|\/\*| \*|\s*$)/m.test(sourceOf(file))]).toEqual([file, true]);
  }
});

test('no any, no non-null assertion, no enum', () => {
  for (const file of files.filter((name) => !name.endsWith('.gen.ts'))) {
    const code = sourceOf(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/gm, '');
    expect([file, ...(code.match(/: any\b|<any\b|as any\b|\benum \w+ \{|\w!\.|\]!|\)!\./g) ?? [])]).toEqual([file]);
  }
});

test('every register entry that code names exists, and every setting of the register exists', () => {
  const entries = readFidelityRegister(join(packageRoot, 'openapi', 'fidelity.yaml'));
  const ids = new Set(entries.map(({ id }) => id));
  const named = [...files.map(sourceOf), readFileSync(join(packageRoot, 'openapi', 'alipayhk.yaml'), 'utf8')].flatMap(
    (text) => text.match(/\b[PGIOE]-\d{2}\b/g) ?? [],
  );
  expect([...new Set(named)].filter((id) => !ids.has(id))).toEqual([]);
  const keys = new Set(settingRows.map(({ key }) => key));
  const unknown = entries
    .flatMap(({ id, settings }) => settings.map(({ key }) => `${id} ${key}`))
    .filter((line) => !keys.has((line.split(' ')[1] ?? '').replace(/^clients\..*/, 'clients')) && !line.endsWith(' scenario'));
  expect(unknown).toEqual([]);
});

test('the repository speaks of itself alone', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: packageRoot, encoding: 'utf8' }).trim().split('\n');
  const texts = tracked.filter(
    (name) =>
      /\.(ts|md|ya?ml|json|mjs|sh|java|py|php)$|Dockerfile|check-/.test(name) &&
      !name.startsWith('test/vectors/') &&
      name !== relative(packageRoot, import.meta.filename),
  );
  const forbidden = /\/work\/|registry\.npm|deb\.debian|\bissue #?\d|this session|farm-/i;
  expect(texts.filter((name) => forbidden.test(readFileSync(join(packageRoot, name), 'utf8')))).toEqual([]);
});
