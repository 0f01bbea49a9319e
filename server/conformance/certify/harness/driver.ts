import * as z from 'zod';
import { clipText } from '../../../problems/display-text.ts';
import { tryParseJsonObject } from '../../../problems/json-text.ts';
import { isRecord, omitUndefined } from '../../../problems/plain-object.ts';
import { checkValue } from '../../../problems/schema-issues.ts';
import { abortAfter } from '../../../protocol/http-call.ts';
import {
  type Claim,
  type ClaimedOutcome,
  claimedOutcomes,
  type DriveMode,
  driverProtocol,
  type Job,
  type JobConnection,
  type JobEnd,
  type MessageClaim,
} from '../types.ts';
import type { Sandbox } from './sandbox.ts';

/** A job for a driver, and how long and under what conditions it may work on it. */
export interface JobRequest {
  readonly job: Job;
  readonly connection: JobConnection;
  /** An empty folder of the case, the same for all of its jobs. */
  readonly stateFolder: string;
  /** Only with `--reveal`. */
  readonly caseName: string | undefined;
  readonly deadlineMs: number;
  /** Ends the process at once, because the case says so. */
  readonly kill: AbortSignal;
  /** The run is over. */
  readonly stop: AbortSignal;
  /**
   * Waits for a request of the case with another body than those before the job, and for its end.
   * @returns false: aborted
   */
  readonly awaitMessage: (signal: AbortSignal) => Promise<boolean>;
}

/** What came of a job; microseconds of the journal's monotonic clock. */
export interface JobResult {
  readonly claim?: Claim | undefined;
  readonly claimedUs?: number | undefined;
  readonly claimedBy?: 'report' | 'exit-code' | undefined;
  readonly end: JobEnd;
  readonly endedUs: number;
  readonly remarks: readonly string[];
  readonly log: string;
}

/** Makes the merchant's application send. */
export interface Driver {
  readonly mode: DriveMode;
  /** Whether the end of a job is the end of all that could send for it. */
  readonly endsWithJob: boolean;
  /**
   * Never rejects for what the driver does wrong: that is in the result.
   * @throws DriverUnavailableError when it cannot be reached or run at all
   */
  readonly give: (request: JobRequest) => Promise<JobResult>;
  /** Ends it, and whatever it left. */
  readonly close: () => Promise<void>;
}

/** The command cannot be run, or nothing answers at the hook's address. */
export class DriverUnavailableError extends Error {
  readonly code: 'CANNOT_RUN' | 'HOOK_UNAVAILABLE';
  readonly remedy: string;

  constructor(code: DriverUnavailableError['code'], message: string, remedy: string) {
    super(message);
    this.name = 'DriverUnavailableError';
    this.code = code;
    this.remedy = remedy;
  }
}

/** Variables of certify itself that a driver has no use for, or must not know. */
const withheld = /^ALIPAYHK_(MOCK_|ADMIN_|CERTIFY)/;

const inheritedVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !withheld.test(name)));

/** Where a driver may write its report. */
export const resultFile = ({ stateFolder, job }: JobRequest): string =>
  `${stateFolder}.${job.job}.result`;

/** The environment of a driver that runs once for each job. */
export const jobEnvironment = (request: JobRequest): NodeJS.ProcessEnv => {
  const { connection, stateFolder, deadlineMs, caseName } = request;
  const versions = Object.keys(connection.platformKeys).map(Number);
  const newest = String(Math.max(...versions));
  return {
    ...commonEnvironment(connection.pauseFactor, deadlineMs),
    ALIPAYHK_BASE_URL: connection.baseUrl,
    ALIPAYHK_CLIENT_ID: connection.clientId,
    ALIPAYHK_PRIVATE_KEY: connection.privateKey,
    ALIPAYHK_KEY_VERSION: String(connection.keyVersion),
    ALIPAYHK_PLATFORM_KEY: connection.platformKeys[newest] ?? '',
    ALIPAYHK_PLATFORM_KEYS: JSON.stringify(connection.platformKeys),
    ALIPAYHK_CERTIFY_STATE: stateFolder,
    ALIPAYHK_CERTIFY_RESULT: resultFile(request),
    ...omitUndefined({ ALIPAYHK_CERTIFY_CASE: caseName }),
  };
};

/** What does not depend on the job. */
export const commonEnvironment = (pauseFactor: number, deadlineMs: number): NodeJS.ProcessEnv => ({
  ...inheritedVariables(),
  ALIPAYHK_CERTIFY: String(driverProtocol),
  ALIPAYHK_CERTIFY_PAUSE_FACTOR: String(pauseFactor),
  ALIPAYHK_CERTIFY_DEADLINE_MS: String(deadlineMs),
});

interface PassiveDriverOptions {
  readonly sandbox: Pick<Sandbox, 'nowUs'>;
  /** Shows a person what to do. */
  readonly ask: (text: string) => void;
  /** How long a person or a test suite has to make the application send. */
  readonly waitMs: number;
}

/**
 * Gives its jobs to a person, in words, and waits for the message: a late repetition of an earlier
 * one is not what was asked for. Nothing is claimed: what is judged is the wire alone.
 */
