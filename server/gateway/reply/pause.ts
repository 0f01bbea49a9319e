import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

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
