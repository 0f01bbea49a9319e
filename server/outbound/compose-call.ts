import { randomBytes } from 'node:crypto';
import { unrelatedKeyPair } from '../domain/faults/security-faults.ts';
import type { OutboundCall } from '../domain/outbound/outbound-calls.ts';
import type { OutboundFaultId } from '../domain/outbound/outbound-faults.ts';
import type { Json, JsonObject } from '../domain/state/state.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import { StartupError } from '../problems/problem.ts';
import type { Keyring, KeyVersion } from '../protocol/keys/keyring.ts';
import { type SealingScheme, sealBody } from '../protocol/sealing.ts';
import {
  algorithmParamsFor,
  type Ecc224Variant,
  type SignatureAlgorithm,
  signContent,
  signingContent,
  writeSignatureHeader,
} from '../protocol/signatures.ts';
import { writeTimestamp } from '../protocol/timestamps.ts';
import type { SendStyle } from './dial.ts';

/** The two sides of a call. */
export interface CallParties {
  readonly clientId: string;
  /** The platform's keys, with their private halves: it signs. */
  readonly platform: Keyring;
  /** The merchant's public keys. */
  readonly client: Keyring;
  readonly ecc224: Ecc224Variant;
  readonly scheme: SealingScheme;
}

export interface ComposeOptions {
  readonly call: OutboundCall;
  readonly fields: JsonObject;
  /** Path and query of the merchant: the signature covers them. */
  readonly target: string;
  /** In Request-Time, milliseconds since 1970. */
  readonly now: number;
  readonly encrypt?: boolean;
  readonly fault?: OutboundFaultId | undefined;
  /** Signs; absent: RSA256 where the platform and the merchant have such keys. */
  readonly algorithm?: SignatureAlgorithm | undefined;
  /** The platform's version that signs; absent: the newest active one. */
  readonly keyVersion?: number | undefined;
}

export interface ComposedCall {
  readonly target: string;
  /** Names and values in turns. */
  readonly headerLines: readonly string[];
  readonly body: Buffer;
  /** Before it was encrypted. */
  readonly plain: Buffer | undefined;
  readonly style: SendStyle;
  /** The platform's version that signed; the merchant's that it is encrypted for. */
  readonly keyVersions: { readonly signed: number; readonly sealed?: number };
}

const dayMs = 86_400_000;

/**
 * Writes, encrypts and signs a call as the platform, with what a fault changes.
 * @throws StartupError when a key is missing, or the call cannot have the fault
 */
export const composeCall = (options: ComposeOptions, parties: CallParties): ComposedCall => {
  const { call, target, fault, now } = options;
  const algorithm = options.algorithm ?? defaultAlgorithm(parties);
  const recipe = algorithmParamsFor(algorithm, parties.ecc224);
  const key = signingKey(options, parties, recipe.family);
  const used = fault === 'foreign-signature' ? unrelatedKeyPair(recipe.family).privateKey : key.key;
  const time = writeTimestamp(fault === 'old-request-time' ? now - dayMs : now);
  const fields = fault === 'extra-fields' ? { ...options.fields, ...extraFields } : options.fields;
  const sign = (content: Buffer): Buffer => {
    const signature = signContent(content, used, recipe);
    return fault === 'wrong-signature' ? withChangedBit(signature) : signature;
  };
  const written = Buffer.from(
    call.envelope === 'plain'
      ? JSON.stringify(fields)
      : writeOlderEnvelope(call, fields, {
          ...{ clientId: parties.clientId, time },
          sign: fault === 'missing-signature' ? undefined : sign,
        }),
  );
  const receiver = options.encrypt === true ? encryptionKey(parties, now) : undefined;
  const sealed = receiver && sealBody(written, receiver, parties.scheme);
  const signedBody = sealed?.body ?? written;
  const content = signingContent({ target, clientId: parties.clientId, time, body: signedBody });
  const signature = writeSignatureHeader(algorithm, key.version, sign(content));
  return {
    target,
    headerLines: [
      ...['Content-Type', sealed === undefined ? jsonType : textType],
      ...['Client-Id', parties.clientId],
      ...['Request-Time', time],
      ...(sealed === undefined ? [] : ['Encrypt', sealed.encryptHeader]),
      ...(fault === 'missing-signature' ? [] : ['Signature', signature]),
    ],
    body: fault === 'changed-body' ? withChangedDigit(signedBody) : signedBody,
    plain: sealed === undefined ? undefined : written,
    style: fault === 'cut' || fault === 'slow' ? fault : 'whole',
    keyVersions: { signed: key.version, ...omitUndefined({ sealed: receiver?.version }) },
  };
};

