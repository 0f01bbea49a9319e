import type { CaseId, CheckId } from './catalogue/case.ts';

/** Frozen sets of rules; the number counts up when one changes. */
export const profileIds = ['core-2027.1', 'strict-2027.1'] as const;
export type ProfileId = (typeof profileIds)[number];

/** What a profile asks for. */
export interface Profile {
  readonly id: ProfileId;
  /** Cases whose distrust of an answer is asked for with a warning only. */
  readonly warnsOnly: readonly CaseId[];
}

/**
 * What says whether an untrustworthy answer was believed. Other checks of a case that only warns
 * keep their weight: a new requestId is wrong whatever the answer was.
 */
export const distrustChecks: ReadonlySet<CheckId> = new Set([
  'no-false-success',
  'no-false-failure',
  'repeats',
  'recovers',
]);

/**
 * C-SEC-05 warns in both: the one public client of this API that could be read verifies with the
 * Client-Id of the response. C-SEC-06 fails under `strict`: the documents name no window.
 */
export const profiles: Readonly<Record<ProfileId, Profile>> = {
  'core-2027.1': { id: 'core-2027.1', warnsOnly: ['C-SEC-05', 'C-SEC-06'] },
  'strict-2027.1': { id: 'strict-2027.1', warnsOnly: ['C-SEC-05'] },
};
