import type { Diagnosis } from '../doctor/diagnosis.ts';

/** What a diagnosis found, in one line. */
export const causeText = ({ cause }: Diagnosis): string =>
  cause === undefined
    ? 'UNEXPLAINED: no cause is proved'
    : `${cause.id}: ${cause.sentence}${cause.detail === undefined ? '' : ` (${cause.detail})`}`;
