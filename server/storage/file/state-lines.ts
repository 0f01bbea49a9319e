import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keptCollections, makeRoom, type StateLimits } from '../../domain/state/state.ts';
import { tryParseJson } from '../../problems/json-text.ts';
import { StartupError } from '../../problems/problem.ts';
import { readIfExists, readRegularFile } from '../../problems/read-file.ts';
import { type RecordedChanges, releaseRecords, State } from '../memory-store.ts';
import { damaged, type FileEnd, readLines, splitBytes } from './line-file.ts';

/** The format of both files. Earlier ones were never released, and had files of other names. */
const schemaVersion = 4;
const earlierNames = /^(?:state\.json|state\.snapshot|newest-log|changes-\d+\.log)$/;
const formats = { state: 'alipayhk-mock state', mark: 'alipayhk-mock end' };

/** The first line of a file. */
interface Header {
  readonly format: string;
  readonly schemaVersion: number;
  /** Of the mark: where the state file ended at the last start, or at the stop. */
  readonly end?: FileEnd;
  /** Of the mark: that lines may follow. */
  readonly isOpen?: boolean;
}
export type Mark = Pick<Header, 'end' | 'isOpen'>;

export const writeHeader = (kind: keyof typeof formats, mark: Mark = {}): string =>
  JSON.stringify({ format: formats[kind], ...mark, schemaVersion });

/** The lines of all kept records. Records may come and go while it runs. */
export function* textsOfState(state: State): Generator<string> {
  for (const [clientId, records] of state)
    for (const name of keptCollections)
      for (const [id, text] of records[name].texts())
        yield `${JSON.stringify(clientId)}\t${name}\t${JSON.stringify(id)}\t${text}`;
}

/**
 * The text of a line: `client ⇥ collection ⇥ id ⇥ record`, the last three again for each further
 * change of the same request, or `client ⇥ deleted`. Names and records are JSON, which holds no tab
 * as such.
 */
export const textOfChanges = (clientId: string, changes: RecordedChanges): string => {
  const client = JSON.stringify(clientId);
  if (typeof changes === 'string') return `${client}\t${changes}`;
  return changes.reduce(
    (text, { collection, id, value }) =>
      `${text}\t${collection}\t${JSON.stringify(id)}\t${JSON.stringify(value)}`,
    client,
  );
};

/**
 * Reads a state file, whose mark says that it exists, and how it ended.
 * @returns the state, the length of header and snapshot, where the last whole line ends, and how
 * much that was not finished follows it; undefined when there is neither file
 * @throws Error with `damagedCode`; StartupError when it has another version
 */
export const readState = (file: string, markFile: string, limits: StateLimits) => {
  refuseEarlier(dirname(file));
  const mark = readLinesOf(markFile, 'mark');
  if (mark !== undefined && mark.tornBytes > 0)
    throw damaged(markFile, 'something follows its line');
  const stated = mark?.header.end;
  const state = new State();
  let snapshotBytes = 0;
  let isStatedFound = stated === undefined;
  const found = readLinesOf(file, 'state', (text, { bytes, checksum }) => {
    isStatedFound ||= bytes === stated?.bytes && checksum === stated.checksum;
    const isSnapshot = snapshotBytes === 0;
    if (!isSnapshot || text[0] !== brace)
      return replay(state, text, isSnapshot ? undefined : limits);
    snapshotBytes = bytes;
    return true;
  });
  if (found === undefined && mark === undefined) return undefined;
  if (found === undefined) throw damaged(file, `it is missing, but ${markFile} exists`);
  const { end, tornBytes } = found;
  if (snapshotBytes === 0) throw damaged(file, 'it is cut short');
  // A kill at the first start leaves an empty one without its mark.
  if (mark === undefined && (end.bytes > snapshotBytes || state.size > 0))
    throw damaged(markFile, `it is missing, but ${file} holds state`);
  const isTooLong = mark?.header.isOpen !== true && end.bytes !== stated?.bytes;
  if (stated !== undefined && (!isStatedFound || isTooLong))
    throw damaged(
      file,
      `it was ${stated.bytes} bytes long, and ${end.bytes} bytes of whole lines are found`,
    );
  return { state, snapshotBytes, end, tornBytes };
};

/**
 * Reads a header and the lines after it.
 * @param take called with each line and where it ends; returns false when it is no such line
 */
const readLinesOf = (
  file: string,
  kind: keyof typeof formats,
  take: (text: Buffer, end: FileEnd) => boolean = () => false,
) => {
  const content = readIfExists(file);
  if (content === undefined) return undefined;
  const headers: Header[] = [];
  const end = readLines(file, content, (text, lineEnd) => {
    if (headers.length > 0) return take(text, lineEnd);
    // Its checksum shows that it is as it was written.
    const header = tryParseJson(text.toString()) as Header | undefined;
    if (header?.format !== formats[kind]) return false;
    if (header.schemaVersion !== schemaVersion) throw otherVersion(file, header.schemaVersion);
    return headers.push(header) > 0;
  });
  const [header] = headers;
  if (header === undefined) throw damaged(file, 'it is cut short');
  return { header, end, tornBytes: content.length - end.bytes };
};

const refuseEarlier = (folder: string): void => {
  const name = readdirSync(folder).find((one) => earlierNames.test(one));
  if (name === undefined) return;
  const file = join(folder, name);
  const [, found = 1] =
    /^.*"schemaVersion":(\d+)/.exec(readRegularFile(file).toString('utf8', 0, 200)) ?? [];
  throw otherVersion(file, Number(found));
};

const otherVersion = (where: string, found: number): StartupError => {
  const message =
    `has the format version ${found}${found < schemaVersion ? ' of an unreleased version' : ''}, ` +
    `and this version of alipayhk-mock reads only ${schemaVersion}`;
  const remedy =
    'Name another folder with --data. To keep the state, export it with the version that wrote ' +
    'it (state export) and import it here (state import).';
  return new StartupError([{ where, message, remedy }]);
};

const tabulator = 0x09;
/** Begins the last line of a snapshot, and no other one. */
const brace = 0x7b;
/** Begins `null`, and no record. */
const letterN = 0x6e;

/**
 * Puts a line back into a state. A record that is in a snapshot twice was deleted and created again
 * while it was written, and is last where it was read last.
 * @param limits for a line of the changes: so many request ids were kept
 * @returns false when it is not a line of a state file
 */
const replay = (state: State, text: Buffer, limits: StateLimits | undefined): boolean => {
  const [client, ...fields] = splitBytes(text, tabulator);
  const clientId = tryParseJson(client?.toString() ?? '');
  if (typeof clientId !== 'string') return false;
  if (fields[0]?.toString() === ('deleted' satisfies RecordedChanges)) {
    releaseRecords(state.get(clientId));
    state.delete(clientId);
    return true;
  }
  const held = state.of(clientId);
  for (let index = 0; index < fields.length; index += 3) {
    const name = fields[index]?.toString();
    const collection = keptCollections.find((known) => known === name);
    const id = tryParseJson(fields[index + 1]?.toString() ?? '');
    const record = fields[index + 2];
    if (collection === undefined || typeof id !== 'string' || record === undefined) return false;
    const records = held[collection];
    const isNull = record[0] === letterN;
    if (limits === undefined || isNull) records.delete(id);
    if (!isNull) records.setText(id, record);
  }
  if (limits !== undefined) makeRoom(held, limits);
  return true;
};
