import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { WorldLimits } from '../world/apply.ts';
import type { Change } from '../world/state.ts';
import { type Line, textOf } from './checked-line.ts';
import { CorruptState, LaterVersion } from './corrupt-state.ts';
import type { Disk } from './disk.ts';
import { schemaVersion } from './file-header.ts';
import { applyAll, emptyState, forgetWorld, type State, worldOf } from './universe.ts';

const answer = z.object({ code: z.string(), status: z.enum(['S', 'F', 'U']), message: z.string(), fields: z.record(z.string(), z.json()) });
const entity = z.object({ fields: z.record(z.string(), z.json()), eventTime: z.number().nullable(), updates: z.int() });
const entities = z.array(z.tuple([z.string(), entity]));
const entityNames = ['accounts', 'linkages', 'payments', 'orders', 'cards'] as const;
const world = z.object({
  ...{ accounts: entities, linkages: entities, payments: entities, orders: entities, cards: entities },
  requests: z.array(z.tuple([z.string(), z.object({ fingerprint: z.string(), answer })])),
});
const snapshot = z.object({ schemaVersion: z.literal(1), coversLog: z.int().min(0), worlds: z.array(z.tuple([z.string(), world])) });

/** Reads a snapshot of format 1: one JSON object. @returns null when there is none. @throws CorruptState, LaterVersion */
export const readFirstSnapshot = async (disk: Disk, file: string): Promise<State | null> => {
  const text = await readText(disk, file);
  if (text === undefined) return null;
  const value = parseJson(text.replace(/^\uFEFF/, ''));
  if (value === undefined) throw new CorruptState(file, 'it is not JSON');
  const later = z.object({ schemaVersion: z.int().min(2) }).safeParse(value).data;
  if (later !== undefined) throw new LaterVersion(file, later.schemaVersion, schemaVersion);
  const parsed = snapshot.safeParse(value);
  if (!parsed.success) throw new CorruptState(file, parsed.error.issues[0]?.message ?? 'not a snapshot');
  const state = emptyState();
  for (const [clientId, stored] of parsed.data.worlds) {
    const records = worldOf(state, clientId);
    for (const name of entityNames) for (const [id, value] of stored[name]) records[name].set(id, value);
    for (const [id, value] of stored.requests) records.requests.set(id, value);
  }
  return Object.assign(state, { coversLog: parsed.data.coversLog });
};

/** Replays a line of format 1: eight digits of SHA-1, a blank, a JSON object. @returns false when it is damaged. */
export const createFirstReplay =
  (state: State, limits: WorldLimits) =>
  (line: Line): boolean => {
    const json = textOf(line);
    const sum = line.piece.toString('latin1', line.start, line.start + 9);
    if (sum !== `${createHash('sha1').update(json).digest('hex').slice(0, 8)} `) return false;
    // The checksum proves that this is what format 1 wrote.
    const { clientId, changes } = JSON.parse(json) as { clientId: string; changes: readonly Change[] | 'forgotten' };
    if (changes === 'forgotten') forgetWorld(state, clientId);
    else applyAll(worldOf(state, clientId), changes, limits);
    return true;
  };

const readText = async (disk: Disk, file: string): Promise<string | undefined> => {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of disk.read(file)) pieces.push(piece);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return Buffer.concat(pieces).toString('utf8');
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
