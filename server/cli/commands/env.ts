import type { KeyObject } from 'node:crypto';
import { toKeyProvider } from '../../../sdk/client/key-provider.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { StartupError } from '../../problems/problem.ts';
import { exitCodes } from '../exit-codes.ts';
import { merchantKeys } from '../load-merchant.ts';
import type { MerchantOptions } from '../options.ts';
import { localUrl } from './health.ts';

export interface EnvOptions extends MerchantOptions {
  readonly format: 'dotenv' | 'shell' | 'json';
}

/**
 * Prints what a merchant's program needs: where to, as whom, and the keys as the bare base64 line
 * that SDKs take.
 */
export const printEnv = (options: EnvOptions, settings: Settings): number => {
  const variables = merchantVariables(options, settings);
  process.stdout.write(`${formats[options.format](variables)}\n`);
  return exitCodes.ok;
};

const formats: Readonly<
  Record<EnvOptions['format'], (variables: Readonly<Record<string, string>>) => string>
> = {
  dotenv: (variables) => lines(variables, ''),
  shell: (variables) => lines(variables, 'export '),
  json: (variables) => JSON.stringify(variables, null, 2),
};

const lines = (variables: Readonly<Record<string, string>>, before: string): string =>
  Object.entries(variables)
    .map(([name, value]) => `${before}${name}='${value}'`)
    .join('\n');

/** Where to, as whom, and the keys as the bare base64 line that SDKs take. */
export const merchantVariables = (
  options: MerchantOptions,
  settings: Settings,
): Readonly<Record<string, string>> => {
  const { privateKey, platformKey, weakKeys } = merchantKeys(options, settings);
  const family = options.algorithm === 'ECC224' ? 'EC' : 'RSA';
  const own = toKeyProvider('--private-key', 'private', privateKey, { weakKeys }).find(family);
  const platform = toKeyProvider('--platform-key', 'public', platformKey, { weakKeys }).find(
    family,
  );
  if (own?.privateKey === undefined || platform === undefined)
    throw new StartupError([
      {
        where: '--client',
        message: `no private key of ${options.client} for ${options.algorithm} is at hand`,
        remedy: 'Give --private-key, or another --keys folder.',
      },
    ]);
  return {
    ALIPAYHK_BASE_URL: options.url ?? localUrl(settings),
    ALIPAYHK_CLIENT_ID: options.client,
    ALIPAYHK_KEY_VERSION: String(own.version),
    ALIPAYHK_PRIVATE_KEY: bareLine(own.privateKey),
    ALIPAYHK_PLATFORM_KEY: bareLine(platform.publicKey),
  };
};

const bareLine = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'der' }).toString('base64');
