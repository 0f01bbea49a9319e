import { buildIdentity } from '../../domain/operations/decide-request.ts';
import type { Endpoint, Policies } from '../../domain/operations/endpoint.ts';
import { differingFields, hashFields } from '../../domain/operations/request-content.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
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
  /** A few characters for each member, whatever the layout and the order of members. */
  readonly fields: string;
  /** As `fields`, without requestId and event time: equal for two reports of one event. */
  readonly business: string;
  /** The state it reports: `orderStatus`, `operateType` or `status`. */
  readonly state: string | undefined;
  /** Members of an order that no later message may change. */
  readonly constants: Readonly<Record<string, string>>;
  /** Names of members, to name those that differ. */
  readonly names: readonly string[];
}

interface ContentOptions {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly policies: Policies;
}

/** @returns undefined when the body was not opened, or is no JSON object */
export const readMessageContent = (
  { request, operation, sealed }: JournalEntry,
  { endpoints, policies }: ContentOptions,
): MessageContent | undefined => {
  const endpoint = endpoints.get(operation ?? '');
  const isEncrypted = request.headers['encrypt'] !== undefined;
  const bytes = sealed || isEncrypted ? request.plain : request.body;
  if (endpoint === undefined || bytes === undefined) return undefined;
  const body = parseObject(bytes);
  if (body === undefined) return undefined;
  const { idempotencyKey, eventTime } = endpoint;
  const id = idempotencyKey === null ? undefined : body[idempotencyKey];
  const time = eventTime === null ? undefined : body[eventTime];
  const { [idempotencyKey ?? '']: _id, [eventTime ?? '']: _time, ...business } = body;
  const state = body[stateFields[endpoint.operationId] ?? ''];
  return {
    requestId: typeof id === 'string' ? id : undefined,
    identity: buildIdentity(endpoint, body, policies),
    eventTime: typeof time === 'number' ? time : undefined,
    digest: bodyFingerprint(bytes),
    fields: sortHashes(hashFields(body)),
    business: sortHashes(hashFields(business)),
    state: typeof state === 'string' ? state : undefined,
    constants: endpoint.operationId === 'syncOrder' ? readConstants(body) : noConstants,
    names: Object.keys(body),
  };
};

const stateFields: Readonly<Record<string, string>> = {
  syncOrder: 'orderStatus',
  syncAccountLinkage: 'operateType',
  updateMembershipCard: 'status',
};

const noConstants = {};

const readConstants = (body: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    ['orderCreateTime', 'merchantBizType'].flatMap((name) =>
      body[name] === undefined ? [] : [[name, JSON.stringify(body[name])]],
    ),
  );

const parseObject = (bytes: Buffer): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
};

/** Six characters for each member; their order is the sender's. */
const sortHashes = (hashes: string): string => hashes.match(/.{6}/g)?.sort().join('') ?? '';

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
  if (before.fields === after.fields) return { kind: 'layout' };
  return { kind: 'values', members: differingMembers(before, after) };
};

const differingMembers = (before: MessageContent, after: MessageContent): readonly string[] => {
  const [was, is] = [splitHashes(before.fields), splitHashes(after.fields)];
  const changed = new Set([...was, ...is].filter((part) => !(was.has(part) && is.has(part))));
  const names = new Set([...before.names, ...after.names]);
  return differingFields([...changed].join(''), {}, [...names]);
};

const splitHashes = (hashes: string): ReadonlySet<string> => new Set(hashes.match(/.{6}/g) ?? []);
