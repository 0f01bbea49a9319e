import type { RemedyTopic } from './remedies.ts';

/**
 * The kinds of mistakes, the more fundamental first: when two are proved, the earlier one is the
 * cause.
 */
export const mistakeFamilies = [
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
export type MistakeFamily = (typeof mistakeFamilies)[number];

export interface MistakeText {
  readonly family: MistakeFamily;
  /** For a person who made the mistake: plain, and no more than is proved. */
  readonly sentence: string;
  readonly remedy: RemedyTopic;
}
