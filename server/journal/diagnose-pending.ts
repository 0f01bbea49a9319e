import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ReadyQuery } from './exchange-query.ts';
import type { JournalEntry } from './journal-entry.ts';

/**
 * Makes the diagnoses of these entries that are still pending. Requests that come meanwhile are
 * served between two of them.
 */
export const diagnosePending = async (
  entries: readonly JournalEntry[],
  signal?: AbortSignal,
): Promise<void> => {
  for (const { pendingDiagnosis } of entries) {
    if (signal?.aborted === true) return;
    if (pendingDiagnosis === undefined) continue;
    pendingDiagnosis.finish();
    await nextTurn();
  }
};

/** Whether it takes the pending diagnosis to tell if an exchange is asked for: all else fits. */
export const needsDiagnosis = (query: ReadyQuery, entry: JournalEntry): boolean =>
  entry.pendingDiagnosis !== undefined &&
  query.some(({ field }) => field === 'finding') &&
  query.every(({ field, fits }) => field === 'finding' || fits(entry));
