import { existsSync, mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { keptCollections, makeRoom, State, type StateLimits } from '../../domain/state/state.ts';
import { tryParseJson } from '../../problems/json-text.ts';
import { StartupError } from '../../problems/problem.ts';
import { readIfExists, readRegularFile } from '../../problems/read-file.ts';
import type { RecordedChanges } from '../memory-store.ts';
import { chainChecksum, type FileEnd, noLines } from './line-file.ts';

export const stateName = 'state.log';
export const markName = 'state.end';

/** The format of both files. Earlier ones were never released, and had files of other names. */
const schemaVersion = 4;
const earlierNames = /^(?:state\.json|state\.snapshot|newest-log|changes-\d+\.log)$/;
const formats = { state: 'alipayhk-mock state', mark: 'alipayhk-mock end' };

export interface Mark {
  /** Where the state file ended at the last start, or at the stop. */
  readonly end?: FileEnd;
  /** Whether lines may follow. */
  readonly isOpen?: boolean;
}

/** The first line of a file, and the only one of the mark. */
interface Header extends Mark {
  readonly format: string;
  readonly schemaVersion: number;
}

export const writeHeader = (kind: keyof typeof formats, mark: Mark = {}): string =>
  JSON.stringify({ format: formats[kind], ...mark, schemaVersion });

/** A snapshot, so many characters at a time. Records may come and go while it runs. */
export function* snapshotTexts(state: State, sliceLength: number): Generator<readonly string[]> {
  let slice = [writeHeader('state')];
  let [records, length] = [0, 0];
  for (const [clientId, held] of state)
    for (const name of keptCollections)
      for (const [id, record] of held[name].texts()) {
        slice.push(`${JSON.stringify(clientId)}\t${name}\t${JSON.stringify(id)}\t${record}`);
        records++;
        length += record.length;
        if (length < sliceLength) continue;
        yield slice;
        [slice, length] = [[], 0];
      }
  yield [...slice, JSON.stringify({ records })];
}

/**
 * The text of a line: `client ⇥ collection ⇥ id ⇥ record`, the last three again for each further
 * change of the same request, or `client ⇥ deleted`. Names and records are JSON, which holds no tab
 * as such.
 */
export const textOfChanges = (clientId: string, changes: RecordedChanges): string => {
  let text = JSON.stringify(clientId);
  if (changes === 'deleted') return `${text}\t${changes}`;
  for (const { collection, id, value } of changes)
    text += `\t${collection}\t${JSON.stringify(id)}\t${JSON.stringify(value)}`;
  return text;
};

/**
 * Reads the state file of a folder. Its mark says that it exists, and how it ended.
 * @returns the state, the length of header and snapshot, where the last whole line ends, and how
 * much that was not finished follows it; undefined when there is neither file
 * @throws StartupError when one is damaged, and sets both aside; or has another version
 */
export const readState = (folder: string, limits: StateLimits) => {
  refuseEarlier(folder);
  const [file, markFile] = [join(folder, stateName), join(folder, markName)];
  const mark = readLines(markFile, 'mark');
  if ((mark?.tornBytes ?? 0) > 0) throw setAside(markFile, 'something follows its line');
  const stated = mark?.header.end;
  const state = new State();
  let snapshotBytes = 0;
  let isStatedFound = stated === undefined;
  const found = readLines(file, 'state', (text, { bytes, checksum }) => {
    isStatedFound ||= bytes === stated?.bytes && checksum === stated.checksum;
    const isSnapshot = snapshotBytes === 0;
    if (!isSnapshot || text[0] !== brace)
      return replay(state, text, isSnapshot ? undefined : limits);
    snapshotBytes = bytes;
    return true;
  });
  if (found === undefined && mark === undefined) return undefined;
  if (found === undefined) throw setAside(file, `it is missing, but ${markFile} exists`);
  const { end, tornBytes } = found;
  if (snapshotBytes === 0) throw setAside(file, 'it is cut short');
  // A kill at the first start leaves an empty one without its mark.
  if (mark === undefined && (end.bytes > snapshotBytes || state.size > 0))
    throw setAside(markFile, `it is missing, but ${file} holds state`);
  const isTooLong = mark?.header.isOpen !== true && end.bytes !== stated?.bytes;
  if (stated !== undefined && (!isStatedFound || isTooLong))
    throw setAside(
      file,
      `it was ${stated.bytes} bytes long, and ${end.bytes} bytes of whole lines are found`,
    );
  return { state, snapshotBytes, end, tornBytes };
};

/** Moves both files to a folder of their own, for one of them is not as it was written. */
const setAside = (damaged: string, reason: string): StartupError => {
  const folder = dirname(damaged);
  const time = new Date().toISOString().replaceAll(':', '-');
  const away = mkdtempSync(join(folder, `corrupt-${time}-`));
  for (const name of [stateName, markName])
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(away, name));
  const remedy =
    `All state files were moved to ${basename(away)}/ next to it. Start again to begin empty, or ` +
    'put a good copy back first.';
  return new StartupError([{ where: damaged, message: `is damaged: ${reason}`, remedy }]);
};

