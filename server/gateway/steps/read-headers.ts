import type { IncomingMessage } from 'node:http';
import type { Finding } from '../../domain/contract/contract.ts';
import { durationMs, type Settings } from '../../domain/settings/settings-table.ts';
import { nearestWord } from '../../problems/did-you-mean.ts';
import { clipText } from '../../problems/display-text.ts';
import {
  decodeBase64,
  decodeHeaderBytes,
  documentedKeys,
  type HeaderPairs,
  isSampleSignature,
  type ListHeader,
  meantKey,
  type ProtocolHeader,
  readHeaderPairs,
} from '../../protocol/headers.ts';
import { readAlgorithm } from '../../protocol/signatures.ts';
import { readTimestamp, type TimestampForm, timestampProblem } from '../../protocol/timestamps.ts';
import {
  type EncryptHeader,
  type Exchange,
  type Received,
  type Refusal,
  refuseWithMessage,
  type SignatureHeader,
  type WithHeaders,
} from '../exchange.ts';
import { didYouMeanHeader, encryptNameFinding, timesSent } from './receive.ts';

export type HeaderSettings = Pick<
  Settings,
  'strict' | 'lenient' | 'requestTime.formats' | 'requestTime.code' | 'requestTime.window'
>;

/**
 * Step 2: every protocol header is there once and well-formed (register G-02, G-09 to G-11, G-14).
 */
export const readHeaders = (
  req: IncomingMessage,
  received: Received,
  exchange: Exchange,
  settings: HeaderSettings,
): WithHeaders => {
  const clientId = shareClientId(readRequired(req, 'client-id', 'Client-Id'));
  const requestTime = readRequired(req, 'request-time', 'Request-Time');
  const signature = readRequired(req, 'signature', 'Signature');
  const encrypt = readOptional(req, 'encrypt', 'Encrypt');
  if (encrypt === undefined) exchange.addFindings(encryptNameFinding(req));
  checkTime(requestTime, exchange, settings);
  const list = readList(signature, 'Signature', exchange);
  const sealing = encrypt === undefined ? undefined : readList(encrypt, 'Encrypt', exchange);
  return {
    ...received,
    headers: {
      clientId,
      requestTime,
      signature: readSignature(list, exchange, settings),
      encrypt: sealing === undefined ? undefined : readEncrypt(sealing, exchange, settings),
      unsupported:
        unsupportedSignature(list.pairs) ??
        (sealing && unsupportedEncrypt(sealing.pairs, settings)),
    },
  };
};

let lastClientId = '';

/**
 * Most requests are of the client that sent the last one. With one string for both, maps find it
 * and lint compares it without looking at its characters, and it is hashed once.
 */
const shareClientId = (clientId: string): string => {
  if (clientId !== lastClientId) lastClientId = clientId;
  return lastClientId;
};

const illegal = (reason: string): Refusal => refuseWithMessage('PARAM_ILLEGAL', 'G-02', reason);

const readOptional = (
  req: IncomingMessage,
  name: string,
  title: ProtocolHeader,
): string | undefined => {
  const value = req.headers[name]?.toString().trim();
  // Node joins what is sent twice; only where there may be two the raw lines are counted.
  const times = value?.includes(',') === true ? timesSent(req, name) : 1;
  if (times > 1) throw illegal(`${title} header: sent ${times} times, must be sent once`);
  return value === '' ? undefined : value;
};

const readRequired = (req: IncomingMessage, name: string, title: ProtocolHeader): string => {
  const value = readOptional(req, name, title);
  if (value === undefined)
    throw illegal(`${title} header: is missing${didYouMeanHeader(req, title)}`);
  return value;
};

const timeForms: Readonly<Record<Exclude<TimestampForm, 'documented'>, string>> = {
  'offset-without-colon': 'ISO-8601 with an offset that has no colon',
  'epoch-milliseconds': 'milliseconds since 1970',
};

const checkTime = (text: string, exchange: Exchange, settings: HeaderSettings): void => {
  const now = exchange.now();
  const time = readTimestamp(text);
  const wanted = 'must be ISO-8601 with an offset, e.g. 2024-05-22T06:42:21+08:00';
  const refuse = (reason: string): Refusal =>
    refuseWithMessage(settings['requestTime.code'], 'G-09', reason);
  if (time === undefined)
    throw refuse(
      `Request-Time header: ${timestampProblem(text)}; ${wanted} (got "${text.slice(0, 40)}")`,
    );
  if (time.form !== 'documented') {
    if (settings['requestTime.formats'] === 'documented')
      throw refuse(`Request-Time header: ${wanted} (got "${text.slice(0, 40)}")`);
    exchange.addFinding({
      id: 'REQUEST_TIME_FORM',
      sentence:
        `Request-Time is written as ${timeForms[time.form]}; the documents ask for ISO-8601 ` +
        'with a time zone, e.g. +08:00 or Z',
      register: 'G-09',
    });
  }
  const window = durationMs(settings['requestTime.window']);
  if (window !== undefined && Math.abs(time.epochMs - now) > window) {
    throw refuse(
      `Request-Time header: ${Math.round((time.epochMs - now) / 1000)} s from now, at most ` +
        `${settings['requestTime.window']} is allowed`,
    );
  }
};

/** @returns undefined: the newest active key */
const readKeyVersion = (
  pairs: HeaderPairs,
  title: 'Signature' | 'Encrypt',
  exchange: Exchange,
  { strict }: HeaderSettings,
): number | undefined => {
  const value = pairs.get('keyVersion') ?? '';
  if (value === '') return undefined;
  if (!/^\d{1,9}$/.test(value))
    throw illegal(
      `${title} header: keyVersion must be a whole number (got "${value.slice(0, 20)}")`,
    );
  if (Number(value) !== 0) return Number(value);
  if (strict.includes('keyVersion'))
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-10',
      `${title} header: keyVersion must be 1 or more (got "${value}")`,
    );
  exchange.addFinding(keyVersionZero(title));
  return undefined;
};

