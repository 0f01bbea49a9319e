import { useEffect, useRef } from 'preact/hooks';
import { identityText } from '../api/identity-text.ts';
import type { Exchange, ExchangeRow } from '../api/journal.ts';
import { useAsked } from '../api/use-asked.ts';
import { Failed, Loading } from '../pieces/notice.tsx';
import { goTo, hrefOf, type Place } from '../routing/place.ts';
import { useTitle } from '../routing/use-title.ts';
import { useWords } from '../words/use-words.ts';
import { Actions } from './actions.tsx';
import { Messages } from './messages.tsx';
import { Outcome } from './outcome.tsx';
import { Pipeline } from './pipeline.tsx';
import { StateChanges } from './state-changes.tsx';
import { Why } from './why.tsx';

export interface ExchangePaneProps {
  readonly id: string;
  readonly place: Place;
  /** What the list knows of it: enough to say something when the journal no longer has it. */
  readonly row: ExchangeRow | undefined;
}

/** One exchange: why first, then where, then everything else. */
export const ExchangePane = ({ id, place, row }: ExchangePaneProps) => {
  const t = useWords();
  const { value, error, reload } = useAsked<Exchange>(
    `/journal/${encodeURIComponent(id)}`,
    useVersionOf(row),
  );
  const pane = useRef<HTMLElement>(null);
  const known = value ?? row;
  useTitle([...(known === undefined ? [id] : titleOf(known)), t.views.exchanges]);
  // A number is short to type, but means another exchange in the next run.
  useEffect(() => {
    if (value !== undefined && value.id !== id)
      goTo(hrefOf('exchanges', value.id, place.query), true);
  }, [value, id, place.query]);
  useEffect(() => {
    pane.current?.scrollTo(0, 0);
    // Where there is no room for the list beside it, what had the focus is gone with the list.
    if (document.activeElement === document.body) pane.current?.focus({ preventScroll: true });
  }, [id]);
  return (
    <article class="exchange" tabIndex={-1} ref={pane} aria-label={t.exchange.title}>
      <div class="exchange-bar">
        <a class="back" href={hrefOf('exchanges', undefined, place.query)}>
          <span aria-hidden="true">←</span> {t.exchange.back}
        </a>
        {value !== undefined && <Actions exchange={value} />}
      </div>
      {value !== undefined ? (
        <Whole exchange={value} />
      ) : error === undefined ? (
        <Loading />
      ) : error.status === 404 ? (
        <Gone row={row} />
      ) : (
        <Failed error={error} onRetry={reload} />
      )}
    </article>
  );
};

/**
 * Rises when the simulator has more to say of the exchange than before: a diagnosis may come late.
 */
const useVersionOf = (row: ExchangeRow | undefined): number => {
  const last = useRef({ row, version: 0 });
  const { row: before, version } = last.current;
  if (before !== row)
    last.current = { row, version: before?.id === row?.id ? version + 1 : version };
  return last.current.version;
};

/** `ORDER_STATUS_INVALID syncOrder RIDE-1`. */
const titleOf = ({ code, operation, target, identity }: ExchangeRow): readonly string[] => [
  [code, operation ?? target, identity === undefined ? '' : identityText(identity)]
    .filter((part) => part !== '')
    .join(' '),
];

const Whole = ({ exchange }: { readonly exchange: Exchange }) => (
  <>
    <Outcome exchange={exchange} />
    <Why exchange={exchange} />
    <Pipeline exchange={exchange} />
    <Messages exchange={exchange} />
    <StateChanges exchange={exchange} />
  </>
);

const Gone = ({ row }: { readonly row: ExchangeRow | undefined }) => {
  const t = useWords();
  return (
    <div class="empty">
      <h2>{t.exchange.gone}</h2>
      <p>{t.exchange.goneMore}</p>
      {row !== undefined && (
        <p>
          <strong>{row.code}</strong> <span lang="en">{row.reason}</span>
        </p>
      )}
    </div>
  );
};
