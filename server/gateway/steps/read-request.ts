import { createHash } from 'node:crypto';
import type { Finding, Operation, OperationId } from '../../domain/contract/contract.ts';
import {
  emptyStringId,
  inspectRequest,
  selectTrees,
  unknownFieldId,
  withoutNulls,
} from '../../domain/contract/inspect-request.ts';
import type { ClientSettings, Settings } from '../../domain/settings/settings-table.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import type { Playback } from '../../journal/journal-entry.ts';
import { clipText } from '../../problems/display-text.ts';
import {
  describeJsonError,
  findJsonLosses,
  isDeeperThan,
  type JsonLosses,
} from '../../problems/json-text.ts';
import { bodyFingerprint } from '../../protocol/body.ts';
import { describeValidity, type Keyring } from '../../protocol/keys/keyring.ts';
import {
  decryptErrorTexts,
  openBody,
  openWithKey,
  type SealingScheme,
} from '../../protocol/sealing.ts';
import {
  type Authenticated,
  type Decrypted,
  type Exchange,
  Refusal,
  refuseWithMessage,
} from '../exchange.ts';
import type { RequestValidator } from '../request-validator.ts';

export interface DecryptOptions {
  readonly platform: Keyring;
  readonly scheme: SealingScheme;
  readonly clients: Settings['clients'];
  readonly playback?: Playback | undefined;
}

/**
 * Step 6: a sealed body is opened with the platform's key (register G-13); whether it had to be
 * sealed is a setting (G-15).
 */
export const decryptRequest = (
  known: Authenticated,
  { platform, scheme, clients, playback }: DecryptOptions,
  now: number,
): Decrypted => {
  const { headers, client, operation, body } = known;
  const need = encryptionPolicy(clients[client.id], operation.id);
  if (headers.encrypt === undefined) {
    if (need === 'required')
      throw refuseWithMessage(
        'PARAM_ILLEGAL',
        'G-15',
        'Encrypt header: is missing; this operation must be encrypted',
      );
    return { ...known, plain: body, platformKeyVersion: undefined };
  }
  if (need === 'forbidden')
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-15',
      'Encrypt header: this operation must not be encrypted',
    );
  const { keyVersion, symmetricKey } = headers.encrypt;
  const key = platform.find('RSA', keyVersion, now);
  if (key?.privateKey === undefined) {
    throw new Refusal('KEY_NOT_FOUND', {
      register: 'G-13',
      reason:
        `the platform has no RSA key version ${keyVersion ?? '(newest)'} to open the body ` +
        `with${tellIdle(platform, keyVersion, now)}`,
    });
  }
  const opened =
    playback === undefined
      ? openBody(symmetricKey, body, key.privateKey, scheme)
      : openWithKey(playback.symmetricKey(), body, scheme);
  if ('plain' in opened)
    return {
      ...known,
      plain: opened.plain,
      platformKeyVersion: key.version,
      symmetricKey: opened.symmetricKey,
      symmetricKeyDigest: createHash('sha256').update(opened.symmetricKey).digest('hex'),
    };
  throw new Refusal('PARAM_ILLEGAL', {
    register: 'G-13',
    reason: `${decryptErrorTexts[opened.fault]} (scheme: AES ${scheme.cipher}, wrap ${scheme.wrap})`,
    message: 'The encrypted body could not be opened',
  });
};

const tellIdle = (platform: Keyring, keyVersion: number | undefined, now: number): string => {
  const idle = keyVersion === undefined ? undefined : platform.find('RSA', keyVersion);
  return idle === undefined ? '' : `: it ${describeValidity(idle.validity, now)}`;
};

const encryptionPolicy = (
  client: ClientSettings | undefined,
  operationId: OperationId,
): 'optional' | 'required' | 'forbidden' => {
  const need = client?.encryption;
  return (typeof need === 'object' ? need[operationId] : need) ?? 'optional';
};

export interface ParsedBody {
  readonly request: JsonObject;
  /** What the parsed body does not keep of the text. */
  readonly losses: JsonLosses;
  readonly fingerprint: string;
}

