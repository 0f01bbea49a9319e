import { buildIdentity } from '../../domain/operations/decide-request.ts';
import type { Endpoint, Policies } from '../../domain/operations/endpoint.ts';
import { differingFields, hashFields } from '../../domain/operations/request-content.ts';
import type { JsonObject, RememberedRequest } from '../../domain/state/state.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { isDeeperThan, tryParseJsonObject } from '../../problems/json-text.ts';
import { bodyFingerprint } from '../../protocol/body.ts';

/** What a judge compares of an opened body; the body itself is not kept. */
export interface MessageContent {
  /** Undefined: the operation has none (register I-01), or it is missing. */
  readonly requestId: string | undefined;
  /** The thing it is about, as JSON text of the values that name it (register O-03). */
  readonly identity: string;
  /** Milliseconds since 1970 (register O-02); undefined: the operation has none. */
  readonly eventTime: number | undefined;
  /** Of the exact bytes. */
  readonly digest: string;
  /** A few characters for each member, in the order of members, whatever the layout. */
  readonly fields: string;
  /** The first characters of requestId and event time in `fields`. */
  readonly volatile: readonly string[];
  /** The state it reports: `orderStatus`, `operateType` or `status`. */
  readonly state: string | undefined;
  /** Members of an order that no later message may change; JSON text where they are not simple. */
  readonly constants: Readonly<Record<string, string | number>>;
  /** Names of members, to name those that differ. */
  readonly names: readonly string[];
}

interface ContentOptions {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly policies: Policies;
}

/**
 * @param request the body as the gateway has parsed it, if it was decided on
 * @returns undefined when the body was not opened, is no JSON object, or is nested too deeply
 */
export const readMessageContent = (
  entry: JournalEntry,
  { endpoints, policies }: ContentOptions,
  request?: JsonObject,
): MessageContent | undefined => {
  const endpoint = endpoints.get(entry.operation ?? '');
  const bytes = endpoint === undefined ? undefined : openedBytes(entry);
  if (endpoint === undefined || bytes === undefined) return undefined;
  const body = request ?? parseObject(bytes);
  if (body === undefined) return undefined;
  // What was decided on has its identity, and its hashes if it is remembered by a requestId.
  const remembered = request === undefined ? undefined : findRemembered(entry);
  const { idempotencyKey, eventTime } = endpoint;
  const id = idempotencyKey === null ? undefined : body[idempotencyKey];
  const time = eventTime === null ? undefined : body[eventTime];
  const state = body[stateFields[endpoint.operationId] ?? ''];
  return {
    requestId: typeof id === 'string' ? id : undefined,
    identity:
      (request === undefined ? undefined : entry.identity) ??
      buildIdentity(endpoint, body, policies),
    eventTime: typeof time === 'number' ? time : undefined,
    digest: remembered?.fingerprint ?? bodyFingerprint(bytes),
    fields: remembered?.fieldHashes ?? hashFields(body),
    volatile: volatileNames(endpoint),
    state: typeof state === 'string' ? state : undefined,
    constants: endpoint.operationId === 'syncOrder' ? readConstants(body) : noConstants,
    names: listNames(body),
  };
};

/** Names of the last body: most have the same, and share one list while they are remembered. */
let lastNames: readonly string[] = [];

const listNames = (body: JsonObject): readonly string[] => {
  if (!hasNames(body, lastNames)) lastNames = Object.keys(body);
  return lastNames;
};

const hasNames = (body: JsonObject, names: readonly string[]): boolean => {
  let at = 0;
  for (const name in body) if (name !== names[at++]) return false;
  return at === names.length;
};

const openedBytes = ({ request, sealed }: JournalEntry): Buffer | undefined =>
  sealed || request.headers['encrypt'] !== undefined ? request.plain : request.body;

const findRemembered = ({ changes }: JournalEntry): RememberedRequest | undefined => {
  for (const { collection, after } of changes)
    if (collection === 'requests') return after as RememberedRequest;
  return undefined;
};

const stateFields: Readonly<Record<string, string>> = {
  syncOrder: 'orderStatus',
  syncAccountLinkage: 'operateType',
  updateMembershipCard: 'status',
};

const noConstants = {};

const readConstants = (body: JsonObject): MessageContent['constants'] => {
  const constants: Record<string, string | number> = {};
  for (const name of ['orderCreateTime', 'merchantBizType']) {
    const value = body[name];
    if (value !== undefined)
      constants[name] =
        typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
  }
  return constants;
};

const volatileHashes = new Map<string, readonly string[]>();

const volatileNames = ({ operationId, idempotencyKey, eventTime }: Endpoint): readonly string[] => {
  const known = volatileHashes.get(operationId);
  if (known !== undefined) return known;
  const names = [idempotencyKey, eventTime].filter((name) => name !== null);
  const hashes = names.map((name) => hashFields({ [name]: null }).slice(0, nameHashLength));
  volatileHashes.set(operationId, hashes);
  return hashes;
};

/** The most that the gateway can be set to accept (`limits.depth`). */
const maxLevels = 1000;

const parseObject = (bytes: Buffer): JsonObject | undefined => {
  const value = tryParseJsonObject(bytes.toString('utf8'));
  return isDeeperThan(value, maxLevels) ? undefined : (value as JsonObject | undefined);
};

/** Characters of a member in `fields`, and how many of them are for its name. */
const memberLength = 6;
const nameHashLength = 2;

const splitHashes = (hashes: string): readonly string[] => {
  const parts: string[] = [];
  for (let at = 0; at < hashes.length; at += memberLength)
    parts.push(hashes.slice(at, at + memberLength));
  return parts;
};

const haveSameMembers = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && [...a].sort().join('') === [...b].sort().join('');

/** Whether two messages report the same, apart from requestId and event time. */
export const reportSame = (a: MessageContent, b: MessageContent): boolean => {
  if (a.fields.length !== b.fields.length) return false;
  const rest = ({ fields, volatile }: MessageContent): readonly string[] =>
    splitHashes(fields).filter((part) => !volatile.includes(part.slice(0, nameHashLength)));
  return haveSameMembers(rest(a), rest(b));
};

/** How two bodies under one id relate: by bytes, by value, or by the members that differ. */
export type ContentDifference =
  | { readonly kind: 'none' }
  /** The same JSON in another layout. */
  | { readonly kind: 'layout' }
  | { readonly kind: 'values'; readonly members: readonly string[] };

export const compareContents = (
  before: MessageContent,
  after: MessageContent,
): ContentDifference => {
  if (before.digest === after.digest) return { kind: 'none' };
  if (haveSameMembers(splitHashes(before.fields), splitHashes(after.fields)))
    return { kind: 'layout' };
  return { kind: 'values', members: differingMembers(before, after) };
};

const differingMembers = (before: MessageContent, after: MessageContent): readonly string[] => {
  const [was, is] = [new Set(splitHashes(before.fields)), new Set(splitHashes(after.fields))];
  const changed = new Set([...was, ...is].filter((part) => !(was.has(part) && is.has(part))));
  const names = new Set([...before.names, ...after.names]);
  return differingFields([...changed].join(''), {}, [...names]);
};
