import { makeRoom, type StateLimits } from '../../domain/state/apply.ts';
import { RecordMap } from '../../domain/state/record-map.ts';
import type { Change, ClientState } from '../../domain/state/state.ts';
import { deleteState, keptCollections, type State, stateFor } from '../state-store.ts';
import { checksumLength, type Line } from './checked-line.ts';

/** What a client's request changed, or that everything the client had was forgotten. */
export type LoggedChanges = readonly Change[] | 'forgotten';

const tab = 0x09;
const forgotten = 'forgotten';

/**
 * The text of a line: `client ⇥ collection ⇥ id ⇥ record`, the last three again for each further
 * change of the same request. Names and records are JSON, which holds no tab as such: a reader
 * finds a record without parsing it.
 */
export const textOfChanges = (clientId: string, changes: LoggedChanges): string =>
  changes === forgotten
    ? `${JSON.stringify(clientId)}\t${forgotten}`
    : [JSON.stringify(clientId), ...changes.flatMap(splitFields)].join('\t');

const splitFields = ({ collection, id, value }: Change): string[] => [
  collection,
  JSON.stringify(id),
  JSON.stringify(value),
];

export const textOfRecord = (
  clientId: string,
  collection: string,
  id: string,
  record: string,
): string => `${JSON.stringify(clientId)}\t${collection}\t${JSON.stringify(id)}\t${record}`;

/** Whether what was replayed is a record of a snapshot or a change that came after it. */
export type Replayed = 'record' | 'change';

/**
 * Puts lines, whose checksums have been checked, back into a state. @returns false for a line that
 * is none of a state file
 */
export const createReplay = (
  state: State,
  limits: StateLimits,
  replayed: Replayed,
): ((line: Line) => boolean) => {
  const clients = new ClientNames();
  return (line) => {
    const fields = new Fields(line);
    const clientId = clients.read(fields.next() ?? '');
    if (clientId === undefined) return false;
    for (let name = fields.next(); name !== undefined; name = fields.next()) {
      if (name === forgotten) deleteState(state, clientId);
      else if (!putRecord(state, stateFor(state, clientId), name, fields, line.piece, replayed))
        return false;
    }
    if (replayed === 'change') makeRoom(stateFor(state, clientId), limits);
    return true;
  };
};

const putRecord = (
  { ground }: State,
  world: ClientState,
  name: string,
  fields: Fields,
  piece: Buffer,
  replayed: Replayed,
): boolean => {
  const id = readJson(fields.next() ?? '');
  const start = fields.skip();
  const end = fields.lastEnd;
  const collection = keptCollections.find((known) => known === name);
  if (typeof id !== 'string' || start === undefined || collection === undefined) return false;
  const records = world[collection];
  if (!(records instanceof RecordMap)) return false;
  // A snapshot is written while requests are answered: what was forgotten and came again meanwhile
  // stands in it twice, and came last.
  const position = isNull(piece, start) ? undefined : ground.shelf.add(piece, start);
  if (position !== undefined && replayed === 'record') records.addLazy(id, position, end - start);
  else if (position !== undefined) records.setLazy(id, position);
  else if (isNull(piece, start)) records.delete(id);
  else records.set(id, JSON.parse(piece.toString('utf8', start, end)));
  return true;
};

const isNull = (piece: Buffer, start: number): boolean => piece[start] === 0x6e;

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Client-Ids as they are written, line after line the same few. */
class ClientNames {
  #text = '';
  #clientId: string | undefined;

  read(text: string): string | undefined {
    if (text !== this.#text) {
      const clientId = readJson(text);
      this.#clientId = typeof clientId === 'string' ? clientId : undefined;
      this.#text = text;
    }
    return this.#clientId;
  }
}

/** The fields of a line, one after the other. */
class Fields {
  readonly #piece: Buffer;
  readonly #end: number;
  #at: number;
  /** Where the last field ended. */
  lastEnd = 0;

  constructor({ piece, start, end }: Line) {
    this.#piece = piece;
    this.#end = end;
    this.#at = start + checksumLength;
  }

  next(): string | undefined {
    const start = this.skip();
    return start === undefined ? undefined : this.#piece.toString('utf8', start, this.lastEnd);
  }

  /** Passes by a field. @returns where it begins. */
  skip(): number | undefined {
    const start = this.#at;
    if (start > this.#end) return undefined;
    let end = start;
    while (end < this.#end && this.#piece[end] !== tab) end++;
    this.lastEnd = end;
    this.#at = end + 1;
    return start;
  }
}