const readSignature = (
  list: HeaderList,
  exchange: Exchange,
  settings: HeaderSettings,
): SignatureHeader => {
  const { pairs, didYouMean } = list;
  // An unknown one is refused once the client is known, before this value is looked at.
  const algorithm = readAlgorithm(pairs.get('algorithm')) ?? 'RSA256';
  const keyVersion = readKeyVersion(pairs, 'Signature', exchange, settings);
  const text = pairs.get('signature') ?? '';
  if (text === '') throw illegal(`Signature header: has no signature${didYouMean('signature')}`);
  const bytes = decodeHeaderBytes(text);
  if (bytes !== 'malformed')
    return { algorithm, keyVersion, value: bytes === 'undecodable' ? undefined : bytes };
  if (settings.lenient.includes('rawBase64Signature'))
    return { algorithm, keyVersion, value: decodeBase64(text.replaceAll(' ', '+')) };
  if (isSampleSignature(text))
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-11',
      "Signature header: the signature is the documents' sample; sign the request with your own key",
    );
  throw refuseWithMessage(
    'PARAM_ILLEGAL',
    'G-11',
    'Signature header: the signature is not URL-encoded (it holds a bare "+", "=" or space)',
  );
};

const unsupportedSignature = (pairs: HeaderPairs): Refusal | undefined => {
  const name = pairs.get('algorithm');
  return readAlgorithm(name) === undefined
    ? illegal(
        `Signature header: algorithm must be RSA256 or ECC224 (got "${clipText(name ?? '', 20)}")`,
      )
    : undefined;
};

const unsupportedEncrypt = (pairs: HeaderPairs, settings: HeaderSettings): Refusal | undefined => {
  const name = pairs.get('algorithm')?.toUpperCase() ?? '';
  const isSupported =
    name === '' ||
    name === 'RSA_AES' ||
    (name === 'RSA' && !settings.strict.includes('encryptAlgorithm'));
  return isSupported
    ? undefined
    : refuseWithMessage(
        'PARAM_ILLEGAL',
        'G-14',
        `Encrypt header: algorithm must be RSA_AES (got "${clipText(name, 20)}")`,
      );
};

const readEncrypt = (
  list: HeaderList,
  exchange: Exchange,
  settings: HeaderSettings,
): EncryptHeader => {
  const { pairs, didYouMean } = list;
  const algorithm = pairs.get('algorithm')?.toUpperCase() ?? '';
  if (algorithm === 'RSA' && !settings.strict.includes('encryptAlgorithm')) {
    exchange.addFinding({
      id: 'ENCRYPT_ALGORITHM_RSA',
      sentence:
        'Encrypt says algorithm=RSA; taken as RSA_AES, the only one the text of the documents allows',
      register: 'G-14',
    });
  }
  const symmetricKey = pairs.get('symmetricKey') ?? '';
  if (symmetricKey === '')
    throw illegal(`Encrypt header: has no symmetricKey${didYouMean('symmetricKey')}`);
  return { keyVersion: readKeyVersion(pairs, 'Encrypt', exchange, settings), symmetricKey, pairs };
};

export interface HeaderList {
  readonly pairs: HeaderPairs;
  /** What to append to the message about a missing key; empty when no unknown key looks like it. */
  readonly didYouMean: (key: string) => string;
}

/**
 * Reads a list of key=value pairs; unknown keys are ignored, each with a finding (register G-10).
 */
export const readList = (value: string, title: ListHeader, exchange: Exchange): HeaderList => {
  const { pairs, faults } = readHeaderPairs(value);
  if (faults.length > 0)
    throw refuseWithMessage('PARAM_ILLEGAL', 'G-02', `${title} header: ${faults.join('; ')}`);
  const unknown = listUnknownKeys(pairs, documentedKeys[title]);
  exchange.addFindings(unknown.map((key) => unknownKey(key, title)));
  return {
    pairs,
    didYouMean: (missing) => {
      const key = unknown.find((one) => nearestKey(one, title) === missing);
      return key === undefined
        ? ''
        : `, but an unknown key "${clipKey(key)}". Did you mean "${missing}"?`;
    },
  };
};

const listUnknownKeys = (pairs: HeaderPairs, known: readonly string[]): readonly string[] => {
  const unknown: string[] = [];
  for (const key of pairs.keys())
    if (!known.includes(key) && unknown.length < maxUnknownKeys) unknown.push(key);
  return unknown;
};

/** A header may hold thousands of keys; the first few say what is wrong. */
const maxUnknownKeys = 8;

const nearestKey = (key: string, title: ListHeader): string | undefined =>
  meantKey(key, title) ?? nearestWord(key.slice(0, 40), documentedKeys[title]);

const unknownKey = (key: string, title: ListHeader): Finding => {
  const nearest = nearestKey(key, title);
  const remedy = nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
  return {
    id: 'HEADER_KEY_UNKNOWN',
    sentence: `${title} header: unknown key "${clipKey(key)}" is ignored${remedy}`,
    register: 'G-10',
  };
};

const clipKey = (text: string): string => clipText(text, 24);

export const keyVersionZero = (title: ListHeader): Finding => ({
  id: 'KEY_VERSION_ZERO',
  sentence: `${title} header: keyVersion=0 means the newest active key here; versions start at 1`,
  register: 'G-10',
});
