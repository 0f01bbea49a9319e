import type { KeyObject } from 'node:crypto';
import type { LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { Contract, Operation, OperationId } from '../../domain/contract/contract.ts';
import { fillSample, findSample } from '../../domain/operations/fill-sample.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { readTraceContext } from '../../journal/trace-context.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import {
  decodeHeaderBytes,
  encodeHeaderBytes,
  readHeaderPairs,
  writeHeaderPairs,
} from '../../protocol/headers.ts';
import { requestUrl } from '../../protocol/http-call.ts';
import { defaultScheme, type SealingScheme, sealBody } from '../../protocol/sealing.ts';
import { headersByName, type RawAnswer, sendRaw } from '../../protocol/send-raw.ts';
import {
  algorithmParamsFor,
  type Ecc224Variant,
  readAlgorithm,
  signContent,
  signingContent,
  verifyContent,
} from '../../protocol/signatures.ts';
import { writeTimestamp } from '../../protocol/timestamps.ts';
import { openEncryptedBody, readAnswerContent } from '../read-answer.ts';
import type { ProbeAnswer, ProbeRequest } from './probe.ts';

export interface ProbeTarget {
  readonly url: URL;
  /** The addresses that the host's name had at the begin; no other is ever dialled. */
  readonly addresses: readonly LookupAddress[];
  readonly timeoutMs: number;
  /** Certificates, PEM, to trust instead of the system's. */
  readonly ca?: Buffer | undefined;
  /** The trace that the run belongs to: the header is sent with each request, and never signed. */
  readonly traceparent?: string | undefined;
}

/** No complete answer: the reason in words. */
export interface LostAnswer {
  readonly lost: string;
}

const maxProbeAnswerBytes = 1024 * 1024;

/** Sends a request once and reads the answer. Redirects are not followed. Never rejects. */
export const sendProbe = async (
  target: ProbeTarget,
  built: BuiltRequest,
  identity: CalibrationIdentity,
  scheme: SealingScheme,
): Promise<ProbeAnswer | LostAnswer> => {
  try {
    const path = `${target.url.pathname.replace(/\/$/, '')}${built.path}`;
    const url = requestUrl(target.url, path);
    const received = await sendRaw(
      url,
      {
        method: built.method,
        rawHeaders: [...built.headers.flat(), ...traceHeaders(target)],
        body: built.body,
      },
      {
        timeoutMs: target.timeoutMs,
        maxAnswerBytes: maxProbeAnswerBytes,
        addresses: target.addresses,
        isAbsolute: built.isAbsolute,
        ca: target.ca,
      },
    );
    return readAnswer(received, built, identity, scheme);
  } catch (error) {
    return { lost: error instanceof Error ? error.message || error.name : String(error) };
  }
};

const traceHeaders = ({ traceparent = '' }: ProbeTarget): readonly string[] =>
  readTraceContext(['traceparent', traceparent]) === undefined ? [] : ['traceparent', traceparent];

const readAnswer = (
  received: RawAnswer,
  { path, headers: sent }: BuiltRequest,
  identity: CalibrationIdentity,
  scheme: SealingScheme,
): ProbeAnswer => {
  const headers = headersByName(received.rawHeaders);
  const encrypt = headers['encrypt'];
  const plain =
    encrypt === undefined
      ? received.body
      : openEncryptedBody(encrypt, received.body, identity.privateKey, scheme);
  return {
    httpStatus: received.httpStatus,
    ...readAnswerContent(plain),
    signature: checkSignature(
      { headers, body: received.body },
      {
        target: path,
        clientId: sent.find(([name]) => name === 'Client-Id')?.[1] ?? '',
        platformKey: identity.platformKey,
      },
    ),
    encrypted: encrypt !== undefined,
    rawHeaders: received.rawHeaders,
  };
};

const checkSignature = (
  { headers, body }: Pick<RawAnswer, 'body'> & { headers: Readonly<Record<string, string>> },
  {
    target,
    clientId,
    platformKey,
  }: Pick<CalibrationIdentity, 'clientId' | 'platformKey'> & { readonly target: string },
): ProbeAnswer['signature'] => {
  const header = headers['signature'];
  if (header === undefined) return 'none';
  if (platformKey === undefined) return 'unchecked';
  const { pairs } = readHeaderPairs(header);
  const algorithm = readAlgorithm(pairs.get('algorithm'));
  const bytes = decodeHeaderBytes(pairs.get('signature') ?? '');
  if (algorithm !== 'RSA256') return 'unchecked';
  if (typeof bytes === 'string') return 'bad';
  const content = signingContent({ target, clientId, time: headers['response-time'] ?? '', body });
  return verifyContent(content, bytes, platformKey, algorithmParamsFor(algorithm, 'sha256'))
    ? 'verified'
    : 'bad';
};

/** Whom the calibration acts for. */
export interface CalibrationIdentity {
  readonly clientId: string;
  readonly keyVersion: number;
  readonly privateKey: KeyObject;
  readonly ecPrivateKey?: KeyObject | undefined;
  /** The platform's key that signs its answers. */
  readonly platformKey?: KeyObject | undefined;
  /** The platform's RSA key that bodies are encrypted for, with its version. */
  readonly encryptionKey?: { readonly publicKey: KeyObject; readonly version: number } | undefined;
}

/** What was found out until now, as far as later requests depend on it. */
export interface KnownFacts {
  readonly paths: ReadonlyMap<OperationId, string>;
  readonly scheme: SealingScheme;
  readonly ecc224: Ecc224Variant;
  /** Operations that refuse a plain body. */
  readonly encrypts: ReadonlySet<OperationId>;
  /** What time it is for the platform, milliseconds since 1970. */
  readonly platformTimeMs: number;
}

/** Event times begin a little before the run, so that none lies ahead. */
export const runAgeMs = 60_000;

/** Names and times of one run of a probe: the same for all of its requests. */
export interface ProbeRun {
  /** Begin of every identity that this run makes, e.g. `CAL7K2Q004A`. */
  readonly prefix: string;
  /** The moment that event times count from, milliseconds since 1970. */
  readonly beginMs: number;
}

export interface BuiltRequest {
  readonly operation: OperationId;
  readonly method: string;
  readonly path: string;
  /** Whether the whole URL is on the request line. */
  readonly isAbsolute: boolean;
  /** Names and values in the order in which they are sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** The body before it was encrypted. */
  readonly plain: Buffer;
}

/** Fields that name the thing an operation is about; the calibration's own names go there. */
const identityFields: Readonly<Record<OperationId, readonly string[]>> = {
  syncAdditionalInfo: ['accountId'],
  syncAccountLinkage: ['externalIdentityValue', 'externalBindingId'],
  syncPaymentInfo: ['accountId'],
  syncOrder: ['merchantBizNo'],
  updateMembershipCard: ['passId'],
};

/**
 * Builds a request of a probe: fields, encryption, signature, and what the probe changes of it.
 * @param index its place in the probe, from 0
 * @throws Error when it needs a key that the identity does not have
 */
export const buildProbeRequest = (
  request: ProbeRequest,
  index: number,
  { contract, identity, facts, run, identityOverrides }: BuildContext,
): BuiltRequest => {
  const operation = contract.operations.get(request.operation);
  if (operation === undefined) throw new Error(`the contract has no ${request.operation}`);
  const fields = buildFields(operation, request, { index, run, identityOverrides });
  const plain = Buffer.from(writeBody(request, fields));
  const encrypted = encryptPlain(request, plain, identity, facts);
  const body = encrypted?.body ?? plain;
  const path = request.path ?? facts.paths.get(operation.id) ?? operation.path;
  const { head = {} } = request;
  const clientId = head.clientId ?? identity.clientId;
  const time = writeRequestTime(request, facts.platformTimeMs);
  const { ecc224 } = request;
  const signature = signatureHeader(
    { head, ecc224: ecc224 === 'as decided' ? facts.ecc224 : ecc224 },
    identity,
    { target: path, clientId, time, body },
  );
  const headers: (readonly [string, string])[] = [
    [
      'Content-Type',
      head.contentType ??
        (encrypted === undefined ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8'),
    ],
    ['Client-Id', clientId],
    ['Request-Time', time],
    ['Signature', signature],
    ...(encrypted === undefined ? [] : [['Encrypt', encrypted.header] as const]),
    ...Object.entries(head.extra ?? {}),
  ];
  return {
    operation: operation.id,
    method: request.method ?? 'POST',
    path,
    isAbsolute: request.isAbsolute === true,
    headers: headers.filter(([name]) => name !== head.omitted),
    body,
    plain,
  };
};

const writeBody = (
  { rawBody, layout, spliced = '', bodyBytes = 0 }: ProbeRequest,
  fields: JsonObject,
): string => {
  const text = rawBody ?? JSON.stringify(fields, null, layout === 'spaced' ? 1 : undefined);
  const whole = text.replace(/^\{/, `{${spliced}`);
  return whole + ' '.repeat(Math.max(0, bodyBytes - Buffer.byteLength(whole)));
};

interface BuildContext {
  readonly contract: Contract;
  readonly identity: CalibrationIdentity;
  readonly facts: KnownFacts;
  readonly run: ProbeRun;
  /** Values that the merchant knows to exist there, e.g. openId, by field. */
  readonly identityOverrides: JsonObject;
}

const buildFields = (
  operation: Operation,
  request: ProbeRequest,
  {
    index,
    run,
    identityOverrides,
  }: { index: number } & Pick<BuildContext, 'run' | 'identityOverrides'>,
): JsonObject => {
  const { examples } = operation;
  const example = examples.has(request.example ?? '') ? request.example : undefined;
  const sample = findSample(operation, example);
  const thing = `${run.prefix}${threeLetters(request.thing ?? `own${index}`)}`;
  const requestId = `${run.prefix}${threeLetters(request.message ?? `new${index}`)}ID`;
  return fillSample(operation, {
    example,
    requestId,
    time: run.beginMs + Math.round(1000 * (request.eventSecond ?? index)),
    fields: {
      ...Object.fromEntries(
        Object.entries(identityOverrides).filter(([name]) => Object.hasOwn(sample, name)),
      ),
      ...Object.fromEntries(identityFields[operation.id].map((name) => [name, thing])),
      ...(operation.id === 'syncOrder' && { orderCreateTime: run.beginMs - 1000 }),
      ...(operation.id === 'syncPaymentInfo' && { amount: 100 }),
      ...omitUndefined({
        endDate: request.endsInSeconds && run.beginMs + runAgeMs + 1000 * request.endsInSeconds,
      }),
      // What a probe sends may break the contract, but is JSON.
      ...(request.fields as JsonObject | undefined),
    },
  });
};

/** A short name that differs for different texts: the alphabet of ids is small in some fields. */
const threeLetters = (text: string): string => {
  let sum = 7;
  for (const letter of text) sum = (sum * 31 + letter.charCodeAt(0)) % 17_576;
  return [676, 26, 1]
    .map((unit) => String.fromCharCode(65 + (Math.floor(sum / unit) % 26)))
    .join('');
};

const encryptPlain = (
  { encrypt, operation, head }: ProbeRequest,
  plain: Buffer,
  { encryptionKey }: CalibrationIdentity,
  facts: KnownFacts,
): { readonly body: Buffer; readonly header: string } | undefined => {
  if (!(encrypt ?? facts.encrypts.has(operation))) return undefined;
  if (encryptionKey === undefined) throw new Error('there is no key to encrypt for');
  const scheme = typeof encrypt === 'object' ? encrypt : facts.scheme;
  const { body, encryptHeader } = sealBody(plain, encryptionKey, scheme ?? defaultScheme);
  const algorithm = head?.encryptAlgorithm;
  return {
    body,
    header:
      algorithm === undefined
        ? encryptHeader
        : encryptHeader.replace('algorithm=RSA_AES', `algorithm=${algorithm}`),
  };
};

const writeRequestTime = (
  { requestTimeForm, requestTimeOffsetMs = 0 }: ProbeRequest,
  platformTimeMs: number,
): string => {
  if (requestTimeForm === 'malformed') return 'yesterday at noon';
  const text = writeTimestamp(platformTimeMs + requestTimeOffsetMs);
  return requestTimeForm === 'without-colon' ? text.replace(/:(\d\d)$/, '$1') : text;
};

const signatureHeader = (
  {
    ecc224,
    head,
  }: {
    readonly ecc224: Ecc224Variant | undefined;
    readonly head: NonNullable<ProbeRequest['head']>;
  },
  identity: CalibrationIdentity,
  parts: Parameters<typeof signingContent>[0],
): string => {
  const algorithm = ecc224 === undefined ? 'RSA256' : 'ECC224';
  const key = ecc224 === undefined ? identity.privateKey : identity.ecPrivateKey;
  if (key === undefined) throw new Error('there is no EC key to sign with');
  const bytes = signContent(
    signingContent(parts),
    key,
    algorithmParamsFor(algorithm, ecc224 ?? 'sha256'),
  );
  if (head.signature === 'broken') bytes.writeUInt8(bytes.readUInt8(8) ^ 255, 8);
  const value =
    head.signature === 'raw-base64' ? bytes.toString('base64') : encodeHeaderBytes(bytes);
  const pairs: readonly (readonly [string, string])[] = [
    ['algorithm', head.signature === 'lower-case' ? algorithm.toLowerCase() : algorithm],
    ['keyVersion', head.keyVersion ?? String(identity.keyVersion)],
    ['signature', value],
  ];
  const omitted = { 'without-version': 'keyVersion', 'without-algorithm': 'algorithm' } as const;
  const spelt = Object.hasOwn(omitted, head.signature ?? '')
    ? pairs.filter(([name]) => name !== omitted[head.signature as keyof typeof omitted])
    : pairs;
  const line = writeHeaderPairs(head.signature === 'reordered' ? spelt.toReversed() : spelt);
  return head.signature === 'with-spaces' ? line.replaceAll(',', ', ') : line;
};

interface HostRules {
  /** The host that the user says may be tested. */
  readonly mayTest?: string | undefined;
  /** The production host that the user names nevertheless. */
  readonly productionAnyway?: string | undefined;
}

type HostVerdict =
  | { readonly kind: 'test host' }
  /** Only requests without an effect may be sent. */
  | { readonly kind: 'production, without effects' }
  | { readonly kind: 'refused'; readonly because: string; readonly remedy: string };

/** Parts of a label that test environments have in their names. */
const testParts = ['dev', 'sandbox', 'sit', 'uat', 'pre'];

/**
 * Decides whether a host may be calibrated. Loopback may; any other host must be repeated in words,
 * and a name that does not look like a test environment is refused.
 * @param host as in the URL
 * @param addresses what its name resolves to
 */
export const checkTargetHost = (
  host: string,
  addresses: readonly string[],
  rules: HostRules,
): HostVerdict => {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  const isLocal = addresses.length > 0 && addresses.every(isLoopback);
  if (isLocal) return { kind: 'test host' };
  const isNamedTwice = rules.mayTest?.toLowerCase() === name;
  const isTest = addresses.every(isPrivateAddress) || looksLikeTest(name);
  if (isTest)
    return isNamedTwice
      ? { kind: 'test host' }
      : {
          kind: 'refused',
          because: `${name} is not this machine`,
          remedy: `Ask AlipayHK first; then add --i-may-test-this ${name}.`,
        };
  if (rules.productionAnyway?.toLowerCase() === name && isNamedTwice)
    return { kind: 'production, without effects' };
  return {
    kind: 'refused',
    because: `${name} does not look like a test environment`,
    remedy:
      'Name the host of the DEV environment. If this is one, add ' +
      `--i-may-test-this ${name} --production-host-anyway ${name}; ` +
      'only requests without an effect are sent then.',
  };
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const privateNetworks = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  privateNetworks.addSubnet(network, bits);
privateNetworks.addSubnet('fc00::', 7, 'ipv6');
privateNetworks.addAddress('::1', 'ipv6');

const isIn = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
const isLoopback = (address: string): boolean => isIn(loopback, address);
const isPrivateAddress = (address: string): boolean => isIn(privateNetworks, address);

/** A label of the name holds such a part; `test` must be a whole word, because of `latest`. */
const looksLikeTest = (name: string): boolean =>
  isIP(name) === 0 &&
  name
    .split('.')
    .some(
      (label) =>
        testParts.some((part) => label.includes(part)) || /(^|[^a-z])test([^a-z]|$)/.test(label),
    );
