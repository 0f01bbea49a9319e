import { clientIdRule, isClientId } from '../clients/key-folder/key-folder-layout.ts';
import {
  type Change,
  type ClientState,
  type Collection,
  collections,
  isVolatile,
} from '../domain/state/state.ts';
import type { Store } from '../storage/store.ts';
import { AdminApiError } from './admin-refusal.ts';
import { toChange } from './given-record.ts';
import type { components } from './types.gen.ts';

type StateDocument = components['schemas']['StateDocument'];

const keptCollections = collections.filter((collection) => !isVolatile(collection));

/** Everything that is held, or what one client has, as one document. */
export const exportState = (store: Store, clientId?: string) => ({
  format: 'alipayhk-mock/state/v1',
  worlds: (clientId === undefined ? store.clientIds() : [clientId])
    .map((id) => ({ clientId: id, world: store.world(id) }))
    .filter(({ world }) => keptCollections.some((collection) => world[collection].size > 0))
    .map(({ clientId: id, world }) => ({
      clientId: id,
      collections: Object.fromEntries(
        keptCollections.map((collection) => [collection, Object.fromEntries(world[collection])]),
      ),
    })),
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
    const removals = mode === 'merge' ? [] : listRemovals(store.world(clientId), puts);
    await store.transact(clientId, [], () => ({ changes: [...removals, ...puts] }));
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
const listRemovals = (world: Readonly<ClientState>, puts: readonly Change[]): Change[] => {
  const named = new Set(puts.map(({ collection, id }) => `${collection} ${id}`));
  const isGone = (collection: Collection, id: string): boolean =>
    collection === 'requests' || !named.has(`${collection} ${id}`);
  return keptCollections.flatMap((collection) =>
    [...world[collection].keys()]
      .filter((id) => isGone(collection, id))
      .map((id): Change => ({ collection, id, value: null })),
  );
};
