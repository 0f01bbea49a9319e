import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, version } from '../../package-root.ts';
import { isRecord } from '../../problems/plain-object.ts';
import { StartupError } from '../../problems/problem.ts';
import { readIfExists } from '../../problems/read-file.ts';
import { exitCodes, formatJson, translateOutput, writeNamed } from '../input-output.ts';

export interface InitOptions {
  readonly force?: boolean;
  readonly json?: boolean;
  /** Only what coding agents read. */
  readonly agents?: boolean;
}

/** Writes files to start from; none of them when one exists already, unless forced. */
export const init = (folder: string, options: InitOptions): number => {
  const { force = false, json = false, agents = false } = options;
  if (agents) return initAgents(folder, json);
  const existing = [...initFiles.keys()].filter((path) => existsSync(join(folder, path)));
  if (existing.length > 0 && !force)
    throw new StartupError(
      existing.map((path) => ({
        where: join(folder, path),
        message: 'exists, so nothing was written',
        remedy: 'Choose another folder, or overwrite with --force.',
      })),
    );
  for (const [path, { text }] of initFiles) {
    writeNamed(join(folder, path), text);
  }
  const written = [...initFiles].map(
    ([path, { purpose }]): WrittenFile => ({
      file: join(folder, path),
      purpose,
      change: existing.includes(path) ? 'overwritten' : 'created',
    }),
  );
  process.stdout.write(
    json
      ? formatJson({ written, packCommand })
      : `${describe(written)}\n${nextSteps.map(translateOutput).join('\n')}\n`,
  );
  return exitCodes.ok;
};

interface WrittenFile {
  readonly file: string;
  readonly purpose: string;
  /** Overwritten: what it held before is gone; updated: it is still there. */
  readonly change: 'created' | 'updated' | 'overwritten';
}

const afterName = {
  created: ': ',
  updated: ' (updated): ',
  overwritten: ' (overwritten): ',
} as const;

const describe = (written: readonly WrittenFile[]): string =>
  written
    .map(
      ({ file, purpose, change }) =>
        `${translateOutput(`wrote ${file}${afterName[change]}${purpose}`)}\n`,
    )
    .join('');

interface InitFile {
  readonly purpose: string;
  readonly text: string;
}

const config = `# Settings of alipayhk-mock. Flags and variables override them; "npx alipayhk-mock serve --help" lists all.
# yaml-language-server: $schema=./node_modules/alipayhk-mock/docs/config.schema.json

# Your own keys, made by "npx alipayhk-mock keys create --keys ./keys --client SHOP"; by default the demo keys of the package:
# keys: ./keys

scenarios: [./scenarios]

# To make this scenario active from the start: scenario: [first-order-is-slow]

ordering:
  stale: ignore # what to do with an update older than the order held: ignore, refuse, apply
`;

const scenario = `# yaml-language-server: $schema=../node_modules/alipayhk-mock/scenarios/scenario.schema.json
# Try it: npx alipayhk-mock scenarios run first-order-is-slow
name: first-order-is-slow
description: The first call for each order is answered after two seconds; repeats are answered at once.
integration: Waits that long, or gives up and sends the same request again, with the same requestId.
rules:
  - when: { operation: syncOrder, call: { first: 1, per: identity } }
    then: { delayMs: 2000 }
expect:
  - send: syncOrder
    answer: { result: SUCCESS, status: S }
    atLeastMs: 1990
  - send: syncOrder
    repeat: true # the same answer, without the wait
    answer: { result: SUCCESS, status: S }
`;

/** What `npm pack` calls this version of the package. */
export const tarballName = `alipayhk-mock-${version}.tgz`;

const compose = `# The simulator next to your application:  docker compose -f compose.alipayhk.yaml up --build
# Your application's base URL is then http://alipayhk:8852.
# "npx alipayhk-mock env --url http://alipayhk:8852" prints the other variables.
#
# The image is built from ${tarballName}, which belongs next to this file:
#   npm pack ./node_modules/alipayhk-mock
# Nothing is asked of a package registry, neither now nor when the container starts.
services:
  alipayhk:
    build:
      context: .
      dockerfile_inline: |
        FROM node:24-trixie-slim
        ADD ${tarballName} /opt
        USER 1000:1000
    command: ["node", "/opt/package/dist/main.cjs", "--config", "/etc/alipayhk/alipayhk-mock.config.yaml"]
    environment:
      HOST: 0.0.0.0
      PORT: "8852"
    volumes:
      - ./alipayhk-mock.config.yaml:/etc/alipayhk/alipayhk-mock.config.yaml:ro
      - ./scenarios:/etc/alipayhk/scenarios:ro
    ports: ["127.0.0.1:8852:8852"]
    healthcheck:
      test: ["CMD", "node", "/opt/package/dist/main.cjs", "health"]
      start_period: 10s
      interval: 2s
`;

