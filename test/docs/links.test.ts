import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';
import { allPages, readMarkdown } from './pages.ts';

const withoutCode = (markdown: string): string =>
  markdown.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** Links within the repository, as they stand. */
const linksOf = (page: string): readonly string[] =>
  [...withoutCode(readMarkdown(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .flatMap(([, link]) => link ?? [])
    .filter((link) => !/^\w+:/.test(link));

/** As GitHub names a heading, and anchors that a page sets itself. */
const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set([
    ...[...readMarkdown(page).matchAll(/^<a id="([^"]+)"><\/a>$/gm)].map(([, id = '']) => id),
    ...[...readMarkdown(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  ]);

const isBroken = (page: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(packageRoot, target))) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).has(anchor);
};

test('every link within the repository leads somewhere', () => {
  const pages = allPages().filter((page) => !page.startsWith('test/'));
  const links = pages.flatMap((page) => linksOf(page).map((link) => [page, link] as const));
  expect(links.length).toBeGreaterThan(60);
  expect(
    links.filter(([page, link]) => isBroken(page, link)).map(([page, link]) => `${page}: ${link}`),
  ).toEqual([]);
});

test('every link of a page in the package leads to a file in the package', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: packageRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
  const files: readonly string[] = JSON.parse(packed)[0].files.map(
    ({ path }: { readonly path: string }) => path,
  );
  const pages = files.filter((file) => file.endsWith('.md'));
  expect(pages).toContain('docs/tutorial.md');
  const dead = pages.flatMap((page) =>
    linksOf(page)
      .map((link) => link.split('#')[0] ?? '')
      .filter((path) => path !== '')
      .map((path) => normalize(join(dirname(page), path)).replace(/\/$/, ''))
      .filter((target) => !files.some((file) => file === target || file.startsWith(`${target}/`)))
      .map((target) => `${page}: ${target}`),
  );
  expect(dead).toEqual([]);
});

test('every page of the documentation is in its index, or in the page of its folder', () => {
  const index = new Set(
    ['docs/README.md', 'docs/decisions/README.md'].flatMap((page) =>
      linksOf(page).map((link) => normalize(join(dirname(page), link.split('#')[0] ?? ''))),
    ),
  );
  const pages = allPages().filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  expect(pages.filter((page) => !index.has(page))).toEqual([]);
});

test('the contract links every register entry it names to the register', () => {
  const text = readFileSync(join(packageRoot, 'openapi', 'alipayhk.yaml'), 'utf8');
  const links = [...text.matchAll(/\[([A-Z]-\d{2})\]\(\.\.\/(docs\/fidelity\.md)#([\w-]+)\)/g)];
  const named = new Set(text.match(/\b(?:[PGIOE]|OB)-\d{2}\b/g));
  expect(new Set(links.map(([, id]) => id))).toEqual(named);
  const anchors = anchorsOf('docs/fidelity.md');
  expect(links.filter(([, , , anchor = '']) => !anchors.has(anchor))).toEqual([]);
});
