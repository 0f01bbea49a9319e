import type { ExchangeSummary } from '../../server/admin/types.gen.ts';
import type { Messages } from '../i18n/messages.ts';

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
export const isPlainSuccess = (exchange: DeliverySummary): boolean =>
  exchange.status === 'S' &&
  classifyDelivery(exchange) === 'intact' &&
  !exchange.tags.some((mark) => specialMarks.includes(mark));

const specialMarks = ['duplicate', 'mismatch', 'stale'];
