import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { classifyDelivery, StatusBadge } from '../../components/exchange-status.tsx';
import {
  findCollection,
  formatDuration,
  formatIdentity,
  formatOffset,
  formatTime,
} from '../../components/format.ts';
import { Reason, useMessages } from '../../i18n/messages.tsx';
import { hrefFor, hrefForMessage, navigate, type Route } from '../../shell/route.ts';
import { messageKey, type Row, useSlowVersion } from '../../stream/feed.ts';
import type { LintByExchange } from './list-rows.ts';

export interface StoriesProps {
  readonly rows: readonly Row[];
  readonly version: number;
  readonly place: Route;
  readonly lint: LintByExchange;
}

/** Stories are composed from all rows, which is too much for each arrival. */
const lookIntervalMs = 300;

/** Exchanges as stories: a lane for each order, request id or client. */
export const Stories = ({ rows, version, place, lint }: StoriesProps) => {
  const t = useMessages();
  const asked = place.query.get('group');
  const group = storyGroups.find((one) => one === asked) ?? 'order';
  const look = useSlowVersion(version, rows, lookIntervalMs);
  const stories = useMemo(() => groupStories(rows, group), [rows, look, group]);
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer(stories, box);
  const choose = (next: string): void => {
    const query = new URLSearchParams(place.query);
    query.set('group', next);
    navigate(hrefFor('exchanges', undefined, query), true);
  };
  return (
    <div class="stories">
      <div class="stories-bar">
        <label class="labelled inline">
          <span>{t.stories.groupBy}</span>
          <select
            class="field"
            value={group}
            onChange={({ currentTarget }) => choose(currentTarget.value)}
          >
            {storyGroups.map((name) => (
              <option key={name} value={name}>
                {t.stories.groups[name]}
              </option>
            ))}
          </select>
        </label>
        <span class="quiet" role="status">
          {t.stories.count(stories.length)}
        </span>
      </div>
      {stories.length === 0 && (
        <div class="empty">
          <h2>{t.stories.none}</h2>
          <p>{t.stories.noneMore}</p>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also from the keyboard */}
      <div class="stories-box" ref={box} tabIndex={0} role="group" aria-label={t.list.stories}>
        <div class="stories-space" style={{ height: `${virtual.getTotalSize()}px` }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const story = stories[index];
            return story === undefined ? null : (
              <section
                key={key}
                class="story"
                data-index={index}
                ref={virtual.measureElement}
                aria-label={nameStory(story, group)}
                style={{ transform: `translateY(${start}px)` }}
              >
                <StoryLane story={story} group={group} place={place} lint={lint} />
              </section>
            );
          })}
        </div>
      </div>
    </div>
  );
};

const estimatedEventHeight = 26;

/** Lanes have different heights: each is measured once it is rendered. */
const useVirtualizer = (
  stories: readonly Story[],
  box: RefObject<HTMLDivElement>,
): Virtualizer<HTMLDivElement, HTMLElement> => {
  const [, render] = useReducer((turn: number, _: undefined) => turn + 1, 0);
  const options = {
    count: stories.length,
    getScrollElement: () => box.current,
    estimateSize: (at: number) =>
      64 + Math.min(maxEvents, stories[at]?.events.length ?? 1) * estimatedEventHeight,
    getItemKey: (at: number) => stories[at]?.key ?? at,
    overscan: 4,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => render(undefined),
  };
  const [virtual] = useState(() => new Virtualizer<HTMLDivElement, HTMLElement>(options));
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), []);
  useLayoutEffect(() => virtual._willUpdate());
  return virtual;
};

/** The row that names what a story is about; an attempt that was refused early names nothing. */
const findNamingRow = (events: Story['events']): Row | undefined =>
  (events.findLast(({ row }) => row.identity !== undefined) ?? events.at(-1))?.row;

const nameStory = ({ events }: Story, group: StoryGroup): string => {
  const row = findNamingRow(events);
  if (row === undefined) return '';
  if (row.outbound !== undefined && group !== 'client')
    return `${row.outbound.call} ${row.outbound.messageId}`;
  return group === 'client'
    ? (row.clientId ?? '')
    : group === 'request'
      ? (row.requestId ?? '')
      : formatIdentity(row.identity ?? '', row.operation);
};

/** A single exchange is a bar and not a wall. */
const minSpanMs = 1000;

