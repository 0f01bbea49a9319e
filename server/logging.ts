import { pino } from 'pino';
import pretty from 'pino-pretty';
import type { Settings } from './config/settings-table.ts';
import type { JournalEntry } from './journal/journal-entry.ts';
import { printableLine } from './protocol/printable-text.ts';
import { clipText } from './text/clip-text.ts';

type Destination = ReturnType<typeof pino.destination>;

export type Logger = ReturnType<typeof pino>;

/** JSON lines, or readable text on a terminal; to standard output, or to a file. No line is lost or overtaken at exit. */
export const createLogger = (
  { logFormat, logLevel }: Pick<Settings, 'logFormat' | 'logLevel'>,
  isTerminal: boolean,
  file?: string,
): Logger => {
  const options = {
    level: logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const readable = logFormat === 'pretty' || (logFormat === 'auto' && isTerminal);
  return readable
    ? pino(options, pretty({ sync: true, colorize: isTerminal, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l', hideObject: true }))
    : pino(options, inTurns(pino.destination({ sync: true, ...(file === undefined ? {} : { dest: file, mkdir: true }) })));
};

/** Writes once what the exchanges of one turn of the event loop have said, and the rest when the process ends. */
const inTurns = (destination: Destination): { write(line: string): void } => {
  let lines = '';
  const flush = (): void => {
    if (lines !== '') destination.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return {
    write: (line) => {
      if (lines === '') setImmediate(flush);
      lines += line;
    },
  };
};

/** One line an exchange. What stood in a sealed body stays out of it. */
export const logExchange = (logger: Logger, entry: JournalEntry, error?: unknown): void => {
  const { verdict, operation, clientId, marks, findings, milliseconds } = entry;
  const level = error !== undefined ? 'error' : verdict.status === 'S' ? 'info' : 'warn';
  const cause = entry.diagnosis?.cause;
  const found = cause === undefined ? '' : `. ${cause.id}: ${cause.sentence}${cause.detail === undefined ? '' : ` (${cause.detail})`}`;
  const reason =
    entry.sealed && verdict.step !== 'decide' ? 'the reason is in the journal only: the body was sealed' : verdict.reason + found;
  const what = [
    operation ?? `${entry.method} ${clipText(entry.target, 80)}`,
    verdict.code,
    `(${verdict.status})`,
    ...marks.map((mark) => `[${mark}]`),
  ].join(' ');
  logger[level](
    {
      tracerId: entry.id,
      ...(clientId === undefined ? {} : { clientId }),
      ...(operation === undefined ? {} : { operation }),
      code: verdict.code,
      status: verdict.status,
      ...(cause === undefined ? {} : { finding: cause.id }),
      step: verdict.step,
      basis: verdict.basis,
      ...(marks.length > 0 ? { marks } : {}),
      ...(findings.length > 0 ? { findings: findings.map(({ id }) => id) } : {}),
      milliseconds,
      ...(error === undefined ? {} : { err: error }),
    },
    printableLine(`${what} ${milliseconds} ms: ${verdict.step === 'decide' ? '' : `${verdict.step}: `}${reason}`),
  );
};
