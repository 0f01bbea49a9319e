import { clientIdRule, isClientId } from '../clients/key-folder/key-folder-layout.ts';
import {
  type Change,
  type Collection,
  collections,
  type EntityCollection,
  entityCollections,
  isVolatile,
} from '../domain/state/state.ts';
import { collectAll, listAll, type Store } from '../storage/store.ts';
import { AdminApiError } from './admin-error.ts';
import type { components } from './types.gen.ts';

type StateDocument = components['schemas']['StateDocument'];

const keptCollections = collections.filter((collection) => !isVolatile(collection));

/** Everything that is held, or what one client has, as one document. */
export const exportState = async (store: Store, clientId?: string) => {
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
      keptCollections.map(async (collection) => {
        const records = await collectAll((page) => store.list(clientId, collection, page));
        return [collection, Object.fromEntries(records)] as const;
      }),
    ),
  ),
});

/** Takes a document up, each world in one step, as durably as any change. */
export const importState = async (
  store: Store,
  { worlds }: StateDocument,
  mode: 'replace' | 'merge',
) => {
  const stranger = worlds.find(({ clientId }) => !isClientId(clientId));
  if (stranger !== undefined)
    throw new AdminApiError(400, [
      {
        where: 'body.worlds',
        message: `"${stranger.clientId}" is not a Client-Id: it ${clientIdRule}`,
        remedy: 'Correct the document.',
      },
    ]);
  // All of it is checked before any of it is taken up.
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
  keptCollections.flatMap((collection) =>
    Object.entries(given[collection as keyof typeof given] ?? {}).map(([id, value]) =>
      toChange(collection, id, value),
    ),
  );

/** Request ids are remembered in their order, so all of them go before the document's come. */
const listRemovals = async (
  store: Store,
  clientId: string,
  puts: readonly Change[],
): Promise<Change[]> => {
  const named = new Set(puts.map(({ collection, id }) => `${collection} ${id}`));
  const removals: Change[] = [];
  for (const collection of keptCollections)
    for await (const id of listAll((page) => store.listIds(clientId, collection, page)))
      if (collection === 'requests' || !named.has(`${collection} ${id}`))
        removals.push({ collection, id, value: null });
  return removals;
};

interface Kind {
  readonly accepts: (value: unknown) => boolean;
  /** What it looks like, for whoever sent another. */
  readonly told: string;
}

const has = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && name in value;

const entity: Kind = {
  accepts: (value) => has(value, 'updates'),
  told: '{fields, eventTime, updates}',
};

const kinds: Readonly<Record<Collection, Kind>> = {
  accounts: entity,
  linkages: entity,
  payments: entity,
  orders: entity,
  cards: entity,
  requests: { accepts: (value) => has(value, 'fingerprint'), told: '{fingerprint, answer}' },
  calls: { accepts: (value) => typeof value === 'number', told: 'a number' },
  stories: { accepts: (value) => typeof value === 'string', told: "a state's name" },
  oneShots: { accepts: (value) => has(value, 'then'), told: '{when, then, times, calls}' },
};

/**
 * A record that was sent, as a change. The contract knows all kinds of records; which one belongs
 * where is told here.
 * @throws AdminApiError when it belongs elsewhere
 */
export const toChange = (collection: Collection, id: string, value: unknown): Change => {
  const { accepts: isKind, told } = kinds[collection];
  if (!isKind(value))
    throw new AdminApiError(400, [
      {
        where: 'body.value',
        message: `is no record of ${collection}`,
        remedy: `There it is ${told}.`,
      },
    ]);
  if (isEntityCollection(collection) && recordIdentity(id) === undefined)
    throw new AdminApiError(400, [
      {
        where: id,
        message: 'is no identity',
        remedy: 'It is the JSON text of the values that name the thing: ["T-1"].',
      },
    ]);
  // Its shape has passed the contract, its kind the check above.
  return { collection, id, value } as Change;
};

export const isEntityCollection = (collection: Collection): collection is EntityCollection =>
  entityCollections.some((one) => one === collection);

/** The values that name a thing, of its id. */
export const recordIdentity = (id: string): readonly unknown[] | undefined => {
  try {
    const identity: unknown = JSON.parse(id);
    return Array.isArray(identity) ? identity : undefined;
  } catch {
    return undefined;
  }
};
