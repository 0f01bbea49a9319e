import { checkAnswer } from '../../../sdk/client/check-answer.ts';
import { toKeyProvider } from '../../../sdk/client/key-provider.ts';
import type { SignedRequest } from '../../../sdk/client/signed-call.ts';
import { readRequestText } from '../../doctor/diagnose-message.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import { curlLine } from '../../journal/curl-line.ts';
import { StartupError } from '../../problems/problem.ts';
import { requestUrl } from '../../protocol/request-url.ts';
import { signingContent } from '../../protocol/signatures.ts';
import { exitCodes } from '../exit-codes.ts';
import { inputName, readInput } from '../input-output.ts';
import { loadContract, loadMerchant, merchantKeys, operationNamed } from '../load-merchant.ts';
import type { BodyOptions, MerchantOptions } from '../options.ts';
import { requestBody } from '../request-body.ts';
import { localUrl } from './health.ts';

export interface SignOptions extends MerchantOptions, BodyOptions {
  readonly encrypt?: boolean;
  readonly json?: boolean;
}

/** Prints a curl line that sends exactly these signed bytes. */
export const printCurl = (operation: string, options: SignOptions, settings: Settings): number => {
  const { target, headers, body } = signText(operation, options, settings);
  const url = requestUrl(options.url ?? localUrl(settings), target).href;
  process.stdout.write(curlLine({ url, method: 'POST', headers: Object.entries(headers), body }));
  return exitCodes.ok;
};

/**
 * Prints the headers of a signed request and the text that was signed, for comparing with one's
 * own.
 */
export const sign = (operation: string, options: SignOptions, settings: Settings): number => {
  const request = signText(operation, options, settings);
  const { target, headers, body } = request;
  const content = signedText(request, options.client);
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ method: 'POST', target, headers, body: body.toString('utf8'), signedText: content }, null, 2)}\n`
      : `${[`POST ${target}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\n')}\n\n${body.toString('utf8')}\n\nsigned text, with nothing after it:\n${content}\n`,
  );
  return exitCodes.ok;
};

const signText = (name: string, options: SignOptions, settings: Settings): SignedRequest => {
  const contract = loadContract(settings);
  const operation = operationNamed(name, contract);
  return loadMerchant(options, settings, contract).sign(
    operation.id,
    requestBody(operation, options),
    { seal: options.encrypt === true },
  );
};

const signedText = ({ target, headers, body }: SignedRequest, clientId: string): string =>
  signingContent({ target, clientId, time: headers['Request-Time'] ?? '', body }).toString('utf8');

export interface VerifyResponseOptions extends MerchantOptions {
  readonly target: string;
  readonly json?: boolean;
}

/**
 * Verifies a saved answer and opens it. Exit code 0: the platform signed it, 1: it did not, 2: the
 * input is unusableResponse.
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
  const { privateKey, platformKey, weakKeys } = merchantKeys(options, settings);
  const merchant = {
    clientId: options.client,
    keyring: toKeyProvider('--private-key', 'private', privateKey, { weakKeys }),
    platform: toKeyProvider('--platform-key', 'public', platformKey, { weakKeys }),
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
    throw unusableResponse(
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

const unusableResponse = (where: string, message: string, remedy: string): StartupError =>
  new StartupError([{ where, message, remedy }]);