/** Earlier events of a long story are only counted. */
const maxEvents = 8;

interface StoryLaneProps {
  readonly story: Story;
  readonly group: StoryGroup;
  readonly place: Route;
  readonly lint: LintByExchange;
}

const StoryLane = ({ story, group, place, lint }: StoryLaneProps) => {
  const t = useMessages();
  const { events, verdict } = story;
  const shown = events.slice(-maxEvents);
  const earlier = events.length - shown.length;
  const rules = [...new Set(events.flatMap(({ row }) => lint.get(row.id) ?? []))];
  const [first, last] = [shown[0], shown.at(-1)];
  const start = first?.offsetMs ?? 0;
  const span = Math.max(minSpanMs, (last?.offsetMs ?? 0) + (last?.row.milliseconds ?? 0) - start);
  const row = findNamingRow(story.events);
  const collection = findCollection(row?.operation ?? '');
  const name = nameStory(story, group);
  return (
    <>
      <header class="story-head">
        <h2 class="mono">
          {row?.outbound !== undefined && group !== 'client' ? (
            <a href={hrefForMessage(row.outbound.messageId)}>→ {name}</a>
          ) : group === 'order' && collection !== undefined && row?.identity !== undefined ? (
            <a href={hrefFor('state', row.identity, { client: row.clientId, collection })}>
              {name}
            </a>
          ) : (
            <a href={hrefFor('exchanges', undefined, { [group]: name })}>{name}</a>
          )}
        </h2>
        <span class={`chip story-${verdict}`}>{t.storyVerdicts[verdict]}</span>
        {rules.map((rule) => (
          <a key={rule} class="chip unsure" href={hrefFor('integration', 'lint', { rule })}>
            {rule}
          </a>
        ))}
        <span class="quiet">
          {group === 'client' || row?.operation === undefined ? '' : `${row.operation} · `}
          {t.stories.attempts(events.length)}
        </span>
      </header>
      {earlier > 0 && <p class="quiet story-earlier">{t.stories.earlier(earlier)}</p>}
      <ol class="story-events">
        {shown.map((event) => (
          <StoryLine key={event.row.id} event={event} {...{ start, span, place }} />
        ))}
      </ol>
    </>
  );
};

interface StoryLineProps {
  readonly event: StoryEvent;
  readonly start: number;
  readonly span: number;
  readonly place: Route;
}

/** One attempt: when, what came of it, whether it is the same, and its bar in the waterfall. */
const StoryLine = ({
  event: { row, offsetMs, laterMs, relation, before },
  start,
  span,
  place,
}: StoryLineProps) => {
  const t = useMessages();
  const left = ((offsetMs - start) / span) * 100;
  const width = Math.max(0.6, (row.milliseconds / span) * 100);
  const isFirst = before === undefined && laterMs === 0;
  return (
    <li class={`story-event status-${row.status}`}>
      <a class="story-link" href={hrefFor('exchanges', row.id, place.query)}>
        <span class="story-when mono" title={formatTime(row.receivedAt)}>
          {isFirst ? t.stories.start : t.stories.at(formatOffset(laterMs))}
        </span>
        <StatusBadge exchange={row} />
      </a>
      <span class="story-relation">
        {relation !== undefined && before === undefined ? (
          <span class="quiet">{t.stories[relation]}</span>
        ) : relation !== undefined && before !== undefined ? (
          <a
            class={`chip ${relation === 'changed' ? 'unsure' : 'same'}`}
            href={hrefFor('compare', `${before.id}..${row.id}`)}
            title={t.stories.compare}
          >
            {t.stories[relation]}
          </a>
        ) : null}
      </span>
      <span class="story-bar" title={formatDuration(row.milliseconds)}>
        <span
          class={classifyDelivery(row) === 'intact' ? `bar-${row.status}` : 'bar-lost'}
          style={{ left: `${Math.min(left, 99.4)}%`, width: `${Math.min(width, 100 - left)}%` }}
        />
      </span>
      <span class="story-reason quiet">
        <Reason reason={row.reason} />
      </span>
    </li>
  );
};

const storyGroups = ['order', 'request', 'client'] as const;
type StoryGroup = (typeof storyGroups)[number];

/** How a request compares with the one before it. */
export type StoryRelation = 'sameBytes' | 'changed' | 'nextMessage';

interface StoryEvent {
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