/**
 * Step 7: strict UTF-8, strict JSON, an object. The fingerprint is taken from the very bytes the
 * client wrote.
 */
export const parseBody = (plain: Buffer, maxDepth: number): ParsedBody => {
  const request = parseBodyObject(decodeBody(plain), maxDepth);
  return { request, losses: findJsonLosses(plain, request), fingerprint: bodyFingerprint(plain) };
};

const bodyDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decodeBody = (bytes: Buffer): string => {
  try {
    return bodyDecoder.decode(bytes);
  } catch {
    throw refuseWithMessage('PARAM_ILLEGAL', 'G-20', 'the body is not UTF-8');
  }
};

const parseBodyObject = (text: string, deepest: number): JsonObject => {
  if (text === '')
    throw refuseWithMessage('PARAM_ILLEGAL', 'G-02', 'the body is empty; it must be a JSON object');
  const value = parseBodyJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-02',
      `the body must be a JSON object, not ${describeKind(value)}`,
    );
  }
  if (isDeeperThan(value, deepest))
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-24',
      `the body is nested deeper than ${deepest} levels`,
    );
  // What JSON.parse returns and is an object is a JsonObject.
  return value as JsonObject;
};

const describeKind = (value: unknown): string =>
  Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;

const parseBodyJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuseWithMessage(
      'PARAM_ILLEGAL',
      'G-02',
      `the body is not JSON: ${describeJsonError(text, error)}`,
    );
  }
};

export interface ValidateDeps {
  readonly validate: RequestValidator;
  readonly strict: Settings['strict'];
}

/**
 * Step 8: the fields keep the contract; what it lets pass but is odd becomes a finding. A null that
 * says nothing is gone afterwards.
 */
export const validateRequest = (
  operation: Operation,
  { request: sent, losses }: Pick<ParsedBody, 'request' | 'losses'>,
  exchange: Exchange,
  { validate, strict }: ValidateDeps,
): Promise<JsonObject> => {
  const request = withoutNulls(selectTrees(operation, sent), sent);
  if (losses.duplicates.length > 0 || losses.numbers.size > 0)
    exchange.addFindings(lossFindings(losses));
  return validate(operation, request, losses.numbers).then((faults) => {
    if (faults.length > 0) throw refuseWithMessage('PARAM_ILLEGAL', 'G-02', faults.join('; '));
    addFindings(operation, request, exchange, strict);
    return request;
  });
};

const addFindings = (
  operation: Operation,
  request: JsonObject,
  exchange: Exchange,
  strict: ValidateDeps['strict'],
): void => {
  const findings = inspectRequest(operation, request, exchange.now());
  if (findings.length === 0) return;
  for (const name of strict) {
    const refused = findings.filter(({ id }) => id === refusedFindings[name]);
    const [first] = refused;
    if (first !== undefined)
      throw refuseWithMessage(
        'PARAM_ILLEGAL',
        first.register,
        refused.map(({ sentence }) => sentence).join('; '),
      );
  }
  exchange.addFindings(findings);
};

/** Findings that a named strictness turns into refusals. */
const refusedFindings: { readonly [K in Settings['strict'][number]]?: string } = {
  unknownFields: unknownFieldId,
  emptyStrings: emptyStringId,
};

const maxLossFindings = 10;

/** The journal shows the body as it was sent; state and answers hold what was read of it. */
const lossFindings = ({ duplicates, numbers }: JsonLosses): Finding[] => [
  ...duplicates.slice(0, maxLossFindings).map(
    (name): Finding => ({
      id: 'DUPLICATE_NAME',
      sentence: `${clipText(name, 64)}: given twice in the same object; the last one counts`,
      register: 'G-31',
    }),
  ),
  ...[...numbers].slice(0, maxLossFindings).map(
    ([name, written]): Finding => ({
      id: 'NUMBER_LOSES_DIGITS',
      sentence:
        `${clipText(name, 64)}: the number ${written.slice(0, 40)} is read as ` +
        `${Number(written)}; send it as text`,
      register: 'G-32',
    }),
  ),
];
