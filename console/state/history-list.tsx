import { deliveryOf } from '../exchange/delivery.ts';
import { Marks } from '../pieces/marks.tsx';
import { StatusBadge } from '../pieces/status-badge.tsx';
import { clockTime } from '../pieces/times.ts';
import { hrefOf } from '../routing/place.ts';
import { useWords } from '../words/use-words.ts';
import type { HistoryEvent } from './use-history.ts';

/** Every message about the thing that the journal still has. */
export const HistoryList = ({
  events,
  evicted,
}: {
  readonly events: readonly HistoryEvent[];
  readonly evicted: number;
}) => {
  const t = useWords();
  return (
    <>
      {evicted > 0 && <p class="notice">{t.state.historyEvicted(evicted)}</p>}
      {events.length === 0 ? (
        <p class="quiet">{t.state.noHistory}</p>
      ) : (
        <ol class="history">
          {events.map(({ exchange, fate, status }) => (
            <li key={exchange.id} class={`event ${fate}`}>
              <a href={hrefOf('exchanges', exchange.id)}>
                <span class="mono quiet">{clockTime(exchange.receivedAt)}</span>
                <strong>{status ?? exchange.operation}</strong>
                <span class="chip">{t.fates[fate]}</span>
                <StatusBadge exchange={exchange} />
                {deliveryOf(exchange) !== 'intact' && <Marks exchange={exchange} />}
              </a>
              <p class="quiet" lang="en">
                {exchange.reason}
              </p>
            </li>
          ))}
        </ol>
      )}
    </>
  );
};
