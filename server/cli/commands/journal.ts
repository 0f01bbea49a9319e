import { setTimeout as wait } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { queryText } from '../../../sdk/admin/admin-client.ts';
import { readEvents, type ServerEvent } from '../../../sdk/admin/event-stream.ts';
import type { Exchange, ExchangeSummary, JournalPage } from '../../admin/types.gen.ts';
import { padColumn } from '../../conformance/report/translate.ts';
import { mistakeSentence } from '../../doctor/render-diagnosis.ts';
import { translateServerText } from '../../domain/chinese/server-texts.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { clipText, printableLine } from '../../problems/display-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { type AdminOptions, addAdminOptions, connectAdmin } from '../admin.ts';
import {
  errorMessage,
  exitCodes,
  formatJson,
  printWarning,
  translateOutput,
  writeOut,
  writeStyled,
} from '../input-output.ts';
import {
  collectStatus,
  type Finish,
  parseTime,
  parseWholeNumber,
  resolveOptionSettings,
} from '../options.ts';
import { stopSignal } from './serve.ts';

/** `alipayhk-mock journal …`: the exchanges of a running simulator. */
export const addJournalCommands = (program: Command, finish: Finish): void => {
  const journal = program
    .command('journal')
    .description('list, follow, show and export what a running simulator received and answered')
    .addHelpText('after', journalExamples);

  withFilters(
    addAdminOptions(journal.command('list').description('list exchanges, the newest last')),
  )
    .option('--limit <n>', 'maximum number of exchanges', parseWholeNumber(1, 1000), 50)
    .option('--json', 'print JSON')
    .action(async (options: FilterOptions, command: Command) =>
      finish(await listExchanges(options, resolveOptionSettings(command))),
    );

  addAdminOptions(
    journal.command('tail').description('print exchanges as they arrive, until stopped'),
  )
    .option('--client <id>', 'only this client’s')
    .option('--json', 'print JSON, an exchange a line')
    .action(async (options: TailOptions, command: Command) =>
      finish(await tailExchanges(options, resolveOptionSettings(command))),
    );

  addAdminOptions(
    journal
      .command('show')
      .description('show an exchange: steps, diagnosis, state before and after, headers, bodies'),
  )
    .argument('<id>', 'Tracer-Id of the response, or number of the exchange')
    .option('--curl', 'print the curl line that sends it again')
    .option('--json', 'print JSON, as "doctor" reads it')
    .action(async (id: string, options: ShowOptions, command: Command) =>
      finish(await showExchange(id, options, resolveOptionSettings(command))),
    );

  withFilters(
    addAdminOptions(
      journal
        .command('export')
        .description('write exchanges as an HTTP Archive, which browsers and other tools open'),
    ),
  )
    .addOption(new Option('--har', 'as HTTP Archive 1.2, the only format').default(true).hideHelp())
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (options: FilterOptions, command: Command) =>
      finish(await exportExchanges(options, resolveOptionSettings(command))),
    );
};

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  value,
];

/** Adds what narrows a list of exchanges. */
export const withFilters = (command: Command): Command =>
  command
    .option('--client <id>', 'of this client')
    .option('--operation <name>', 'of this operation; repeatable', collect)
    .option('--code <code>', 'with this result code; repeatable', collect)
    .option('--status <S|F|U>', 'with this result status; repeatable', collectStatus)
    .option('--step <name>', 'decided or refused at this step; repeatable', collect)
    .option('--finding <id>', 'with this finding; repeatable', collect)
    .option('--tag <tag>', 'duplicate, mismatch, stale, scripted, …; repeatable', collect)
    .option('--identity <text>', 'about this order, account, binding, card')
    .option('--trace <id>', 'of this trace, by its traceparent; repeatable', collect)
    .option('--from <time>', 'received then or later, ISO 8601', parseTime)
    .option('--to <time>', 'received before then', parseTime)
    .option('--search <text>', 'with this text in id, identity, path or reason')
    .option('--since <number>', 'with a greater number', parseWholeNumber(0, 1e15));

