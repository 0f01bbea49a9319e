import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';

/** What the package exports, without `./vitest`, which loads only inside a run with its setup. */
const entries: readonly Readonly<Record<string, unknown>>[] = [
  await import('../../sdk/testing/index.ts'),
  await import('../../sdk/testing/connect.ts'),
  await import('../../sdk/client/client.ts'),
  await import('../../sdk/testing/jest.ts'),
];
const exported = new Map(entries.flatMap((entry) => Object.entries(entry)));
const sources = ['sdk', 'server/problems'].flatMap((folder) =>
  readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.gen.ts'))
    .map((name) => readFileSync(join(packageRoot, folder, name), 'utf8')),
);

interface Declaration {
  readonly docs: string;
  /** From the declaration to the end of its file or the next top-level docstring. */
  readonly code: string;
}

const findDeclaration = (name: string): Declaration => {
  const pattern = new RegExp(
    String.raw`(/\*\*(?:(?!\*/)[\s\S])*\*/\n)?export (?:class|const|function) ${name}\b[\s\S]*?(?=\n/\*\*|$)`,
  );
  for (const source of sources) {
    const [found, docs = ''] = pattern.exec(source) ?? [];
    if (found !== undefined) return { docs, code: found.slice(docs.length) };
  }
  throw new Error(`no declaration of ${name}`);
};

/** The docstring in front of each public method of a class; empty without one. */
const methodDocs = (code: string): readonly (readonly [name: string, docs: string])[] =>
  [
    ...(code.startsWith('export class') ? code : '').matchAll(
      /(?:( {2}\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\n)?^ {2}(?:async )?(?!constructor|get |static|if|for|return)(\w+)(?:<.*>)?\(.*/gm,
    ),
  ].map((found) => [found[2] ?? '', found[1] ?? '']);

test('there is something to check', () => {
  expect([...exported.keys()]).toEqual(
    expect.arrayContaining(['createMockServer', 'AlipayHKClient', 'withAlipayHK', 'SetupError']),
  );
});

test.each([...exported.keys()])('%s has a docstring with an example', (name) => {
  const { docs, code } = findDeclaration(name);
  expect(docs).toContain('@example');
  for (const [method, text] of methodDocs(code)) expect([method, text]).not.toEqual([method, '']);
});

const errors = [...exported].filter(
  ([, value]) => typeof value === 'function' && value.prototype instanceof Error,
);

test.each(errors.map(([name]) => name))('%s ends in Error and has a documented code', (name) => {
  const { docs, code } = findDeclaration(name);
  expect(name).toMatch(/Error$/);
  expect(code).toMatch(/^ {2}(override )?readonly code\b/m);
  expect(docs).toMatch(/`code`/);
});

test('every @throws of what is exported names an error and its code', () => {
  const throwing = [...exported.keys()].flatMap((name) => {
    const { docs, code } = findDeclaration(name);
    return [docs, ...methodDocs(code).map(([, text]) => text)].flatMap((text) =>
      [...text.matchAll(/@throws ([^@]*)/g)].map((found) => found[1] ?? ''),
    );
  });
  expect(throwing.length).toBeGreaterThan(10);
  for (const text of throwing) expect(text).toMatch(/^\w+Error\b[\s\S]*`[A-Z_]+`|^Error `[A-Z_]+`/);
});
