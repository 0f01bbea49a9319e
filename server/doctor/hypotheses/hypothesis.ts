import type { MistakeId, Suspicion } from '../catalogue/mistakes.ts';

/** A body as text (signed as UTF-8), or as bytes that are not UTF-8. */
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
   * The whole head, or the part before the time: most of the thousands of heads differ in the time
   * only.
   */
  readonly start: string;
  readonly time: string;
  readonly lastDot: string;
}

/** What surrounds the body, if the suspicions are true. */
export interface HeadVariant extends WrittenHead {
  readonly suspicions: readonly Suspicion[];
  /** Behind the body. */
  readonly after: string;
  /** A suspicion that is listed after those of the body. */
  readonly lesserSuspicion?: Suspicion;
}

/** The body, if the suspicions are true. */
export interface BodyVariant {
  readonly suspicions: readonly Suspicion[];
  readonly body: BodyContent;
}

/** The whole content, if the suspicions are true. */
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

/** The head of a content that is the body alone. */
export const emptyPrefix: WrittenHead = { start: '', time: '', lastDot: '' };

/** The part before the time. */
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
 * @param start the head's own: returned unchanged where the changes do not affect it
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

/** One constructor keeps the hidden class stable (hot path). */
export const headVariant = (
  suspicions: readonly Suspicion[],
  { start, time, lastDot }: WrittenHead,
  after = '',
): HeadVariant => ({
  suspicions,
  start,
  time,
  lastDot,
  after,
});

const fatalUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text where the bytes are UTF-8: text can be rewritten. */
export const bodyContent = (bytes: Buffer): BodyContent => {
  try {
    return fatalUtf8.decode(bytes);
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

/** What hypotheses may look at besides the expected head. */
export interface CaseFacts {
  readonly hosts: readonly string[];
  /** Texts and numbers of the body that someone may have signed as client id or time. */
  readonly bodyTexts: readonly string[];
}

/** One change to the head, with what it says about the mistake. */
export interface HeadChange {
  readonly parts: Partial<ContentHead>;
  readonly detail?: string;
}

/** Times that differ in a few digits and say the same about the mistake. */
export interface NearTimes {
  readonly start: string;
  readonly digits: readonly string[];
  readonly end: string;
  readonly detail: string;
}

/** A row for times that are tried last, and never crossed. */
export interface NearTimeHypothesis {
  readonly mistake: MistakeId;
  readonly changes: (head: ContentHead) => readonly NearTimes[];
}

/** A row of a family's table. */
export interface HeadHypothesis {
  readonly mistake: MistakeId;
  /** Frequent enough to be crossed with every other family; the others are only tried alone. */
  readonly frequent: boolean;
  readonly changes: (head: ContentHead, facts: CaseFacts) => readonly HeadChange[];
}

/** A row that always makes the same changes. */
export const fixedChanges = (
  finding: MistakeId,
  frequent: boolean,
  ...changes: readonly (readonly [parts: Partial<ContentHead>, detail?: string])[]
): HeadHypothesis => {
  const same = changes.map(([parts, detail]) =>
    detail === undefined ? { parts } : { parts, detail },
  );
  return { mistake: finding, frequent, changes: () => same };
};
