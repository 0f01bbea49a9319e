import { join } from 'node:path';
import type { MerchantIdentity } from '../sdk/client/signed-call.ts';
import { readKeyFolder } from '../server/clients/key-folder/key-folder.ts';
import { packageRoot } from '../server/package-root.ts';
import { Keyring } from '../server/protocol/keys/keyring.ts';

export const demoClient = '4Q5Y8W0WSG45P907917';

/** The merchant of the package's demo keys, with its private halves. */
export const demoMerchant = () => {
  const { value, problems } = readKeyFolder(join(packageRoot, 'keys'), { weakKeys: false });
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join('; '));
  return {
    clientId: demoClient,
    keyring: value.clients.get(demoClient) ?? new Keyring([]),
    platform: value.platform,
  } satisfies MerchantIdentity;
};