export const createPassiveDriver = ({ sandbox, ask, waitMs }: PassiveDriverOptions): Driver => ({
  mode: 'passive',
  endsWithJob: false,
  give: async ({ job, stop, awaitMessage }: JobRequest): Promise<JobResult> => {
    const { nowUs } = sandbox;
    // Whatever the application does by itself is watched afterwards.
    if (job.action !== 'send' && job.action !== 'sendAll') return watchedResult(nowUs());
    ask(describeJob(job));
    return (await awaitMessage(abortAfter(waitMs, stop)))
      ? watchedResult(nowUs())
      : {
          end: { kind: 'not-given', problem: 'no new message arrived in time' },
          endedUs: nowUs(),
          remarks: [],
          log: '',
        };
  },
  close: () => Promise.resolve(),
});

const watchedResult = (endedUs: number): JobResult => ({
  end: { kind: 'watched' },
  endedUs,
  remarks: [],
  log: '',
});

const describeJob = ({ operation, path, sealed, message, messages = [] }: Job): string => {
  const all = message === undefined ? messages : [message];
  const what = all.length === 1 ? 'this message' : `these ${all.length} messages, in this order`;
  return [
    `Make your application send ${what} with ${operation}${sealed ? ', encrypted' : ''}`,
    `(POST ${path}), or one of its own like it that was not sent before:`,
    ...all.map((one) => JSON.stringify(one)),
  ].join('\n');
};

/** A line that is longer is no report; it is dropped when it is over. */
const maxLineBytes = 256 * 1024;

/** How much of a log is kept from its beginning, and from its end. */
const keptHeadBytes = 16 * 1024;
const keptTailBytes = 48 * 1024;

const lineFeedByte = 0x0a;

/** Splits bytes into lines, however they arrive, without keeping more than one. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  #pieces: Buffer[] = [];
  #length = 0;
  /** Lines longer than the limit. */
  dropped = 0;
  hasInvalidText = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    let start = 0;
    for (
      let end = chunk.indexOf(lineFeedByte);
      end >= 0;
      end = chunk.indexOf(lineFeedByte, start)
    ) {
      this.#add(chunk.subarray(start, end));
      this.#finishLine();
      start = end + 1;
    }
    this.#add(chunk.subarray(start));
  }

  /** The last line may have no line feed. */
  end(): void {
    if (this.#length > 0) this.#finishLine();
  }

  #add(piece: Buffer): void {
    if (this.#length <= maxLineBytes) this.#pieces.push(piece);
    this.#length += piece.length;
  }

  #finishLine(): void {
    const isTooLong = this.#length > maxLineBytes;
    const bytes = isTooLong ? undefined : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    if (bytes === undefined) {
      this.dropped++;
      return;
    }
    const line = bytes.toString('utf8');
    if (line.includes('\ufffd') && !Buffer.from(line).equals(bytes)) this.hasInvalidText = true;
    this.#onLine(line.trimEnd());
  }
}

/** The beginning and the end of what a process wrote. */
export class BoundedLog {
  #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #omitted = 0;

