import { type Request, type RequestHandler, Router } from 'express';
import type { Clients } from '../../clients/clients.ts';
import type { Resets } from '../../clients/resets.ts';
import { validatedQuery } from '../admin-contract.ts';
import type { EventHub } from '../event-hub.ts';
import { knownClient } from './clients-router.ts';

/** Resets; each changes exactly what its name states. */
export const createResetRouter = (resets: Resets, clients: Clients, hub: EventHub): Router => {
  const router = Router();
  const verb =
    (
      what: string,
      reset: (clientId?: string) => Promise<void> | void,
      clientOf: (req: Request) => string | undefined,
    ): RequestHandler =>
    async (req, res) => {
      const clientId = clientOf(req);
      await reset(clientId);
      hub.emit('reset', clientId, () => ({ what, clientId }));
      res.status(204).end();
    };
  const parseReset = (req: Request): string | undefined =>
    validatedQuery(req, 'resetJournal').clientId;
  const journal = verb('journal', (id) => resets.journal(id), parseReset);

  router.delete('/journal', journal);
  router.post('/reset/journal', journal);
  router.post(
    '/reset/state',
    verb('state', (id) => resets.state(id), parseReset),
  );
  router.post(
    '/reset/request-ids',
    verb('request-ids', (id) => resets.requestIds(id), parseReset),
  );
  router.post(
    '/reset/scenarios',
    verb('scenarios', (id) => resets.scenarios(id), parseReset),
  );
  router.post(
    '/reset/clients/:clientId',
    verb(
      'client',
      (id = '') => resets.client(id),
      (req) => knownClient(clients, req),
    ),
  );
  router.post(
    '/reset/everything',
    verb(
      'everything',
      () => resets.everything(),
      () => undefined,
    ),
  );
  return router;
};
