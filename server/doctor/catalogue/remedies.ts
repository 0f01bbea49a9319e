import { bodyRemedies, contentRemedies } from './content-remedies.ts';
import type { Remedy } from './remedy.ts';
import { sealingRemedies } from './sealing-remedies.ts';
import { headerRemedies, keyRemedies, signingRemedies } from './signing-remedies.ts';

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
