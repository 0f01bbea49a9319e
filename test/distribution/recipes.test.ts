import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { initFiles } from '../../server/cli/init-files.ts';
import { settingRows, variableNames } from '../../server/domain/settings/settings-table.ts';
import { packageRoot } from '../../server/package-root.ts';
import { type Running, runBundle } from '../run-bundle.ts';

const read = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');
const portSetting = settingRows.find(({ key }) => key === 'port')?.initial;
const ownVariables = new Set([...settingRows.flatMap(variableNames), 'ALIPAYHK_MOCK_CONFIG']);

/** What a recipe says of the simulator, in its own shape. */
interface Recipe {
  readonly env: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  /** The words of the health command, as the container runs it. */
  readonly health: readonly string[];
}

const compose = (text: string): Recipe => {
  const { environment = {}, ports, healthcheck } = parse(text).services.alipayhk;
  return {
    env: environment,
    ports,
    health: (healthcheck.test ?? ['CMD', ...imageHealth()]).slice(1),
  };
};

const imageHealth = (): string[] =>
  JSON.parse(/HEALTHCHECK[^[]*CMD (\[.*\])/.exec(read('Dockerfile'))?.[1] ?? '[]');

const kubernetes = (): Recipe => {
  const [sidecar] = parse(read('examples/kubernetes/sidecar.yaml')).spec.template.spec
    .initContainers;
  const env: { name: string; value: string }[] = sidecar.env;
  return {
    env: Object.fromEntries(env.map(({ name, value }) => [name, value])),
    ports: [],
    health: sidecar.startupProbe.exec.command,
  };
};

const actions = (): Recipe => {
  const { env, ports, options } = parse(read('examples/github-actions/services.yml')).jobs.test
    .services.alipayhk;
  return { env, ports, health: (/--health-cmd "([^"]+)"/.exec(options)?.[1] ?? '').split(' ') };
};

const image = (): Recipe => {
  const env = /^ENV (.*)$/m.exec(read('Dockerfile'))?.[1] ?? '';
  const exposed = /^EXPOSE (\d+)$/m.exec(read('Dockerfile'))?.[1] ?? '';
  return {
    env: Object.fromEntries(env.split(' ').map((pair) => pair.split('='))),
    ports: [`${exposed}:${exposed}`],
    health: imageHealth(),
  };
};

const recipes: [string, () => Recipe][] = [
  ['Dockerfile', image],
  ['compose.yaml', () => compose(read('compose.yaml'))],
  [
    'compose.alipayhk.yaml of init',
    () => compose(initFiles.get('compose.alipayhk.yaml')?.text ?? ''),
  ],
  ['examples/kubernetes/sidecar.yaml', kubernetes],
  ['examples/github-actions/services.yml', actions],
];

describe.each(recipes)('%s', (_name, recipeOf) => {
  const recipe = recipeOf();

  test('names variables that there are, and the port that is meant', () => {
    expect(Object.keys(recipe.env).filter((name) => !ownVariables.has(name))).toEqual([]);
    for (const value of [
      recipe.env['PORT'] ?? portSetting,
      ...recipe.ports.flatMap((ports) => ports.split(':').slice(-2)),
    ])
      expect(Number(value)).toBe(portSetting);
  });

  describe('its health command', () => {
    let running: Running;
    let port: string;
    beforeAll(async () => {
      running = runBundle(['--port', '0', '--admin-token', 'only-for-this-run']);
      port = new URL(await running.url).port;
    });
    afterAll(async () => {
      running.child.kill('SIGTERM');
      await running.finished;
    });
    const words = recipe.health.slice(
      recipe.health.findIndex((word) => /main\.cjs$|^alipayhk-mock$/.test(word)) + 1,
    );
    const { HOST: _host, PORT: _port, ALIPAYHK_MOCK_LOG_FORMAT: _format, ...env } = recipe.env;

    test('is a command of the program, says 0 when it is ready and 1 when it is not', async () => {
      expect(words.length).toBeGreaterThan(0);
      expect(
        (await runBundle(words, { env: { ...env, HOST: '0.0.0.0', PORT: port } }).finished).code,
      ).toBe(0);
      expect((await runBundle(words, { env: { ...env, PORT: '9' } }).finished).code).toBe(1);
    });
  });
});

test('the image’s entry point and health command are the files that are copied into it', () => {
  const dockerfile = read('Dockerfile');
  expect(dockerfile).toContain('WORKDIR /app');
  expect(dockerfile).toMatch(/COPY --from=build \/src\/dist \.\/dist/);
  expect(JSON.parse(/ENTRYPOINT (\[.*\])/.exec(dockerfile)?.[1] ?? '[]')).toEqual([
    'node',
    '/app/dist/main.cjs',
  ]);
});

test('the image is built for two architectures, with provenance and a bill of materials, from arguments the Dockerfile has', () => {
  const { target } = JSON.parse(read('docker-bake.json'));
  expect(target.image.platforms).toEqual(['linux/amd64', 'linux/arm64']);
  expect(target.image.attest).toEqual(['type=provenance,mode=max', 'type=sbom']);
  for (const name of Object.keys(target.image.args))
    expect(read('Dockerfile')).toContain(`ARG ${name}`);
});

test('the publish workflow tests before it publishes, with provenance and no more rights than it needs', () => {
  const workflow = parse(read('.github/workflows/publish.yml'));
  expect(workflow.permissions).toEqual({ contents: 'read' });
  expect(workflow.jobs.npm.permissions).toMatchObject({ 'id-token': 'write' });
  const steps: string[] = workflow.jobs.npm.steps.map(
    ({ run, uses }: { run?: string; uses?: string }) => run ?? uses ?? '',
  );
  const publish = steps.findIndex((step) => step.startsWith('npm publish'));
  expect(steps[publish]).toContain('--provenance');
  for (const needed of [
    'npm ci',
    'npm test',
    'npm run lint',
    'npm run typecheck',
    'scripts/check-package',
  ])
    expect([needed, steps.indexOf(needed) >= 0 && steps.indexOf(needed) < publish]).toEqual([
      needed,
      true,
    ]);
  const scripts = JSON.parse(read('package.json')).scripts;
  for (const step of steps) {
    const script = /^npm run ([\w:]+)/.exec(step)?.[1];
    if (script !== undefined) expect(scripts).toHaveProperty([script]);
  }
});
