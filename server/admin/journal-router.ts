import { type Request, Router } from 'express';
import { curlLine } from '../journal/curl-line.ts';
import { exchangeToJson, type Showing } from '../journal/exchange-json.ts';
import { summaryOf } from '../journal/exchange-summary.ts';
import { toHar } from '../journal/har.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { shownHeaderLines } from '../journal/shown-headers.ts';
import { pathValue, queryOf } from './admin-contract.ts';
import { AdminRefusal } from './admin-refusal.ts';
import { firstUse } from './first-use.ts';
import { readyFilter } from './journal-filter.ts';
import type { SelfCaller } from './self-caller.ts';

export interface JournalParts {
  readonly version: string;
  readonly journal: Journal;
  readonly showing: Showing;
  readonly caller: SelfCaller;
  /** Where the operations are served. */
  readonly gatewayUrl: () => string;
}

/** What was received and answered: lists, one, as HAR, as curl, again. */
export const createJournalRouter = ({ version, journal, showing, caller, gatewayUrl }: JournalParts): Router => {
  const router = Router();
  const entryOf = (req: Request): JournalEntry => {
    const id = pathValue(req, 'id');
    const entry = journal.find(id);
    if (entry !== undefined) return entry;
    const message = journal.evicted > 0 ? `is not in the journal; ${journal.evicted} older exchanges had to go` : 'is not in the journal';
    throw new AdminRefusal(404, [{ where: id, message, remedy: 'GET /__admin/journal lists what there is.' }]);
  };
  const harOf = (entries: readonly JournalEntry[]) => toHar(entries, { version, url: gatewayUrl(), evicted: journal.evicted });

  router.get('/journal', (req, res) => void res.json(pageOf(journal, queryOf(req, 'listJournal'), showing)));
  router.get(
    '/journal/har',
    (req, res) => void res.json(harOf(journal.entries.filter(readyFilter(queryOf(req, 'journalAsHar'), showing)))),
  );
  router.get('/journal/:id', (req, res) => {
    const entry = entryOf(req);
    const first = firstUse(journal, entry);
    res.json({ ...exchangeToJson(entry, showing), ...(first === undefined ? {} : { firstUse: first.id }) });
  });
  router.get('/journal/:id/har', (req, res) => void res.json(harOf([entryOf(req)])));
  router.get('/journal/:id/curl', (req, res) => {
    const entry = entryOf(req);
    const { sign = 'received' } = queryOf(req, 'journalEntryAsCurl');
    const { method, headers, body } = sign === 'again' ? caller.signAgain(entry) : asReceived(entry);
    res.type('text/plain').send(curlLine({ url: gatewayUrl(), target: entry.target, method, headers, body }));
  });
  router.post('/journal/:id/send', async (req, res) => {
    res.json(await caller.sendAgain(entryOf(req)));
  });
  return router;
};

const asReceived = ({ method, request }: JournalEntry) => ({ method, headers: shownHeaderLines(request.headerLines), body: request.body });

type ListQuery = Parameters<typeof readyFilter>[0] & {
  readonly before?: number;
  readonly limit?: number;
  readonly order?: 'newest' | 'oldest';
};

const pageOf = (journal: Journal, { before = Infinity, limit = 100, order = 'newest', ...filter }: ListQuery, showing: Showing) => {
  const found = journal.entries.filter(readyFilter(filter, showing)).filter(({ number }) => number < before);
  const page = order === 'oldest' ? found.slice(0, limit) : found.slice(-limit).reverse();
  const last = page.at(-1);
  return {
    entries: page.map(summaryOf),
    total: found.length,
    kept: journal.size,
    bytes: journal.bytes,
    evicted: journal.evicted,
    newest: journal.newest,
    ...(found.length > page.length && last !== undefined ? { next: last.number } : {}),
  };
};
