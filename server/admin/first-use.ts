import { buildRequestKey } from '../domain/operations/decide-request.ts';
import { endpoints } from '../domain/operations/index.ts';
import { requestJson } from '../journal/exchange-query.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';

/**
 * Finds the exchange that used an exchange's request id first.
 * @returns undefined where the request id is not a repeated one, or the journal no longer has its
 * first use
 */
export const firstUse = (journal: Journal, entry: JournalEntry): JournalEntry | undefined => {
  if (!entry.marks.includes('mismatch') && !entry.marks.includes('duplicate')) return undefined;
  const endpoint = endpoints.find(({ operationId }) => operationId === entry.operation);
  const key = endpoint === undefined ? undefined : buildRequestKey(endpoint, requestJson(entry));
  if (key === undefined) return undefined;
  return journal.entries.findLast(
    ({ number, clientId, changes }) =>
      number < entry.number &&
      clientId === entry.clientId &&
      changes.some(
        ({ collection, id, after }) => collection === 'requests' && id === key && after !== null,
      ),
  );
};
