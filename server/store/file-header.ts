import * as z from 'zod';

/** The format that state files are written in. Older ones are read; see the table in read-state.ts. */
export const schemaVersion = 2;

const header = z.object({
  format: z.string(),
  schemaVersion: z.int().min(2),
  /** Of a snapshot: the changes of this log, and of those before it, are in it. */
  coversLog: z.int().min(0).optional(),
  /** Of a log: the one before it, and how long it was when this one was begun. */
  after: z.object({ log: z.int().min(0), bytes: z.int().min(0) }).optional(),
});
export type FileHeader = z.infer<typeof header>;

/** @returns undefined when the text is no header. */
export const readHeader = (text: string): FileHeader | undefined => {
  if (!text.startsWith('{"format":')) return undefined;
  try {
    return header.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};
