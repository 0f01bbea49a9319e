import type { KeyObject } from 'node:crypto';
import type { Operation } from '../../domain/contract/contract.ts';
import { type CompleteHooks, hooksFor } from '../../domain/faults/choice.ts';
import { writeInLayout } from '../../domain/scenarios/layout.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import type { Answer, Json, JsonObject } from '../../domain/state/state.ts';
import { clipText } from '../../problems/display-text.ts';
import { encodeHeaderBytes } from '../../protocol/headers.ts';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import { type SealingScheme, sealBody } from '../../protocol/sealing.ts';
import { type Settling, whenSettled } from '../../protocol/settling.ts';
import {
  algorithmParamsFor,
  joinSignatureHeader,
  type SignatureAlgorithm,
  signContent,
  signInPool,
  signingContent,
} from '../../protocol/signatures.ts';
import { writeHttpDate, writeTimestamp } from '../../protocol/timestamps.ts';
import type { Known } from '../exchange.ts';
import type { Outcome } from '../outcome.ts';

/**
 * An answer as it goes over the wire. Header names are in lower case: official SDKs compare them so
 * (register G-05).
 */
export interface Reply {
  readonly httpStatus: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** What was sealed into the body. */
  readonly plain?: Buffer | undefined;
}

export interface ReplyDeps {
  readonly tracerId: string;
  /** By the client's clock, milliseconds since 1970. */
  readonly now: number;
  readonly random: (count: number) => Buffer;
  readonly platform: Keyring;
  readonly scheme: SealingScheme;
  /** Whether signing is left to the thread pool. */
  readonly inPool: boolean;
  /** Of the signature as its header states it. */
  readonly remember: GetOrSign<string>;
  /** Supplies the signature of a replayed answer. */
  readonly signTaped?: ((content: Buffer) => Buffer) | undefined;
  readonly settings: Pick<Settings, 'httpStatus' | 'signRefusals' | 'ecc224' | 'tracer.alias'> &
    MessageSettings;
}

/** What decides how much a result's message says (register G-29). */
export type MessageSettings = Pick<Settings, 'messages' | 'wirePure'>;

/**
 * Step 11, first half: the result body, encrypted if the request was, signed if the client is
 * authenticated.
 */
export const composeReply = (
  { known, result, delivery }: Pick<Outcome, 'known' | 'result' | 'delivery'>,
  deps: ReplyDeps,
): Settling<Reply> => {
  const { tracerId, now, random, scheme, settings } = deps;
  const hooks = hooksFor(delivery);
  const plain = hooks.plain(
    Buffer.from(
      writeInLayout(resultBody(result.answer, known.operation, settings), delivery.layout),
    ),
  );
  const ownReceiver =
    known.platformKeyVersion === undefined
      ? undefined
      : known.client?.keyring.find('RSA', undefined, now);
  const receiver = ownReceiver && hooks.receiver(ownReceiver);
  const sealed = receiver === undefined ? undefined : sealBody(plain, receiver, scheme, random);
  const body = sealed?.body ?? plain;
  const clientId = known.client?.id ?? known.claimedClientId;
  const algorithm = delivery.signed
    ? signingAlgorithm(known, result, settings.signRefusals)
    : undefined;
  const finish = (signed: SignedHeaders | undefined): Reply => {
    const headers: Record<string, string> = {
      'content-type':
        sealed === undefined ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
      'content-length': String(body.length),
    };
    const sender = signed?.clientId || clientId;
    if (sender !== undefined) headers['client-id'] = sender;
    if (signed !== undefined) {
      headers['response-time'] = signed.time;
      headers['signature'] = signed.signature;
    }
    if (sealed !== undefined) headers['encrypt'] = sealed.encryptHeader;
    headers['tracer-id'] = tracerId;
    if (settings['tracer.alias'] !== 'off') headers[settings['tracer.alias']] = tracerId;
    headers['date'] = writeHttpDate(now);
    const finished = hooks.rewrite({ httpStatus: result.httpStatus, headers, body });
    return sealed === undefined ? finished : { ...finished, plain };
  };
  if (algorithm === undefined) return finish(undefined);
  const answer = {
    target: known.target,
    clientId: clientId ?? '',
    timeMs: now,
    body,
    keyVersion: delivery.keyVersion,
  };
  const signed = signBody(algorithm, answer, deps, hooks);
  return whenSettled(signed, finish);
};

/** The JSON of an answer. */
export const resultBody = (
  answer: Answer,
  operation: Operation | undefined,
  settings: MessageSettings,
): JsonObject => {
  const result = {
    resultCode: answer.code,
    resultStatus: answer.status,
    resultMessage: resultMessage(answer, settings),
  };
  const body: Record<string, Json> = {};
  for (const name of operation?.resultFields ?? ['result']) body[name] = result;
  return Object.assign(body, answer.fields);
};

