/**
 * What a simulator must have answered, derived from the requests alone. Written apart from
 * `server/domain`, from the pages of AlipayHK, so that a mistake there shows here.
 */

/** A message about an order or a link: what the model needs of it. */
export interface ModelMessage {
  readonly requestId: string;
  /** The order or link that it is about. */
  readonly subject: string;
  readonly status: string;
  readonly time: number;
}

export interface ModelState {
  status: string;
  time: number;
  updates: number;
}

/** Pairs `before after`, besides a status that stays the same. One that is before no other is final. */
const allowedChanges: ReadonlySet<string> = new Set([
  ...['TICKETED USED', 'TICKETED REFUNDED'],
  ...['CALL_NUM NUMBER_ARRIVED', 'CALL_NUM NUMBER_PASSED', 'CALL_NUM FINISHED'],
  ...['CALL_NUM CANCELLED', 'NUMBER_ARRIVED NUMBER_PASSED', 'NUMBER_ARRIVED FINISHED'],
  'NUMBER_PASSED FINISHED',
  ...['BIND UNBIND', 'UNBIND BIND'],
]);
const final = new Set(['USED', 'REFUNDED', 'FINISHED', 'CANCELLED']);

/** Statuses of each kind of message that the load sends. */
export const modelStatuses = {
  PASS_TICKET: ['TICKETED', 'USED', 'REFUNDED'],
  LINE_UP: ['CALL_NUM', 'NUMBER_ARRIVED', 'NUMBER_PASSED', 'FINISHED', 'CANCELLED'],
  linkage: ['BIND', 'UNBIND'],
} as const;

export class FleetModel {
  readonly states = new Map<string, ModelState>();

  /** @returns the code that is due: an old message changes nothing and succeeds */
  apply({ subject, status, time }: ModelMessage): 'SUCCESS' | 'ORDER_STATUS_INVALID' {
    const state = this.states.get(subject);
    if (state === undefined) {
      this.states.set(subject, { status, time, updates: 1 });
      return 'SUCCESS';
    }
    if (time <= state.time) return 'SUCCESS';
    const isAllowed =
      state.status === status
        ? !final.has(status)
        : allowedChanges.has(`${state.status} ${status}`);
    if (!isAllowed) return 'ORDER_STATUS_INVALID';
    this.states.set(subject, { status, time, updates: state.updates + 1 });
    return 'SUCCESS';
  }
}
