import { join } from 'node:path';
import { Keyring } from '../server/keyring/keyring.ts';
import { readKeyFolder } from '../server/keyring/read-key-folder.ts';
import type { MerchantIdentity } from '../server/merchant/signed-call.ts';
import { packageRoot } from '../server/package-root.ts';

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
