import { bodyRemedies, contentRemedies } from './content-remedies.ts';
import {
  headerRemedies,
  keyRemedies,
  sealingRemedies,
  signingRemedies,
} from './crypto-remedies.ts';
import type { Remedy } from './remedy.ts';

/** Every remedy by topic: many mistakes are mended by the same few lines. */
export const remedies = {
  ...headerRemedies,
  ...keyRemedies,
  ...signingRemedies,
  ...contentRemedies,
  ...bodyRemedies,
  ...sealingRemedies,
} as const satisfies Record<string, Remedy>;

export type RemedyTopic = keyof typeof remedies;

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