/**
 * The documented lengths are 64, 2 and 256 characters; only the message can be longer than that
 * (register G-02).
 */
const maxMessageLength = 256;

/**
 * The row's text first, then the detail, so that both a reader and a client that looks for the
 * row's text find it (register G-29).
 */
const resultMessage = ({ message, detail }: Answer, settings: MessageSettings): string => {
  const row = clipText(message, maxMessageLength);
  if (detail === undefined || settings.messages === 'documented' || settings.wirePure) return row;
  const room = maxMessageLength - [...row].length - ' []'.length;
  return room < 1 ? row : `${row} [${clipText(detail, room)}]`;
};

/**
 * Up to and including the signature check nothing is signed: there is no proof yet of whom we would
 * sign for (register G-04).
 */
const signingAlgorithm = (
  { signedWith }: Known,
  { isRefusal }: Outcome['result'],
  signRefusals: Settings['signRefusals'],
): SignatureAlgorithm | undefined => {
  if (isRefusal && signRefusals === 'never') return undefined;
  if (signedWith !== undefined) return signedWith.algorithm;
  return isRefusal && signRefusals === 'always' ? 'RSA256' : undefined;
};

/** What is signed, and by which of the platform's keys if a script names one. */
interface SignedAnswer extends Omit<Parameters<typeof signingContent>[0], 'time'> {
  readonly timeMs: number;
  readonly keyVersion: number | undefined;
}

/** What signing adds to the headers. */
interface SignedHeaders {
  readonly clientId: string;
  readonly time: string;
  readonly signature: string;
}

const signBody = (
  algorithm: SignatureAlgorithm,
  { target, clientId, timeMs, keyVersion, body }: SignedAnswer,
  { platform, settings: { ecc224 }, inPool, remember, signTaped }: ReplyDeps,
  { signing }: CompleteHooks,
): Settling<SignedHeaders> => {
  const recipe = algorithmParamsFor(algorithm, ecc224);
  // A key folder in order always has an active one; if all the same none is, an answer with an old
  // key is better than none.
  const key =
    keyVersion === undefined
      ? (platform.find(recipe.family, undefined, timeMs) ?? platform.find(recipe.family))
      : platform.find(recipe.family, keyVersion);
  if (key?.privateKey === undefined)
    throw new Error(
      `the platform has no ${recipe.family} key` +
        `${keyVersion === undefined ? '' : ` of version ${keyVersion}`} to sign with`,
    );
  const own = { clientId, timeMs, keyVersion: key.version, key: key.privateKey };
  const used = signing(own, { platform, family: recipe.family });
  const time = writeTimestamp(used.timeMs);
  const sign = inPool ? signInPool : signContent;
  const content = signingContent({ target, clientId: used.clientId, time, body });
  const signNow = (): string | Promise<string> => {
    const bytes = signTaped === undefined ? sign(content, used.key, recipe) : signTaped(content);
    return bytes instanceof Promise ? bytes.then(encodeHeaderBytes) : encodeHeaderBytes(bytes);
  };
  const conclude = (signature: string): SignedHeaders => ({
    clientId: used.clientId,
    time,
    signature: joinSignatureHeader(algorithm, used.keyVersion, signature),
  });
  const signature =
    signTaped === undefined && recipe.isDeterministic
      ? remember(content, used.key, signNow)
      : signNow();
  return whenSettled(signature, conclude);
};

/** Finds the signature of a content with a key, in the form that is needed, or has it made. */
type GetOrSign<T> = (content: Buffer, key: KeyObject, sign: () => T | Promise<T>) => T | Promise<T>;

/**
 * Response-Time has whole seconds: what is older than a few hundred others is hardly asked for
 * again.
 */
const maxSignatures = 256;

/**
 * RSA PKCS#1 v1.5 makes the same signature of the same bytes every time, and most answers of one
 * second are the same bytes. So each is signed once: by the first that asks, while others that come
 * meanwhile wait for it.
 */
export const createSignatureCache = <T>(): GetOrSign<T> => {
  const byKey = new WeakMap<KeyObject, Map<string, T | Promise<T>>>();
  return (content, key, sign) => {
    const remembered = byKey.get(key) ?? new Map<string, T | Promise<T>>();
    byKey.set(key, remembered);
    const name = content.toString('latin1');
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const signature = sign();
    remembered.set(name, signature);
    // A failure rejects all that wait, and is not kept.
    if (signature instanceof Promise) signature.catch(() => remembered.delete(name));
    if (remembered.size > maxSignatures) evictOldest(remembered);
    return signature;
  };
};

const evictOldest = (remembered: Map<string, unknown>): void => {
  const [oldest] = remembered.keys();
  if (oldest !== undefined) remembered.delete(oldest);
};
