import type { KeyObject } from 'node:crypto';
import type { Contract, Operation, OperationId } from '../../domain/contract/contract.ts';
import { fillSample, findSample } from '../../domain/operations/fill-sample.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { algorithmParamsFor, type Ecc224Variant } from '../../protocol/algorithms.ts';
import { encodeHeaderBytes } from '../../protocol/encodings.ts';
import { writeHeaderPairs } from '../../protocol/headers.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { defaultScheme, type SealingScheme, sealBody } from '../../protocol/sealing.ts';
import { signContent, signingContent } from '../../protocol/signatures.ts';
import { writeTimestamp } from '../../protocol/timestamps.ts';
import type { ProbeRequest } from './probe.ts';

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

export interface BuildContext {
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
