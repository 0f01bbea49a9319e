import type { Settings } from '../config/settings-table.ts';
import type { Contract } from '../contract/contract.ts';
import { type Mischief, mischiefOf } from '../faults/hooks.ts';
import type { Keyring } from '../keyring/keyring.ts';
import { algorithmRecipe, type SignatureAlgorithm } from '../protocol/algorithms.ts';
import { signInPool } from '../protocol/pooled-signatures.ts';
import { type SealingScheme, sealBody } from '../protocol/sealing.ts';
import { signContent, writeSignatureHeader } from '../protocol/signatures.ts';
import { signingContent } from '../protocol/signing-content.ts';
import { writeTimestamp } from '../protocol/timestamps.ts';
import type { Delivery } from '../scenario/script.ts';
import type { Answer } from '../world/state.ts';
import type { Exchange } from './exchange.ts';
import type { Refusal } from './refusal.ts';

/** An answer as it goes over the wire. Header names are in lower case: official SDKs compare them so (register G-05). */
export interface Reply {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What was sealed into the body. */
  readonly plain?: Buffer;
}

export interface ReplyParts {
  readonly platform: Keyring;
  readonly scheme: SealingScheme;
  /** Whether other exchanges are under way: then signing is left to the thread pool. */
  readonly isBusy: boolean;
  readonly settings: Pick<Settings, 'httpStatus' | 'signRefusals' | 'ecc224'>;
}

/** What is to be told: a decision's answer, or a refusal. */
export interface Told {
  readonly answer: Answer;
  readonly httpStatus: number;
  readonly isRefusal: boolean;
}

/** Step 11, first half: the result body, sealed if the request was, signed if the client is authenticated. */
export const composeReply = async (
  exchange: Exchange,
  { told, delivery }: { readonly told: Told; readonly delivery: Delivery },
  random: (count: number) => Buffer,
  { platform, scheme, settings, isBusy }: ReplyParts,
): Promise<Reply> => {
  const { facts } = exchange;
  const now = exchange.now();
  const mischief = mischiefOf(delivery);
  const plain = mischief.plain(Buffer.from(JSON.stringify(resultBody(told.answer, facts.operation?.resultField ?? 'result'))));
  const ownReceiver = facts.sealed === true ? facts.client?.keyring.find('RSA', undefined, now) : undefined;
  const receiver = ownReceiver && mischief.receiver(ownReceiver);
  const sealed = receiver === undefined ? undefined : sealBody(plain, receiver.publicKey, receiver.version, scheme, random);
  const body = sealed?.body ?? plain;
  const clientId = facts.client?.id ?? facts.headers?.clientId;
  const algorithm = delivery.signed ? signingAlgorithm(exchange, told, settings.signRefusals) : undefined;
  const signed =
    algorithm === undefined
      ? undefined
      : await signBody(
          algorithm,
          { target: facts.target ?? '', clientId: clientId ?? facts.calledItself ?? '', timeMs: now, body },
          platform,
          { ecc224: settings.ecc224, isBusy },
          mischief,
        );
  const finished = mischief.finished({
    httpStatus: told.httpStatus,
    headers: {
      'content-type': sealed === undefined ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
      'content-length': String(body.length),
      ...(clientId === undefined ? {} : { 'client-id': clientId }),
      ...signed,
      ...(sealed === undefined ? {} : { encrypt: sealed.encryptHeader }),
      'tracer-id': exchange.tracerId,
      date: new Date(now).toUTCString(),
    },
    body,
  });
  return sealed === undefined ? finished : { ...finished, plain };
};

/** A refusal as an answer: from the operation's own table where it lists the code, else from the gateway's. */
export const tellRefusal = (refusal: Refusal, exchange: Exchange, contract: Contract, httpStatus: Settings['httpStatus']): Told => {
  const row = exchange.facts.operation?.results.get(refusal.code) ?? contract.gatewayResults.get(refusal.code);
  if (row === undefined) throw new Error(`the contract has no result code ${refusal.code}`);
  return {
    answer: { code: row.code, status: row.status, message: refusal.details.message ?? row.message, fields: {} },
    httpStatus: httpStatus === 'ok' ? 200 : (refusal.details.httpStatus ?? contract.gatewayResults.get(refusal.code)?.httpStatus ?? 400),
    isRefusal: true,
  };
};

/** Something unforeseen: UNKNOWN_EXCEPTION with the operation's own status, and no word of what it was (register G-02, G-18). */
export const tellFailure = (exchange: Exchange, contract: Contract, httpStatus: Settings['httpStatus']): Told => {
  const row = exchange.facts.operation?.results.get('UNKNOWN_EXCEPTION') ?? contract.gatewayResults.get('UNKNOWN_EXCEPTION');
  return {
    answer: { code: 'UNKNOWN_EXCEPTION', status: row?.status ?? 'U', message: row?.message ?? 'unknown', fields: {} },
    httpStatus: httpStatus === 'ok' ? 200 : 500,
    isRefusal: true,
  };
};

/** The JSON of an answer. */
export const resultBody = ({ code, status, message, fields }: Answer, resultField: 'result' | 'resultInfo') => ({
  [resultField]: { resultCode: code, resultStatus: status, resultMessage: message },
  ...fields,
});

/** Up to and including the signature check nothing is signed: there is no proof yet of whom we would sign for (register G-04). */
const signingAlgorithm = (
  { facts }: Exchange,
  { isRefusal }: Told,
  signRefusals: Settings['signRefusals'],
): SignatureAlgorithm | undefined => {
  if (isRefusal && signRefusals === 'never') return undefined;
  if (facts.authenticated !== undefined) return facts.authenticated;
  return isRefusal && signRefusals === 'always' ? 'RSA256' : undefined;
};

const signBody = async (
  algorithm: SignatureAlgorithm,
  { target, clientId, timeMs, body }: Omit<Parameters<typeof signingContent>[0], 'time'> & { readonly timeMs: number },
  platform: Keyring,
  { ecc224, isBusy }: { readonly ecc224: Settings['ecc224']; readonly isBusy: boolean },
  { signing }: Mischief,
): Promise<Readonly<Record<string, string>>> => {
  const recipe = algorithmRecipe(algorithm, ecc224);
  // A key folder in order always has an active one; if all the same none is, an answer with an old key is better than none.
  const key = platform.find(recipe.family, undefined, timeMs) ?? platform.find(recipe.family);
  if (key?.privateKey === undefined) throw new Error(`the platform has no ${recipe.family} key to sign with`);
  const own = { clientId, timeMs, keyVersion: key.version, key: key.privateKey };
  const used = signing(own, { platform, family: recipe.family });
  const time = writeTimestamp(used.timeMs);
  const sign = isBusy ? signInPool : signContent;
  const bytes = await sign(signingContent({ target, clientId: used.clientId, time, body }), used.key, recipe);
  return {
    ...(used.clientId === '' ? {} : { 'client-id': used.clientId }),
    'response-time': time,
    signature: writeSignatureHeader(algorithm, used.keyVersion, bytes),
  };
};
