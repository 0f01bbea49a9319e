import { bodyFindings } from './body-findings.ts';
import { contentFindings } from './content-findings.ts';
import type { FindingText } from './finding-text.ts';
import { keyFindings } from './key-findings.ts';
import { sealingFindings } from './sealing-findings.ts';
import { valueFindings } from './value-findings.ts';

/** Every mistake that the doctor can name. The ids are stable. */
export const findings = {
  ...valueFindings,
  ...keyFindings,
  ...contentFindings,
  ...bodyFindings,
  ...sealingFindings,
} as const satisfies Record<string, FindingText>;

export type FindingId = keyof typeof findings;
