import { createHash, type KeyObject } from 'node:crypto';
import { decodeHeaderBytes, encodeHeaderBytes } from '../../protocol/encodings.ts';
import { readHeaderPairs } from '../../protocol/headers.ts';
import { decryptBody, encryptBody, type SealingScheme, sealBody } from '../../protocol/sealing.ts';
import type { CapsuleExchange } from './exchange-schema.ts';
import { headerValue, packBody, unpackBody } from './packed-body.ts';

/** What the encrypted parts of an exchange follow from. */
export interface SealingFacts {
  readonly scheme: SealingScheme;
  /** The public key of a version that the client's answers are encrypted for. */
  readonly receiver: (clientId: string, version: number) => KeyObject | undefined;
}

/** Bytes that follow from a symmetric key: padding that a capsule then need not hold. */
export const fillerBytes = (key: Buffer, count: number, offset = 0): Buffer => {
  const blocks: Buffer[] = [];
  for (let block = 0; block * 32 < offset + count; block++)
    blocks.push(createHash('sha256').update(key).update(String(block)).digest());
  return Buffer.concat(blocks).subarray(offset, offset + count);
};

/** The symmetric key of an answer with pseudonyms, which then need not be held. */
export const answerKey = ({ opening }: CapsuleExchange): Buffer | undefined =>
  opening?.key === undefined
    ? undefined
    : createHash('sha256').update(Buffer.from(opening.key, 'base64')).update('answer').digest();

const keyBytes = 32;
const wrappedBytes = 256;
const tapeBytes = 512;

/**
 * An exchange without what follows from the rest of it: encrypted bodies, where the symmetric key is
 * there, and wrapped keys. A digest stays in the place of a wrapped key.
 */
export const shortenExchange = (exchange: CapsuleExchange, facts: SealingFacts): CapsuleExchange =>
  shortenHeaders(shortenRandom(shortenReply(shortenRequest(exchange, facts), facts)));

/** The exchange as it was sent and answered. */
export const completeExchange = (
  exchange: CapsuleExchange,
  facts: SealingFacts,
): CapsuleExchange => {
  try {
    const spelt = spellHeaders(exchange);
    return completeReply(completeRequest(completeRandom(spelt), facts), facts);
  } catch {
    // Keys that do not fit: a replay then says where it differs.
    return exchange;
  }
};

/** Alone in the place of a value that follows; in front of bytes as base64url. */
const shortMark = '~';

const compactBytes = (value: string): string => {
  const bytes = decodeHeaderBytes(value);
  return Buffer.isBuffer(bytes) && encodeHeaderBytes(bytes) === value
    ? `${shortMark}${bytes.toString('base64url')}`
    : value;
};

const spellBytes = (value: string): string =>
  value.startsWith(shortMark)
    ? encodeHeaderBytes(Buffer.from(value.slice(shortMark.length), 'base64url'))
    : value;

type HeaderPairs = CapsuleExchange['request']['headers'];

/** Marks an exchange with the mark in a header that was sent: its headers are not shortened. */
export const markAsSent = (exchange: CapsuleExchange): CapsuleExchange => {
  const values = [...exchange.request.headers, ...(exchange.reply?.headers ?? [])];
  return values.some(([, value]) => value.includes(shortMark))
    ? { ...exchange, asSent: true }
    : exchange;
};

/** Bytes in Signature and Encrypt. */
const changeBytes = (headers: HeaderPairs, change: (value: string) => string): HeaderPairs =>
  headers.map(([name, value]) => [
    name,
    /^(signature|encrypt)$/i.test(name)
      ? value.replace(
          /((?:signature|symmetricKey)=)([^,]*)/,
          (_, before: string, bytes: string) => `${before}${change(bytes)}`,
        )
      : value,
  ]);

/** Headers of an answer that repeat what is said elsewhere. */
const repeatedHeaders = (
  { receivedAt, request, random }: CapsuleExchange,
  headers: HeaderPairs,
): Readonly<Record<string, string | undefined>> => ({
  date: new Date(receivedAt).toUTCString(),
  'client-id': headerValue(request.headers, 'client-id'),
  'x-mock-request-id': random?.tracerId ?? headerValue(headers, 'tracer-id'),
});

