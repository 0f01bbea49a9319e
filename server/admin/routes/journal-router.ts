import { type Request, type Response, Router } from 'express';
import { buildRequestKey } from '../../domain/operations/decide-request.ts';
import { endpoints } from '../../domain/operations/index.ts';
import { curlLine } from '../../journal/curl-line.ts';
import { diagnosePending } from '../../journal/diagnosis-queue.ts';
import {
  exchangeToJson,
  openExchangeToJson,
  type RedactionOptions,
  redactHeaderLines,
  summarizeExchange,
} from '../../journal/exchange-json.ts';
import { requestJson } from '../../journal/exchange-query.ts';
import { toHar } from '../../journal/har.ts';
import type { Journal } from '../../journal/journal.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { pathValue, validatedQuery } from '../admin-contract.ts';
import { AdminRequestError } from '../admin-error.ts';
import { type JournalFilter, readyFilter } from '../journal-filter.ts';
import type { LoopbackClient } from '../loopback-client.ts';
import { abortOnClose } from '../middleware.ts';

export interface JournalRoutesDeps {
  readonly version: string;
  readonly journal: Journal;
  readonly showing: RedactionOptions;
  readonly caller: LoopbackClient;
  /** Rows of the register that a calibration observed. */
  readonly observedRows: ReadonlySet<string>;
  /** Where the operations are served. */
  readonly gatewayUrl: () => string;
}

/** What was received and answered: lists, one, as HAR, as curl, again. */
export const createJournalRouter = ({
  version,
  journal,
  showing,
  caller,
  observedRows,
  gatewayUrl,
}: JournalRoutesDeps): Router => {
  const router = Router();
  const findEntry = (req: Request): JournalEntry => {
    const id = pathValue(req, 'id');
    const entry = journal.find(id);
    if (entry !== undefined) return entry;
    const message =
      journal.evicted > 0
        ? `is not in the journal; ${journal.evicted} older exchanges had to go`
        : 'is not in the journal';
    throw new AdminRequestError(404, [
      { where: id, message, remedy: 'GET /__admin/journal lists what there is.' },
    ]);
  };
  const buildHar = (entries: readonly JournalEntry[]) =>
    toHar(entries, { version, url: gatewayUrl(), evicted: journal.evicted });

  /**
   * Those that are asked for, as far as findings are known once the pending diagnoses that decide
   * on it are made.
   */
  const selectEntries = async (
    filter: JournalFilter,
    res: Response,
  ): Promise<readonly JournalEntry[]> => {
    const { fits, needsDiagnosis } = readyFilter(filter, showing);
    await diagnosePending(journal.entries.filter(needsDiagnosis), abortOnClose(res));
    return journal.entries.filter(fits);
  };
  /** What is shown in full is diagnosed. */
  const diagnoseFirst = async (entry: JournalEntry): Promise<JournalEntry> => {
    await diagnosePending([entry]);
    return entry;
  };

  router.get('/journal', async (req, res) => {
    const { before, limit, order, ...filter } = validatedQuery(req, 'listJournal');
    res.json(buildPage(journal, await selectEntries(filter, res), { before, limit, order }));
  });
  router.get('/journal/har', async (req, res) => {
    const entries = await selectEntries(validatedQuery(req, 'journalAsHar'), res);
    await diagnosePending(entries, abortOnClose(res));
    res.json(buildHar(entries));
  });
  router.get('/journal/:id', async (req, res) => {
    const entry = await diagnoseFirst(findEntry(req));
    const first = findFirstUse(journal, entry);
    const observed = entry.verdict.basis.filter((row) => observedRows.has(row));
    res.json({
      ...exchangeToJson(entry, showing),
      ...omitUndefined({
        observed: observed.length === 0 ? undefined : observed,
        firstUse: first?.id,
      }),
    });
  });
  router.get(
    '/journal/:id/har',
    async (req, res) => void res.json(buildHar([await diagnoseFirst(findEntry(req))])),
  );
  router.get('/journal/:id/curl', (req, res) => {
    const entry = findEntry(req);
    const { sign = 'received' } = validatedQuery(req, 'journalEntryAsCurl');
    if (sign === 'again') requireInbound(entry);
    const { method, headers, body } =
      sign === 'again' ? caller.signAgain(entry) : asReceived(entry);
    const url = entry.outbound === undefined ? gatewayUrl() : new URL(entry.outbound.url).origin;
    res.type('text/plain').send(curlLine({ url, target: entry.target, method, headers, body }));
  });
  router.post('/journal/:id/send', async (req, res) => {
    res.json(await caller.sendAgain(requireInbound(findEntry(req))));
  });
  return router;
};

/** @throws AdminRequestError for a call to the merchant: the message is sent again elsewhere */
const requireInbound = (entry: JournalEntry): JournalEntry => {
  if (entry.outbound === undefined) return entry;
  throw new AdminRequestError(422, [
    {
      where: entry.id,
      message: 'is a call to the merchant, which no client can sign',
      remedy: 'POST /__admin/clients/{clientId}/outbound/{messageId}/send sends its message again.',
    },
  ]);
};

const asReceived = ({ method, request }: JournalEntry) => ({
  method,
  headers: redactHeaderLines(request.headerLines),
  body: request.body,
});

interface PageQuery {
  readonly before: number | undefined;
  readonly limit: number | undefined;
  readonly order: 'newest' | 'oldest' | undefined;
}

const buildPage = (
  journal: Journal,
  entries: readonly JournalEntry[],
  { before = Infinity, limit = 100, order = 'newest' }: PageQuery,
) => {
  const found = entries.filter(({ number }) => number < before);
  const page = order === 'oldest' ? found.slice(0, limit) : found.slice(-limit).reverse();
  const last = page.at(-1);
  return {
    entries: page.map(summarizeExchange),
    open: journal.open.map(openExchangeToJson),
    total: found.length,
    kept: journal.size,
    bytes: journal.bytes,
    evicted: journal.evicted,
    pendingDiagnoses: journal.pendingDiagnoses,
    undiagnosed: journal.undiagnosed,
    newest: journal.newest,
    ...omitUndefined({ next: found.length > page.length ? last?.number : undefined }),
  };
};

/**
 * Finds the exchange that used an exchange's request id first.
 * @returns undefined where the request id is not a repeated one, or the journal no longer has its
 * first use
 */
const findFirstUse = (journal: Journal, entry: JournalEntry): JournalEntry | undefined => {
  if (!entry.tags.includes('mismatch') && !entry.tags.includes('duplicate')) return undefined;
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
