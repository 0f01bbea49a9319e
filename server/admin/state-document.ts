import { clientIdRule, isClientId } from '../clients/key-folder/key-folder-layout.ts';
import {
  type Change,
  type Collection,
  isEntityCollection,
  keptCollections,
} from '../domain/state/state.ts';
import { collectAll, listAll, type Store } from '../storage/store.ts';
import { AdminRequestError } from './admin-error.ts';
import type { components } from './types.gen.ts';

/** Messages to the merchant stay with the simulator that plans them. */
const exportedCollections = keptCollections.filter((name) => name !== 'outbound');

type StateDocument = components['schemas']['StateDocument'];

/** Exports the state of all clients, or of one, as a document. */
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
export const toChange = (collection: Collection, id: string, value: unknown): Change => {
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
export const recordIdentity = (id: string): readonly unknown[] | undefined => {
  try {
    const identity: unknown = JSON.parse(id);
    return Array.isArray(identity) ? identity : undefined;
  } catch {
    return undefined;
  }
};
