import type { Exchange } from '../api/journal.ts';
import type { Words } from '../words/en.ts';
import { deliveryOf, faultOf } from './delivery.ts';

/**
 * What an exchange came to, in words that do not pass a lost or repeated answer off as a plain
 * success.
 */
export interface Headline {
  readonly look: 'accepted' | 'unknown' | 'refused';
  readonly kicker: string;
  /** undefined: the deciding step's own reason says it best. */
  readonly title: string | undefined;
  /** Whether the deciding step's reason is still worth a line of its own. */
  readonly withReason: boolean;
}

export const headlineOf = (exchange: Exchange, t: Words): Headline => {
  const { status, step, marks, reply, code } = exchange;
  const delivery = deliveryOf(exchange);
  const fault = faultOf(marks) ?? '';
  if (delivery === 'nothing')
    return {
      look: 'unknown',
      kicker: t.delivery.notDelivered,
      title: t.delivery.nothing(t.delivery.endings[fault] ?? t.delivery.ending(fault), code),
      withReason: true,
    };
  if (delivery === 'altered')
    return {
      look: 'unknown',
      kicker: t.delivery.altered,
      title: t.delivery.alteredBy(fault, reply.httpStatus, code),
      withReason: true,
    };
  if (marks.includes('mismatch'))
    return {
      look: status === 'S' ? 'unknown' : 'refused',
      kicker:
        status === 'S' ? t.delivery.otherContent : t.why.refusedAt(t.steps[step]?.name ?? step),
      title: t.why.mismatch,
      withReason: false,
    };
  if (marks.includes('duplicate'))
    return {
      look: 'unknown',
      kicker: t.delivery.repeated,
      title: t.why.repeated(code),
      withReason: false,
    };
  if (marks.includes('stale') && status === 'S')
    return {
      look: 'unknown',
      kicker: t.delivery.stale,
      title: t.why.stale(code),
      withReason: true,
    };
  if (status === 'S')
    return { look: 'accepted', kicker: t.why.accepted, title: undefined, withReason: false };
  return {
    look: status === 'U' ? 'unknown' : 'refused',
    kicker: t.why.refusedAt(t.steps[step]?.name ?? step),
    title: undefined,
    withReason: false,
  };
};
