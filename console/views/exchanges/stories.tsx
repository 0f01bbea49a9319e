import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import { classifyDelivery } from '../../components/delivery.ts';
import { StatusBadge } from '../../components/exchange-status.tsx';
import {
  findCollection,
  formatDuration,
  formatIdentity,
  formatOffset,
  formatTime,
} from '../../components/format.ts';
import { Reason } from '../../components/server-text.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor, hrefForMessage, navigate, type Route } from '../../shell/route.ts';
import { type Row, useSlowVersion } from '../../stream/feed.ts';
import type { LintByExchange } from './filters.ts';
import {
  groupStories,
  type Story,
  type StoryEvent,
  type StoryGroup,
  storyGroups,
} from './traffic.ts';

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
