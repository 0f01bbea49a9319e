import type { HistoryEvent } from './use-history.ts';

/** A way between two statuses that a message took or wanted to take. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly fate: 'accepted' | 'refused' | 'stale';
}

/** What the messages did to the order's status, each way once. */
export const movesOf = (history: readonly HistoryEvent[]): readonly Move[] => {
  const moves = new Map<string, Move>();
  let held: string | undefined;
  for (const { fate, status } of history) {
    if (status === undefined || fate === 'repeated') continue;
    if (held !== undefined && held !== status)
      moves.set(`${held}>${status}>${fate}`, { from: held, to: status, fate });
    if (fate === 'accepted') held = status;
  }
  return [...moves.values()];
};
