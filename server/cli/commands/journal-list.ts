import { setTimeout as wait } from 'node:timers/promises';
import { queryText } from '../../../sdk/admin/admin-client.ts';
import { readEvents, type ServerEvent } from '../../../sdk/admin/event-stream.ts';
import type { ExchangeSummary, JournalPage } from '../../admin/types.gen.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { clipText, printableLine } from '../../problems/display-text.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { type AdminOptions, connectAdmin } from '../admin.ts';
import { exitCodes } from '../exit-codes.ts';
import { stopSignal } from '../foreground.ts';
import { errorMessage, formatJson, printWarning, writeOut, writeStyled } from '../input-output.ts';
import { translateOutput } from '../output-language.ts';

/** Which exchanges are listed or exported; each member as the admin API takes it. */
export interface FilterOptions extends AdminOptions {
  readonly client?: string;
  readonly operation?: readonly string[];
  readonly code?: readonly string[];
  readonly status?: readonly ('S' | 'F' | 'U')[];
  readonly step?: readonly string[];
  readonly finding?: readonly string[];
  readonly tag?: readonly string[];
  readonly identity?: string;
  readonly trace?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly search?: string;
  readonly since?: number;
}

export const filterQuery = ({ client, ...options }: FilterOptions) => ({
  clientId: client,
  operation: options.operation,
  code: options.code,
  status: options.status,
  step: options.step,
  finding: options.finding,
  tag: options.tag,
  identity: options.identity,
  trace: options.trace,
  from: options.from,
  to: options.to,
  search: options.search,
  since: options.since,
});

/** Prints exchanges, the newest last as in a log. */
export const listExchanges = async (
  options: FilterOptions & { readonly limit?: number; readonly json?: boolean },
  settings: Settings,
): Promise<number> => {
  const query = { ...filterQuery(options), limit: options.limit };
  const page = await connectAdmin(options, settings).get('/journal', { query });
  if (options.json === true) process.stdout.write(formatJson(page));
  else {
    const lines = [...page.entries]
      .reverse()
      .map((exchange) => exchangeLine(exchange, process.stdout.isTTY === true));
    writeStyled(`${[...lines, ...listNotes(page), ''].join('\n')}`);
  }
  return exitCodes.ok;
};

/** What a list does not show, and why. */
const listNotes = (page: JournalPage): string[] => {
  const notes: readonly (readonly [count: number, sentence: string])[] = [
    [page.total - page.entries.length, 'older exchanges match too; show more with --limit'],
    [page.evicted, 'exchanges are no longer in the journal'],
    [page.pendingDiagnoses, 'exchanges have no diagnosis yet; "journal show" makes it at once'],
    [page.undiagnosed, 'exchanges left the journal before they were diagnosed'],
  ];
  return notes.flatMap(([count, sentence]) => (count > 0 ? [`${count} ${sentence}`] : []));
};

/** Writes exchanges as HTTP Archive. */
export const exportExchanges = async (
  options: FilterOptions & { readonly out?: string },
  settings: Settings,
): Promise<number> => {
  const query = filterQuery(options);
  const har = await connectAdmin(options, settings).get('/journal/har', { query });
  writeOut(formatJson(har), options.out);
  return exitCodes.ok;
};

const colours: Readonly<Record<string, number>> = { S: 32, F: 31, U: 33 };

/**
 * Formats an exchange as one line, its texts escaped.
 * @param isTerminal whether the result may be coloured
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
    delivery,
    tags,
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
    ...(step === 'decide' ? [] : [`${translateOutput('at')} ${printableLine(step)}`]),
    `${milliseconds} ms`,
    ...(delivery.complete ? [] : [describeShortfall(delivery)]),
    ...tags.map((tag) => `[${printableLine(tag)}]`),
    ...findings.map(printableLine),
    ...(diagnosisPending === true ? ['PENDING'] : []),
  ].join('  ');
};

/** What is missing of an answer, and who closed the connection. */
const describeShortfall = ({ bytes, endedBy }: ExchangeSummary['delivery']): string => {
  const sent = bytes === 0 ? 'nothing sent' : `cut after ${bytes} bytes`;
  return endedBy === 'keptAlive' ? sent : `${sent}, closed by the ${endedBy}`;
};

export interface TailOptions extends AdminOptions {
  readonly client?: string;
  readonly json?: boolean;
}

const reconnectDelayMs = 1000;

/**
 * Prints exchanges as they come, until it is stopped. After a lost connection it resumes with the
 * event after the last one.
 */
export const tailExchanges = async (options: TailOptions, settings: Settings): Promise<number> => {
  const stopped = new AbortController();
  void stopSignal().then(() => stopped.abort());
  const admin = connectAdmin(options, settings);
  const path = `/events${queryText({ clientId: options.client })}`;
  const open = (lastEventId: string | undefined) =>
    admin.send('GET', path, {
      signal: stopped.signal,
      headers: omitUndefined({ 'last-event-id': lastEventId }),
    });
  let lastEventId: string | undefined;
  // Only the first connection must succeed: a lost one is retried.
  let response: Response | undefined = await open(undefined);
  while (!stopped.signal.aborted) {
    try {
      for await (const events of readEvents(response?.body ?? null))
        for (const event of events) {
          lastEventId = event.id ?? lastEventId;
          printEvent(event, options.json === true);
        }
    } catch (error) {
      if (!stopped.signal.aborted)
        printWarning(`connection lost: ${errorMessage(error)}. Trying again each second.`);
    }
    await wait(reconnectDelayMs, undefined, { signal: stopped.signal }).catch(() => {});
    response = stopped.signal.aborted ? undefined : await open(lastEventId).catch(() => undefined);
  }
  return exitCodes.ok;
};

const printEvent = ({ name, data }: ServerEvent, asJson: boolean): void => {
  if (name === 'gap') printWarning(`exchanges are missing here: ${data}`);
  // An exchange that came before its diagnosis is printed again, with its finding.
  if (name !== 'exchange' && name !== 'diagnosis') return;
  if (asJson) process.stdout.write(`${data}\n`);
  else {
    // The admin API's document gives this event the type of a summary.
    const exchange = JSON.parse(data) as ExchangeSummary;
    writeStyled(`${exchangeLine(exchange, process.stdout.isTTY === true)}\n`);
  }
};
