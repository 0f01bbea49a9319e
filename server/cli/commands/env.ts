import { toKeyProvider } from '../../../sdk/client/key-provider.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { toBareBase64 } from '../../protocol/keys/key-objects.ts';
import { localUrl } from '../admin.ts';
import { exitCodes } from '../exit-codes.ts';
import { usageError } from '../input-output.ts';
import { merchantKeys } from '../load-merchant.ts';
import type { MerchantOptions } from '../options.ts';

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
  dotenv: (variables) => formatAssignments(variables, ''),
  shell: (variables) => formatAssignments(variables, 'export '),
  json: (variables) => JSON.stringify(variables, null, 2),
};

const formatAssignments = (variables: Readonly<Record<string, string>>, before: string): string =>
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
    throw usageError(
      '--client',
      `${options.client} has no private key for ${options.algorithm}`,
      'Give --private-key, or another --keys folder.',
    );
  return {
    ALIPAYHK_BASE_URL: options.url ?? localUrl(settings),
    ALIPAYHK_CLIENT_ID: options.client,
    ALIPAYHK_KEY_VERSION: String(own.version),
    ALIPAYHK_PRIVATE_KEY: toBareBase64(own.privateKey),
    ALIPAYHK_PLATFORM_KEY: toBareBase64(platform.publicKey),
  };
};
