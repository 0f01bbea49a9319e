import { join } from 'node:path';
import { type Request, type Response, Router } from 'express';
import type { Clients } from '../../clients/clients.ts';
import { demoClientId } from '../../clients/key-folder/key-folder.ts';
import type { Contract } from '../../domain/contract/contract.ts';
import { buildRequestKey } from '../../domain/operations/decide-request.ts';
import { endpoints } from '../../domain/operations/index.ts';
import { maxQuerySteps, PatternMeter, patternProblem } from '../../domain/scenarios/pattern.ts';
import type { ScenarioSet } from '../../domain/scenarios/scenario-set.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import type { StartPlayback } from '../../fidelity/capsule/play-capsule.ts';
import { diagnosePending } from '../../journal/diagnosis-queue.ts';
import {
  compileQuery,
  findingIds,
  matchesQuery,
  type NearMiss,
  needsDiagnosis,
  requestJson,
} from '../../journal/exchange-query.ts';
import {
  curlLine,
  exchangeToJson,
  openExchangeToJson,
  type RedactionOptions,
  redactHeaderLines,
  summarizeExchange,
  toHar,
} from '../../journal/exchange-views.ts';
import type { Journal } from '../../journal/journal.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import {
  type Verification,
  type VerifyFailure,
  verifyDiagnosed,
  waitForExchanges,
} from '../../journal/verify-exchanges.ts';
import { clipText } from '../../problems/display-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { StartupError } from '../../problems/problem.ts';
import { pathValue, validatedBody, validatedQuery } from '../admin-contract.ts';
import type { LoopbackClient } from '../loopback-client.ts';
import { AdminRequestError, abortOnClose } from '../middleware.ts';
import type { operations } from '../types.gen.ts';

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

/** What a list of exchanges may be narrowed by. */
type JournalFilter = NonNullable<operations['journalAsHar']['parameters']['query']>;

interface SearchOptions {
  /** Whether a search looks into decrypted bodies (setting `journal.plaintext`). */
  readonly plaintext: boolean;
}

interface ReadyFilter {
  /** Whether an exchange is asked for. */
  readonly fits: (entry: JournalEntry) => boolean;
  /** Whether the result depends on the exchange's pending diagnosis. */
  readonly needsDiagnosis: (entry: JournalEntry) => boolean;
}

/** Compiles a filter into tests of one exchange. */
export const readyFilter = (
  { from, to, search, since = 0, ...query }: JournalFilter,
  options: SearchOptions = { plaintext: false },
): ReadyFilter => {
  const ready = compileQuery(query);
  const [first, end] = [parseTimeFilter(from) ?? -Infinity, parseTimeFilter(to) ?? Infinity];
  const text = search?.toLowerCase();
  const isInRange = ({ number, receivedAt }: JournalEntry): boolean =>
    number > since && receivedAt >= first && receivedAt < end;
  const isFound = (entry: JournalEntry): boolean =>
    text === undefined || contains(entry, text, options);
  return {
    fits: (entry) => isInRange(entry) && matchesQuery(ready, entry) && isFound(entry),
    // A search looks at findings too.
    needsDiagnosis: (entry) =>
      entry.pendingDiagnosis !== undefined &&
      isInRange(entry) &&
      (isFound(entry)
        ? needsDiagnosis(ready, entry)
        : matchesQuery(ready, entry) || needsDiagnosis(ready, entry)),
  };
};

/** Milliseconds, or ISO 8601. */
const parseTimeFilter = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  return /^\d{5,}$/.test(text) ? Number(text) : Date.parse(text);
};

/** The cheap fields first: a body is only read when they do not contain the text. */
const contains = (entry: JournalEntry, text: string, options: SearchOptions): boolean =>
  searchedFields(entry).some((field) => field?.toLowerCase().includes(text) === true) ||
  searchedBodyText(entry, options).toLowerCase().includes(text);

const searchedFields = (entry: JournalEntry): readonly (string | undefined)[] => [
  entry.id,
  entry.identity,
  entry.operation,
  entry.target,
  entry.clientId,
  entry.verdict.code,
  entry.verdict.step,
  entry.verdict.reason,
  entry.scripted?.rule,
  ...findingIds(entry),
  ...entry.tags,
  // Ids of records name the request and the thing, also of a request whose body is not shown.
  ...entry.changes.map(({ id }) => id),
];

/** A larger body is searched by its beginning, so that one search cannot hold the simulator up. */
const searchedBytes = 64 * 1024;

/**
 * The request's body as a view shows it: a call that was refused early is found by what it states.
 */
const searchedBodyText = (
  { request, sealed }: JournalEntry,
  { plaintext }: SearchOptions,
): string => {
  const bytes = sealed && plaintext ? (request.plain ?? request.body) : request.body;
  const text = bytes.subarray(0, searchedBytes).toString('utf8');
  return text.includes('\\u') ? `${text} ${withoutEscapes(text)}` : text;
};

/** A JSON text may write any character as `\uXXXX`. */
const withoutEscapes = (text: string): string =>
  text.replace(/\\u([0-9a-f]{4})/gi, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );

interface CapsuleRoutesDeps {
  readonly version: string;
  readonly settings: Settings;
  readonly contract: Contract;
  readonly scenarios: ScenarioSet;
  readonly journal: Journal;
  readonly clients: Clients;
  /** The package's folder. */
  readonly home: string;
  readonly start: StartPlayback;
}

/** Few servers are asked for capsules: what makes them is loaded by the first request. */
const loadCapsules = async () => ({
  ...(await import('../../fidelity/capsule/capsule-file.ts')),
  ...(await import('../../fidelity/capsule/export-capsule.ts')),
});

