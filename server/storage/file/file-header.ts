import * as z from 'zod';
import { type Line, type LineChain, verifiedText } from './checked-line.ts';
import { UnsupportedFormat } from './corrupt-state.ts';

/** The format of all state files. Those before it were never released. */
export const schemaVersion = 3;

/** A change log, and how it ended. */
const logEnd = z.object({ log: z.int().min(0), bytes: z.int().min(0), checksum: z.string() });
export type LogEnd = z.infer<typeof logEnd>;

export const noLog: LogEnd = { log: 0, bytes: 0, checksum: '' };

const header = z.object({
  format: z.string(),
  schemaVersion: z.int().min(1),
  /** Of a snapshot: the changes of this log, and of those before it, are in it. */
  covers: logEnd.optional(),
  /** Of a log: the one before it. */
  after: logEnd.optional(),
  /** Of the file that names the newest log. */
  newestLog: z.int().min(0).optional(),
  /** Of the same file, after a stop: how that log ended. */
  end: logEnd.optional(),
});
export type FileHeader = z.infer<typeof header>;

/**
 * Reads the first line of a state file.
 * @returns undefined when it is no header, or has not the right checksum
 * @throws UnsupportedFormat
 */
export const readHeader = (file: string, line: Line, chain: LineChain): FileHeader | undefined => {
  const text = verifiedText(line);
  // Format 1 had lines of its own from the first on.
  if (text.startsWith('{"clientId":')) throw new UnsupportedFormat(file, 1, schemaVersion);
  if (!chain.accepts(line)) return undefined;
  const found = parse(text);
  if (found === undefined) return undefined;
  if (found.schemaVersion !== schemaVersion)
    throw new UnsupportedFormat(file, found.schemaVersion, schemaVersion);
  return header.safeParse(found).data;
};

const anyFormat = z.looseObject({ format: z.string(), schemaVersion: z.int() });

const parse = (text: string): z.infer<typeof anyFormat> | undefined => {
  try {
    return anyFormat.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