const workflow = `name: alipayhk
on: [push, pull_request]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 24 }
      - run: npm ci
      # The version that "init" came with. Commit the file: npm pack ./node_modules/alipayhk-mock
      # Where a registry has the package, write alipayhk-mock@${version} instead of the file.
      - run: npm install --no-save ./${tarballName}
      # Starts the simulator on a free port, gives the tests its address and keys as ALIPAYHK_…
      # variables, and ends with their exit code.
      - run: npx --no alipayhk-mock exec --log simulator.log -- npm test
      - if: failure()
        run: cat simulator.log
`;

/** What `init` writes, by path in the folder. */
export const initFiles: ReadonlyMap<string, InitFile> = new Map([
  [
    'alipayhk-mock.config.yaml',
    { purpose: 'settings, found by themselves in the folder you start in', text: config },
  ],
  ['scenarios/first-order-is-slow.yaml', { purpose: 'a scenario to change', text: scenario }],
  [
    'compose.alipayhk.yaml',
    { purpose: 'the simulator in a container next to your application', text: compose },
  ],
  [
    '.github/workflows/alipayhk.yml',
    { purpose: 'tests with a simulator, on GitHub', text: workflow },
  ],
]);

/** Makes the tarball that the compose file and the workflow install. */
const packCommand = `npm pack "${packageRoot.replace(/[\\/]$/, '')}"`;

const nextSteps = [
  'Next: npx alipayhk-mock, then npx alipayhk-mock send order-sync',
  `For the compose file and the workflow put ${tarballName} next to them: ${packCommand}`,
];

const agentsMarks = {
  begin: '<!-- alipayhk-mock: begin -->',
  end: '<!-- alipayhk-mock: end -->',
} as const;

const agentsSection = `${agentsMarks.begin}
## AlipayHK

Code that calls AlipayHK is tried against a local simulator, \`alipayhk-mock\`. Its tools are served
by \`npx alipayhk-mock mcp\` (configured in \`.mcp.json\`); \`.agents/skills/alipayhk-mock/SKILL.md\` says
how to use it. A refusal is explained by \`npx alipayhk-mock journal show NUMBER\`.
${agentsMarks.end}`;

/**
 * Writes what coding agents read. Text outside the marks, and other servers of .mcp.json, stay.
 * @throws StartupError when .mcp.json cannot be read
 */
const initAgents = (folder: string, json: boolean): number => {
  const skill = '.agents/skills/alipayhk-mock/SKILL.md';
  const files: readonly (readonly [
    path: string,
    text: string,
    purpose: string,
    ifThere: WrittenFile['change'],
  ])[] = [
    ['.mcp.json', mergeServers(join(folder, '.mcp.json')), 'the simulator’s tools', 'updated'],
    ['AGENTS.md', mergeSection(join(folder, 'AGENTS.md')), 'a section on the simulator', 'updated'],
    [skill, readSkill(), 'how an agent uses the simulator', 'overwritten'],
  ];
  const written = files.map(([path, text, purpose, ifThere]): WrittenFile => {
    const file = join(folder, path);
    const change = existsSync(file) ? ifThere : 'created';
    writeNamed(file, text);
    return { file, purpose, change };
  });
  process.stdout.write(json ? formatJson({ written }) : describe(written));
  return exitCodes.ok;
};

const readSkill = (): string =>
  readFileSync(join(packageRoot, 'skills', 'alipayhk-mock', 'SKILL.md'), 'utf8');

const mergeServers = (file: string): string => {
  const server = { command: 'npx', args: ['alipayhk-mock', 'mcp'] };
  const held: unknown = existsSync(file) ? parseServers(file) : {};
  const { mcpServers = {}, ...others } = held as { readonly mcpServers?: object };
  return formatJson({ ...others, mcpServers: { ...mcpServers, 'alipayhk-mock': server } });
};

const parseServers = (file: string): object => {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (isRecord(value)) return value;
  } catch {
    // Reported below, as what is no object.
  }
  throw new StartupError([
    {
      where: file,
      message: 'is no JSON object, so nothing was written',
      remedy: 'Correct it, or move it away.',
    },
  ]);
};

const mergeSection = (file: string): string => {
  const held = readIfExists(file)?.toString() ?? '';
  const from = held.indexOf(agentsMarks.begin);
  const to = held.indexOf(agentsMarks.end, from);
  if (from !== -1 && to !== -1)
    return held.slice(0, from) + agentsSection + held.slice(to + agentsMarks.end.length);
  return held === '' ? `${agentsSection}\n` : `${held.trimEnd()}\n\n${agentsSection}\n`;
};
