import { classifyDelivery } from '../../components/delivery.ts';
import { messageKey, type Row } from '../../stream/feed.ts';

/** Exchanges of a part of the time. */
export interface TrafficBin {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly S: number;
  readonly U: number;
  readonly F: number;
}

export interface TrafficSummary {
  readonly bins: readonly TrafficBin[];
  readonly binMs: number;
  readonly total: number;
  readonly S: number;
  readonly U: number;
  readonly F: number;
  /** The most frequent codes. */
  readonly codes: readonly {
    readonly code: string;
    readonly status: Row['status'];
    readonly count: number;
  }[];
  /** Durations in milliseconds. */
  readonly p50: number;
  readonly p95: number;
}

const maxBins = 120;
const binSizesMs = [
  100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000, 21_600_000,
];
const maxCodes = 4;

/** Counts rows by time, code and duration. */
export const summarizeTraffic = (rows: readonly Row[]): TrafficSummary => {
  let [first, last] = [Infinity, -Infinity];
  for (const { receivedAt } of rows) {
    if (receivedAt < first) first = receivedAt;
    if (receivedAt > last) last = receivedAt;
  }
  if (rows.length === 0) [first, last] = [0, 0];
  const span = last - first;
  const binMs =
    binSizesMs.find((size) => span / size < maxBins) ?? Math.ceil(span / maxBins / 1000) * 1000;
  const start = Math.floor(first / binMs) * binMs;
  // At least some empty bins, so that one exchange is a bar and not a wall.
  const count = Math.max(20, Math.floor((last - start) / binMs) + 1);
  const bins = Array.from({ length: count }, (_, at) => ({
    from: start + at * binMs,
    S: 0,
    U: 0,
    F: 0,
  }));
  const sums = { S: 0, U: 0, F: 0 };
  const codes = new Map<string, { code: string; status: Row['status']; count: number }>();
  for (const { receivedAt, status, code } of rows) {
    const bin = bins[Math.floor((receivedAt - start) / binMs)];
    if (bin !== undefined) bin[status]++;
    sums[status]++;
    const known = codes.get(code);
    if (known === undefined) codes.set(code, { code, status, count: 1 });
    else known.count++;
  }
  const durations = Float64Array.from(rows, ({ milliseconds }) => milliseconds).sort();
  const percentile = (share: number): number =>
    durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0;
  return {
    bins,
    binMs,
    total: rows.length,
    ...sums,
    codes: [...codes.values()].sort((a, b) => b.count - a.count).slice(0, maxCodes),
    p50: percentile(0.5),
    p95: percentile(0.95),
  };
};

export const storyGroups = ['order', 'request', 'client'] as const;
export type StoryGroup = (typeof storyGroups)[number];

/** How a request compares with the one before it. */
export type StoryRelation = 'sameBytes' | 'changed' | 'nextMessage';

export interface StoryEvent {
  readonly row: Row;
  /** Since the first event of the story. */
  readonly offsetMs: number;
  /** Since the event before; 0 for the first. */
  readonly laterMs: number;
  /** To the attempt of the same message before, or to the message before. */
  readonly relation: StoryRelation | undefined;
  /** The attempt that it is compared with. */
  readonly before: Row | undefined;
}

export type StoryVerdict = 'settled' | 'open' | 'changedRetry' | 'newId' | 'afterFinal';

export interface Story {
  readonly key: string;
  readonly events: readonly StoryEvent[];
  readonly verdict: StoryVerdict;
}

const isOfMessage = ({ requestId, outbound }: Row): boolean =>
  requestId !== undefined || outbound !== undefined;

const keyOfGroup: Readonly<Record<StoryGroup, (row: Row) => string | undefined>> = {
  order: (row) =>
    row.outbound !== undefined
      ? messageKey(row)
      : row.identity === undefined
        ? undefined
        : JSON.stringify([row.clientId, row.operation, row.identity]),
  request: (row) => (isOfMessage(row) ? messageKey(row) : undefined),
  client: ({ clientId }) => clientId,
};

/** What of an attempt the client can know: an answer that did not arrive whole does not count. */
const isFinalRow = (row: Row): boolean => row.status !== 'U' && classifyDelivery(row) === 'intact';

/**
 * Finds the order of a row. A message that was refused before it was read has none of its own: it
 * belongs to the order of the other attempts with its request id.
 */
const createOrderFinder = (rows: readonly Row[]): ((row: Row) => string | undefined) => {
  const orders = new Map<string, string>();
  for (const row of rows) {
    const order = row.requestId === undefined ? undefined : keyOfGroup.order(row);
    if (order !== undefined) orders.set(messageKey(row), order);
  }
  return (row) => keyOfGroup.order(row) ?? orders.get(messageKey(row));
};

/** Groups rows into stories, the one with the newest event first. */
export const groupStories = (rows: readonly Row[], group: StoryGroup): readonly Story[] => {
  const groups = new Map<string, Row[]>();
  const findKey = group === 'order' ? createOrderFinder(rows) : keyOfGroup[group];
  for (const row of rows) {
    const key = findKey(row);
    if (key === undefined) continue;
    const own = groups.get(key) ?? [];
    own.push(row);
    // Moved to the end: a map keeps the order in which keys were added.
    groups.delete(key);
    groups.set(key, own);
  }
  return [...groups].reverse().map(([key, own]) => composeStory(key, own));
};

const arrivalMs = ({ arrival }: Row): number => arrival.atUs / 1000;

const composeStory = (key: string, rows: readonly Row[]): Story => {
  const start = rows[0] === undefined ? 0 : arrivalMs(rows[0]);
  const attempts = new Map<string, Row>();
  const events = rows.map((row, at): StoryEvent => {
    const last = rows[at - 1];
    const message = messageKey(row);
    const before = isOfMessage(row) ? attempts.get(message) : undefined;
    attempts.set(message, row);
    const relation =
      before !== undefined
        ? before.contentDigest === row.contentDigest
          ? 'sameBytes'
          : 'changed'
        : last === undefined
          ? undefined
          : 'nextMessage';
    return {
      row,
      offsetMs: arrivalMs(row) - start,
      laterMs: last === undefined ? 0 : arrivalMs(row) - arrivalMs(last),
      relation,
      before,
    };
  });
  return { key, events, verdict: judgeStory(events) };
};

/** The worst of what is wrong with a story, else whether it has a final answer. */
const judgeStory = (events: readonly StoryEvent[]): StoryVerdict => {
  if (events.some(({ relation }) => relation === 'changed')) return 'changedRetry';
  // In the other direction the plan sends again what was answered, but not acknowledged.
  const isAfterFinal = ({ relation, before }: StoryEvent): boolean =>
    relation === 'sameBytes' &&
    before !== undefined &&
    before.outbound === undefined &&
    isFinalRow(before);
  if (events.some(isAfterFinal)) return 'afterFinal';
  const isNewId = events.some(({ relation, row }, at) => {
    const last = events[at - 1]?.row;
    return (
      relation === 'nextMessage' &&
      last !== undefined &&
      !isFinalRow(last) &&
      last.identity === row.identity &&
      last.operation === row.operation &&
      last.requestId?.length === row.requestId?.length &&
      last.requestBytes === row.requestBytes
    );
  });
  if (isNewId) return 'newId';
  const last = events.at(-1)?.row;
  if (last?.outbound !== undefined) return last.outbound.acknowledged ? 'settled' : 'open';
  return last !== undefined && isFinalRow(last) ? 'settled' : 'open';
};
