import type { RemedyTopic } from '../remedies/remedies.ts';

/**
 * The kinds of mistakes, the more fundamental first: when two are proved, the earlier one is the
 * cause.
 */
export const families = [
  'header',
  'value',
  'key',
  'hash',
  'method',
  'uri',
  'separators',
  'client-id',
  'time',
  'body',
  'charset',
  'sealing',
] as const;
export type Family = (typeof families)[number];

export interface FindingText {
  readonly family: Family;
  /** For a person who made the mistake: plain, and no more than is proved. */
  readonly sentence: string;
  readonly remedy: RemedyTopic;
}
