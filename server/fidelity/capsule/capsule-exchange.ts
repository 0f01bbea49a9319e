import { createHash, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { operationIds } from '../../domain/contract/contract.ts';
import { collections } from '../../domain/state/state.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { findReservedKey, isDeeperThan } from '../../problems/json-text.ts';
import { decodeHeaderBytes, encodeHeaderBytes, readHeaderPairs } from '../../protocol/headers.ts';
import { decryptBody, encryptBody, type SealingScheme, sealBody } from '../../protocol/sealing.ts';

const milliseconds = z.number().min(0).max(8.64e15);
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64');
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');
const headerLine = z.string().regex(/^[^\r\n\0]*$/, 'must not contain line breaks');
const headerLines = z.array(z.tuple([headerLine, headerLine])).max(2000);
const bodyMembers = {
  json: z.json().optional().describe('the body, if it is this JSON without spaces'),
  body: z.string().optional().describe('the body as text, where it is UTF-8'),
  bodyBase64: base64.optional().describe('the body, where it is not'),
  encrypted: z
    .literal(true)
    .optional()
    .describe('what was sent is this body, encrypted with the symmetric key'),
};

export const keySchema = z.strictObject({
  version: z.int().min(0),
  family: z.enum(['RSA', 'EC']),
  publicKey: base64.describe(
    'SubjectPublicKeyInfo, DER; of an RSA key with the exponent 65537 the modulus alone',
  ),
  from: milliseconds.optional(),
  until: milliseconds.optional(),
});

/** A record where the exchange found it, if the exchanges before it did not leave it so. */
const foundRecord = z.tuple([z.string(), z.enum(collections), z.string(), z.json()]);

export const exchangeSchema = z.strictObject({
  number: z.int().min(1).describe('in the journal it comes from'),
  operation: z.enum(operationIds, { error: ({ input }) => unknownOperation(input) }).optional(),
  receivedAt: milliseconds.describe('by the client’s clock, since 1970'),
  clockSteps: z
    .array(z.int())
    .optional()
    .describe('when the clock moved on: number of the reading, milliseconds since receivedAt, …'),
  place: z
    .int()
    .min(2)
    .optional()
    .describe('which request it was on its connection, where it was not the first'),
  scenarios: z
    .strictObject({ all: z.array(z.string()), client: z.array(z.string()) })
    .optional()
    .describe('names of those that were active, for all and for this client alone'),
  asSent: z
    .literal(true)
    .optional()
    .describe('a header that was sent contains ~; none is shortened'),
  before: z
    .array(foundRecord)
    .optional()
    .describe('records it found: Client-Id, collection, id, value; null: no record'),
  request: z.strictObject({
    method: z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, 'must be a method of HTTP'),
    target: z.string().regex(/^[^\s]{1,65536}$/, 'must be a path without spaces'),
    headers: headerLines.describe(
      'symmetricKey=sha256-… is in the place of a wrapped key that follows from the rest; ' +
        '~ is in front of bytes as base64url, which were sent as URL-encoded base64, and alone in ' +
        'the place of an answer’s Client-Id, Date or x-mock-request-id that follows',
    ),
    ...bodyMembers,
  }),
  opening: z
    .strictObject({
      key: base64.optional().describe('the symmetric key of this request alone'),
      fault: z.string().optional().describe('why there was none'),
    })
    .optional(),
  random: z
    .strictObject({
      tracerId: z.string().max(200).optional().describe('absent: the reply’s Tracer-Id'),
      bytes: base64.optional().describe('drawn for the encrypted answer'),
    })
    .optional()
    .describe('what the simulator drew'),
  reply: z
    .strictObject({
      status: z.int().optional(),
      headers: headerLines.optional(),
      ...bodyMembers,
      writtenBase64: base64.optional().describe('a faulty answer as it was written, head included'),
      isCut: z.boolean().optional().describe('the client left before the end'),
    })
    .optional()
    .describe('absent: nothing was answered'),
  notCompared: z.string().optional().describe('why a replay says nothing of this exchange'),
  verdict: z.strictObject({
    step: z.string(),
    code: z.string(),
    status: z.enum(['S', 'F', 'U']),
    references: z.array(z.string()),
    tags: z.array(z.string()).optional(),
    findings: z.array(z.string()).optional(),
    rule: z.string().optional(),
    diagnosis: z.string().optional(),
    changes: z.string().optional().describe('SHA-256 of the records it left, first 16 digits'),
  }),
});

/** One exchange of a capsule, as the file has it. */
export type CapsuleExchange = z.infer<typeof exchangeSchema>;

const unknownOperation = (input: unknown): string =>
  `unknown operation "${String(input)}". ${suggest(String(input), operationIds)}`;

/** A body that is nested deeper stays text: a capsule is read up to a depth. */
const maxJsonBodyDepth = 90;

interface PackedBody {
  readonly json?: z.infer<ReturnType<typeof z.json>> | undefined;
  readonly body?: string | undefined;
  readonly bodyBase64?: string | undefined;
}

/** The bytes of a body as a capsule holds them: as short as they can be read. */
export const packBody = (bytes: Buffer): PackedBody => {
  if (bytes.length === 0) return {};
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) return { bodyBase64: bytes.toString('base64') };
  const json = readExactJson(text);
  return json === undefined ? { body: text } : { json };
};

/** The value of a text that is written from its value again, byte for byte. */
const readExactJson = (text: string): PackedBody['json'] => {
  if (!/^[{[]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text);
    const isExact =
      JSON.stringify(value) === text &&
      !isDeeperThan(value, maxJsonBodyDepth) &&
      findReservedKey(value) === undefined;
    return isExact ? value : undefined;
  } catch {
    return undefined;
  }
};

export const unpackBody = ({ json, body, bodyBase64 }: PackedBody): Buffer => {
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64');
  return Buffer.from(json === undefined ? (body ?? '') : JSON.stringify(json));
};

/** The first value of a header, whatever its spelling. */
export const headerValue = (
  headers: readonly (readonly [name: string, value: string])[] | undefined,
  wanted: string,
): string | undefined => headers?.find(([name]) => name.toLowerCase() === wanted)?.[1];

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
