import type { ExchangeRow } from '../api/journal.ts';
import { deliveryOf, isPlainSuccess } from '../exchange/delivery.ts';
import { useWords } from '../words/use-words.ts';

/**
 * The code with its status: by shape and letter as well as by colour. Only a plain success is
 * green; an answer that was never delivered is crossed out.
 */
export const StatusBadge = ({
  exchange,
}: {
  readonly exchange: Pick<ExchangeRow, 'code' | 'status' | 'httpStatus' | 'marks'>;
}) => {
  const t = useWords();
  const { code, status } = exchange;
  const isNothing = deliveryOf(exchange) === 'nothing';
  const look = isNothing
    ? ' undelivered'
    : status === 'S' && !isPlainSuccess(exchange)
      ? ' special'
      : '';
  return (
    <span
      class={`badge status-${status}${look}`}
      title={isNothing ? t.delivery.decidedOnly(code) : t.statusMeaning[status]}
    >
      <span
        class="badge-letter"
        role="img"
        aria-label={isNothing ? t.delivery.notDelivered : t.statusName[status]}
      >
        {isNothing ? '–' : status}
      </span>
      <span class="badge-code">{code}</span>
    </span>
  );
};
