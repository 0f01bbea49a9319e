import type { ComponentChildren } from 'preact';
import type { ExchangeSummary } from '../../server/admin/types.gen.ts';
import { type Messages, useMessages } from '../i18n/messages.tsx';

export interface TagsProps {
  readonly exchange: DeliverySummary;
  /** Includes tags that do not affect the outcome. */
  readonly isWhole?: boolean;
}

/** Chips for what is special about the outcome: repeated, stale, not delivered. */
export const Tags = ({ exchange, isWhole = false }: TagsProps) => {
  const t = useMessages();
  const { tags } = exchange;
  const delivery = classifyDelivery(exchange);
  // The list has room for one chip: "not delivered" is more important than the fault that caused
  // it.
  const inList =
    delivery === 'nothing'
      ? /^(duplicate|mismatch|stale)/
      : /^(duplicate|mismatch|stale|fault|security)/;
  const shown = tags.filter((tag) => isWhole || inList.test(tag));
  return (
    <>
      {(delivery === 'nothing' || delivery === 'incomplete') && (
        <span class="chip unsure">{t.pipeline.results[shortfalls[delivery]]}</span>
      )}
      {shown.map((tag) => {
        const [kind = '', value = ''] = tag.split(':');
        return (
          <span
            key={tag}
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

const traitIcons: Readonly<Record<Trait, ComponentChildren>> = {
  retry: <path d="M13 5.5A5.5 5.5 0 1 0 13.5 9M13.5 2.5v3.2h-3.2" />,
  fault: <path d="M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z" />,
  encrypted: <path d="M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" />,
  scripted: <path d="M4 2h6l2.5 2.5V14H4zM6 6.5h4M6 9h4M6 11.5h2.5" />,
  pending: <path d="M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M8 5v3.3l2.2 1.4" />,
  lint: <path d="M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.1" />,
  outbound: <path d="M2.5 8h10M9 4l4 4-4 4" />,
};

/** A small tag of the list, with its name for readers of the screen and as a tooltip. */
export const TraitIcon = ({ trait, name }: { readonly trait: Trait; readonly name: string }) => (
  <svg viewBox="0 0 16 16" width="14" height="14" class={`icon trait-${trait}`} role="img">
    <title>{name}</title>
    {traitIcons[trait]}
  </svg>
);

export const nameTrait = (
  trait: Trait,
  row: { readonly attempt?: number; readonly rule?: string },
  { rules, t }: { readonly rules: string; readonly t: Messages },
): string => {
  const { traits } = t;
  if (trait === 'retry') return traits.retry(row.attempt ?? 0);
  if (trait === 'scripted') return traits.scriptedBy(row.rule ?? '');
  return trait === 'lint' ? traits.lint(rules) : traits[trait];
};

/** What an exchange may be, as the token `is:` names it. */
export const traits = [
  'retry',
  'fault',
  'encrypted',
  'scripted',
  'pending',
  'lint',
  'outbound',
] as const;
export type Trait = (typeof traits)[number];

/**
 * What the client received: the response as decided, one that a fault altered, a part of it, or
 * nothing.
 */
export type DeliveryState = 'intact' | 'altered' | 'incomplete' | 'nothing';

export type DeliverySummary = Pick<ExchangeSummary, 'delivery' | 'httpStatus' | 'tags' | 'status'>;

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
  tags,
}: DeliverySummary): DeliveryState => {
  if (httpStatus === 0) return 'nothing';
  const fault = findFault(tags);
  if (fault !== undefined && !harmlessFaults.includes(fault)) return 'altered';
  return delivery.complete ? 'intact' : 'incomplete';
};

/** The fault that altered the response: its transport, its signature or its encryption. */
export const findFault = (tags: readonly string[]): string | undefined =>
  tags.map((mark) => /^(?:fault|security):([^@]+)/.exec(mark)?.[1]).find((id) => id !== undefined);

/**
 * Whether the result is S, the request was neither a duplicate nor stale, and the response was
 * delivered unaltered.
 */
const isPlainSuccess = (exchange: DeliverySummary): boolean =>
  exchange.status === 'S' &&
  classifyDelivery(exchange) === 'intact' &&
  !exchange.tags.some((mark) => specialMarks.includes(mark));

const specialMarks = ['duplicate', 'mismatch', 'stale'];
