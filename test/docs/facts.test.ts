import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { isServiceLink, settingsWith } from '../../server/app/settings/resolve-settings.ts';

import { readContract } from '../../server/domain/contract/read-contract.ts';
import { readScenarios } from '../../server/domain/scenarios/read-scenarios.ts';
import { settingRows, variableNames } from '../../server/domain/settings/settings-table.ts';
import { packageRoot } from '../../server/package-root.ts';
import { allPages, readMarkdown } from './pages.ts';
import { fileOf, readBlocks } from './read-page.ts';

const pages = allPages().filter((page) => /^(docs|examples)\/|^README\.md$/.test(page));
const mentions = (pattern: RegExp): readonly string[] =>
  pages.flatMap((page) =>
    [...readMarkdown(page).matchAll(pattern)].flatMap(([, name]) =>
      name === undefined ? [] : [`${page}: ${name}`],
    ),
  );
const nameIn = (mention: string): string => mention.slice(mention.indexOf(': ') + 2);

describe('what the pages name exists', () => {
  test('variables', () => {
    const variables = new Set([...settingRows.flatMap(variableNames), 'ALIPAYHK_MOCK_CONFIG']);
    // Kubernetes sets some names itself: the pages name them because the settings ignore them.
    const isKnown = (name: string) => variables.has(name) || isServiceLink(name, '');
    expect(
      mentions(/\b(ALIPAYHK_MOCK_[A-Z0-9_]+[A-Z0-9])\b/g).filter((one) => !isKnown(nameIn(one))),
    ).toEqual([]);
  });

  test('scenarios', () => {
    const { value: contract } = readContract(
      join(packageRoot, 'openapi', 'alipayhk.yaml'),
      settingsWith(),
    );
    if (contract === undefined) throw new Error('no contract');
    const ownStories = ['NAME', 'my-story', 'first-order-is-slow', 'tuesday-outage'];
    const known = new Set([
      ...readScenarios([join(packageRoot, 'scenarios')], contract).value.keys(),
      ...ownStories,
    ]);
    const named = mentions(
      /(?:--scenario |`)((?:net|sig|enc|ord|key|order|payment)-[a-z0-9-]+)`?/g,
    ).filter((one) => !/order-sync|payment-(info|notify)$/.test(one));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((one) => !known.has(nameIn(one)))).toEqual([]);
  });

  test('the port of the image, and its health check', () => {
    const dockerfile = readFileSync(join(packageRoot, 'Dockerfile'), 'utf8');
    const port = /^EXPOSE (\d+)$/m.exec(dockerfile)?.[1];
    for (const page of ['docs/how-to/testcontainers.md', 'docs/how-to/run-in-ci.md']) {
      const exposed = [
        ...readMarkdown(page).matchAll(
          /(?:withExposedPorts\(|getMappedPort\(|ports: \["\d+:)(\d+)/g,
        ),
      ].map(([, found]) => found);
      expect([page, ...new Set(exposed)]).toEqual([page, port]);
    }
    expect(readMarkdown('docs/how-to/run-in-ci.md')).toContain(
      /"(node)", "(\/app\/dist\/main\.cjs)", "(health)"/.exec(dockerfile)?.slice(1).join(' '),
    );
    expect(
      parse(readFileSync(join(packageRoot, 'openapi', 'admin.yaml'), 'utf8')).paths,
    ).toHaveProperty(['/health']);
  });
});

test('every complete client calls every operation, at the contract’s path', () => {
  const { value: contract } = readContract(
    join(packageRoot, 'openapi', 'alipayhk.yaml'),
    settingsWith(),
  );
  const paths = [...(contract?.operations.values() ?? [])].map(({ path }) => path);
  expect(paths).toHaveLength(5);
  const clients = [
    'openssl.sh',
    'python/complete_client.py',
    'java/CompleteClient.java',
    'php/complete-client.php',
    'go/main.go',
    'csharp/Program.cs',
  ];
  for (const client of clients) {
    const source = readFileSync(join(packageRoot, 'examples', client), 'utf8');
    expect([client, ...paths.filter((path) => !source.includes(path))]).toEqual([client]);
  }
});

test('YAML and JSON on the pages can be read', () => {
  const blocks = pages.flatMap((page) => readBlocks(page, readMarkdown(page)));
  for (const { language, words, text, page, line } of blocks.filter(
    (block) => !block.words.includes('output'),
  ))
    if (language === 'yaml')
      expect([
        `${page}:${line}`,
        ...parseAllDocuments(text).flatMap(({ errors }) => errors),
      ]).toEqual([`${page}:${line}`]);
    else if (language === 'json')
      expect(() => JSON.parse(text), `${page}:${line} ${words}`).not.toThrow();
  expect(blocks.filter((block) => fileOf(block)?.endsWith('.yaml')).length).toBeGreaterThan(2);
});
