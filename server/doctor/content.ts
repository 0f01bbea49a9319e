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

/** A head as text. */
export interface WrittenHead {
  /**
   * All of it, or what stands before the time: of the thousands of heads there are most differ in
   * the time alone.
   */
  readonly start: string;
  readonly time: string;
  readonly lastDot: string;
}

/** What stands around the body, under an assumption of mistakes. */
export interface HeadVariant extends WrittenHead {
  readonly blames: readonly Blame[];
  /** Behind the body. */
  readonly after: string;
  /** A mistake that is named after those of the body. */
  readonly lesserBlame?: Blame;
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

/** Of a content that is the body alone. */
export const emptyPrefix: WrittenHead = { start: '', time: '', lastDot: '' };

/** What stands before the time. */
export const prefixBeforeTime = ({
  method,
  gap,
  target,
  lineFeed,
  clientId,
  dot,
}: ContentHead): string => method + gap + target + lineFeed + clientId + dot;

/**
 * @param changes parts that differ from the head's
 * @param start the head's own: it is kept where the changes leave it alone
 */
export const writeHead = (
  head: ContentHead,
  changes: Partial<ContentHead> = {},
  start?: string,
): WrittenHead => {
  const {
    method,
    gap,
    target,
    lineFeed,
    clientId,
    dot,
    time = head.time,
    lastDot = head.lastDot,
  } = changes;
  if (start !== undefined && (method ?? gap ?? target ?? lineFeed ?? clientId ?? dot) === undefined)
    return { start, time, lastDot };
  const firstLine =
    (method ?? head.method) +
    (gap ?? head.gap) +
    (target ?? head.target) +
    (lineFeed ?? head.lineFeed);
  return {
    start: firstLine + (clientId ?? head.clientId) + (dot ?? head.dot) + time + lastDot,
    time: '',
    lastDot: '',
  };
};

/** Made in one place, because objects of one shape are read fastest. */
export const headVariant = (
  blames: readonly Blame[],
  { start, time, lastDot }: WrittenHead,
  after = '',
): HeadVariant => ({
  blames,
  start,
  time,
  lastDot,
  after,
});

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where the bytes are UTF-8: text can be rewritten. */
export const bodyContent = (bytes: Buffer): BodyContent => {
  try {
    return strict.decode(bytes);
  } catch {
    return bytes;
  }
};

export const contentBytes = ({ start, time, lastDot, body, after }: ContentVariant): Buffer =>
  Buffer.concat([
    Buffer.from(start + time + lastDot),
    typeof body === 'string' ? Buffer.from(body) : body,
    Buffer.from(after),
  ]);
