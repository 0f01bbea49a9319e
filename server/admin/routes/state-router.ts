import { type Request, type RequestHandler, Router } from 'express';
import type { Clients, Resets } from '../../clients/clients.ts';
import { clientIdRule, isClientId } from '../../clients/key-folder/key-folder.ts';
import {
  type Change,
  type Collection,
  isEntityCollection,
  keptCollections,
  type Records,
} from '../../domain/state/state.ts';
import { isIdentity } from '../../journal/exchange-query.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { collectAll, listAll, type Store, transact } from '../../storage/store.ts';
import { pathValue, validatedBody, validatedQuery } from '../admin-contract.ts';
import type { EventHub } from '../event-hub.ts';
import { AdminRequestError, notFoundError } from '../middleware.ts';
import type { components } from '../types.gen.ts';
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

/** Messages to the merchant stay with the simulator that plans them. */
const exportedCollections = keptCollections.filter((name) => name !== 'outbound');

type StateDocument = components['schemas']['StateDocument'];

/** Exports the state of all clients, or of one, as a document. */
const exportState = async (store: Store, clientId?: string) => {
  const ids =
    clientId === undefined ? await collectAll((page) => store.clientIds(page)) : [clientId];
  const worlds = await Promise.all(ids.map((id) => exportClient(store, id)));
  return {
    format: 'alipayhk-mock/state/v1' as const,
    worlds: worlds.filter(({ collections: held }) =>
      Object.values(held).some((records) => Object.keys(records).length > 0),
    ),
  };
};

const exportClient = async (store: Store, clientId: string) => ({
  clientId,
  collections: Object.fromEntries(
    await Promise.all(
      exportedCollections.map(async (collection) => {
        const records = await collectAll((page) => store.list(clientId, collection, page));
        return [collection, Object.fromEntries(records)] as const;
      }),
    ),
  ),
});

/** Imports a document, each client's state in one transaction. */
export const importState = async (
  store: Store,
  { worlds }: StateDocument,
  mode: 'replace' | 'merge',
) => {
  const invalid = worlds.find(({ clientId }) => !isClientId(clientId));
  if (invalid !== undefined)
    throw new AdminRequestError(400, [
      {
        where: 'body.worlds',
        message: `"${invalid.clientId}" is not a Client-Id: it ${clientIdRule}`,
        remedy: 'Correct the document.',
      },
    ]);
  // Check all of it before any change.
  const prepared = worlds.map(({ clientId, collections: given }) => ({
    clientId,
    puts: listPuts(given),
  }));
  for (const { clientId, puts } of prepared) {
    const removals = mode === 'merge' ? [] : await listRemovals(store, clientId, puts);
    await store.commit(clientId, [], [...removals, ...puts]);
  }
  return {
    worlds: worlds.length,
    records: prepared.reduce((sum, { puts }) => sum + puts.length, 0),
  };
};

const listPuts = (given: StateDocument['worlds'][number]['collections']): Change[] =>
  exportedCollections.flatMap((collection) =>
    Object.entries(given[collection as keyof typeof given] ?? {}).map(([id, value]) =>
      toChange(collection, id, value),
    ),
  );

/** Request ids are kept in order, so all of them are removed before those of the document. */
const listRemovals = async (
  store: Store,
  clientId: string,
  puts: readonly Change[],
): Promise<Change[]> => {
  const named = new Set(puts.map(({ collection, id }) => `${collection} ${id}`));
  const removals: Change[] = [];
  for (const collection of exportedCollections)
    for await (const id of listAll((page) => store.listIds(clientId, collection, page)))
      if (collection === 'requests' || !named.has(`${collection} ${id}`))
        removals.push({ collection, id, value: null });
  return removals;
};

interface RecordKind {
  readonly accepts: (value: unknown) => boolean;
  /** Its shape, for error messages. */
  readonly shape: string;
}

const has = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && name in value;

const entity: RecordKind = {
  accepts: (value) => has(value, 'updates'),
  shape: '{fields, eventTime, updates}',
};

const recordKinds: Readonly<Record<Collection, RecordKind>> = {
  accounts: entity,
  linkages: entity,
  payments: entity,
  orders: entity,
  cards: entity,
  requests: { accepts: (value) => has(value, 'fingerprint'), shape: '{fingerprint, answer}' },
  calls: { accepts: (value) => typeof value === 'number', shape: 'a number' },
  stories: { accepts: (value) => typeof value === 'string', shape: "a state's name" },
  oneShots: { accepts: (value) => has(value, 'then'), shape: '{when, then, times, calls}' },
  outbound: { accepts: () => false, shape: 'it to /outbound' },
};

/**
 * Converts a sent record to a change. The contract accepts a record of any collection; this checks
 * that it is of the right one.
 * @throws AdminRequestError for a record of another collection
 */
const toChange = (collection: Collection, id: string, value: unknown): Change => {
  const { accepts, shape } = recordKinds[collection];
  if (!accepts(value))
    throw new AdminRequestError(400, [
      {
        where: 'body.value',
        message: `is not a record of ${collection}`,
        remedy: `Send ${shape}.`,
      },
    ]);
  if (isEntityCollection(collection) && recordIdentity(id) === undefined)
    throw new AdminRequestError(400, [
      {
        where: id,
        message: 'is not an identity',
        remedy: 'Write the JSON text of the identifying values: ["T-1"].',
      },
    ]);
  // Its shape has passed the contract, its kind the check above.
  return { collection, id, value } as Change;
};

/** The identifying values in a record's id. */
const recordIdentity = (id: string): readonly unknown[] | undefined => {
  try {
    const identity: unknown = JSON.parse(id);
    return Array.isArray(identity) ? identity : undefined;
  } catch {
    return undefined;
  }
};

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
