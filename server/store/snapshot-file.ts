import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Adapter } from 'lowdb';
import * as z from 'zod';
import { collections, emptyWorld, isVolatile, type World } from '../world/state.ts';
import { CorruptState } from './corrupt-state.ts';
import type { State } from './universe.ts';

const schemaVersion = 1;

const answer = z.object({ code: z.string(), status: z.enum(['S', 'F', 'U']), message: z.string(), fields: z.record(z.string(), z.json()) });
const entity = z.object({ fields: z.record(z.string(), z.json()), eventTime: z.number().nullable(), updates: z.int() });
const entities = z.array(z.tuple([z.string(), entity]));
const world = z.object({
  accounts: entities,
  linkages: entities,
  payments: entities,
  orders: entities,
  cards: entities,
  requests: z.array(z.tuple([z.string(), z.object({ fingerprint: z.string(), answer })])),
});
const snapshot = z.object({
  schemaVersion: z.literal(schemaVersion),
  coversLog: z.int().min(0),
  worlds: z.array(z.tuple([z.string(), world])),
});

/** lowdb's adapter for a whole state in one file: written beside it, flushed to the disk, then put in its place. */
export class SnapshotFile implements Adapter<State> {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<State | null> {
    const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? null : Promise.reject(error),
    );
    if (text === null) return null;
    const parsed = snapshot.safeParse(parseJson(text));
    if (!parsed.success) throw new CorruptState(this.#file, parsed.error.issues[0]?.message ?? 'not a snapshot');
    const universe = new Map(
      parsed.data.worlds.map(([clientId, stored]): [string, World] => [clientId, { ...emptyWorld(), ...mapsOf(stored) }]),
    );
    return { universe, coversLog: parsed.data.coversLog };
  }

  async write(state: State): Promise<void> {
    const text = JSON.stringify({
      schemaVersion,
      coversLog: state.coversLog,
      worlds: [...state.universe].map(([clientId, one]) => [clientId, entriesOf(one)]),
    });
    const temporary = `${this.#file}.${process.pid}.tmp`;
    await mkdir(dirname(this.#file), { recursive: true });
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#file);
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
};

const keptCollections = collections.filter((name) => !isVolatile(name));

const entriesOf = (one: World) => Object.fromEntries(keptCollections.map((name) => [name, [...one[name]]]));

const mapsOf = (stored: z.infer<typeof world>): Omit<World, 'calls' | 'stories'> => ({
  accounts: new Map(stored.accounts),
  linkages: new Map(stored.linkages),
  payments: new Map(stored.payments),
  orders: new Map(stored.orders),
  cards: new Map(stored.cards),
  requests: new Map(stored.requests),
});
