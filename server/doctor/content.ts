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

/** @param changes parts that differ from the head's */
export const writeHead = (head: ContentHead, changes: Partial<ContentHead> = {}): string => {
  const { method = head.method, gap = head.gap, target = head.target, lineFeed = head.lineFeed } = changes;
  const { clientId = head.clientId, dot = head.dot, time = head.time, lastDot = head.lastDot } = changes;
  return method + gap + target + lineFeed + clientId + dot + time + lastDot;
};

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where the bytes are UTF-8: text can be rewritten. */
export const bodyContent = (bytes: Buffer): BodyContent => {
  try {
    return strict.decode(bytes);
  } catch {
    return bytes;
  }
};

export const contentBytes = ({ before, body, after }: ContentVariant): Buffer =>
  Buffer.concat([Buffer.from(before), typeof body === 'string' ? Buffer.from(body) : body, Buffer.from(after)]);
