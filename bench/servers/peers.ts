import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../process/free-port.ts';
import { contractFile } from '../shipped-contract.ts';
import { contractAnswers } from './contract-answers.ts';
import type { ServerRecipe } from './start-server.ts';

export const peerIds = ['prism', 'mockoon', 'mountebank', 'msw'] as const;
export type PeerId = (typeof peerIds)[number];

export interface Peer {
  readonly name: string;
  /** Newest versions that state they run on Node 20. */
  readonly package: string;
  readonly version: string;
  /** @param home the folder it was installed into */
  readonly recipe: (home: string, flags?: readonly string[]) => ServerRecipe;
  /** What its answers to an order say; Mockoon makes texts up. */
  readonly expect: string;
}

export const peers: Readonly<Record<PeerId, Peer>> = {
  prism: {
    name: 'Prism',
    package: '@stoplight/prism-cli',
    version: '5.14.2',
    expect: 'SUCCESS',
    recipe: (home, flags = []) => ({
      name: 'Prism',
      args: (port) => [
        join(home, 'node_modules/@stoplight/prism-cli/dist/index.js'),
        'mock',
        contractFile,
        '--port',
        String(port),
        ...flags,
      ],
    }),
  },
  mockoon: {
    name: 'Mockoon CLI',
    package: '@mockoon/cli',
    version: '9.9.0',
    expect: '*',
    recipe: (home) => ({
      name: 'Mockoon CLI',
      args: (port) => [
        join(home, 'node_modules/@mockoon/cli/bin/run.js'),
        ...[
          'start',
          '--data',
          contractFile,
          '--port',
          String(port),
          '--hostname',
          '127.0.0.1',
          '--disable-log-to-file',
        ],
      ],
    }),
  },
  mountebank: {
    name: 'mountebank',
    package: 'mountebank',
    version: '2.9.1',
    expect: 'SUCCESS',
    recipe: (home, flags = []) => ({
      name: 'mountebank',
      args: (port, folder) => mountebankArgs(home, port, folder, flags),
    }),
  },
  msw: {
    name: 'MSW',
    package: 'msw',
    version: '2.15.0',
    expect: 'SUCCESS',
    recipe: (home) => ({
      name: 'MSW',
      args: (port) => {
        const file = join(home, 'msw-server.mjs');
        copyFileSync(fileURLToPath(new URL('../reference/msw.mjs', import.meta.url)), file);
        return [file, String(port), JSON.stringify(contractAnswers())];
      },
    }),
  },
};

/**
 * An imposter with one stub an operation; by default it would close every connection.
 */
const mountebankArgs = async (
  home: string,
  port: number,
  folder: string,
  flags: readonly string[],
): Promise<readonly string[]> => {
  const stubs = contractAnswers().map(({ path, answer }) => ({
    predicates: [{ equals: { method: 'POST', path } }],
    responses: [
      {
        is: {
          statusCode: 200,
          headers: { 'Content-Type': 'application/json', Connection: 'keep-alive' },
          body: JSON.stringify(answer),
        },
      },
    ],
  }));
  const file = join(folder, 'imposters.json');
  writeFileSync(
    file,
    JSON.stringify({ imposters: [{ protocol: 'http', port, host: '127.0.0.1', stubs }] }),
  );
  return [
    join(home, 'node_modules/mountebank/bin/mb'),
    ...['start', '--port', String(await freePort()), '--host', '127.0.0.1'],
    ...['--configfile', file, '--noParse', '--pidfile', join(folder, 'mb.pid'), ...flags],
  ];
};
