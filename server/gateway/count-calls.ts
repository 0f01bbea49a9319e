import type { CallCounter } from '../domain/scenarios/conditions.ts';
import type { Selection } from '../domain/scenarios/select-rule.ts';
import type { Change } from '../domain/state/state.ts';
import type { HeldRecords } from '../storage/store.ts';

/** How often a rule was reached. A queued rule whose record is deleted has answered all its calls. */
export const callsBefore =
  (held: HeldRecords) =>
  ({ collection, id }: CallCounter): number =>
    collection === 'calls'
      ? (held.get('calls', id) ?? 0)
      : (held.get('oneShots', id)?.calls ?? Number.POSITIVE_INFINITY);

/** The changes that count these calls; the last call of a queued rule deletes it. */
export const countCalls = (held: HeldRecords, counted: Selection['calls']): Change[] =>
  counted.flatMap(([{ collection, id }, calls]): Change | [] => {
    if (collection === 'calls') return { collection, id, value: calls };
    const oneShot = held.get('oneShots', id);
    if (oneShot === undefined) return [];
    return { collection, id, value: calls < oneShot.times ? { ...oneShot, calls } : null };
  });
