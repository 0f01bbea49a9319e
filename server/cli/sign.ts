import type { SignedRequest } from '../../sdk/client/signed-call.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import { curlLine } from '../journal/curl-line.ts';
import { requestUrl } from '../protocol/request-url.ts';
import { signingContent } from '../protocol/signing-content.ts';
import type { BodyOptions } from './body-options.ts';
import { loadContract, operationNamed } from './contract-of.ts';
import { exitCodes } from './exit-codes.ts';
import { localUrl } from './health.ts';
import { loadMerchant } from './merchant-of.ts';
import type { MerchantOptions } from './merchant-options.ts';
import { requestBody } from './request-body.ts';

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
