import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Verdict } from '../../journal/journal-entry.ts';

/** What can be waited by: a clock that may be held. */
export interface Sleeper {
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's time, by which bytes travel. Holds up no process that wants to end. */
export const realTimer: Sleeper = {
  wait: (milliseconds, signal) =>
    wait(milliseconds, undefined, {
      ref: false,
      ...(signal === undefined ? {} : { signal }),
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
 * Refused signatures that are answered at once within a second. More than a person makes, less than
 * burns a processor.
 */
const refusalsPerSecond = 50;

/** How long each one beyond that has to wait for its answer. */
const delayMs = 200;

/**
 * Slows down who sends bad signatures in masses, so that good clients keep their share: beyond a
 * number of refusals in the current second each further one waits before it is told. It goes by the
 * step that refused, for a scenario may answer with the same code and means no harm.
 * @param steadyNow milliseconds on a steady clock
 */
export const createTarpit = (
  steadyNow: () => number,
): ((verdict: Pick<Verdict, 'step'>) => number) => {
  let second = -1;
  let refusals = 0;
  return ({ step }) => {
    if (step !== 'verify-signature') return 0;
    const now = Math.floor(steadyNow() / 1000);
    refusals = now === second ? refusals + 1 : 1;
    second = now;
    return refusals > refusalsPerSecond ? delayMs : 0;
  };
};
