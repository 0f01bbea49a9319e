import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readFidelityRegister } from '../../../server/domain/contract/fidelity.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { StartupError } from '../../../server/problems/problem.ts';

test('the register that is shipped is read, settings being optional', () => {
  const entries = readFidelityRegister(join(packageRoot, 'openapi', 'fidelity.yaml'));
  expect(entries.find(({ id }) => id === 'G-35')).toMatchObject({ topic: 'gateway', settings: [] });
});

test.each([
  ['no YAML', 'entries: ['],
  ['no entries', 'entries: []'],
  ['an entry without its id', 'entries: [{ topic: x }]'],
])('a file with %s is no register', (_what, text) => {
  const folder = mkdtempSync(join(tmpdir(), 'register-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'fidelity.yaml');
  writeFileSync(file, text);
  expect(() => readFidelityRegister(file)).toThrow(StartupError);
});