/** Takes a line, and where it ends; returns false when it is no such line. */
type TakeLine = (text: Buffer, end: FileEnd) => boolean;

/** Reads a header and the whole lines after it. @returns undefined when the file does not exist */
const readLines = (file: string, kind: keyof typeof formats, take: TakeLine = () => false) => {
  const content = readIfExists(file);
  if (content === undefined) return undefined;
  let header: Header | undefined;
  let end = noLines;
  let number = 0;
  for (const line of splitBytes(content, lineFeed)) {
    number++;
    const isLast = end.bytes + line.length === content.length;
    const text = line.subarray(checksumLength, isLast ? -1 : undefined);
    const checksum = chainChecksum(end.checksum, text);
    const isIntact = line.toString('latin1', 0, checksumLength) === `${checksum} `;
    // No line feed ends it. It was not finished, unless it is whole up to its last byte.
    if (isLast && !isIntact) break;
    if (isLast) throw setAside(file, 'the end of its last line is damaged');
    end = { bytes: end.bytes + line.length + 1, checksum };
    if (isIntact && number === 1) header = parseHeader(file, kind, text);
    // The checksum covers the lines before it: which of them is wrong cannot be said.
    if (!isIntact || header === undefined || (number > 1 && !take(text, end)))
      throw setAside(file, `line ${number} is damaged, or a line before it is missing`);
  }
  if (header === undefined) throw setAside(file, 'it is cut short');
  return { header, end, tornBytes: content.length - end.bytes };
};

const lineFeed = 0x0a;
const tabulator = 0x09;
/** Eight hexadecimal digits and a space. */
const checksumLength = 9;
/** Begins the last line of a snapshot, and no other one. */
const brace = 0x7b;
/** Begins `null`, and no record. */
const letterN = 0x6e;

function* splitBytes(bytes: Buffer, delimiter: number): Generator<Buffer> {
  let start = 0;
  for (let end = bytes.indexOf(delimiter); end >= 0; end = bytes.indexOf(delimiter, start)) {
    yield bytes.subarray(start, end);
    start = end + 1;
  }
  yield bytes.subarray(start);
}

/** @returns undefined when it is not one. Its checksum has shown that it is as it was written. */
const parseHeader = (file: string, kind: keyof typeof formats, text: Buffer) => {
  const header = tryParseJson(text.toString()) as Header | undefined;
  if (header?.format !== formats[kind]) return undefined;
  if (header.schemaVersion !== schemaVersion) throw otherVersion(file, header.schemaVersion);
  return header;
};

const refuseEarlier = (folder: string): void => {
  const name = readdirSync(folder).find((one) => earlierNames.test(one));
  if (name === undefined) return;
  const file = join(folder, name);
  const head = readRegularFile(file).toString('utf8', 0, 200);
  throw otherVersion(file, Number(/"schemaVersion":(\d+)/.exec(head)?.[1] ?? 1));
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
