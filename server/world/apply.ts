import type { Change, Collection, Records, World } from './state.ts';

export interface WorldLimits {
  /** Request ids remembered; the oldest is forgotten first (register I-05). */
  readonly requests: number;
}

/** Puts one change into a world. @returns how many request ids were forgotten to make room. */
export const apply = (world: World, change: Change, limits: WorldLimits): number => {
  put(world, change.collection, change.id, change.value);
  let forgotten = 0;
  for (const oldest of world.requests.keys()) {
    if (world.requests.size <= limits.requests) break;
    world.requests.delete(oldest);
    forgotten++;
  }
  return forgotten;
};

const put = <C extends Collection>(world: World, collection: C, id: string, value: Change['value']): void => {
  // A Change pairs its collection with its own kind of value; the union is taken apart here, once.
  const records = world[collection] as Map<string, unknown>;
  if (value === null) records.delete(id);
  else records.set(id, value satisfies Records[Collection]);
};
