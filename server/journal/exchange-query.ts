import { PatternMeter } from '../domain/scenarios/pattern.ts';
import type { FieldCondition } from '../domain/scenarios/scenario-file.ts';
import { compileConditions, valueAt } from '../domain/scenarios/select-rule.ts';
import type { JsonObject } from '../domain/state/state.ts';
import { isRecord } from '../problems/plain-object.ts';
import type { Direction, JournalEntry } from './journal-entry.ts';
import { traceExchange } from './trace-context.ts';

/** One text, or any of several. */
export type Texts = string | readonly string[];

/** An exchange that has all of this; an empty one is any exchange. */
export interface ExchangeQuery {
  /** Client-Id as the request states it. */
  readonly clientId?: Texts;
  readonly operation?: Texts;
  /** Absent: inbound, or both where `both` is the default of a list. */
  readonly direction?: Direction | 'both';
  /** A call to the merchant, e.g. `bill-notify`. */
  readonly call?: Texts;
  /** Result code. */
  readonly code?: Texts;
  /** S, F or U. */
  readonly status?: Texts;
  /** The step that decided or refused. */
  readonly step?: Texts;
  /** Id of something that was noted, or of the cause that the doctor found. */
  readonly finding?: Texts;
  /** `duplicate`, `mismatch`, `stale`, `scripted`, … */
  readonly tag?: Texts;
  /** The scripted rule that matched. */
  readonly rule?: Texts;
  /** JSON text of the values that name the thing, or one of these values. */
  readonly identity?: string;
  /** Whether the request's signature verified. */
  readonly signed?: boolean;
  readonly sealed?: boolean;
  /** Whether the whole answer was sent. */
  readonly delivered?: boolean;
  /** `server`, `client` or `keptAlive`. */
  readonly endedBy?: Texts;
  /** Id of the trace that the caller's `traceparent` names. */
  readonly trace?: Texts;
  /**
   * Fields of the (opened) request by name, nested ones with dots: a value, or conditions as in a
   * scenario file.
   */
  readonly body?: Readonly<Record<string, FieldCondition>>;
}

/** One thing that a query asks, ready to be asked of many exchanges. */
export interface QueryCheck {
  /** `code`, `body.merchantBizNo`. */
  readonly field: string;
  readonly wanted: unknown;
  readonly got: (entry: JournalEntry) => unknown;
  readonly fits: (entry: JournalEntry) => boolean;
}

export type CompiledQuery = readonly QueryCheck[];

/** @param meter counts the steps of its patterns */
export const compileQuery = (query: ExchangeQuery, meter = new PatternMeter()): CompiledQuery => [
  ...Object.entries(textFields).flatMap(([field, got]) =>
    compileText(field, query[field as TextField], got),
  ),
  ...compileDirection(query.direction),
  ...(query.identity === undefined ? [] : [compileIdentity(query.identity)]),
  ...compileFlag('signed', query.signed, isSigned),
  ...compileFlag('sealed', query.sealed, ({ sealed }) => sealed),
  ...compileFlag('delivered', query.delivered, ({ delivery }) => delivery.complete),
  ...Object.entries(query.body ?? {}).map(([path, condition]) =>
    compileBody(path, condition, meter),
  ),
];

/** Whether a query is about the other direction too: by default it is about requests received. */
export const namesDirection = ({ direction, call }: ExchangeQuery): boolean =>
  direction !== undefined || call !== undefined;

/** The query with the direction that it means. */
export const withDirection = (query: ExchangeQuery): ExchangeQuery => ({
  ...query,
  direction: query.direction ?? (query.call === undefined ? 'inbound' : 'outbound'),
});

export const matchesQuery = (query: CompiledQuery, entry: JournalEntry): boolean =>
  query.every(({ fits }) => fits(entry));

/** Whether the request's signature verified. */
export const isSigned = ({ verifiedWith }: JournalEntry): boolean => verifiedWith !== undefined;

/** Ids of what was found, the doctor's cause first. */
export const findingIds = ({ diagnosis, findings }: JournalEntry): readonly string[] => [
  ...(diagnosis?.cause === undefined ? [] : [diagnosis.cause.id]),
  ...findings.map(({ id }) => id),
];

const textFields = {
  clientId: ({ clientId }: JournalEntry) => clientId,
  operation: ({ operation }: JournalEntry) => operation,
  call: ({ outbound }: JournalEntry) => outbound?.call,
  code: ({ verdict }: JournalEntry) => verdict.code,
  status: ({ verdict }: JournalEntry) => verdict.status,
  step: ({ verdict }: JournalEntry) => verdict.step,
  finding: findingIds,
  tag: ({ tags }: JournalEntry) => tags,
  rule: ({ scripted }: JournalEntry) => scripted?.rule,
  endedBy: ({ delivery }: JournalEntry) => delivery.endedBy,
  trace: (entry: JournalEntry) => traceExchange(entry)?.traceId,
} as const satisfies Record<string, (entry: JournalEntry) => Texts | undefined>;
type TextField = keyof typeof textFields;

