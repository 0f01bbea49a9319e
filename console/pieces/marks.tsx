import type { ExchangeRow } from '../api/journal.ts';
import { deliveryOf } from '../exchange/delivery.ts';
import { useWords } from '../words/use-words.ts';

export interface MarksProps {
  readonly exchange: Pick<ExchangeRow, 'httpStatus' | 'marks' | 'status'>;
  /** Also those that change nothing about how the exchange ended. */
  readonly isWhole?: boolean;
}

/**
 * What sets an exchange apart from a plain one, as chips: repeated, stale, not delivered, scripted.
 */
export const Marks = ({ exchange, isWhole = false }: MarksProps) => {
  const t = useWords();
  const { marks } = exchange;
  const delivery = deliveryOf(exchange);
  // In a list there is room for one: that nothing came matters more than which fault kept it back.
  const inList =
    delivery === 'nothing'
      ? /^(duplicate|mismatch|stale)/
      : /^(duplicate|mismatch|stale|fault|security)/;
  const shown = marks.filter((mark) => isWhole || inList.test(mark));
  return (
    <>
      {delivery === 'nothing' && <span class="chip unsure">{t.delivery.notDelivered}</span>}
      {shown.map((mark) => {
        const [kind = '', value = ''] = mark.split(':');
        return (
          <span
            key={mark}
            class={`chip${isWhole || kind === 'scripted' ? '' : ' unsure'}`}
            title={t.markMeanings[kind]}
          >
            {t.markName(kind, value.replace(/@.*/, ''))}
          </span>
        );
      })}
    </>
  );
};
