import { join } from 'node:path';
import { readKeyFolder } from '../../../server/clients/key-folder/key-folder.ts';
import { readContract } from '../../../server/domain/contract/read-contract.ts';
import { type Settings, settingRows } from '../../../server/domain/settings/settings-table.ts';
import type { CalibrationOptions } from '../../../server/fidelity/calibrate/calibrate.ts';
import { packageRoot, shippedContract } from '../../../server/package-root.ts';

export const demoClient = '4Q5Y8W0WSG45P907917';

export const defaultSettings = Object.fromEntries(
  settingRows.map(({ key, initial }) => [key, initial]),
) as unknown as Settings;

const readDemoKeys = () => {
  const { value } = readKeyFolder(join(packageRoot, 'keys'), { weakKeys: false });
  const now = Date.now();
  const client = value.clients.get(demoClient);
  const rsa = client?.find('RSA', undefined, now);
  const platform = value.platform.find('RSA', undefined, now);
  if (rsa?.privateKey === undefined || platform === undefined) throw new Error('no demo keys');
  return {
    clientId: demoClient,
    keyVersion: rsa.version,
    privateKey: rsa.privateKey,
    ecPrivateKey: client?.find('EC', undefined, now)?.privateKey,
    platformKey: platform.publicKey,
    encryptionKey: { publicKey: platform.publicKey, version: platform.version },
  };
};

const readShippedContract = () => {
  const { value } = readContract(shippedContract, defaultSettings, true);
  if (value === undefined) throw new Error('the contract cannot be read');
  return value;
};

const identity = readDemoKeys();
const contract = readShippedContract();

/** Options of a calibration of a server on this machine, without a pause between requests. */
export const calibrationOptions = (
  url: string,
  changes: Partial<CalibrationOptions> = {},
): CalibrationOptions => ({
  target: {
    url: new URL(url),
    addresses: [{ address: '127.0.0.1', family: 4 }],
    timeoutMs: 5000,
  },
  contract,
  identity,
  identityOverrides: {},
  pathCandidates: {},
  register: ['E-24', 'E-13'],
  skip: new Set(),
  budget: 1000,
  ratePerSecond: Number.POSITIVE_INFINITY,
  runId: 'T3STAA',
  withoutEffects: false,
  earlier: [],
  signal: new AbortController().signal,
  sleep: async () => undefined,
  now: Date.now,
  random: Math.random,
  onProgress: () => undefined,
  ...changes,
});
