import type { Attempt } from '../../../sdk/client/alipayhk-client.ts';
import type { MerchantResponse, SignedRequest } from '../../../sdk/client/signed-call.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatJson, usageError } from '../input-output.ts';
import { findOperation, loadContract, loadMerchant } from '../load-merchant.ts';
import type { BodyOptions, MerchantOptions } from '../options.ts';
import { translateOutput } from '../output-language.ts';
import { buildRequestBody } from '../request-body.ts';
import { localUrl } from './health.ts';

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
