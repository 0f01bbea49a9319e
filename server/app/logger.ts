import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Settings } from '../domain/settings/settings-table.ts';
import { formatCause } from '../journal/exchange-views.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { traceExchange } from '../journal/trace-context.ts';
import { clipText, printable, printableLine } from '../problems/display-text.ts';
import { makeFolder } from '../problems/read-file.ts';
import { writeUtc } from '../protocol/timestamps.ts';

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

/** What a reader that has stopped reading may leave in memory. */
const maxWaitingBytes = 1024 * 1024;

/** How long the end of the process waits for a slow reader to take the last lines. */
const flushTimeoutMs = 1000;

/**
 * Where log lines go. Never throws and never blocks on a reader: a line that cannot be written is
 * dropped and counted.
 */
export interface LogOutput {
  write(lines: string): void;
  /**
   * Ends the output, after what is written in this turn of the event loop. @returns whether the
   * process can end by itself: not while a reader that has stopped reading holds the rest
   */
  close(): Promise<boolean>;
  /** Whether lines were dropped since the output was opened. */
  readonly hasLostLines: boolean;
}

/** Called once when lines are being dropped, and at the end with how many they were. */
type OnLogTrouble = (sentence: string) => void;

/**
 * Log lines on standard output: a file is written at once, a pipe or terminal as fast as it is
 * read.
 */
export const standardOutput = (onWarning: OnLogTrouble = tellStandardError): LogOutput => {
  // Where nothing can be found out about it (a closed descriptor), writing fails and is counted.
  const isFile = (() => {
    try {
      const stat = fstatSync(1);
      return stat.isFile() || stat.isCharacterDevice();
    } catch {
      return true;
    }
  })();
  const drops = new Drops('standard output', onWarning);
  return isFile && process.stdout.isTTY !== true
    ? new FileOutput(() => 1, drops)
    : new StreamOutput(process.stdout, drops);
};

/**
 * Log lines appended to a file, whose folder is made. @throws when the file cannot be opened for
 * another reason than a full disk
 */
export const fileOutput = (
  path: string,
  onWarning: OnLogTrouble = tellStandardError,
): LogOutput => {
  const open = (): number => {
    makeFolder(dirname(path));
    // Without blocking: nothing may read a named pipe.
    return openSync(
      path,
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0),
      0o666,
    );
  };
  let descriptor: number | undefined;
  try {
    descriptor = open();
  } catch (error) {
    if (!isFullDisk(error)) throw error;
  }
  return new FileOutput(
    () => (descriptor ??= open()),
    new Drops(path, onWarning),
    () => descriptor !== undefined && closeSync(descriptor),
  );
};

const isFullDisk = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code));

/** Counts what could not be written, and reports it once until lines can be written again. */
class Drops {
  readonly #name: string;
  readonly #onWarning: OnLogTrouble;
  #isReported = false;
  #sinceReport = 0;
  #total = 0;

  constructor(name: string, onWarning: OnLogTrouble) {
    this.#name = name;
    this.#onWarning = onWarning;
  }

  get hasLines(): boolean {
    return this.#total > 0;
  }

  add(lines: string, reason: string): void {
    this.#total += countLines(lines);
    this.#sinceReport += countLines(lines);
    if (this.#isReported) return;
    this.#isReported = true;
    this.#onWarning(
      `warning: log lines cannot be written to ${this.#name}: ${reason}. They are dropped and ` +
        'counted, requests are still answered. Make room, or let something read the log.',
    );
  }

  /** A line for the log, once it can be written again, about what is missing before it. */
  takeGap(): string {
    if (this.#sinceReport === 0) return '';
    const msg = `${this.#sinceReport} log lines are missing here: they could not be written`;
    this.#sinceReport = 0;
    return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), msg })}\n`;
  }

  reportTotal(): void {
    if (this.#total > 0)
      this.#onWarning(
        `warning: ${this.#total} log lines were dropped: they could not be written to ` +
          this.#name,
      );
  }
}

const countLines = (lines: string): number => lines.split('\n').length - 1;

/** Writes in one go, to what takes bytes without waiting for a reader. */
class FileOutput implements LogOutput {
  readonly #descriptor: () => number;
  readonly #drops: Drops;
  readonly #onClose: () => void;
  /** Whether the last line was written in part. */
  #isTorn = false;

  constructor(descriptor: () => number, drops: Drops, onClose: () => void = () => {}) {
    this.#descriptor = descriptor;
    this.#drops = drops;
    this.#onClose = onClose;
  }

  get hasLostLines(): boolean {
    return this.#drops.hasLines;
  }

  write(lines: string): void {
    const gap = this.#drops.takeGap();
    const bytes = Buffer.from(`${this.#isTorn ? '\n' : ''}${gap}${lines}`);
    let written = 0;
    try {
      const descriptor = this.#descriptor();
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      this.#isTorn = false;
    } catch (error) {
      this.#isTorn = written === 0 ? this.#isTorn : bytes[written - 1] !== newline;
      this.#drops.add(bytes.toString('utf8', written), describeReason(error));
    }
  }

  async close(): Promise<boolean> {
    await nextTurn();
    this.#drops.reportTotal();
    this.#onClose();
    return true;
  }
}

const newline = 10;

/** Hands lines to a stream while its reader keeps up. */
class StreamOutput implements LogOutput {
  readonly #stream: NodeJS.WriteStream;
  readonly #drops: Drops;
  /** Why nothing can be written any more. */
  #failure: string | undefined;

  constructor(stream: NodeJS.WriteStream, drops: Drops) {
    this.#stream = stream;
    this.#drops = drops;
    // Other commands end with the reader of their output; a server keeps running.
    stream.removeAllListeners('error').on('error', (error: unknown) => {
      this.#failure = describeReason(error);
    });
  }

  get hasLostLines(): boolean {
    return this.#drops.hasLines;
  }

  write(lines: string): void {
    if (this.#failure !== undefined) this.#drops.add(lines, this.#failure);
    else if (this.#stream.writableLength + lines.length > maxWaitingBytes)
      this.#drops.add(lines, 'its reader has stopped reading');
    // As bytes: lines are escaped where they are written, and text would be escaped again, colours
    // included.
    else this.#stream.write(Buffer.from(this.#drops.takeGap() + lines));
  }

  async close(): Promise<boolean> {
    await nextTurn();
    const isFlushed = () => this.#failure !== undefined || this.#stream.writableLength === 0;
    const deadline = performance.now() + flushTimeoutMs;
    while (!isFlushed() && performance.now() < deadline) await wait(20);
    this.#drops.reportTotal();
    return isFlushed();
  }
}

const describeReason = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Standard error may be the same full disk or unread pipe. */
const tellStandardError = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
};
