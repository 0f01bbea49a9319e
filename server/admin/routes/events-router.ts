import { type Response, Router } from 'express';
import { validatedQuery } from '../admin-contract.ts';
import { AdminRequestError } from '../admin-error.ts';
import type { EventHub } from '../event-hub.ts';

const maxSubscribers = 50;
const keepAliveMs = 15_000;
/** A subscriber that reads nothing for so long is disconnected. */
const stallTimeoutMs = 30_000;
/** Events within this time are sent together. */
const batchDelayMs = 20;

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
    if (streams.size >= maxSubscribers)
      throw new AdminRequestError(503, [
        {
          where: '/events',
          message: `has ${maxSubscribers} subscribers already, the maximum`,
          remedy: 'Close one: a page needs one only.',
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

interface Subscriber {
  readonly clientId: string | undefined;
  readonly lastEventId: string | undefined;
  readonly now: number;
}

/** Writes new events as fast as the subscriber reads them; nothing is buffered but the ring. */
const startStream = (
  res: Response,
  hub: EventHub,
  { clientId, lastEventId, now }: Subscriber,
): void => {
  const known = lastEventId === undefined ? hub.newest : hub.parseEventId(lastEventId);
  let sequence = known ?? hub.newest;
  let blockedSince: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  const write = (text: string): void => {
    if (text !== '' && !res.write(text)) blockedSince = performance.now();
  };
  const pump = (): void => {
    timer = undefined;
    while (blockedSince === undefined && sequence < hub.newest) {
      const batch = hub.readAfter(sequence, clientId);
      sequence = batch.reached;
      write(batch.text);
    }
  };
  const stop = hub.listen(() => {
    timer ??= setTimeout(pump, batchDelayMs);
  });
  const heartbeat = setInterval(() => {
    if (blockedSince === undefined) write(': still here\n\n');
    else if (performance.now() - blockedSince > stallTimeoutMs) res.destroy();
  }, keepAliveMs).unref();
  res.on('drain', () => {
    blockedSince = undefined;
    pump();
  });
  res.once('close', () => {
    stop();
    clearTimeout(timer);
    clearInterval(heartbeat);
  });
  write(`retry: 1000\n\n${hub.formatHello(now, sequence)}`);
  // The id is of another run, whose events are lost.
  if (known === undefined) write(hub.formatGap(hub.newest, sequence));
  pump();
};
