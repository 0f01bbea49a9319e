import type { Blame } from './finding.ts';

/** A body as text (it will be UTF-8) or as bytes that are no UTF-8. */
export type BodyContent = string | Buffer;

/** The content's parts around the body; joined in this order they are the signed text. */
export interface ContentHead {
  readonly method: string;
  readonly gap: string;
  readonly target: string;
  readonly lineFeed: string;
  readonly clientId: string;
  readonly dot: string;
  readonly time: string;
  readonly lastDot: string;
}

/** What stands around the body, under an assumption of mistakes. */
export interface HeadVariant {
  readonly blames: readonly Blame[];
  readonly before: string;
  readonly after: string;
}

/** The body, under an assumption of mistakes. */
export interface BodyVariant {
  readonly blames: readonly Blame[];
  readonly body: BodyContent;
}

/** The whole content, under an assumption of mistakes. */
export interface ContentVariant extends HeadVariant, BodyVariant {}

export const expectedHead = (target: string, clientId: string, time: string): ContentHead => ({
  method: 'POST',
  gap: ' ',
  target,
  lineFeed: '\n',
  clientId,
  dot: '.',
  time,
  lastDot: '.',
});

export const writeHead = (h: ContentHead): string => h.method + h.gap + h.target + h.lineFeed + h.clientId + h.dot + h.time + h.lastDot;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where the bytes are UTF-8: it hashes faster than bytes and can be rewritten. */
export const bodyContent = (bytes: Buffer): BodyContent => {
  try {
    return strict.decode(bytes);
  } catch {
    return bytes;
  }
};

export const contentBytes = ({ before, body, after }: ContentVariant): Buffer =>
  Buffer.concat([Buffer.from(before), typeof body === 'string' ? Buffer.from(body) : body, Buffer.from(after)]);

/**
 * Makes the function that joins contents for hashing, thousands of times in a row: texts stay text, bytes go into one buffer
 * that is used again. What it returns is good until its next call.
 */
export const contentJoiner = (): ((variant: ContentVariant) => string | Buffer) => {
  let scratch = Buffer.alloc(0);
  return ({ before, body, after }) => {
    if (typeof body === 'string') return before + body + after;
    const room = 3 * (before.length + after.length) + body.length;
    if (scratch.length < room) scratch = Buffer.alloc(room + 1024);
    const start = scratch.write(before, 0);
    const end = start + body.copy(scratch, start);
    return scratch.subarray(0, end + (after === '' ? 0 : scratch.write(after, end)));
  };
};