  write(chunk: Buffer): void {
    const room = Math.max(0, keptHeadBytes - this.#headBytes);
    if (room > 0) {
      const piece = chunk.subarray(0, room);
      this.#head.push(piece);
      this.#headBytes += piece.length;
    }
    const rest = chunk.subarray(room);
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    while (this.#tailBytes - (this.#tail[0]?.length ?? 0) >= keptTailBytes) {
      const { length } = this.#tail.shift() ?? Buffer.alloc(0);
      this.#tailBytes -= length;
      this.#omitted += length;
    }
  }

  /** @param mask removes what must not be shown */
  text(mask: (text: string) => string): string {
    const head = Buffer.concat(this.#head).toString('utf8');
    const tail = Buffer.concat(this.#tail).toString('utf8');
    return mask(
      this.#omitted === 0 ? head + tail : `${head}\n[${this.#omitted} bytes omitted]\n${tail}`,
    );
  }
}

/** The reports among the lines of an output: the last one counts. */
export class ReportReader {
  readonly #lines: LineSplitter;
  #reports = 0;
  #last: ClaimResult | undefined;
  #atUs: number | undefined;

  /** @param nowUs microseconds of the journal's monotonic clock */
  constructor(nowUs: () => number) {
    this.#lines = new LineSplitter((line) => {
      const read = readClaim(line);
      if (read === undefined) return;
      this.#reports++;
      this.#last = read;
      this.#atUs = nowUs();
    });
  }

  write(chunk: Buffer): void {
    this.#lines.write(chunk);
  }

  end(): void {
    this.#lines.end();
  }

  get last(): ClaimResult | undefined {
    return this.#last;
  }

  get atUs(): number | undefined {
    return this.#atUs;
  }

  /** What is odd about the output, in sentences. */
  get remarks(): readonly string[] {
    const { dropped, hasInvalidText } = this.#lines;
    return [
      this.#reports > 1 ? `wrote ${this.#reports} reports; the last one counts` : '',
      hasInvalidText ? 'wrote text to stdout that is not UTF-8' : '',
      dropped > 0 ? `wrote ${dropped} lines longer than ${maxLineBytes} bytes; not read` : '',
    ].filter((remark) => remark !== '');
  }
}

const privatePemBlock =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;
const base64Run = /[A-Za-z0-9+/_-]{32,}={0,2}/g;
const maskedKey = '[private key]';

/**
 * Removes private keys from a text: PEM blocks, and the given keys whole or in pieces, as a line
 * that was wrapped holds them.
 * @param keys bare base64
 */
export const maskKeys = (text: string, keys: readonly string[]): string =>
  text
    .replace(privatePemBlock, maskedKey)
    .replace(base64Run, (run) => (keys.some((key) => overlapsKey(run, key)) ? maskedKey : run));

/** Also a run with something before or after the key. */
const overlapsKey = (run: string, key: string): boolean => {
  const plain = run.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  return key.includes(plain) || plain.includes(key.replace(/=+$/, ''));
};

/** A report, or what is wrong with it. */
export type ClaimResult =
  | { readonly claim: Claim; readonly job: string | undefined }
  | { readonly problem: string };

const letterOutcomes: Readonly<Record<string, ClaimedOutcome>> = {
  S: 'SUCCESS',
  F: 'FAILED',
  U: 'UNKNOWN',
};

/** By name, or by the letter that the application has for it. */
const outcomeName = z.preprocess(
  (given) => (typeof given === 'string' ? (letterOutcomes[given] ?? given) : given),
  z.enum(claimedOutcomes),
);
const boundedText = z.string().max(10_000);
const countNumber = z.int().min(0);

/** What is believed of a message. Members that it does not know are the application's own. */
const messageReport = z.object({
  outcome: outcomeName,
  resultCode: boundedText.nullish(),
  reason: boundedText.nullish(),
  nextAttemptInMs: z.number().min(0).nullish(),
  alerted: z.boolean().nullish(),
  observed: z.object({ orderStatus: boundedText.nullish() }).nullish(),
  attempts: countNumber.nullish(),
  pausesScaled: z.boolean().nullish(),
  requestId: boundedText.nullish(),
});

/** An outbox may have more open than the case has messages: the application's own. */
const maxOutcomes = 1000;

const report = messageReport.extend({
  job: boundedText.optional(),
  resent: countNumber.nullish(),
  outcomes: z
    .array(messageReport.extend({ message: z.int().min(1).nullish() }))
    .max(maxOutcomes)
    .nullish(),
});

/**
 * Reads a driver's report.
 * @returns undefined where the text is no report at all: another line of the log
 */
export const readClaim = (line: string): ClaimResult | undefined => {
  const value = parseReport(line);
  if (value === undefined) return undefined;
  const checked = checkValue(report, value);
  if ('issues' in checked) {
    const [issue] = checked.issues;
    const member = issue?.path.join('.');
    return { problem: `${member}: ${issue?.message ?? 'is unusable'} (${clipText(line, 120)})` };
  }
  const { job, observed, outcomes, ...rest } = checked.data;
  return {
    job,
    claim: {
      ...withoutNull(rest),
      outcome: checked.data.outcome,
      ...(observed ? { observed: { orderStatus: observed.orderStatus ?? undefined } } : {}),
      ...(outcomes ? { outcomes: outcomes.map(toMessageClaim) } : {}),
    },
  };
};

const parseReport = (line: string): object | undefined => {
  if (!line.trimStart().startsWith('{')) return undefined;
  const value = tryParseJsonObject(line);
  if (value === undefined || 'outcome' in value) return value;
  const { outcomes } = value;
  return Array.isArray(outcomes) ? { ...worstReport(outcomes), ...value } : undefined;
};

/** From the worst, by name or letter. */
const severityOrder = ['ERROR', 'UNSUPPORTED', 'UNKNOWN', 'U', 'FAILED', 'F', 'SUCCESS', 'S'];

/** The worst of several outcomes speaks for all; where there are none, nothing is open. */
const worstReport = (outcomes: readonly unknown[]): object => {
  const worst = severityOrder
    .map((name) => outcomes.filter(isRecord).find(({ outcome }) => outcome === name))
    .find((found) => found !== undefined);
  return worst ?? { outcome: 'SUCCESS' };
};

type NotNull<T> = { [K in keyof T]: Exclude<T[K], null> };

const withoutNull = <T extends object>(record: T): NotNull<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as NotNull<T>;

type GivenOutcome = NonNullable<z.infer<typeof report>['outcomes']>[number];

const toMessageClaim = (given: GivenOutcome, index: number): MessageClaim => ({
  message: given.message ?? index + 1,
  outcome: given.outcome,
  resultCode: given.resultCode ?? undefined,
});

const exitOutcomes: Readonly<Record<number, ClaimedOutcome>> = {
  0: 'SUCCESS',
  10: 'FAILED',
  20: 'UNKNOWN',
  77: 'UNSUPPORTED',
};

/** What an exit code says where there is no report; undefined: no opinion. */
export const claimFromExitCode = (code: number): Claim | undefined => {
  const said = exitOutcomes[code];
  return said === undefined ? undefined : { outcome: said };
};