const shortenHeaders = (exchange: CapsuleExchange): CapsuleExchange => {
  const repeated = repeatedHeaders(exchange, exchange.reply?.headers ?? []);
  return withHeaders(exchange, compactBytes, (name, value) =>
    value === repeated[name] ? shortMark : value,
  );
};

const spellHeaders = (exchange: CapsuleExchange): CapsuleExchange => {
  const repeated = repeatedHeaders(exchange, exchange.reply?.headers ?? []);
  return withHeaders(exchange, spellBytes, (name, value) =>
    value === shortMark ? (repeated[name] ?? value) : value,
  );
};

const withHeaders = (
  exchange: CapsuleExchange,
  changeText: (value: string) => string,
  changeValue: (name: string, value: string) => string,
): CapsuleExchange => {
  const { request, reply } = exchange;
  if (exchange.asSent === true) return exchange;
  const changed = {
    ...exchange,
    request: { ...request, headers: changeBytes(request.headers, changeText) },
  };
  if (reply?.headers === undefined) return changed;
  const headers = changeBytes(reply.headers, changeText).map(([name, value]): [string, string] => [
    name,
    changeValue(name, value),
  ]);
  return { ...changed, reply: { ...reply, headers } };
};

const shortenRequest = (exchange: CapsuleExchange, { scheme }: SealingFacts): CapsuleExchange => {
  const { request, opening } = exchange;
  if (opening?.key === undefined || request.encrypted === true) return exchange;
  const key = Buffer.from(opening.key, 'base64');
  const sent = unpackBody(request);
  const plain = decryptBody(Buffer.from(sent.toString('latin1'), 'base64'), key, scheme.cipher);
  const headers = withWrappedKey(request.headers, (value) =>
    value === fillerText(key) ? wrappedKeyMark(value) : value,
  );
  if (plain === undefined || !sealedText(plain, key, scheme).equals(sent))
    return { ...exchange, request: { ...request, headers } };
  const { json: _json, body: _body, bodyBase64: _base64, ...rest } = request;
  return {
    ...exchange,
    request: { ...rest, headers, ...packBody(plain), encrypted: true },
  };
};

const completeRequest = (exchange: CapsuleExchange, { scheme }: SealingFacts): CapsuleExchange => {
  const { request, opening } = exchange;
  if (opening?.key === undefined) return exchange;
  const key = Buffer.from(opening.key, 'base64');
  const headers = withWrappedKey(request.headers, (value) =>
    value === wrappedKeyMark(fillerText(key)) ? fillerText(key) : value,
  );
  if (request.encrypted !== true) return { ...exchange, request: { ...request, headers } };
  const { json: _json, body: _body, bodyBase64: _base64, encrypted: _mark, ...rest } = request;
  const sent = sealedText(unpackBody(request), key, scheme);
  return { ...exchange, request: { ...rest, headers, ...packBody(sent) } };
};

/** With an IV of its own, a body is not the same twice, and stays as it was sent. */
const sealedText = (plain: Buffer, key: Buffer, { cipher }: SealingScheme): Buffer =>
  Buffer.from(encryptBody(plain, key, cipher).toString('base64'));

const fillerText = (key: Buffer): string => encodeHeaderBytes(fillerBytes(key, wrappedBytes));

const shortenReply = (exchange: CapsuleExchange, facts: SealingFacts): CapsuleExchange => {
  const { reply, random } = exchange;
  const encrypt = headerValue(reply?.headers, 'encrypt');
  if (reply?.headers === undefined || random?.bytes === undefined || encrypt === undefined)
    return exchange;
  if (reply.encrypted === true) return exchange;
  const key = Buffer.from(random.bytes, 'base64').subarray(0, keyBytes);
  const sent = unpackBody(reply);
  const plain = decryptBody(
    Buffer.from(sent.toString('latin1'), 'base64'),
    key,
    facts.scheme.cipher,
  );
  const made = plain && sealReply(exchange, plain, facts);
  if (plain === undefined || made === undefined) return exchange;
  if (!made.body.equals(sent) || made.encryptHeader !== encrypt) return exchange;
  const { json: _json, body: _body, bodyBase64: _base64, ...rest } = reply;
  return {
    ...exchange,
    reply: {
      ...rest,
      headers: withWrappedKey(reply.headers, wrappedKeyMark),
      ...packBody(plain),
      encrypted: true,
    },
  };
};

