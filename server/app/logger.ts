import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Settings } from '../domain/settings/settings-table.ts';
import { formatCause } from '../journal/exchange-json.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { traceExchange } from '../journal/trace-context.ts';
import { clipText, printable, printableLine } from '../problems/display-text.ts';
import { writeUtc } from '../protocol/timestamps.ts';
import type { LogOutput } from './log-output.ts';

export type Logger = ReturnType<typeof pino>;

/**
 * Logs JSON lines, or readable text on a terminal, in order. Control characters are escaped in
 * both: a log file is read on a terminal too.
 */
export const createLogger = (
  { logFormat, logLevel }: Pick<Settings, 'logFormat' | 'logLevel'>,
  isTerminal: boolean,
  output: Pick<LogOutput, 'write'>,
): Logger => {
  const options = {
    level: logLevel,
    base: null,
    timestamp: () => `,"time":"${writeUtc(Date.now())}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (!isReadableLog({ logFormat }, isTerminal))
    return pino(options, batchByTurn({ write: (lines) => output.write(printable(lines)) }));
  const format = prettyFactory({
    colorize: isTerminal,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
    hideObject: true,
    messageFormat: (line, key) => printableLine(String(line[key])),
  });
  return pino(options, { write: (line) => output.write(format(line)) });
};

/** Whether the log is text for people, not JSON for programs. */
export const isReadableLog = (
  { logFormat }: Pick<Settings, 'logFormat'>,
  isTerminal: boolean,
): boolean => logFormat === 'pretty' || (logFormat === 'auto' && isTerminal);

/** Writes the lines of one turn of the event loop together, and the rest when the process ends. */
const batchByTurn = (output: Pick<LogOutput, 'write'>): { write(line: string): void } => {
  let lines = '';
  const flush = (): void => {
    if (lines !== '') output.write(lines);
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

export interface LogExchangeOptions {
  readonly error?: unknown;
  /** Rows of the register that a calibration observed. */
  readonly observed?: ReadonlySet<string>;
}

/** Logs one line an exchange. The content of an encrypted body is left out. */
export const logExchange = (
  logger: Logger,
  entry: JournalEntry,
  { error, observed }: LogExchangeOptions = {},
): void => {
  const { verdict, operation, clientId, tags, findings, milliseconds } = entry;
  const seen = observed === undefined ? [] : verdict.basis.filter((row) => observed.has(row));
  const level = error !== undefined ? 'error' : verdict.status === 'S' ? 'info' : 'warn';
  const found = loggedFinding(entry);
  const trace = traceExchange(entry);
  const reason =
    entry.sealed && verdict.step !== 'decide'
      ? 'the reason is in the journal only: the body was sealed'
      : verdict.reason + (found === undefined ? '' : `. ${found.text}`);
  const tagged = tags.length === 0 ? '' : tags.map((tag) => ` [${tag}]`).join('');
  const name = operation ?? `${entry.method} ${clipText(entry.target, 80)}`;
  logger[level](
    {
      tracerId: entry.id,
      clientId,
      operation,
      code: verdict.code,
      status: verdict.status,
      finding: found?.id,
      step: verdict.step,
      basis: verdict.basis,
      observed: seen.length > 0 ? seen : undefined,
      tags: tags.length > 0 ? tags : undefined,
      findings: findings.length > 0 ? findings.map(({ id }) => id) : undefined,
      milliseconds,
      trace_id: trace?.traceId,
      span_id: trace?.spanId,
      err: error,
    },
    printableLine(
      `${name} ${verdict.code} (${verdict.status})${tagged} ${milliseconds} ms: ` +
        `${verdict.step === 'decide' ? '' : `${verdict.step}: `}${reason}`,
    ),
  );
};

/** The finding of an exchange that was logged before its diagnosis was made. */
export const logDiagnosis = (logger: Logger, entry: JournalEntry): void => {
  const found = loggedFinding(entry);
  if (found === undefined) return;
  const { id, number, clientId, operation, verdict, sealed } = entry;
  logger.warn(
    {
      tracerId: id,
      clientId,
      operation,
      code: verdict.code,
      finding: found.id,
    },
    printableLine(
      `diagnosis of exchange ${number} (${id}): ` +
        (sealed ? `${found.id}; the rest is in the journal only: the body was sealed` : found.text),
    ),
  );
};

const loggedFinding = ({
  diagnosis,
  pendingDiagnosis,
}: JournalEntry): { readonly id: string; readonly text: string } | undefined => {
  if (diagnosis !== undefined)
    return { id: diagnosis.cause?.id ?? 'UNEXPLAINED', text: formatCause(diagnosis) };
  if (pendingDiagnosis === undefined) return undefined;
  return {
    id: 'PENDING',
    text: `PENDING: the diagnosis is logged later (${pendingDiagnosis.pendingInAll} pending)`,
  };
};

const repeatIntervalMs = 10_000;

/**
 * Passes a repeated message on at most once in ten seconds, with the number of those left out: a
 * flood must not flood the log. When it is over, the last ones are still reported.
 */
export const throttleRepeats = (
  log: (message: string) => void,
  monotonicNow: () => number = () => performance.now(),
): ((message: string) => void) => {
  const logged = new Map<string, { at: number; leftOut: number; timer?: NodeJS.Timeout }>();
  const logNow = (message: string, leftOut: number): void => {
    clearTimeout(logged.get(message)?.timer);
    logged.set(message, { at: monotonicNow(), leftOut: 0 });
    log(leftOut === 0 ? message : `${message}; ${leftOut} times more since it was last logged`);
  };
  return (message) => {
    const before = logged.get(message);
    if (before === undefined || monotonicNow() - before.at >= repeatIntervalMs)
      return logNow(message, before?.leftOut ?? 0);
    before.leftOut++;
    before.timer ??= setTimeout(() => logNow(message, before.leftOut), repeatIntervalMs).unref();
  };
};
