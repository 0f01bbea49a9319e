import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../server/package-root.ts';

const folder = '.github/workflows';
const read = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly matrix: {
      readonly node: readonly number[];
      readonly include: readonly Readonly<Record<string, unknown>>[];
    };
  };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = readdirSync(join(packageRoot, folder)).map(
  (name) => [name, read(join(folder, name))] as const,
);
const parsed = (name: string): Workflow => parse(read(join(folder, name)));
const commands = (job: Job): readonly string[] => job.steps.flatMap(({ run = [] }) => run);

describe.each(workflows)('%s', (_name, text) => {
  const { permissions, jobs } = parse(text) as Workflow;
  const { scripts } = JSON.parse(read('package.json'));

  test('reads only, unless a job says otherwise', () => {
    expect(permissions).toEqual({ contents: 'read' });
  });

  test('each action is pinned to a commit, with its version beside it', () => {
    const lines = text.split('\n').filter((line) => line.includes('uses:'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+/);
  });

  test('the jobs, npm scripts and files that it names exist', () => {
    for (const job of Object.values(jobs)) {
      for (const needed of [job.needs ?? []].flat()) expect(jobs).toHaveProperty([needed]);
      for (const command of commands(job)) {
        for (const [, script = ''] of command.matchAll(/\bnpm run ([\w:]+)/g))
          expect(scripts).toHaveProperty([script]);
        for (const [file] of command.matchAll(/(?<![\w/])(?:scripts|\.ci)\/[\w-]+/g))
          expect([file, existsSync(join(packageRoot, file))]).toEqual([file, true]);
      }
    }
    for (const { with: given } of Object.values(jobs).flatMap(({ steps }) => steps))
      if (typeof given?.['files'] === 'string')
        expect(existsSync(join(packageRoot, given['files']))).toBe(true);
  });

  test('its variables are explained in its first lines', () => {
    const comments = text
      .split('\n')
      .filter((line) => line.startsWith('#'))
      .join('\n');
    for (const [, name = ''] of text.matchAll(/\$\{\{ vars\.(\w+) \}\}/g))
      expect(comments).toContain(name);
  });
});

test('every push is tested on each supported Node, on Windows and on macOS, and its image is checked', () => {
  const { jobs } = parsed('ci.yml');
  expect(jobs['tests']?.strategy?.matrix.node).toEqual([20, 22, 26]);
  expect(jobs['tests']?.strategy?.matrix.include).toEqual([
    { os: 'windows-latest', node: 24 },
    { os: 'macos-latest', node: 24 },
  ]);
  expect(Object.values(jobs).flatMap(commands).join('\n')).toMatch(/scripts\/check-image/);
});

test('a release is tested before it is published, with provenance, and the image only after it', () => {
  const { jobs } = parsed('publish.yml');
  const steps = jobs['package'] === undefined ? [] : commands(jobs['package']);
  const publish = steps.findIndex((step) => step.startsWith('npm publish'));
  expect(steps[publish]).toContain('--provenance');
  for (const step of [
    'npm ci',
    'npm test',
    'npm run lint',
    'npm run typecheck',
    'scripts/check-package',
  ])
    expect([step, steps.indexOf(step) >= 0 && steps.indexOf(step) < publish]).toEqual([step, true]);
  expect(jobs['image']?.needs).toBe('package');
});

describe('check-release', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(join(packageRoot, 'scripts/check-release'), args, { encoding: 'utf8' });

  test('gives the image the version, its minor and its major one', () => {
    expect(run('--versions', 'v1.2.3').stdout).toBe('VERSION=1.2.3\nMINOR=1.2\nMAJOR=1\n');
    expect(run('--versions', 'latest').status).toBe(1);
  });

  test('names a tag that is not the version, and each address that package.json lacks', () => {
    const { version, ...manifest } = JSON.parse(read('package.json'));
    const { status, stderr } = run('v9.9.9');
    expect(status).toBe(1);
    expect(stderr).toContain(`the tag is v9.9.9, but package.json says ${version}`);
    for (const field of ['repository', 'homepage', 'bugs'])
      expect(stderr.includes(`no "${field}"`)).toBe(manifest[field] === undefined);
  });
});

test('the image is tagged with all three versions, and labelled with source and revision', () => {
  const { target } = JSON.parse(read('docker-bake.json'));
  const tags = target.image.tags.join(' ');
  for (const name of ['VERSION', 'MINOR', 'MAJOR']) expect(tags).toContain(`:\${${name}}`);
  expect(tags).toContain(':latest');
  for (const label of ['source', 'revision'])
    expect(read('Dockerfile')).toContain(`org.opencontainers.image.${label}="`);
});
