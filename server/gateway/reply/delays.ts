import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Verdict } from '../../journal/journal-entry.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';

/** What can be waited by: a clock that may be held. */
export interface Sleeper {
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's time, by which bytes travel. Holds up no process that wants to end. */
export const realTimer: Sleeper = {
  wait: (milliseconds, signal) =>
    wait(milliseconds, undefined, {
      ref: false,
      ...omitUndefined({ signal }),
    }).catch(() => {}),
};

/** Waits so long by that clock, or until the other side is gone. */
export const pause = async (
  clock: Sleeper,
  socket: Socket,
  milliseconds: number,
): Promise<void> => {
  if (milliseconds <= 0 || socket.destroyed) return;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  socket.once('close', onClose);
  await clock.wait(milliseconds, gone.signal);
  socket.off('close', onClose);
};

/**
 * Refused signatures of one client that are answered immediately within a second. More than a
 * person makes, less than burns a processor.
 */
const refusalsPerSecond = 50;

/** The delay of each further answer. */
const tarpitDelayMs = 200;

/**
 * Delays the answers to floods of bad signatures, so that valid callers keep their share. Counted
 * for each client that a request names: the flood of one does not delay the others' refusals. Keyed
 * on the refusing step, not on the result code: a scenario may return INVALID_SIGNATURE on purpose.
 * @param monotonicNow milliseconds
 */
export const createTarpit = (
  monotonicNow: () => number,
): ((verdict: Pick<Verdict, 'step'>, clientId: string) => number) => {
  let second = -1;
  // Only registered clients get as far as the signature, and the counts start again each second.
  const refusals = new Map<string, number>();
  return ({ step }, clientId) => {
    if (step !== 'verify-signature') return 0;
    const now = Math.floor(monotonicNow() / 1000);
    if (now !== second) refusals.clear();
    second = now;
    const count = (refusals.get(clientId) ?? 0) + 1;
    refusals.set(clientId, count);
    return count > refusalsPerSecond ? tarpitDelayMs : 0;
  };
};
