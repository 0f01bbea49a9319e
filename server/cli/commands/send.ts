import type { Attempt } from '../../../sdk/client/alipayhk-client.ts';
import { toKeyProvider } from '../../../sdk/client/key-provider.ts';
import {
  checkResponse,
  type MerchantResponse,
  type SignedRequest,
} from '../../../sdk/client/signed-call.ts';
import { readRequestText } from '../../doctor/diagnose-message.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import { curlLine } from '../../journal/exchange-views.ts';
import { requestUrl } from '../../protocol/http-call.ts';
import { signingContent } from '../../protocol/signatures.ts';
import { localUrl } from '../admin.ts';
import {
  exitCodes,
  formatJson,
  inputName,
  readInputFile,
  translateOutput,
  usageError,
} from '../input-output.ts';
import {
  buildRequestBody,
  findOperation,
  loadContract,
  loadMerchant,
  merchantKeys,
} from '../merchant.ts';
import type { BodyOptions, MerchantOptions } from '../options.ts';

export interface SendCommandOptions extends MerchantOptions, BodyOptions {
  readonly encrypt?: boolean;
  readonly repeat: number;
  readonly fail?: boolean;
  readonly json?: boolean;
}

/**
 * Signs a sample as a client of the key folder, sends it, verifies and decrypts the response, and
 * prints both. Exit code 1 unless the response is verified, and with `fail` unless it is S.
 */
export const sendOperation = async (
  name: string,
  options: SendCommandOptions,
  settings: Settings,
): Promise<number> => {
  const contract = loadContract(settings);
  const operation = findOperation(name, contract);
  const merchant = loadMerchant(options, settings, contract);
  const plain = buildRequestBody(operation, options);
  const base = options.url ?? localUrl(settings);
  let allGood = true;
  for (let turn = 0; turn < options.repeat; turn++) {
    const attempt = await merchant.attempt(operation.id, plain, { seal: options.encrypt === true });
    const answer = attempt.response ?? throwUnreachable(base, attempt);
    process.stdout.write(
      options.json === true
        ? formatJson(attemptToJson(attempt, answer, plain))
        : `${showRequest(base, attempt.request, plain)}\n${showAnswer(answer)}\n`,
    );
    allGood &&= answer.signature === 'verified' && (options.fail !== true || isSuccess(attempt));
  }
  return allGood ? exitCodes.ok : exitCodes.failed;
};

/** For a verified response; one with an implausible time still states S, F or U. */
const isSuccess = ({ outcome }: Attempt): boolean =>
  'settled' in outcome ? outcome.settled === 'S' : outcome.claim?.resultStatus === 'S';

const attemptToJson = ({ request, outcome }: Attempt, answer: MerchantResponse, plain: Buffer) => ({
  request: {
    target: request.target,
    headers: request.headers,
    body: request.body.toString('utf8'),
    plain: plain.toString('utf8'),
  },
  answer: {
    httpStatus: answer.httpStatus,
    headers: answer.headers,
    body: answer.body.toString('utf8'),
    json: answer.json,
  },
  signature: answer.signature,
  ...('settled' in outcome
    ? { settled: outcome.settled }
    : { unsettled: outcome.unsettled, because: outcome.sentence }),
});

const throwUnreachable = (base: string, { outcome }: Attempt): never => {
  throw usageError(
    base,
    'sentence' in outcome ? outcome.sentence : 'no answer',
    'Start the simulator, or name its address with --url.',
  );
};

const showRequest = (
  base: string,
  { target, headers, body }: SignedRequest,
  plain: Buffer,
): string =>
  [
    `→ POST ${new URL(target, base).href}`,
    ...formatHeaders(headers),
    '',
    ...bodyLines(body, plain),
  ].join('\n');

const showAnswer = ({ httpStatus, headers, body, json, signature }: MerchantResponse): string => {
  const shown = Object.entries(headers).filter(([name]) =>
    ['client-id', 'signature', 'response-time', 'tracer-id', 'encrypt', 'content-type'].includes(
      name,
    ),
  );
  const plain = json === undefined ? body : Buffer.from(JSON.stringify(json));
  return [
    `\n← ${httpStatus}`,
    ...formatHeaders(Object.fromEntries(shown)),
    '',
    ...bodyLines(body, plain),
    '',
    `${signature === 'verified' ? '✓' : '✗'} ${translateOutput(signatureSummaries[signature])}`,
    '',
  ].join('\n');
};

const signatureSummaries: Readonly<Record<MerchantResponse['signature'], string>> = {
  verified: 'the response is signed by the platform',
  unsigned:
    'the response is not signed: the request was refused before its signature was verified; ' +
    'see the simulator’s log',
  bad: 'the response’s signature does not verify',
};

const formatHeaders = (headers: Readonly<Record<string, string>>): string[] =>
  Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);

const bodyLines = (body: Buffer, plain: Buffer): string[] => {
  const pretty = indent(prettyJson(plain.toString('utf8')));
  return body.equals(plain)
    ? [pretty]
    : [indent(body.toString('utf8')), '', `  ${translateOutput('decrypted')}`, pretty];
};

const prettyJson = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
};

const indent = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

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

/** Prints a signed request and the text that was signed, to compare with your own. */
export const sign = (operation: string, options: SignOptions, settings: Settings): number => {
  const request = signText(operation, options, settings);
  const { target, headers, body } = request;
  const content = signedText(request, options.client);
  const text = body.toString('utf8');
  const head = [
    `POST ${target}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  process.stdout.write(
    options.json === true
      ? formatJson({ method: 'POST', target, headers, body: text, signedText: content })
      : `${[...head, '', text, '', translateOutput('signed text, with nothing after it:'), content].join('\n')}\n`,
  );
  return exitCodes.ok;
};

const signText = (name: string, options: SignOptions, settings: Settings): SignedRequest => {
  const contract = loadContract(settings);
  const operation = findOperation(name, contract);
  return loadMerchant(options, settings, contract).sign(
    operation.id,
    buildRequestBody(operation, options),
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
 * Verifies and decrypts a saved response. Exit code 0: the platform signed it, 1: it did not, 2: the
 * input is unusable.
 */
export const verifySavedResponse = (
  file: string,
  options: VerifyResponseOptions,
  settings: Settings,
): number => {
  const { headers, body } = readResponse(file);
  const target = options.target.startsWith('/')
    ? options.target
    : findOperation(options.target, loadContract(settings)).path;
  const { privateKey, platformKey, weakKeys } = merchantKeys(options, settings);
  const merchant = {
    clientId: options.client,
    keyring: toKeyProvider('--private-key', 'private', privateKey, { weakKeys }),
    platform: toKeyProvider('--platform-key', 'public', platformKey, { weakKeys }),
  };
  const checked = checkResponse({ target, headers, body }, merchant, {
    ecc224: settings.ecc224,
    scheme: sealingScheme(settings),
  });
  const verified = checked.signature === 'verified';
  const summary = verified ? 'the response is signed by the platform' : (checked.distrust ?? '');
  process.stdout.write(
    options.json === true
      ? formatJson({ target, ...checked })
      : `${JSON.stringify(checked.json, null, 2) ?? body.toString('utf8')}\n\n${verified ? '✓' : '✗'} ${translateOutput(summary)}\n`,
  );
  return verified ? exitCodes.ok : exitCodes.failed;
};

const readResponse = (file: string): { headers: Record<string, string>; body: Buffer } => {
  const read = readRequestText(readInputFile(file));
  if ('problem' in read || read.message.kind !== 'response')
    throw usageError(
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