const jsonType = 'application/json; charset=UTF-8';
const textType = 'text/plain; charset=UTF-8';

const extraFields: JsonObject = {
  mockUnknownText: 'a field that the contract does not know',
  mockUnknownObject: { nested: [1, 'two', null] },
};

/** The messages that a fault sends, in order; the fields of the second are those of another event. */
export const listCopies = (
  call: OutboundCall,
  fields: JsonObject,
  fault: OutboundFaultId | undefined,
  now: number,
): readonly JsonObject[] => {
  if (fault === 'duplicate' || fault === 'parallel-duplicates') return [fields, fields];
  if (fault !== 'out-of-order') return [fields];
  const { idField, timeField } = call;
  if (idField === undefined || timeField === undefined)
    throw unusable('--fault out-of-order', `${call.id} has no event that could be out of order`, {
      remedy: 'Take a notification that has a time, e.g. bill-notify.',
    });
  const earlier: Json = writeTimestamp(now - 60_000);
  return [fields, { ...fields, [idField]: `${String(fields[idField])}0`, [timeField]: earlier }];
};

const defaultAlgorithm = ({ platform, client }: CallParties): SignatureAlgorithm =>
  platform.find('RSA')?.privateKey !== undefined && client.find('RSA') !== undefined
    ? 'RSA256'
    : 'ECC224';

type SigningKey = { readonly key: NonNullable<KeyVersion['privateKey']>; readonly version: number };

const signingKey = (
  { fault, keyVersion, now }: ComposeOptions,
  { platform }: CallParties,
  family: 'RSA' | 'EC',
): SigningKey => {
  const usual = platform.find(family, keyVersion, keyVersion === undefined ? now : undefined);
  const found =
    fault === 'rotated-key'
      ? platform.versions.findLast(
          (one) =>
            one.family === family && one.privateKey !== undefined && one.version !== usual?.version,
        )
      : usual;
  if (found?.privateKey !== undefined) return { key: found.privateKey, version: found.version };
  if (fault === 'rotated-key')
    throw unusable('--fault rotated-key', 'the platform has only one key version', {
      remedy: 'Add one to a key folder of yours: alipayhk-mock keys rotate --platform.',
    });
  const version = keyVersion === undefined ? '' : ` of version ${keyVersion}`;
  throw unusable('keys', `the platform has no private ${family} key${version} to sign with`, {
    remedy: 'Name a key folder with --keys that has one.',
  });
};

const encryptionKey = ({ client, clientId }: CallParties, now: number): KeyVersion => {
  const key = client.find('RSA', undefined, now);
  if (key !== undefined) return key;
  throw unusable('--encrypt', `${clientId} has no active RSA key to encrypt for`, {
    remedy: 'Leave --encrypt out, or add an RSA key for the client.',
  });
};

const unusable = (
  where: string,
  message: string,
  { remedy }: { readonly remedy: string },
): StartupError => new StartupError([{ where, message, remedy }]);

interface EnvelopeParts {
  readonly clientId: string;
  readonly time: string;
  /** Undefined: the signature is left out. */
  readonly sign: ((content: Buffer) => Buffer) | undefined;
}

/** Head and body of the older protocol, signed over the exact text of `request` (register OB-17). */
const writeOlderEnvelope = (
  { functionName }: OutboundCall,
  body: JsonObject,
  { clientId, time, sign }: EnvelopeParts,
): string => {
  const head = {
    version: '1.0',
    function: functionName ?? '',
    clientId,
    reqTime: time,
    reqMsgId: randomBytes(16).toString('hex'),
  };
  const request = JSON.stringify({ head, body });
  const signature = sign?.(Buffer.from(request)).toString('base64');
  return signature === undefined
    ? `{"request":${request}}`
    : `{"request":${request},"signature":${JSON.stringify(signature)}}`;
};

const withChangedBit = (signature: Buffer): Buffer => {
  const changed = Buffer.from(signature);
  const at = changed.length >> 1;
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
};

/** The last digit is another one: JSON and base64 stay what they are. */
const withChangedDigit = (body: Buffer): Buffer => {
  const text = body.toString('latin1');
  const at = text.search(/\d(?!.*\d)/s);
  if (at < 0) return Buffer.concat([body, Buffer.from(' ')]);
  const digit = (Number(text[at]) % 9) + 1;
  return Buffer.from(`${text.slice(0, at)}${digit}${text.slice(at + 1)}`, 'latin1');
};
