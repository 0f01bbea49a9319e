import { type Request, Router } from 'express';
import type { Clients } from '../../clients/clients.ts';
import { type Collection, collections } from '../../domain/state/state.ts';
import { isIdentity } from '../../journal/exchange-query.ts';
import type { Store } from '../../storage/store.ts';
import { pathValue, validatedBody, validatedQuery } from '../admin-contract.ts';
import { noSuch } from '../admin-error.ts';
import type { EventHub } from '../event-hub.ts';
import {
  exportState,
  importState,
  isEntityCollection,
  recordIdentity,
  toChange,
} from '../state-document.ts';

import { knownClient } from './clients-router.ts';

export interface StateParts {
  readonly store: Store;
  readonly clients: Clients;
  readonly hub: EventHub;
}

/** What is held: to look at, to take away and bring back, to prepare. */
export const createStateRouter = ({ store, clients, hub }: StateParts): Router => {
  const router = Router();
  const tell = (clientId: string): void => hub.emit('state', clientId, () => ({ clientId }));
  /** A world that is kept may outlive its client's keys. */
  const findState = (req: Request): string =>
    store.clientIds().includes(pathValue(req, 'clientId'))
      ? pathValue(req, 'clientId')
      : knownClient(clients, req);
  const findRecord = (req: Request) => {
    const [collection, id] = [parseCollection(req), pathValue(req, 'recordId')];
    const value = store.world(findState(req))[collection].get(id);
    if (value === undefined)
      throw noSuch('record', id, [...store.world(findState(req))[collection].keys()].slice(0, 30));
    return { collection, id, value };
  };

  router.get('/state', (_req, res) => {
    const worlds = store
      .clientIds()
      .map((clientId) => ({ clientId, collections: countRecords(store, clientId) }));
    res.json({
      worlds: worlds.filter((world) => Object.values(world.collections).some((count) => count > 0)),
    });
  });
  router.get(
    '/state/export',
    (req, res) => void res.json(exportState(store, validatedQuery(req, 'exportState').clientId)),
  );
  router.post('/state/import', async (req, res) => {
    const document = validatedBody(req, 'importState');
    const taken = await importState(
      store,
      document,
      validatedQuery(req, 'importState').mode ?? 'replace',
    );
    for (const { clientId } of document.worlds) tell(clientId);
    res.json(taken);
  });

  router.get('/clients/:clientId/state/:collection', (req, res) => {
    const {
      identity,
      search,
      limit = 100,
      after,
      order = 'oldest',
    } = validatedQuery(req, 'listRecords');
    const collection = parseCollection(req);
    const isWanted = (id: string, value: unknown): boolean =>
      (identity === undefined ||
        (isEntityCollection(collection) ? isIdentity(id, identity) : id === identity)) &&
      (search === undefined ||
        `${id} ${JSON.stringify(value)}`.toLowerCase().includes(search.toLowerCase()));
    const found = [...store.world(findState(req))[collection]].filter(([id, value]) =>
      isWanted(id, value),
    );
    if (order === 'newest') found.reverse();
    const from = after === undefined ? 0 : found.findIndex(([id]) => id === after) + 1;
    const page = found.slice(from, from + limit);
    const last = page.at(-1)?.[0];
    res.json({
      records: page.map(([id, value]) => recordToJson(collection, id, value)),
      total: found.length,
      ...(from + limit < found.length && last !== undefined ? { next: last } : {}),
    });
  });
  router.get('/clients/:clientId/state/:collection/:recordId', (req, res) => {
    const { collection, id, value } = findRecord(req);
    res.json(recordToJson(collection, id, value));
  });
  router.put('/clients/:clientId/state/:collection/:recordId', async (req, res) => {
    const [clientId, collection, id] = [
      findState(req),
      parseCollection(req),
      pathValue(req, 'recordId'),
    ];
    const change = toChange(collection, id, validatedBody(req, 'putRecord').value);
    await store.transact(clientId, [], () => ({ changes: [change] }));
    tell(clientId);
    res.json(recordToJson(collection, id, change.value));
  });
  router.delete('/clients/:clientId/state/:collection/:recordId', async (req, res) => {
    const { collection, id } = findRecord(req);
    await store.transact(findState(req), [], () => ({
      changes: [{ collection, id, value: null }],
    }));
    tell(findState(req));
    res.status(204).end();
  });
  return router;
};

/** The contract lets only known ones through. */
const parseCollection = (req: Request): Collection => pathValue(req, 'collection') as Collection;

const countRecords = (store: Store, clientId: string): Record<string, number> => {
  const world = store.world(clientId);
  return Object.fromEntries(collections.map((collection) => [collection, world[collection].size]));
};

const recordToJson = (collection: Collection, id: string, value: unknown) => ({
  id,
  ...(isEntityCollection(collection) ? withIdentity(recordIdentity(id)) : {}),
  value,
});

const withIdentity = (identity: readonly unknown[] | undefined) =>
  identity === undefined ? {} : { identity };
