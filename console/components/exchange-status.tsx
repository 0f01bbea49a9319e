import type { ExchangeSummary } from '../../server/admin/types.gen.ts';
import { useMessages } from '../i18n/use-messages.ts';

export interface MarksProps {
  readonly exchange: Pick<ExchangeSummary, 'httpStatus' | 'marks' | 'status'>;
  /** Also those that change nothing about how the exchange ended. */
  readonly isWhole?: boolean;
}

/**
 * What sets an exchange apart from a plain one, as chips: repeated, stale, not delivered, scripted.
 */
export const Marks = ({ exchange, isWhole = false }: MarksProps) => {
  const t = useMessages();
  const { marks } = exchange;
  const delivery = classifyDelivery(exchange);
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

/**
 * The code with its status: by shape and letter as well as by colour. Only a plain success is
 * green; an answer that was never delivered is crossed out.
 */
export const StatusBadge = ({
  exchange,
}: {
  readonly exchange: Pick<ExchangeSummary, 'code' | 'status' | 'httpStatus' | 'marks'>;
}) => {
  const t = useMessages();
  const { code, status } = exchange;
  const isNothing = classifyDelivery(exchange) === 'nothing';
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

/** What the client received: the answer as decided, an altered one, or nothing. */
export type DeliveryState = 'intact' | 'altered' | 'nothing';

type Delivered = Pick<ExchangeSummary, 'httpStatus' | 'marks' | 'status'>;

/** A fault may delay an answer and still deliver it whole. */
const harmlessFaults = ['slow-drip'];

export const classifyDelivery = ({ httpStatus, marks }: Delivered): DeliveryState => {
  if (httpStatus === 0) return 'nothing';
  const fault = findFault(marks);
  return fault === undefined || harmlessFaults.includes(fault) ? 'intact' : 'altered';
};

/** The fault that changed the answer on its way, on the wire or in what proves whose it is. */
export const findFault = (marks: readonly string[]): string | undefined =>
  marks.map((mark) => /^(?:fault|security):([^@]+)/.exec(mark)?.[1]).find((id) => id !== undefined);

/**
 * Whether an exchange that ended with S did what a first call does, and the client was given the
 * answer.
 */
export const isPlainSuccess = (exchange: Delivered): boolean =>
  exchange.status === 'S' &&
  classifyDelivery(exchange) === 'intact' &&
  !exchange.marks.some((mark) => specialMarks.includes(mark));

const specialMarks = ['duplicate', 'mismatch', 'stale'];
