import type { ExchangeSummary } from '../../server/admin/types.gen.ts';
import type { Messages } from '../i18n/messages.ts';
import { useMessages } from '../i18n/use-messages.ts';

export interface MarksProps {
  readonly exchange: DeliverySummary;
  /** Includes marks that do not affect the outcome. */
  readonly isWhole?: boolean;
}

/** Chips for what is special about an exchange: repeated, stale, not delivered, scripted. */
export const Marks = ({ exchange, isWhole = false }: MarksProps) => {
  const t = useMessages();
  const { marks } = exchange;
  const delivery = classifyDelivery(exchange);
  // The list has room for one chip: "not delivered" is more important than the fault that caused
  // it.
  const inList =
    delivery === 'nothing'
      ? /^(duplicate|mismatch|stale)/
      : /^(duplicate|mismatch|stale|fault|security)/;
  const shown = marks.filter((mark) => isWhole || inList.test(mark));
  return (
    <>
      {(delivery === 'nothing' || delivery === 'incomplete') && (
        <span class="chip unsure">{t.pipeline.results[shortfalls[delivery]]}</span>
      )}
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

const shortfalls = { nothing: 'undelivered', incomplete: 'incomplete' } as const;

/**
 * The result code with its status as shape, letter and colour. Only a plain success is green; an
 * undelivered response is struck through.
 */
export const StatusBadge = ({
  exchange,
}: {
  readonly exchange: DeliverySummary & Pick<ExchangeSummary, 'code'>;
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

/**
 * What the client received: the response as decided, one that a fault altered, a part of it, or
 * nothing.
 */
export type DeliveryState = 'intact' | 'altered' | 'incomplete' | 'nothing';

type DeliverySummary = Pick<ExchangeSummary, 'delivery' | 'httpStatus' | 'marks' | 'status'>;

/** How much has left, and who closed the connection. */
export const formatDelivery = (
  { delivery }: Pick<DeliverySummary, 'delivery'>,
  t: Messages,
): string =>
  [
    t.delivery.sentBytes(delivery.bytes, delivery.complete),
    t.delivery.endedBy[delivery.endedBy],
  ].join(' · ');

/** Faults that delay a response but do not alter it. */
const harmlessFaults = ['slow-drip'];

export const classifyDelivery = ({
  delivery,
  httpStatus,
  marks,
}: DeliverySummary): DeliveryState => {
  if (httpStatus === 0) return 'nothing';
  const fault = findFault(marks);
  if (fault !== undefined && !harmlessFaults.includes(fault)) return 'altered';
  return delivery.complete ? 'intact' : 'incomplete';
};

/** The fault that altered the response: its transport, its signature or its encryption. */
export const findFault = (marks: readonly string[]): string | undefined =>
  marks.map((mark) => /^(?:fault|security):([^@]+)/.exec(mark)?.[1]).find((id) => id !== undefined);

/**
 * Whether the result is S, the request was neither a duplicate nor stale, and the response was
 * delivered unaltered.
 */
export const isPlainSuccess = (exchange: DeliverySummary): boolean =>
  exchange.status === 'S' &&
  classifyDelivery(exchange) === 'intact' &&
  !exchange.marks.some((mark) => specialMarks.includes(mark));

const specialMarks = ['duplicate', 'mismatch', 'stale'];