const compileText = (
  field: string,
  asked: Texts | undefined,
  got: (entry: JournalEntry) => Texts | undefined,
): QueryCheck[] => {
  if (asked === undefined) return [];
  const wanted = new Set([asked].flat());
  return [
    {
      field,
      wanted: asked,
      got,
      fits: (entry) => [got(entry) ?? []].flat().some((text) => wanted.has(text)),
    },
  ];
};

const compileDirection = (wanted: ExchangeQuery['direction']): QueryCheck[] => {
  if (wanted === undefined || wanted === 'both') return [];
  const got = ({ direction = 'inbound' }: JournalEntry): Direction => direction;
  return [{ field: 'direction', wanted, got, fits: (entry) => got(entry) === wanted }];
};

const compileIdentity = (wanted: string): QueryCheck => ({
  field: 'identity',
  wanted,
  got: ({ identity }) => identity,
  fits: ({ identity }) => identity !== undefined && isIdentity(identity, wanted),
});

/** Whether an identity is meant by its whole text, or by one of its values. */
export const isIdentity = (identity: string, wanted: string): boolean =>
  identity === wanted || fieldValues(identity).includes(wanted);

const fieldValues = (identity: string): readonly string[] => {
  const values: unknown = JSON.parse(identity);
  return Array.isArray(values) ? values.map(String) : [];
};

const compileFlag = (
  field: string,
  wanted: boolean | undefined,
  got: (entry: JournalEntry) => boolean,
): QueryCheck[] =>
  wanted === undefined ? [] : [{ field, wanted, got, fits: (entry) => got(entry) === wanted }];

const compileBody = (path: string, condition: FieldCondition, meter: PatternMeter): QueryCheck => {
  const fits = compileConditions({ [path]: condition });
  return {
    field: `body.${path}`,
    wanted: condition,
    got: (entry) => valueAt(requestJson(entry), path),
    fits: (entry) => fits(requestJson(entry), meter),
  };
};

const parsed = new WeakMap<JournalEntry, JsonObject>();

/**
 * Larger ones are parsed again each time: what is parsed takes several times the room, and the
 * journal's bounds do not count it.
 */
const largestKept = 8192;

/**
 * The request's fields, opened if it was sealed; none when it is no JSON object. Parsed when first
 * asked for, not when it came.
 */
export const requestJson = (entry: JournalEntry): JsonObject => {
  const known = parsed.get(entry);
  if (known !== undefined) return known;
  const bytes = entry.request.plain ?? entry.request.body;
  const json = parseJsonObject(bytes.toString('utf8'));
  if (bytes.length <= largestKept) parsed.set(entry, json);
  return json;
};

const parseJsonObject = (text: string): JsonObject => {
  try {
    const value: unknown = JSON.parse(text);
    // What JSON.parse returns and is an object is a JsonObject.
    return isRecord(value) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
};

export interface FieldDifference {
  /** `code`, `body.merchantBizNo`. */
  readonly field: string;
  readonly wanted: unknown;
  /** undefined: the exchange has none. */
  readonly got: unknown;
}

/** An exchange that has some of what was asked, and what of it differs. */
export interface NearMiss {
  readonly entry: JournalEntry;
  readonly differences: readonly FieldDifference[];
}

const maxNearMisses = 5;

/**
 * How far away an exchange is for each thing that differs: another operation is seldom the one that
 * was meant.
 */
const distances: Readonly<Record<string, number>> = { operation: 4, clientId: 2 };

/** The exchanges that almost match, the nearest first, of equals the newest. */
export const findNearMisses = (
  query: CompiledQuery,
  entries: readonly JournalEntry[],
): readonly NearMiss[] =>
  entries
    .filter((entry) => !matchesQuery(query, entry))
    .map((entry) => ({ entry, differences: listDifferences(query, entry) }))
    .filter(({ differences }) => differences.length < query.length || query.length === 1)
    .sort((a, b) => measureDistance(a) - measureDistance(b) || b.entry.number - a.entry.number)
    .slice(0, maxNearMisses);

const listDifferences = (query: CompiledQuery, entry: JournalEntry): readonly FieldDifference[] =>
  query
    .filter(({ fits }) => !fits(entry))
    .map(({ field, wanted, got }) => ({ field, wanted, got: got(entry) }));

const measureDistance = ({ differences }: NearMiss): number =>
  differences.reduce((sum, { field }) => sum + (distances[field] ?? 1), 0);

/** Whether only the pending diagnosis decides if an exchange matches: all else does. */
export const needsDiagnosis = (query: CompiledQuery, entry: JournalEntry): boolean =>
  entry.pendingDiagnosis !== undefined &&
  query.some(({ field }) => field === 'finding') &&
  query.every(({ field, fits }) => field === 'finding' || fits(entry));
