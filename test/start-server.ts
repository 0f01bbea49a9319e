import { join } from 'node:path';
import { expect } from 'vitest';
import { settingsWith } from '../server/config/default-settings.ts';
import type { Settings } from '../server/config/settings-table.ts';
import { Keyring, type Parties } from '../server/keyring/keyring.ts';
import { readKeyFolder } from '../server/keyring/read-key-folder.ts';
import type { MerchantIdentity } from '../server/merchant/signed-call.ts';
import { createMockServer, type MockServer, type MockServerOptions } from '../server/mock-server.ts';
import { packageRoot } from '../server/package-root.ts';

export const demoClient = '4Q5Y8W0WSG45P907917';

/** The real server on a free port, every answer checked against the contract. */
export const startServer = async (
  overrides: Partial<Settings> = {},
  options: Partial<Omit<MockServerOptions, 'settings'>> = {},
): Promise<MockServer> =>
  createMockServer({
    settings: settingsWith({ port: 0, validateAnswers: true, ...overrides }),
    onBrokenAnswer: (sentence) => expect.fail(`an answer breaks the contract: ${sentence}`),
    onExchange: (_entry, error) => {
      if (error !== undefined) throw error;
    },
    ...options,
  });

const demoKeys = (): Parties => {
  const { value, problems } = readKeyFolder(join(packageRoot, 'keys'), { weakKeys: false });
  expect(problems).toEqual([]);
  return value;
};

/** The demo merchant, with its private keys. */
export const demoMerchant = (): MerchantIdentity => {
  const { clients, platform } = demoKeys();
  return { clientId: demoClient, keyring: clients.get(demoClient) ?? new Keyring([]), platform };
};
