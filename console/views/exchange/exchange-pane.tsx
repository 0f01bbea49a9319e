import { useEffect, useRef } from 'preact/hooks';
import type { Exchange, ExchangeSummary } from '../../../server/admin/types.gen.ts';
import { useQuery } from '../../api/use-admin.ts';
import { formatDelivery } from '../../components/delivery.ts';
import { StatusBadge, Tags } from '../../components/exchange-status.tsx';
import {
  findCollection,
  formatDateTime,
  formatDuration,
  formatIdentity,
} from '../../components/format.ts';
import { ErrorNotice, Loading } from '../../components/notice.tsx';
import { Reason } from '../../components/server-text.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { useStoredValue } from '../../shell/preferences.ts';
import { hrefFor, hrefForMessage, navigate, type Route, useTitle } from '../../shell/route.ts';
import { oneShotName } from '../../shell/use-draft.ts';
import { caseKey, casesOfExchange, openedReport } from '../integration/reports.tsx';
import { ExchangeActions } from './actions.tsx';
import { MessageTabs } from './messages.tsx';
import { Pipeline } from './pipeline.tsx';
import { StateChanges } from './state-changes.tsx';
import { Why } from './why.tsx';

export interface ExchangePaneProps {
  readonly id: string;
  readonly place: Route;
  /** Its row in the list, shown when the journal has evicted the exchange. */
  readonly row: ExchangeSummary | undefined;
}

/** One exchange: reason, steps, messages, state changes. */
export const ExchangePane = ({ id, place, row }: ExchangePaneProps) => {
  const t = useMessages();
  const { value, error, reload } = useQuery<Exchange>(
    `/journal/${encodeURIComponent(id)}`,
    useRowVersion(row),
  );
  const pane = useRef<HTMLElement>(null);
  const known = value ?? row;
  useTitle([...(known === undefined ? [id] : describeExchange(known)), t.views.exchanges]);
  // Replaces a number in the address by the id: numbers start again with each run.
  useEffect(() => {
    if (value !== undefined && value.id !== id)
      navigate(hrefFor('exchanges', value.id, place.query), true);
  }, [value, id, place.query]);
  useEffect(() => {
    pane.current?.scrollTo(0, 0);
    // In the narrow layout the focused row disappears with the list.
    if (document.activeElement === document.body) pane.current?.focus({ preventScroll: true });
  }, [id]);
  return (
    <article class="exchange" tabIndex={-1} ref={pane} aria-label={t.exchange.title}>
      <div class="exchange-bar">
        <a class="back" href={hrefFor('exchanges', undefined, place.query)}>
          <span aria-hidden="true">←</span> {t.exchange.back}
        </a>
        {value !== undefined && <ExchangeActions exchange={value} />}
      </div>
      {value !== undefined ? (
        <ExchangeSections exchange={value} />
      ) : error === undefined ? (
        <Loading />
      ) : error.status === 404 ? (
        <EvictedExchange row={row} />
      ) : (
        <ErrorNotice error={error} onRetry={reload} />
      )}
    </article>
  );
};

/** Increases when the row changes, for example when a diagnosis arrives later. */
const useRowVersion = (row: ExchangeSummary | undefined): number => {
  const last = useRef({ row, version: 0 });
  const { row: before, version } = last.current;
  if (before !== row)
    last.current = { row, version: before?.id === row?.id ? version + 1 : version };
  return last.current.version;
};

/** `ORDER_STATUS_INVALID syncOrder RIDE-1`. */
const describeExchange = ({
  code,
  operation,
  target,
  identity,
}: ExchangeSummary): readonly string[] => [
  [code, operation ?? target, identity === undefined ? '' : formatIdentity(identity, operation)]
    .filter((part) => part !== '')
    .join(' '),
];

const ExchangeSections = ({ exchange }: { readonly exchange: Exchange }) => (
  <>
    <ExchangeHeader exchange={exchange} />
    <Why exchange={exchange} />
    <Pipeline exchange={exchange} />
    <MessageTabs exchange={exchange} />
    <StateChanges exchange={exchange} />
  </>
);

