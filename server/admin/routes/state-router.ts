import { type Request, Router } from 'express';
import type { Clients } from '../../clients/clients.ts';
import { type Collection, isEntityCollection, type Records } from '../../domain/state/state.ts';
import { isIdentity } from '../../journal/exchange-query.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { collectAll, listAll, type Store, transact } from '../../storage/store.ts';
import { pathValue, validatedBody, validatedQuery } from '../admin-contract.ts';
import { notFoundError } from '../admin-error.ts';
import type { EventHub } from '../event-hub.ts';
import { exportState, importState, recordIdentity, toChange } from '../state-document.ts';

import { knownClient } from './clients-router.ts';

export interface StateRoutesDeps {
  readonly store: Store;
  readonly clients: Clients;
  readonly hub: EventHub;
}

/** The state: list, export, import, write, delete. */
export const createStateRouter = ({ store, clients, hub }: StateRoutesDeps): Router => {
  const router = Router();
  const emitChange = (clientId: string): void => hub.emit('state', clientId, () => ({ clientId }));
  /** State may outlive its client's keys. */
  const findState = async (req: Request): Promise<string> => {
    const clientId = pathValue(req, 'clientId');
    const held = Object.values(await store.count(clientId)).some((count) => count > 0);
    return held ? clientId : knownClient(clients, req);
  };
  const findRecord = async (req: Request) => {
    const clientId = await findState(req);
    const [collection, id] = [parseCollection(req), pathValue(req, 'recordId')];
    const { decided } = await transact(store, clientId, [{ collection, id }], (held) => ({
      value: held.get(collection, id),
      changes: [],
    }));
    const { value } = decided;
    if (value === undefined) {
      const { items } = await store.listIds(clientId, collection, { limit: 30 });
      throw notFoundError('record', id, items);
    }
    return { clientId, collection, id, value };
  };

  router.get('/state', async (_req, res) => {
    const ids = await collectAll((page) => store.clientIds(page));
    const worlds = await Promise.all(
      ids.map(async (clientId) => ({ clientId, collections: await countRecords(store, clientId) })),
    );
    res.json({
      worlds: worlds.filter((world) => Object.values(world.collections).some((count) => count > 0)),
    });
  });
  router.get(
    '/state/export',
    async (req, res) =>
      void res.json(await exportState(store, validatedQuery(req, 'exportState').clientId)),
  );
  router.post('/state/import', async (req, res) => {
    const document = validatedBody(req, 'importState');
    const taken = await importState(
      store,
      document,
      validatedQuery(req, 'importState').mode ?? 'replace',
    );
    for (const { clientId } of document.worlds) emitChange(clientId);
    res.json(taken);
  });

  router.get('/clients/:clientId/state/:collection', async (req, res) => {
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
    const clientId = await findState(req);
    const found: (readonly [id: string, value: Records[Collection]])[] = [];
    for await (const [id, value] of listAll((page) => store.list(clientId, collection, page)))
      if (isWanted(id, value)) found.push([id, value]);
    if (order === 'newest') found.reverse();
    const from = after === undefined ? 0 : found.findIndex(([id]) => id === after) + 1;
    const page = found.slice(from, from + limit);
    const last = page.at(-1)?.[0];
    res.json({
      records: page.map(([id, value]) => recordToJson(collection, id, value)),
      total: found.length,
      ...omitUndefined({ next: from + limit < found.length ? last : undefined }),
    });
  });
  router.get('/clients/:clientId/state/:collection/:recordId', async (req, res) => {
    const { collection, id, value } = await findRecord(req);
    res.json(recordToJson(collection, id, value));
  });
  router.put('/clients/:clientId/state/:collection/:recordId', async (req, res) => {
    const [clientId, collection, id] = [
      await findState(req),
      parseCollection(req),
      pathValue(req, 'recordId'),
    ];
    const change = toChange(collection, id, validatedBody(req, 'putRecord').value);
    await store.commit(clientId, [], [change]);
    emitChange(clientId);
    res.json(recordToJson(collection, id, change.value));
  });
  router.delete('/clients/:clientId/state/:collection/:recordId', async (req, res) => {
    const { clientId, collection, id } = await findRecord(req);
    await store.commit(clientId, [], [{ collection, id, value: null }]);
    emitChange(clientId);
    res.status(204).end();
  });
  return router;
};

/** The contract lets only known ones through. */
const parseCollection = (req: Request): Collection => pathValue(req, 'collection') as Collection;

/** One-shots are listed by a path of their own. */
const countRecords = async (store: Store, clientId: string): Promise<Record<string, number>> => {
  const { oneShots: _, ...counts } = await store.count(clientId);
  return counts;
};

const recordToJson = (collection: Collection, id: string, value: unknown) => ({
  id,
  ...omitUndefined({
    identity: isEntityCollection(collection) ? recordIdentity(id) : undefined,
  }),
  value,
});
