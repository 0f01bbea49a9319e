import { join } from 'node:path';
import { expect } from 'vitest';
import type { MerchantIdentity } from '../sdk/client/signed-call.ts';
import {
  createMockServer,
  type MockServer,
  type MockServerOptions,
} from '../server/app/create-server.ts';
import { settingsWith } from '../server/app/settings/resolve-settings.ts';
import { readKeyFolder } from '../server/clients/key-folder/key-folder.ts';
import type { Settings } from '../server/domain/settings/settings-table.ts';
import { packageRoot } from '../server/package-root.ts';
import { Keyring, type Keyrings } from '../server/protocol/keys/keyring.ts';

export const demoClient = '4Q5Y8W0WSG45P907917';

/** The real server on a free port, every answer checked against the contract. */
export const startServer = async (
  overrides: Partial<Settings> = {},
  options: Partial<Omit<MockServerOptions, 'settings'>> = {},
): Promise<MockServer> =>
  createMockServer({
    settings: settingsWith({ port: 0, validateAnswers: true, ...overrides }),
    onInvalidAnswer: (sentence) => expect.fail(`an answer breaks the contract: ${sentence}`),
    onExchange: (_entry, error) => {
      if (error !== undefined) throw error;
    },
    ...options,
  });

const demoKeys = (): Keyrings => {
  const { value, problems } = readKeyFolder(join(packageRoot, 'keys'), { weakKeys: false });
  expect(problems).toEqual([]);
  return value;
};

/** Runs something against a server with these settings, and closes the server afterwards. */
export const withSettings = async (
  settings: Partial<Settings>,
  run: (at: MockServer) => Promise<void>,
): Promise<void> => {
  const at = await startServer(settings);
  try {
    await run(at);
  } finally {
    await at.close();
  }
};

/** The demo merchant, with its private keys. */
export const demoMerchant = (): MerchantIdentity => {
  const { clients, platform } = demoKeys();
  return { clientId: demoClient, keyring: clients.get(demoClient) ?? new Keyring([]), platform };
};
