import type { Exchange } from '../../admin/types.gen.ts';
import { padColumn } from '../../conformance/report/translate.ts';
import { mistakeSentence } from '../../doctor/render-diagnosis.ts';
import { translateServerText } from '../../domain/chinese/server-texts.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { printableLine } from '../../problems/display-text.ts';
import { type AdminOptions, connectAdmin } from '../admin.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatJson, writeStyled } from '../input-output.ts';
import { translateOutput } from '../output-language.ts';
import { exchangeLine } from './journal-list.ts';

export interface ShowOptions extends AdminOptions {
  readonly json?: boolean;
  readonly curl?: boolean;
}

/** Prints an exchange in full, or the curl line that sends it again. */
export const showExchange = async (
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
    process.stdout.write(`${render(exchange, settings.language)}\n`);
  }
  return exitCodes.ok;
};

const render = (exchange: Exchange, lang: Settings['language']): string =>
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