const completeReply = (exchange: CapsuleExchange, facts: SealingFacts): CapsuleExchange => {
  const { reply } = exchange;
  if (reply?.headers === undefined || reply.encrypted !== true) return exchange;
  const made = sealReply(exchange, unpackBody(reply), facts);
  const { json: _json, body: _body, bodyBase64: _base64, encrypted: _mark, ...rest } = reply;
  if (made === undefined) return { ...exchange, reply: rest };
  const wrapped = readHeaderPairs(made.encryptHeader).pairs.get('symmetricKey') ?? '';
  const headers = withWrappedKey(reply.headers, (value) =>
    value === wrappedKeyMark(wrapped) ? wrapped : value,
  );
  return { ...exchange, reply: { ...rest, headers, ...packBody(made.body) } };
};

/** Encrypts an answer as it was encrypted, with the bytes that were drawn for it. */
const sealReply = (
  { request, reply, random }: CapsuleExchange,
  plain: Buffer,
  { scheme, receiver }: SealingFacts,
) => {
  const { pairs } = readHeaderPairs(headerValue(reply?.headers, 'encrypt') ?? '');
  const version = Number(pairs.get('keyVersion') ?? Number.NaN);
  const publicKey = receiver(headerValue(request.headers, 'client-id') ?? '', version);
  const drawn = Buffer.from(random?.bytes ?? '', 'base64');
  let at = 0;
  const draw = (count: number): Buffer => {
    at += count;
    return Buffer.concat([drawn.subarray(at - count, at), Buffer.alloc(count)]).subarray(0, count);
  };
  return publicKey && sealBody(plain, { publicKey, version }, scheme, draw);
};

const shortenRandom = (exchange: CapsuleExchange): CapsuleExchange => {
  const { random } = exchange;
  const drawn = Buffer.from(random?.bytes ?? '', 'base64');
  const key = drawn.subarray(0, keyBytes);
  const isFiller =
    drawn.length > keyBytes &&
    drawn.subarray(keyBytes).equals(fillerBytes(key, drawn.length - keyBytes));
  if (!isFiller) return exchange;
  if (exchange.reply?.encrypted !== true || !answerKey(exchange)?.equals(key))
    return { ...exchange, random: { ...random, bytes: key.toString('base64') } };
  const { random: _, ...rest } = exchange;
  return random?.tracerId === undefined ? rest : { ...rest, random: { tracerId: random.tracerId } };
};

const completeRandom = (exchange: CapsuleExchange): CapsuleExchange => {
  const { random, reply } = exchange;
  const isDerived = random?.bytes === undefined && reply?.encrypted === true;
  const key = isDerived ? answerKey(exchange) : Buffer.from(random?.bytes ?? '', 'base64');
  if (key?.length !== keyBytes) return exchange;
  const drawn = Buffer.concat([key, fillerBytes(key, tapeBytes)]);
  return { ...exchange, random: { ...random, bytes: drawn.toString('base64') } };
};

const wrappedKeyMark = (wrapped: string): string =>
  `sha256-${createHash('sha256').update(wrapped).digest('hex').slice(0, 16)}`;

const withWrappedKey = (
  headers: readonly (readonly [name: string, value: string])[],
  change: (value: string) => string,
): [string, string][] =>
  headers.map(([name, value]) => [
    name,
    name.toLowerCase() === 'encrypt'
      ? value.replace(
          /(symmetricKey=)([^,]*)/,
          (_, before: string, wrapped: string) => `${before}${change(wrapped)}`,
        )
      : value,
  ]);
