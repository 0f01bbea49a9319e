import { checkAnswer } from '../../sdk/client/check-answer.ts';
import { toKeyProvider } from '../../sdk/client/held-keys.ts';
import { readRequestText } from '../doctor/read-request-text.ts';
import { type Settings, sealingScheme } from '../domain/settings/settings-table.ts';

import { StartupError } from '../problems/problem.ts';
import { loadContract, operationNamed } from './contract-of.ts';
import { exitCodes } from './exit-codes.ts';
import { merchantKeys } from './merchant-of.ts';
import type { MerchantOptions } from './merchant-options.ts';
import { inputName, readInput } from './read-input.ts';

export interface VerifyResponseOptions extends MerchantOptions {
  readonly target: string;
  readonly json?: boolean;
}

/**
 * Verifies a saved answer and opens it. Exit code 0: the platform signed it, 1: it did not, 2: the
 * input is unusable.
 */
export const verifyResponse = (
  file: string,
  options: VerifyResponseOptions,
  settings: Settings,
): number => {
  const { headers, body } = readResponse(file);
  const target = options.target.startsWith('/')
    ? options.target
    : operationNamed(options.target, loadContract(settings)).path;
  const { privateKey, platformKey } = merchantKeys(options, settings);
  const merchant = {
    clientId: options.client,
    keyring: toKeyProvider('--private-key', 'private', privateKey),
    platform: toKeyProvider('--platform-key', 'public', platformKey),
  };
  const checked = checkAnswer({ target, headers, body }, merchant, {
    ecc224: settings.ecc224,
    scheme: sealingScheme(settings),
  });
  const verified = checked.signature === 'verified';
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ target, ...checked }, null, 2)}\n`
      : `${JSON.stringify(checked.json, null, 2) ?? body.toString('utf8')}\n\n${verified ? '✓ the answer is signed by the platform' : `✗ ${checked.distrust}`}\n`,
  );
  return verified ? exitCodes.ok : exitCodes.failed;
};

const readResponse = (file: string): { headers: Record<string, string>; body: Buffer } => {
  const read = readRequestText(readInput(file));
  if ('problem' in read || read.message.kind !== 'response')
    throw unusable(
      inputName(file),
      'problem' in read ? read.problem : 'this is a request',
      'Give the response with its head: curl -si … > answer.http.',
    );
  const { headers, body } = read.message;
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    const before = joined.get(name.toLowerCase());
    joined.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return { headers: Object.fromEntries(joined), body };
};

const unusable = (where: string, message: string, remedy: string): StartupError =>
  new StartupError([{ where, message, remedy }]);
