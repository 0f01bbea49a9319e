import { Router } from 'express';
import type { Clients } from '../../clients/clients.ts';
import {
  type Clock,
  type ClockState,
  isClockTime,
  maxClockTimeMs,
  type Seed,
} from '../../clients/clock.ts';

import { type BodyOf, validatedBody } from '../admin-contract.ts';
import { AdminRequestError } from '../admin-error.ts';
import type { EventHub } from '../event-hub.ts';
import { knownClient } from './clients-router.ts';

export interface TimeRoutesDeps {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly seed: Seed;
  readonly hub: EventHub;
}

/** Clocks and the seed. */
export const createTimeRouter = ({ clients, clock, seed, hub }: TimeRoutesDeps): Router => {
  const router = Router();
  router.get('/clock', (_req, res) => void res.json(clock.state));
  router.put('/clock', (req, res) => {
    const state = move(clock, validatedBody(req, 'moveClock'));
    hub.emit('clock', undefined, () => state);
    res.json(state);
  });
  router.get(
    '/clients/:clientId/clock',
    (req, res) => void res.json(clients.view(knownClient(clients, req)).clock),
  );
  router.put('/clients/:clientId/clock', (req, res) => {
    const id = knownClient(clients, req);
    const state = move(clients.controls(id).clock, validatedBody(req, 'moveClientClock'));
    hub.emit('clock', id, () => ({ ...state, clientId: id }));
    res.json(state);
  });
  router.get('/seed', (_req, res) => void res.json({ seed: seed.value }));
  router.put('/seed', (req, res) => {
    seed.set(validatedBody(req, 'setSeed').seed);
    res.json({ seed: seed.value });
  });
  return router;
};

const move = (
  clock: Clock,
  { freeze, set, advanceMs, rate, reset }: BodyOf<'moveClock'>,
): ClockState => {
  if (freeze !== undefined) clock.freeze(typeof freeze === 'number' ? freeze : undefined);
  if (set !== undefined) clock.set(set);
  if (advanceMs !== undefined) advance(clock, advanceMs);
  if (rate !== undefined) clock.run(rate);
  if (reset !== undefined) clock.reset();
  return clock.state;
};

/** How far a clock can be advanced depends on what it shows, which the contract cannot express. */
const advance = (clock: Clock, milliseconds: number): void => {
  const time = clock.now() + milliseconds;
  if (!isClockTime(time))
    throw new AdminRequestError(400, [
      {
        where: 'body.advanceMs',
        message: `${milliseconds} moves the clock to ${time}, which is outside 0 to ${maxClockTimeMs}`,
        remedy: 'Move it less far: a clock shows the years 1970 to 9997.',
      },
    ]);
  clock.set(time);
};
