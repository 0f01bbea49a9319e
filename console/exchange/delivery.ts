import type { ExchangeRow } from '../api/journal.ts';

/** What the client received: the answer as decided, an altered one, or nothing. */
export type Delivery = 'intact' | 'altered' | 'nothing';

type Delivered = Pick<ExchangeRow, 'httpStatus' | 'marks' | 'status'>;

/** A fault may delay an answer and still deliver it whole. */
const harmless = ['slow-drip'];

export const deliveryOf = ({ httpStatus, marks }: Delivered): Delivery => {
  if (httpStatus === 0) return 'nothing';
  const fault = faultOf(marks);
  return fault === undefined || harmless.includes(fault) ? 'intact' : 'altered';
};

/** The fault that changed the answer on its way, on the wire or in what proves whose it is. */
export const faultOf = (marks: readonly string[]): string | undefined =>
  marks.map((mark) => /^(?:fault|security):([^@]+)/.exec(mark)?.[1]).find((id) => id !== undefined);

/**
 * Whether an exchange that ended with S did what a first call does, and the client was given the
 * answer.
 */
export const isPlainSuccess = (exchange: Delivered): boolean =>
  exchange.status === 'S' &&
  deliveryOf(exchange) === 'intact' &&
  !exchange.marks.some((mark) => special.includes(mark));

const special = ['duplicate', 'mismatch', 'stale'];