/** Exchanges of the journal as a capsule. */
export const createCapsuleRouter = (deps: CapsuleRoutesDeps): Router => {
  const { journal, settings, scenarios, clients } = deps;
  const router = Router();
  const showing = { plaintext: settings['journal.plaintext'] };
  const findEntries = async (ids: readonly string[]): Promise<readonly JournalEntry[]> => {
    const found = ids.map((id) => journal.find(id));
    const unknown = ids.filter((_, at) => found[at] === undefined);
    const { unknownExchanges } = await loadCapsules();
    if (unknown.length > 0)
      throw new AdminRequestError(404, unknownExchanges(unknown, journal.evicted));
    return found
      .flatMap((entry) => entry ?? [])
      .toSorted((one, other) => one.number - other.number);
  };
  router.get('/capsule', async (req, res) => {
    const { id, last, keepData, open, note, ...filter } = validatedQuery(req, 'capsule');
    if (open === true && !showing.plaintext)
      throw new AdminRequestError(422, [
        {
          where: 'open',
          message: 'decrypted bodies are not shown by this simulator',
          remedy: 'Start it with --journal-plaintext, or leave "open" out.',
        },
      ]);
    const { fits, needsDiagnosis } = readyFilter(filter, showing);
    const candidates = id === undefined ? journal.entries : await findEntries(id);
    await diagnosePending(candidates.filter(needsDiagnosis), abortOnClose(res));
    const fitting = candidates.filter(fits);
    const selected = last === undefined ? fitting : fitting.slice(-last);
    await diagnosePending(selected, abortOnClose(res));
    const source = {
      ...deps,
      scenarios: scenarios.known,
      packageScenarios: join(deps.home, 'scenarios'),
      isTestClient: (clientId: string) => clientId === demoClientId || clients.isCreated(clientId),
    };
    const { exportCapsule, writeCapsule } = await loadCapsules();
    const capsule = await exportCapsule(selected, source, { keepData, open, note }).catch(
      (error: unknown) => {
        throw error instanceof StartupError ? new AdminRequestError(422, error.problems) : error;
      },
    );
    res.type('application/json').send(writeCapsule(capsule));
  });
  return router;
};

/** Assertions for tests: what should have come, and waiting for it. */
export const createAssertionsRouter = (journal: Journal, showing: RedactionOptions): Router => {
  const router = Router();
  router.post('/verify', async (req, res) => {
    const verification: Verification = validatedBody(req, 'verify');
    checkPatterns(verification.exchanges.map(({ exchange }) => exchange));
    const meter = new PatternMeter(maxQuerySteps);
    const { passed, considered, evicted, failures, matched } = await verifyDiagnosed(
      journal,
      verification,
      meter,
      abortOnClose(res),
    );
    refuseSkipped(meter);
    res.json({
      passed,
      considered,
      evicted,
      ...describeEvicted(journal, verification.since),
      matched: matched.map((entries) => entries.map(({ id }) => id)),
      failures: failures.map((failure) => failureToJson(failure, showing)),
    });
  });
  router.post('/wait-for', async (req, res) => {
    const asked = validatedBody(req, 'waitFor');
    checkPatterns([asked.exchange]);
    const meter = new PatternMeter(maxQuerySteps);
    const wait = { ...asked, withinMs: asked.withinMs ?? 10_000, signal: abortOnClose(res) };
    const arrival = await waitForExchanges(journal, wait, meter);
    refuseSkipped(meter);
    const { arrived, entries, waitedMs, evicted, nearMisses } = arrival;
    res.json({
      arrived,
      exchanges: entries.map(summarizeExchange),
      waitedMs,
      evicted,
      ...describeEvicted(journal, asked.since),
      nearMisses: nearMisses.map((miss) => nearMissToJson(miss, showing)),
    });
  });
  return router;
};

/** Replicas whose last exchanges are lost. */
const describeEvicted = (journal: Journal, since = 0) => {
  const missing = journal.missingReplicas(since);
  return missing.length === 0 ? {} : { incomplete: true, missingReplicas: missing };
};

/**
 * The contract can say that a pattern is text, not that it can be compiled by the engine that runs
 * it.
 */
const checkPatterns = (queries: readonly Verification['exchanges'][number]['exchange'][]): void => {
  for (const { body = {} } of queries) {
    for (const [field, condition] of Object.entries(body)) {
      if (typeof condition !== 'object' || condition?.regex === undefined) continue;
      const problem = patternProblem(condition.regex);
      if (problem !== undefined)
        throw new AdminRequestError(400, [{ where: `body.${field}.regex`, ...problem }]);
    }
  }
};

/** An exchange that was not held against a pattern must not look like one that does not match. */
const refuseSkipped = ({ skipped }: PatternMeter): void => {
  if (skipped.length === 0) return;
  throw new AdminRequestError(
    422,
    skipped.map((source) => ({
      where: 'regex',
      message: `${clipText(source, 80)} takes more than ${maxQuerySteps} steps on these exchanges`,
      remedy: 'Shorten it, use prefix or equals, or look at fewer exchanges: since, clientId.',
    })),
  );
};

const failureToJson = (
  { kind, expectation, message, entries, nearMisses }: VerifyFailure,
  showing: RedactionOptions,
) => ({
  kind,
  ...omitUndefined({ expectation }),
  message,
  exchanges: entries.map(({ id }) => id),
  nearMisses: nearMisses.map((miss) => nearMissToJson(miss, showing)),
});

const nearMissToJson = ({ entry, differences }: NearMiss, { plaintext }: RedactionOptions) => ({
  exchange: summarizeExchange(entry),
  differences: differences.map(({ field, wanted, got }) => {
    const isRedacted = entry.sealed && !plaintext && field.startsWith('body.');
    return {
      field,
      wanted,
      ...(isRedacted ? { redacted: true } : omitUndefined({ got })),
    };
  }),
});
