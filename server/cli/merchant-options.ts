import { type Command, Option } from 'commander';
import type { SignatureAlgorithm } from '../protocol/algorithms.ts';
import { keyVersionNumber, serverUrl } from './option-values.ts';

/** As whom a command signs, and where it sends. */
export interface MerchantOptions {
  readonly url?: string;
  readonly client: string;
  readonly algorithm: SignatureAlgorithm;
  readonly privateKey?: string;
  readonly keyVersion: number;
  readonly platformKey?: string;
}

export const demoClientId = '4Q5Y8W0WSG45P907917';

export const addMerchantOptions = (
  command: Command,
  urlHelp = 'where the simulator listens; default: from host and port',
): Command =>
  command
    .option('--url <url>', urlHelp, serverUrl)
    .option(
      '--client <id>',
      'Client-Id to sign as; its private key must stand in the key folder, or be given',
      demoClientId,
    )
    .addOption(
      new Option('--algorithm <name>', 'signature algorithm')
        .choices(['RSA256', 'ECC224'])
        .default('RSA256'),
    )
    .option('--private-key <file>', "the client's private key, in place of the key folder's")
    .option(
      '--key-version <n>',
      'the version that --private-key is registered under',
      keyVersionNumber,
      1,
    )
    .option('--platform-key <file>', "the platform's public key, in place of the key folder's");
