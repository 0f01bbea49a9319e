import { join } from 'node:path';
import { sealingScheme } from '../config/sealing-scheme.ts';
import type { Settings } from '../config/settings-table.ts';
import type { Contract, Operation } from '../contract/contract.ts';
import { readContract } from '../contract/read-contract.ts';
import { endpoints } from '../endpoints/index.ts';
import { readKeyFolder } from '../keyring/read-key-folder.ts';
import { composeSample } from '../merchant/compose-sample.ts';
import {
  type CallOptions,
  type MerchantAnswer,
  type MerchantIdentity,
  type SignedRequest,
  sendRequest,
  signRequest,
} from '../merchant/merchant-client.ts';
import { packageRoot } from '../package-root.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { type Problem, StartupError } from '../problems/problem.ts';
import type { Json } from '../world/state.ts';
import { exitCodes } from './exit-codes.ts';
import { localUrl } from './health.ts';

export interface SendOptions {
  readonly url?: string;
  readonly client: string;
  readonly algorithm: 'RSA256' | 'ECC224';
  readonly encrypt?: boolean;
  readonly example?: string;
  readonly set: readonly string[];
  readonly repeat: string;
}

const shortNames: Record<string, string> = {
  'additional-info': 'syncAdditionalInfo',
  'account-linkage': 'syncAccountLinkage',
  'payment-info': 'syncPaymentInfo',
  'order-sync': 'syncOrder',
  'membership-card': 'updateMembershipCard',
};

/** Signs a sample as a client of the key folder, sends it, verifies and opens the answer, prints both. Exit code 1 unless the answer is verified. */
export const send = async (name: string, options: SendOptions, settings: Settings): Promise<number> => {
  const { merchant, operation } = prepare(name, options, settings);
  const eventTime = endpoints.find(({ operationId }) => operationId === operation.id)?.eventTime ?? null;
  const body = composeSample(operation, eventTime, {
    ...(options.example === undefined ? {} : { example: options.example }),
    fields: readFields(options.set),
    time: Date.now(),
  });
  const plain = Buffer.from(JSON.stringify(body));
  const call: CallOptions = {
    algorithm: options.algorithm,
    seal: options.encrypt === true,
    ecc224: settings.ecc224,
    scheme: sealingScheme(settings),
  };
  const base = options.url ?? localUrl(settings);
  let allVerified = true;
  for (let turn = 0; turn < Number(options.repeat); turn++) {
    const request = signRequest(merchant, operation.path, plain, call);
    const answer = await sendRequest(base, merchant, request, call).catch((error: unknown) => unreachable(base, error));
    process.stdout.write(`${showRequest(base, request, plain)}\n${showAnswer(answer)}\n`);
    allVerified &&= answer.signature === 'verified';
  }
  return allVerified ? exitCodes.ok : exitCodes.failed;
};

const prepare = (name: string, { client }: SendOptions, settings: Settings): { merchant: MerchantIdentity; operation: Operation } => {
  const parties = readKeyFolder(settings.keys || join(packageRoot, 'keys'), { weakKeys: settings.lenient.includes('weakKeys') });
  const contract = readContract(settings.contract || join(packageRoot, 'openapi', 'alipayhk.yaml'), settings);
  const problems: Problem[] = [...parties.problems, ...contract.problems];
  const keyring = parties.value.clients.get(client);
  if (keyring === undefined)
    problems.push({
      where: '--client',
      message: `no client "${client}" stands in the key folder`,
      remedy: suggest(client, [...parties.value.clients.keys()]),
    });
  const operation = contract.value && findOperation(name, contract.value);
  if (operation === undefined)
    problems.push({ where: 'send', message: `there is no operation "${name}"`, remedy: suggest(name, Object.keys(shortNames)) });
  if (problems.length > 0 || keyring === undefined || operation === undefined) throw new StartupError(problems);
  return { merchant: { clientId: client, keyring, platform: parties.value.platform }, operation };
};

const findOperation = (name: string, { operations }: Contract): Operation | undefined =>
  [...operations.values()].find(({ id }) => id === (shortNames[name] ?? name));

const readFields = (assignments: readonly string[]): Record<string, Json> =>
  Object.fromEntries(
    assignments.map((assignment) => {
      const cut = assignment.indexOf('=');
      if (cut < 1)
        throw new StartupError([
          {
            where: '--set',
            message: `"${assignment}" is not field=value`,
            remedy: 'Write e.g. --set orderStatus=USED or --set amount=100.',
          },
        ]);
      return [assignment.slice(0, cut), readValue(assignment.slice(cut + 1))];
    }),
  );

const readValue = (text: string): Json => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const unreachable = (base: string, error: unknown): never => {
  const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  throw new StartupError([
    { where: base, message: `no answer: ${why}`, remedy: 'Start the simulator (npm start) or name its address with --url.' },
  ]);
};

const showRequest = (base: string, { target, headers, body }: SignedRequest, plain: Buffer): string =>
  [`→ POST ${base}${target}`, ...headerLines(headers), '', ...bodyLines(body, plain)].join('\n');

const showAnswer = ({ httpStatus, headers, body, json, signature }: MerchantAnswer): string => {
  const shown = Object.entries(headers).filter(([name]) =>
    ['client-id', 'signature', 'response-time', 'tracer-id', 'encrypt', 'content-type'].includes(name),
  );
  const plain = json === undefined ? body : Buffer.from(JSON.stringify(json));
  return [`\n← ${httpStatus}`, ...headerLines(Object.fromEntries(shown)), '', ...bodyLines(body, plain), '', verdicts[signature], ''].join(
    '\n',
  );
};

const verdicts: Record<MerchantAnswer['signature'], string> = {
  verified: '✓ the answer is signed by the platform',
  unsigned: '✗ the answer is not signed: the request was refused before its signature had verified; the simulator’s log says why',
  bad: '✗ the answer’s signature does not verify',
};

const headerLines = (headers: Readonly<Record<string, string>>): string[] =>
  Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);

const bodyLines = (body: Buffer, plain: Buffer): string[] => {
  const pretty = indent(prettyJson(plain.toString('utf8')));
  return body.equals(plain) ? [pretty] : [indent(body.toString('utf8')), '', '  which opens as', pretty];
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
