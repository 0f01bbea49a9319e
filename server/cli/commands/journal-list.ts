import { setTimeout as wait } from 'node:timers/promises';
import type { components } from '../../admin/types.gen.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import type { ExchangeSummary } from '../../journal/exchange-json.ts';
import { clipText } from '../../problems/clip-text.ts';
import { printableLine } from '../../protocol/printable-text.ts';
import { type AdminOptions, askAdmin, askJson, queryText } from '../ask-admin.ts';
import { readEvents, type ServerEvent } from '../event-stream.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatJson, writeOut, writeStyled } from '../input-output.ts';
import { stopSignal } from '../stop-signal.ts';

/** What a list may be narrowed by; each as the admin API takes it. */
export interface FilterOptions extends AdminOptions {
  readonly client?: string;
  readonly operation?: readonly string[];
  readonly code?: readonly string[];
  readonly status?: readonly string[];
  readonly step?: readonly string[];
  readonly finding?: readonly string[];
  readonly mark?: readonly string[];
  readonly identity?: string;
  readonly from?: string;
  readonly to?: string;
  readonly search?: string;
  readonly since?: number;
}

type Page = Omit<components['schemas']['JournalPage'], 'entries'> & {
  readonly entries: readonly ExchangeSummary[];
};

export const filterQuery = (options: FilterOptions & { readonly limit?: number }): string =>
  queryText({
    clientId: options.client,
    operation: options.operation,
    code: options.code,
    status: options.status,
    step: options.step,
    finding: options.finding,
    mark: options.mark,
    identity: options.identity,
    from: options.from,
    to: options.to,
    search: options.search,
    since: options.since,
    limit: options.limit,
  });

/** Prints exchanges, the newest last as in a log. */
export const listExchanges = async (
  options: FilterOptions & { readonly limit?: number; readonly json?: boolean },
  settings: Settings,
): Promise<number> => {
  const page = await askJson<Page>(`/journal${filterQuery(options)}`, options, settings);
  if (options.json === true) process.stdout.write(formatJson(page));
  else {
    const lines = [...page.entries]
      .reverse()
      .map((exchange) => exchangeLine(exchange, process.stdout.isTTY === true));
    const hidden = page.total - page.entries.length;
    const notes = [
      ...(hidden > 0 ? [`${hidden} older ones match too; --limit shows more`] : []),
      ...(page.evicted > 0 ? [`${page.evicted} exchanges are no longer in the journal`] : []),
      ...(page.pendingDiagnoses > 0
        ? [
            `${page.pendingDiagnoses} exchanges are still to be diagnosed; journal show does it at once`,
          ]
        : []),
      ...(page.undiagnosed > 0
        ? [`${page.undiagnosed} exchanges left the journal before they were diagnosed`]
        : []),
    ];
    writeStyled(`${[...lines, ...notes, ''].join('\n')}`);
  }
  return exitCodes.ok;
};

/** Writes exchanges as HTTP Archive. */
export const exportExchanges = async (
  options: FilterOptions & { readonly out?: string },
  settings: Settings,
): Promise<number> => {
  const har = await (
    await askAdmin(`/journal/har${filterQuery(options)}`, options, settings)
  ).json();
  writeOut(formatJson(har), options.out);
  return exitCodes.ok;
};

const colours: Readonly<Record<string, number>> = { S: 32, F: 31, U: 33 };

/**
 * One exchange in one line, its texts escaped. @param isTerminal whether the result may be coloured
 */
export const exchangeLine = (exchange: ExchangeSummary, isTerminal: boolean): string => {
  const {
    number,
    receivedAt,
    clientId = '-',
    operation,
    method,
    target,
    identity,
    code,
    status,
    step,
    milliseconds,
    marks,
    findings,
    diagnosisPending,
  } = exchange;
  const result = printableLine(`${code} (${status})`);
  return [
    new Date(receivedAt).toISOString().slice(11, 23),
    `#${number}`,
    printableLine(clientId),
    printableLine(operation ?? `${method} ${clipText(target, 60)}`),
    ...(identity === undefined ? [] : [printableLine(identity)]),
    isTerminal ? `\x1b[${colours[status] ?? 0}m${result}\x1b[0m` : result,
    ...(step === 'decide' ? [] : [`at ${printableLine(step)}`]),
    `${milliseconds} ms`,
    ...marks.map((mark) => `[${printableLine(mark)}]`),
    ...findings.map(printableLine),
    ...(diagnosisPending === true ? ['PENDING'] : []),
  ].join('  ');
};

export interface TailOptions extends AdminOptions {
  readonly client?: string;
  readonly json?: boolean;
}

const againAfterMs = 1000;

/**
 * Prints exchanges as they come, until it is stopped. A connection that is lost is taken up again,
 * where it broke off.
 */
export const tailExchanges = async (options: TailOptions, settings: Settings): Promise<number> => {
  const stopped = new AbortController();
  void stopSignal().then(() => stopped.abort());
  const path = `/events${queryText({ clientId: options.client })}`;
  const open = (lastEventId: string | undefined) =>
    askAdmin(path, options, settings, {
      signal: stopped.signal,
      headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    });
  let lastEventId: string | undefined;
  // The first connection must stand; what is lost later may come back.
  let response: Response | undefined = await open(undefined);
  while (!stopped.signal.aborted) {
    try {
      for await (const event of readEvents(response?.body ?? undefined)) {
        lastEventId = event.id ?? lastEventId;
        print(event, options.json === true);
      }
    } catch (error) {
      if (!stopped.signal.aborted)
        process.stderr.write(
          `the connection is lost: ${error instanceof Error ? error.message : String(error)}\n`,
        );
    }
    await wait(againAfterMs, undefined, { signal: stopped.signal }).catch(() => {});
    response = stopped.signal.aborted ? undefined : await open(lastEventId).catch(() => undefined);
  }
  return exitCodes.ok;
};

const print = ({ name, data }: ServerEvent, asJson: boolean): void => {
  // An exchange that came before its diagnosis is printed again, with its finding.
  if (name === 'exchange' || name === 'diagnosis') {
    // What the admin API's contract says of this event.
    const line = asJson
      ? data
      : exchangeLine(JSON.parse(data) as ExchangeSummary, process.stdout.isTTY === true);
    if (asJson) process.stdout.write(`${line}\n`);
    else writeStyled(`${line}\n`);
  }
  if (name === 'gap') process.stderr.write(`some exchanges are missing here: ${data}\n`);
};