const journalExamples = `
Examples:
  alipayhk-mock journal tail
  alipayhk-mock journal list --code INVALID_SIGNATURE --limit 5
  alipayhk-mock journal show 17                      steps, finding, state before and after
  alipayhk-mock journal show 17 --curl | sh          send it again
  alipayhk-mock journal show 17 --json | alipayhk-mock doctor -
  alipayhk-mock journal export --har --out exchanges.har

Exit codes: 0 done, 2 no answer, or unknown exchange.`;

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
const listExchanges = async (
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
const exportExchanges = async (
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

interface TailOptions extends AdminOptions {
  readonly client?: string;
  readonly json?: boolean;
}

const reconnectDelayMs = 1000;

/**
 * Prints exchanges as they come, until it is stopped. After a lost connection it resumes with the
 * event after the last one.
 */
const tailExchanges = async (options: TailOptions, settings: Settings): Promise<number> => {
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

interface ShowOptions extends AdminOptions {
  readonly json?: boolean;
  readonly curl?: boolean;
}

/** Prints an exchange in full, or the curl line that sends it again. */
const showExchange = async (
  id: string,
  options: ShowOptions,
  settings: Settings,
): Promise<number> => {
  const admin = connectAdmin(options, settings);
  const path = { id };
  if (options.curl === true) {
    process.stdout.write(await admin.get('/journal/{id}/curl', { path }));
    return exitCodes.ok;
  }
  const exchange = await admin.get('/journal/{id}', { path });
  if (options.json === true) process.stdout.write(formatJson(exchange));
  else {
    writeStyled(`${exchangeLine(exchange, process.stdout.isTTY === true)}\n`);
    process.stdout.write(`${renderExchange(exchange, settings.language)}\n`);
  }
  return exitCodes.ok;
};

const renderExchange = (exchange: Exchange, lang: Settings['language']): string =>
  [
    `Tracer-Id ${exchange.id}`,
    `${translateText(exchange.reason, lang)}${exchange.basis.length === 0 ? '' : ` (${namedBasis(exchange)})`}`,
    ...(exchange.rule === undefined ? [] : [translateOutput(`scripted by ${exchange.rule}`)]),
    ...titledSection(
      'Steps',
      exchange.steps.map(
        ({ name, microseconds, refused }) =>
          `${name.padEnd(18)} ${String(microseconds).padStart(8)} µs${refused ? `  ${translateOutput('refused')}` : ''}`,
      ),
    ),
    ...titledSection('Delivery', deliveryLines(exchange)),
    ...titledSection('Diagnosis', doctorLines(exchange, lang)),
    ...titledSection(
      'Notes',
      exchange.notes.map(({ id, sentence }) => `${id}: ${translateText(sentence, lang)}`),
    ),
    ...titledSection(
      'State',
      exchange.changes.map(
        ({ kind, collection, id, ...values }) =>
          `${translateOutput(kind)} ${collection} ${id}` +
          ('before' in values
            ? describeValues(values)
            : ` (${translateOutput('from an encrypted body')})`),
      ),
    ),
    ...titledSection(`${exchange.method} ${exchange.target}`, messageLines(exchange.request)),
    ...titledSection(`HTTP ${exchange.reply.httpStatus}`, messageLines(exchange.reply)),
  ].join('\n');

/** In the language asked for, as far as the sentence is known. */
const translateText = (text: string, lang: Settings['language']): string =>
  (lang === 'en' ? undefined : translateServerText(text)) ?? translateOutput(text);

/** What has left of the answer and when, counted from the head of the request. */
const deliveryLines = ({
  arrival,
  requestCompleteUs,
  connection,
  delivery,
}: Exchange): string[] => {
  const { bytes, complete, endedBy, firstByteUs, lastByteUs, endedUs } = delivery;
  const moments: readonly (readonly [name: string, atUs: number | undefined])[] = [
    ['request complete', requestCompleteUs],
    ['first byte sent', firstByteUs],
    ['last byte sent', lastByteUs],
    [endings[endedBy], endedUs],
  ];
  return [
    translateOutput(
      `${complete ? 'complete' : bytes === 0 ? 'nothing sent' : 'incomplete'}, ${bytes} bytes, ` +
        `connection ${connection.ordinal}, request ${connection.position} on it`,
    ),
    ...moments.map(([name, atUs]) =>
      atUs === undefined
        ? `${padName(name)}    ${translateOutput('never')}`
        : `${padName(name)} ${((atUs - arrival.atUs) / 1000).toFixed(1).padStart(8)} ms`,
    ),
  ];
};

const padName = (name: string): string => padColumn(translateOutput(name), 20);

const endings: Readonly<Record<Exchange['delivery']['endedBy'], string>> = {
  keptAlive: 'connection kept',
  server: 'closed by the server',
  client: 'closed by the client',
};

const describeValues = ({ before, after }: { before?: unknown; after?: unknown }): string =>
  `\n    ${translateOutput('before')} ${JSON.stringify(before)}` +
  `\n    ${translateOutput('after').padEnd(translateOutput('before').length)} ${JSON.stringify(after)}`;

const namedBasis = ({ basis, observed = [] }: Exchange): string =>
  basis.map((row) => (observed.includes(row) ? `${row} observed` : row)).join(', ');

const titledSection = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', translateOutput(title), ...lines.map((line) => `  ${line}`)];

const doctorLines = ({ diagnosis }: Exchange, lang: Settings['language']): string[] => {
  if (diagnosis === undefined) return [];
  const { cause, evidence, difference } = diagnosis;
  return [
    ...(cause === undefined
      ? [translateText('no cause was proved', lang)]
      : [
          `${cause.id}: ${mistakeSentence(cause, lang)}${cause.detail === undefined ? '' : ` (${cause.detail})`}`,
        ]),
    ...evidence.map((line) => translateText(line, lang)),
    ...(difference?.split('\n') ?? []),
  ];
};

const messageLines = (message: Exchange['request'] | Exchange['reply']): string[] => {
  const { headerLines, opened } = message;
  const text = 'bodyText' in message ? message.bodyText : undefined;
  return [
    ...headerLines.map(([name, value]) => printableLine(`${name}: ${value}`)),
    '',
    ...(text ?? `(${message.bytes} bytes, not text)`).split('\n'),
    ...(opened === undefined
      ? []
      : [
          '',
          'text' in opened
            ? `${translateOutput('decrypted')}: ${opened.text}`
            : translateOutput(
                'decrypted: (redacted; shown with --journal-plaintext on the server)',
              ),
        ]),
  ];
};
