import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { initFiles, tarballName } from '../../server/cli/commands/init.ts';
import { createProgram } from '../../server/cli/program.ts';
import { settingRows, variableNames } from '../../server/domain/settings/settings-table.ts';
import { emptyFolder, installedFolder, packTarball } from '../docs/fresh-folder.ts';
import { type Running, runBundle } from '../run-bundle.ts';
import { ciPage, readFile as read, userJobs } from './ci-jobs.ts';

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

const { version } = JSON.parse(read('package.json'));

describe('what CI jobs use', () => {
  const jobs = userJobs().map((job) => [job.from, job] as const);

  test('there are jobs to check, for GitHub, GitLab and from init', () => {
    expect(jobs.map(([from]) => from.replace(/:\d+$/, ''))).toEqual([
      ...Array(6).fill(ciPage),
      'examples/github-actions',
      'init',
    ]);
  });

  test.each(jobs)('%s: everything is installed before its use', (from, { steps, images }) => {
    const lacking = (installed: RegExp, used: RegExp): readonly string[] =>
      steps.filter(
        (step, at) =>
          used.test(step) && !steps.slice(0, at).some((earlier) => installed.test(earlier)),
      );
    if (!images.some((image) => /^node:\d+/.test(image)))
      expect(lacking(/^uses actions\/setup-node@/, /^(npm|npx|node) /)).toEqual([]);
    expect(lacking(/^npm ci$/, /^npm (test|run)\b|-- npm test$|\/certify@/)).toEqual([]);
    // The page begins with the installation as a development dependency.
    const installed = from.startsWith(ciPage) ? /^npm ci$/ : /^npm install .*alipayhk-mock/;
    expect(lacking(installed, /^npx /)).toEqual([]);
    expect(steps.some((step) => /^npm test$|-- npm test$|certify/.test(step))).toBe(true);
  });

  test.each(jobs)('%s: every version is pinned', (_from, { steps, images }) => {
    for (const step of steps) {
      if (step.startsWith('uses ')) expect(step).toMatch(/@(v\d+(\.\d+\.\d+)?|[0-9a-f]{40})$/);
      const installed = /^npm install .*?(\S*alipayhk-mock\S*)/.exec(step)?.[1];
      if (installed !== undefined)
        expect([`alipayhk-mock@${version}`, `./${tarballName}`]).toContain(installed);
      // npx would fetch a package of that name from the registry.
      if (/^npx /.test(step)) expect(step).toMatch(/^npx --no alipayhk-mock /);
    }
    for (const image of images) expect(image).toMatch(/:\d+(\.\d+\.\d+|-trixie-slim)$/);
  });

  test.each(jobs)('%s: its commands and options exist', async (_from, { steps }) => {
    const program = await createProgram(() => {});
    for (const step of steps) {
      const words = /\balipayhk-mock (.*?)(?: -- |$)/.exec(step)?.[1]?.split(' ') ?? [];
      if (words.length === 0 || !step.startsWith('npx ')) continue;
      const command = program.commands.find((candidate) => candidate.name() === words[0]);
      expect([step, command?.name()]).toEqual([step, words[0]]);
      const flags = command?.options.map(({ long }) => long) ?? [];
      for (const word of words) if (word.startsWith('--')) expect(flags).toContain(word);
    }
  });

  test('the image is called the same everywhere, by the version of the package', () => {
    const image = `registry.example/alipayhk-mock:${version}`;
    const named = [
      ciPage,
      'examples/github-actions/services.yml',
      'examples/kubernetes/sidecar.yaml',
    ].flatMap((file) => [...read(file).matchAll(/\S*\balipayhk-mock:[^\s"]+/g)]);
    expect(named.length).toBeGreaterThan(5);
    for (const [found] of named) expect(found.replace(/^"/, '')).toBe(image);
    const local = [...read('docs/how-to/testcontainers.md').matchAll(/alipayhk-mock:[\d.]+/g)];
    expect(local.map(([found]) => found)).toEqual(Array(3).fill(`alipayhk-mock:${version}`));
    expect(read(ciPage)).toContain(`npm install --save-dev alipayhk-mock@${version}\n`);
  });

  test('nothing waits by starting npx again and again', () => {
    const texts = [...initFiles.values()].map(({ text }) => text);
    for (const text of [...texts, read(ciPage), read('examples/github-actions/services.yml')]) {
      expect(text).not.toMatch(/(until|while)[^\n]*\bnpx\b/);
      expect(text).not.toMatch(/(health-cmd|test:)[^\n]*\bnpx\b/);
    }
  });
});

describe('the compose file of init', () => {
  let folder: string;
  let image: string;
  const recipe = () => parse(initFiles.get('compose.alipayhk.yaml')?.text ?? '').services.alipayhk;
  beforeAll(async () => {
    // What a user has: the package installed, and the tarball that is packed of it.
    const tarball = await packTarball();
    folder = await installedFolder(tarball);
    await rm(dirname(tarball), { recursive: true, force: true });
    await runBundle(['init', '.'], { cwd: folder }).finished;
    const packed = execFileSync('npm', ['pack', '--silent', './node_modules/alipayhk-mock'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(packed.trim()).toBe(tarballName);
    // What the image is built from.
    image = await emptyFolder();
    execFileSync('tar', ['-xzf', join(folder, tarballName), '-C', image]);
  }, 120_000);
  afterAll(async () => {
    for (const made of [folder, image]) await rm(made, { recursive: true, force: true });
  });

  test('builds from the tarball of this version, and downloads nothing', () => {
    const { build, command, healthcheck } = recipe();
    expect(build.dockerfile_inline.trim().split('\n')).toEqual([
      'FROM node:24-trixie-slim',
      `ADD ${tarballName} /opt`,
      'USER 1000:1000',
    ]);
    expect(JSON.stringify([command, healthcheck])).not.toMatch(/npx|npm/);
  });

  test('its command starts the simulator with the mounted settings and scenarios', async () => {
    const { command, environment, volumes } = recipe();
    const mounts = new Map<string, string>(
      volumes.map((volume: string) => volume.split(':').slice(0, 2).reverse()),
    );
    expect([...mounts.values()]).toEqual(['./alipayhk-mock.config.yaml', './scenarios']);
    const inFolder = (path: string): string =>
      path.startsWith('/opt/') ? join(image, path.slice('/opt/'.length)) : path;
    const [node, main = '', ...args] = command.map(
      (word: string) => mounts.get(word) ?? inFolder(word),
    );
    expect(node).toBe('node');
    const running = runBundle([...args, '--scenario', 'first-order-is-slow'], {
      cwd: folder,
      main,
      env: { ...environment, HOST: '127.0.0.1', PORT: '0' },
    });
    await running.url;
    running.child.kill('SIGTERM');
    expect(await running.finished).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('scenarios: first-order-is-slow'),
    });
  });
});
