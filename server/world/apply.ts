import type { Change, Collection, Holder, Records, World } from './state.ts';

export interface WorldLimits {
  /** Request ids remembered; the oldest is forgotten first (register I-05). */
  readonly requests: number;
  /** About how many bytes all worlds together may take; a new record beyond that is refused. */
  readonly bytes: number;
}

/** Puts one change into a world. @returns how many request ids were forgotten to make room. */
export const apply = (world: World, change: Change, limits: WorldLimits): number => {
  put(world, change.collection, change.id, change.value);
  return makeRoom(world, limits);
};

/** Forgets the oldest request ids beyond the limit. */
export const makeRoom = ({ requests }: World, limits: WorldLimits): number => {
  const surplus = Math.max(0, requests.size - limits.requests);
  for (let index = 0; index < surplus; index++) requests.deleteOldest();
  return surplus;
};

const put = <C extends Collection>(world: World, collection: C, id: string, value: Change['value']): void => {
  // A Change pairs its collection with its own kind of value; the union is taken apart here, once.
  const records = world[collection] as Holder<unknown>;
  if (value === null) records.delete(id);
  else records.set(id, value satisfies Records[Collection]);
};
