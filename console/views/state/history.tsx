import { useEffect, useState } from 'preact/hooks';
import type { Exchange, ExchangeSummary, JournalPage } from '../../../server/admin/types.gen.ts';
import { AdminError, fetchJson } from '../../api/admin-client.ts';
import { useRecovery } from '../../api/simulator-run.ts';
import { classifyDelivery } from '../../components/delivery.ts';
import { StatusBadge, Tags } from '../../components/exchange-status.tsx';
import { formatTime } from '../../components/format.ts';
import { Reason } from '../../components/server-text.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor } from '../../shell/route.ts';

export type MessageResult = 'accepted' | 'repeated' | 'stale' | 'refused';

/** One message about a record, and its result. */
export interface HistoryEvent {
  readonly exchange: ExchangeSummary;
  readonly result: MessageResult;
  /** The requested status; undefined if the message has none or is redacted. */
  readonly status: string | undefined;
}

export interface History {
  readonly events: readonly HistoryEvent[];
  /** How many exchanges the journal has evicted, possibly some about this record. */
  readonly evicted: number;
}

/** Number of newest exchanges to read. */
const maxHistoryEvents = 40;

/** Exchanges about a record, oldest first. */
export const useHistory = (
  client: string,
  identity: string,
  version: number,
): { readonly value?: History; readonly error?: AdminError } => {
  const [got, setGot] = useState<{ readonly value?: History; readonly error?: AdminError }>({});
  const [turn, setTurn] = useState(0);
  useRecovery(() => {
    if (got.error !== undefined) setTurn((last) => last + 1);
  });
  useEffect(() => {
    const leaving = new AbortController();
    readHistory(client, identity, leaving.signal).then(
      (value) => setGot({ value }),
      (error: unknown) => {
        if (!leaving.signal.aborted) setGot({ error: AdminError.from(error) });
      },
    );
    return () => leaving.abort();
  }, [client, identity, version, turn]);
  return got;
};

const readHistory = async (
  clientId: string,
  identity: string,
  signal: AbortSignal,
): Promise<History> => {
  const query = new URLSearchParams({ clientId, identity, limit: String(maxHistoryEvents) });
  const page = await fetchJson<JournalPage>(`/journal?${query}`, {
    signal,
  });
  const exchanges = await Promise.all(
    page.entries.map(({ id }) =>
      fetchJson<Exchange>(`/journal/${encodeURIComponent(id)}`, { signal }),
    ),
  );
  return { events: exchanges.reverse().map(toEvent), evicted: page.evicted };
};

const toEvent = (exchange: Exchange): HistoryEvent => ({
  exchange,
  result: classifyMessage(exchange),
  status: askedStatus(exchange),
});

const classifyMessage = ({ tags, status }: Exchange): MessageResult =>
  tags.includes('stale')
    ? 'stale'
    : tags.includes('duplicate')
      ? 'repeated'
      : status === 'S'
        ? 'accepted'
        : 'refused';

const askedStatus = ({ request }: Exchange): string | undefined => {
  try {
    const body: unknown = JSON.parse(request.opened?.text ?? request.bodyText ?? '');
    const value: unknown =
      typeof body === 'object' && body !== null && 'orderStatus' in body
        ? body.orderStatus
        : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

/** All messages about a record that are in the journal. */
export const HistoryList = ({
  events,
  evicted,
}: {
  readonly events: readonly HistoryEvent[];
  readonly evicted: number;
}) => {
  const t = useMessages();
  return (
    <>
      {evicted > 0 && <p class="notice">{t.state.historyEvicted(evicted)}</p>}
      {events.length === 0 ? (
        <p class="quiet">{t.state.noHistory}</p>
      ) : (
        <ol class="history">
          {events.map(({ exchange, result, status }) => (
            <li key={exchange.id} class={`event ${result}`}>
              <a href={hrefFor('exchanges', exchange.id)}>
                <span class="mono quiet">{formatTime(exchange.receivedAt)}</span>
                <strong>{status ?? exchange.operation}</strong>
                <span class="chip">{t.messageResults[result]}</span>
                <StatusBadge exchange={exchange} />
                {classifyDelivery(exchange) !== 'intact' && <Tags exchange={exchange} />}
              </a>
              <p class="quiet">
                <Reason reason={exchange.reason} />
              </p>
            </li>
          ))}
        </ol>
      )}
    </>
  );
};
