import { type Response, Router } from 'express';
import { validatedQuery } from '../admin-contract.ts';
import { AdminApiError } from '../admin-error.ts';
import type { EventHub } from '../event-hub.ts';

const mostReaders = 50;
const heartbeatMs = 15_000;
/** A reader that has taken nothing for so long is let go of. */
const patienceMs = 30_000;
/** Events that come close together go out together. */
const gatherMs = 20;

/** The open streams, so that they can be ended when the simulator stops. */
export class EventStreams {
  readonly #open = new Set<Response>();

  get size(): number {
    return this.#open.size;
  }

  add(res: Response): void {
    this.#open.add(res);
    res.once('close', () => this.#open.delete(res));
  }

  endAll(): void {
    for (const res of this.#open) res.end();
  }
}

export const createEventsRouter = (
  hub: EventHub,
  streams: EventStreams,
  now: () => number,
): Router => {
  const router = Router();
  router.get('/events', (req, res) => {
    if (streams.size >= mostReaders)
      throw new AdminApiError(503, [
        {
          where: '/events',
          message: `there are ${mostReaders} readers already`,
          remedy: 'Close one; a page needs only one.',
        },
      ]);
    const { clientId, lastEventId } = validatedQuery(req, 'events');
    streams.add(res);
    res.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    res.flushHeaders();
    startStream(res, hub, {
      clientId,
      lastEventId: req.get('last-event-id') ?? lastEventId,
      now: now(),
    });
  });
  return router;
};

interface Reader {
  readonly clientId: string | undefined;
  readonly lastEventId: string | undefined;
  readonly now: number;
}

/**
 * Writes what is new as fast as the reader takes it, and no faster: nothing waits for it but its
 * place in the ring.
 */
const startStream = (
  res: Response,
  hub: EventHub,
  { clientId, lastEventId, now }: Reader,
): void => {
  const known = lastEventId === undefined ? hub.newest : hub.placeOf(lastEventId);
  let place = known ?? hub.newest;
  let blockedSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const write = (text: string): void => {
    if (text !== '' && !res.write(text)) blockedSince = performance.now();
  };
  const pump = (): void => {
    timer = undefined;
    while (blockedSince === undefined && place < hub.newest) {
      const portion = hub.portionAfter(place, clientId);
      place = portion.reached;
      write(portion.text);
    }
  };
  const stop = hub.listen(() => {
    timer ??= setTimeout(pump, gatherMs);
  });
  const heartbeat = setInterval(() => {
    if (blockedSince === undefined) write(': still here\n\n');
    else if (performance.now() - blockedSince > patienceMs) res.destroy();
  }, heartbeatMs).unref();
  res.on('drain', () => {
    blockedSince = undefined;
    pump();
  });
  res.once('close', () => {
    stop();
    clearTimeout(timer);
    clearInterval(heartbeat);
  });
  write(`retry: 1000\n\n${hub.hello(now, place)}`);
  // An id of another run: whatever came since then cannot be sent again.
  if (known === undefined) write(hub.gap(hub.newest, place));
  pump();
};
