import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../server/package-root.ts';
import { readFile, readJobs } from './ci-jobs.ts';

const folder = '.github/workflows';
const files = readdirSync(join(packageRoot, folder)).map((name) => join(folder, name));
const { scripts, engines } = JSON.parse(readFile('package.json'));

test('there is one workflow for changes and one for releases', () => {
  expect(files.map((file) => file.split('/').at(-1)).sort()).toEqual(['ci.yml', 'publish.yml']);
});

describe.each(files)('%s', (file) => {
  const text = readFile(file);
  const { jobs, permissions } = parse(text);
  const steps = readJobs(file, text).flatMap((job) => job.steps);

  test('has no more rights than it needs', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  test('names jobs, scripts and files that exist', () => {
    for (const { needs = [] } of Object.values<{ needs?: string | string[] }>(jobs))
      for (const job of [needs].flat()) expect(Object.keys(jobs)).toContain(job);
    for (const step of steps) {
      const script = /\bnpm run ([\w:]+)/.exec(step)?.[1];
      if (script !== undefined) expect(scripts).toHaveProperty([script]);
      const path = /(?:^| )(scripts\/\S+)/.exec(step)?.[1];
      if (path !== undefined)
        expect([path, existsSync(join(packageRoot, path))]).toEqual([path, true]);
    }
  });

  test('pins actions by commit, and says which version that is', () => {
    const actions = [...text.matchAll(/uses: (.*)$/gm)].map(([, action = '']) => action);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions)
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

test('every supported Node is tested, and the newest on all systems', () => {
  const { include } = parse(readFile(`${folder}/ci.yml`)).jobs.test.strategy.matrix;
  const tested: [string, number][] = include.map(({ os, node }: { os: string; node: number }) => [
    os.split('-')[0] ?? '',
    node,
  ]);
  expect(tested.filter(([os]) => os === 'ubuntu').map(([, node]) => node)).toEqual([
    20, 22, 24, 26,
  ]);
  expect(engines.node).toMatch(/^>=20\./);
  for (const os of ['windows', 'macos']) expect(tested).toContainEqual([os, 24]);
});

test('the image of a release follows the package, with the tags 1.2.3, 1.2, 1 and latest', () => {
  const { image } = parse(readFile(`${folder}/publish.yml`)).jobs;
  expect(image.needs).toBe('npm');
  const { run, env } = image.steps.at(-1);
  // What the step hands to docker, which is not called here.
  const shown = execFileSync(
    'bash',
    ['--norc', '-euc', `docker() { env; }; export -f docker; ${run}`],
    {
      env: { PATH: process.env['PATH'], TAG: 'v1.2.3', IMAGE: 'registry.example/Owner/Name' },
      encoding: 'utf8',
    },
  );
  expect(Object.keys(env)).toEqual(['TAG', 'IMAGE']);
  const variables = new Map(shown.split('\n').map((line) => line.split('=') as [string, string]));
  const { tags } = JSON.parse(readFile('docker-bake.json')).target.image;
  expect(
    tags.map((tag: string) =>
      tag.replaceAll(/\$\{(\w+)\}/g, (_all, name) => variables.get(name) ?? ''),
    ),
  ).toEqual(['1.2.3', '1.2', '1', 'latest'].map((tag) => `registry.example/owner/name:${tag}`));
});
