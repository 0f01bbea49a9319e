import type { Settings } from '../domain/settings/settings-table.ts';
import { exitCodes } from './exit-codes.ts';
import type { MerchantOptions } from './merchant-options.ts';
import { merchantVariables } from './merchant-variables.ts';

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
