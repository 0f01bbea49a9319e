import { type Collection, collections, type Records } from '../server/domain/state/state.ts';
import { collectAll, type Store } from '../server/storage/store.ts';

export type World = { readonly [C in Collection]: ReadonlyMap<string, Records[C]> };

/** Everything a client has, by collection. */
export const readWorld = async (store: Store, clientId: string): Promise<World> => {
  const kinds = collections.map(async (name) => [
    name,
    new Map(await collectAll((page) => store.list(clientId, name, page))),
  ]);
  return Object.fromEntries(await Promise.all(kinds));
};