const EvictedExchange = ({ row }: { readonly row: ExchangeSummary | undefined }) => {
  const t = useMessages();
  return (
    <div class="empty">
      <h2>{t.exchange.gone}</h2>
      <p>{t.exchange.goneMore}</p>
      {row !== undefined && (
        <p>
          <strong>{row.code}</strong> <Reason reason={row.reason} />
        </p>
      )}
    </div>
  );
};

/** Operation, result and key facts of an exchange. */
export const ExchangeHeader = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  const { operation, receivedAt, milliseconds, clientId, identity, id, scripted, httpStatus } =
    exchange;
  const { outbound, attempt, nextAttemptAt } = exchange;
  const report = useStoredValue(openedReport);
  const facts: readonly Fact[] = [
    { name: t.columns.time, value: formatDateTime(receivedAt) },
    {
      name: t.columns.client,
      value: clientId,
      isCode: true,
      href: clientId && hrefFor('exchanges', undefined, { client: clientId }),
    },
    {
      name: t.columns.identity,
      value: identity && formatIdentity(identity, operation),
      isCode: true,
      href: hrefForRecord(exchange),
    },
    {
      name: t.delivery.title,
      value:
        httpStatus === 0
          ? t.delivery.noResponse
          : `${t.messages.httpStatus(httpStatus)} · ${formatDelivery(exchange, t)}`,
    },
    {
      name: t.outbound.message,
      value: outbound?.messageId,
      isCode: true,
      href: outbound && hrefForMessage(outbound.messageId),
    },
    { name: t.outbound.address, value: outbound?.url, isCode: true },
    { name: t.outbound.attempt, value: outbound && String(attempt ?? 1) },
    { name: t.outbound.next, value: formatNext(nextAttemptAt) },
    { name: t.columns.duration, value: formatDuration(milliseconds) },
    { name: 'Tracer-Id', value: id, isCode: true },
    ...casesOfExchange(report, id).map((one) => ({
      name: t.report.case,
      value: caseKey(one),
      href: hrefFor('integration', 'report', { case: caseKey(one) }),
    })),
    {
      name: t.exchange.rule,
      value: scripted?.rule,
      href: scripted && hrefForRule(scripted.rule, clientId),
    },
  ];
  return (
    <header class="outcome">
      <div class="outcome-line">
        <StatusBadge exchange={exchange} />
        <h1>{operation ?? outbound?.call ?? `${exchange.method} ${exchange.target}`}</h1>
        {outbound !== undefined && <span class="chip">→ {t.outbound.toYou}</span>}
        <Tags exchange={exchange} isWhole />
      </div>
      <dl class="outcome-facts">
        {facts.map(
          ({ name, value, isCode, href }) =>
            value !== undefined && (
              <div key={`${name}${value}`}>
                <dt>{name}</dt>
                <dd class={isCode === true ? 'mono' : ''}>
                  {href === undefined ? value : <a href={href}>{value}</a>}
                </dd>
              </div>
            ),
        )}
      </dl>
    </header>
  );
};

const formatNext = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : formatDateTime(at);

interface Fact {
  readonly name: string;
  readonly value: string | undefined;
  readonly isCode?: boolean;
  readonly href?: string | undefined;
}

/** Only an exchange that reached the decision is about a record of its client. */
const hrefForRecord = ({ step, operation, clientId, identity }: Exchange): string | undefined => {
  const collection = operation === undefined ? undefined : findCollection(operation);
  return collection === undefined || step !== 'decide' || identity === undefined
    ? undefined
    : hrefFor('state', identity, { client: clientId, collection });
};

/**
 * `order-fails-twice, rule 1` is a rule of a scenario, `one-shot 1` of the client's queue; others
 * have no page.
 */
const hrefForRule = (rule: string, client: string | undefined): string | undefined => {
  if (rule.startsWith('one-shot ')) return hrefFor('scenarios', oneShotName, { client });
  const name = /^([\w.-]+), rule \d+$/.exec(rule)?.[1];
  return name === undefined ? undefined : hrefFor('scenarios', name);
};
