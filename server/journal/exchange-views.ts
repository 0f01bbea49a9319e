import { createHmac, randomBytes } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Diagnosis } from '../doctor/diagnosis.ts';
import { type DiagnosisJson, diagnosisToJson } from '../doctor/render-diagnosis.ts';
import { isPrintable } from '../problems/display-text.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import { findingIds, isSigned } from './exchange-query.ts';
import type {
  JournalEntry,
  Message,
  OpenExchange,
  Scripted,
  StateChange,
} from './journal-entry.ts';
import { traceExchange } from './trace-context.ts';

/** What a view may show. */
export interface RedactionOptions {
  /** Whether the plaintext of encrypted bodies is shown (setting `journal.plaintext`). */
  readonly plaintext: boolean;
}

/** Everything that is known of an exchange, as plain JSON values. */
export const exchangeToJson = (entry: JournalEntry, showing: RedactionOptions) => ({
  ...summarizeExchange(entry),
  steps: entry.steps,
  basis: entry.verdict.basis,
  notes: entry.findings,
  ...omitUndefined({
    diagnosis: entry.diagnosis && redactDiagnosis(entry, showing),
    scripted: entry.scripted && scriptedToJson(entry.scripted),
  }),
  request: {
    ...messageToJson(entry.request, showing),
    headerLines: redactHeaderLines(entry.request.headerLines),
  },
  reply: {
    httpStatus: entry.reply.httpStatus,
    ...messageToJson(entry.reply, showing),
    headerLines: Object.entries(entry.reply.headers),
  },
  keyVersions: entry.keyVersions,
  ...omitUndefined({ symmetricKeyDigest: entry.symmetricKeyDigest }),
  changes: entry.changes.map((change) => changeToJson(change, entry.sealed && !showing.plaintext)),
});

/** Bytes as text, where they are UTF-8. */
export const decodeText = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const messageToJson = ({ headers, body, plain }: Message, showing: RedactionOptions) => ({
  headers: redactHeaders(headers),
  bodyBase64: body.toString('base64'),
  ...textOfBody(body),
  bytes: body.length,
  ...omitUndefined({ opened: plain && openedToJson(plain, showing) }),
});

const textOfBody = (body: Buffer): { readonly bodyText?: string } => {
  const text = decodeText(body);
  return text === undefined ? {} : { bodyText: text };
};

const openedToJson = (plain: Buffer, { plaintext }: RedactionOptions) => {
  if (!plaintext) return { redacted: true };
  const text = decodeText(plain);
  return {
    redacted: false,
    ...omitUndefined({ text }),
    bodyBase64: plain.toString('base64'),
  };
};

/** Someone may have signed the text that he then sealed: the signed content is that text. */
const redactDiagnosis = (
  { diagnosis, request: received, reply, direction }: JournalEntry,
  { plaintext }: RedactionOptions,
): DiagnosisJson | undefined => {
  if (diagnosis === undefined) return undefined;
  const json = diagnosisToJson(diagnosis);
  // The doctor examines what the merchant has signed.
  const request = direction === 'outbound' ? reply : received;
  const isSealed =
    request.headers['encrypt'] !== undefined || request.headers['encryption'] !== undefined;
  if (plaintext || !isSealed) return json;
  const { difference: _difference, signed, ...rest } = json;
  if (signed === undefined) return rest;
  const { contentBase64: _content, ...read } = signed;
  return { ...rest, signed: read };
};

const scriptedToJson = ({ rule, delivery: { fault, security, delayMs } }: Scripted) => ({
  rule,
  ...omitUndefined({
    fault: fault?.id,
    phase: fault?.phase,
    security: security?.id,
    delayMs: delayMs === 0 ? undefined : delayMs,
  }),
});

const changeToJson = ({ collection, id, before, after }: StateChange, isRedacted: boolean) => ({
  collection,
  id,
  kind: before === null ? 'added' : after === null ? 'removed' : 'changed',
  ...(isRedacted ? { redacted: true } : { before, after }),
});

/** An exchange in a line of a list, as plain JSON values. */
export const summarizeExchange = (entry: JournalEntry) => {
  const { verdict, request, reply, scripted, clientId, operation, identity } = entry;
  return {
    number: entry.number,
    id: entry.id,
    receivedAt: entry.receivedAt,
    direction: entry.direction ?? ('inbound' as const),
    ...describeOutbound(entry),
    arrival: entry.arrival,
    ...omitUndefined({ requestCompleteUs: entry.requestCompleteUs, clientId, operation }),
    connection: entry.connection,
    delivery: omitUndefined(entry.delivery),
    method: entry.method,
    target: entry.target,
    ...omitUndefined({ identity, ...describeContent(request) }),
    step: verdict.step,
    code: verdict.code,
    status: verdict.status,
    reason: verdict.reason,
    tags: entry.tags,
    findings: findingIds(entry),
    ...omitUndefined({
      diagnosisPending: entry.pendingDiagnosis === undefined ? undefined : true,
      rule: scripted?.rule,
      trace: traceExchange(entry),
    }),
    sealed: entry.sealed,
    signed: isSigned(entry),
    httpStatus: reply.httpStatus,
    milliseconds: entry.milliseconds,
    requestBytes: request.body.length,
    replyBytes: reply.body.length,
    changed: entry.changes.length,
  };
};

/** Random, so that a digest says nothing about a body but that another one equals it. */
const digestKey = randomBytes(16);

const requestIdPattern = /"requestId"\s*:\s*"([^"\\]{1,128})"/;

/** Shows in a list which bodies were sent again and which have changed, without the bodies. */
const describeContent = ({ plain, body }: Message) => {
  const content = plain ?? body;
  if (content.length === 0) return {};
  return {
    // A search in the text: parsing each body of a list would cost more than the rest of its row.
    requestId: requestIdPattern.exec(content.subarray(0, 16_384).toString('utf8'))?.[1],
    contentDigest: createHmac('sha256', digestKey).update(content).digest('base64url').slice(0, 16),
  };
};

const describeOutbound = ({ outbound }: JournalEntry) => {
  if (outbound === undefined) return {};
  const { attempt, nextAttemptAt, ...rest } = outbound;
  return { attempt, ...omitUndefined({ nextAttemptAt }), outbound: omitUndefined(rest) };
};

/** A request in flight, as plain JSON values. */
export const openExchangeToJson = ({
  number,
  id,
  receivedAt,
  arrival,
  connection,
  method,
  target,
  operation,
  clientId,
}: OpenExchange) =>
  omitUndefined({
    ...{ number, id, receivedAt, arrival, connection, method, target, operation, clientId },
  });

/** Headers that let their bearer in somewhere. */
export const secretHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'agent-token',
]);

const redacted = '(redacted)';

/** By lower-case name. */
export const redactHeaders = (
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      secretHeaders.has(name) ? redacted : value,
    ]),
  );

/** Names and values in turns, as pairs. */
export const redactHeaderLines = (
  lines: readonly string[],
): readonly (readonly [name: string, value: string])[] =>
  headerPairs(lines).map(([name, value]) => [
    name,
    secretHeaders.has(name.toLowerCase()) ? redacted : value,
  ]);

export const headerPairs = (lines: readonly string[]): (readonly [name: string, value: string])[] =>
  lines.flatMap((name, at) => (at % 2 === 0 ? [[name, lines[at + 1] ?? ''] as const] : []));

/** What a diagnosis found, in one line. */
export const formatCause = ({ cause }: Diagnosis): string =>
  cause === undefined
    ? 'UNEXPLAINED: no cause is proved'
    : `${cause.id}: ${cause.sentence}${cause.detail === undefined ? '' : ` (${cause.detail})`}`;

interface HarOrigin {
  /** Version of the simulator. */
  readonly version: string;
  /** Where its operations are served. */
  readonly url: string;
  /** How many exchanges had to go before they could be exported. */
  readonly evicted: number;
}

/** Exchanges as HTTP Archive 1.2, bodies as they were on the wire. */
export const toHar = (entries: readonly JournalEntry[], { version, url, evicted }: HarOrigin) => ({
  log: {
    version: '1.2',
    creator: { name: 'alipayhk-mock', version },
    ...(evicted === 0
      ? {}
      : { comment: `${evicted} earlier exchanges are no longer in the journal` }),
    entries: entries.map((entry) => harEntry(entry, url)),
  },
});

const harEntry = (entry: JournalEntry, url: string) => ({
  startedDateTime: new Date(entry.receivedAt).toISOString(),
  ...harTimes(entry),
  connection: String(entry.connection.ordinal),
  request: harRequest(entry, url),
  response: harResponse(entry),
  cache: {},
  ...omitUndefined({ _direction: entry.direction, _outbound: entry.outbound }),
  comment:
    `${entry.verdict.code} (${entry.verdict.status}) at ${entry.verdict.step}: ` +
    `${entry.verdict.reason}${diagnosisText(entry)}`,
});

/**
 * Sent until the request was complete, waited until the first byte of the answer, received until
 * its last. What was never reached takes no time; members of our own begin with `_`.
 */
const harTimes = ({ arrival, requestCompleteUs, delivery }: JournalEntry) => {
  const complete = requestCompleteUs ?? arrival.atUs;
  const first = delivery.firstByteUs ?? delivery.endedUs;
  const last = delivery.lastByteUs ?? delivery.endedUs;
  const timings = {
    send: inMilliseconds(complete - arrival.atUs),
    wait: inMilliseconds(Math.max(0, first - complete)),
    receive: inMilliseconds(last - first),
  };
  return {
    time: timings.send + timings.wait + timings.receive,
    timings,
    _arrival: arrival,
    _delivery: omitUndefined(delivery),
  };
};

const inMilliseconds = (microseconds: number): number => microseconds / 1000;

const diagnosisText = ({ diagnosis }: JournalEntry): string =>
  diagnosis === undefined ? '' : `. ${formatCause(diagnosis)}`;

const harRequest = ({ method, target, request, outbound }: JournalEntry, url: string) => ({
  method,
  url: outbound?.url ?? `${url}${target}`,
  httpVersion: 'HTTP/1.1',
  cookies: [],
  headers: pairs(redactHeaderLines(request.headerLines)),
  queryString: pairs([...new URLSearchParams(target.split('?')[1] ?? '')]),
  headersSize: -1,
  bodySize: request.body.length,
  ...(request.body.length === 0
    ? {}
    : {
        // The format knows no encoding here: bytes that are no text are given as base64, and said
        // to be.
        postData: { mimeType: request.headers['content-type'] ?? '', ...postText(request.body) },
      }),
});

const postText = (body: Buffer) => {
  const text = decodeText(body);
  return text === undefined ? { text: body.toString('base64'), comment: 'base64' } : { text };
};

const harResponse = ({ reply, delivery }: JournalEntry) => {
  const text = decodeText(reply.body);
  return {
    status: reply.httpStatus,
    statusText: STATUS_CODES[reply.httpStatus] ?? '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairs(Object.entries(redactHeaders(reply.headers))),
    content: {
      size: reply.body.length,
      mimeType: reply.headers['content-type'] ?? '',
      ...(text === undefined
        ? { text: reply.body.toString('base64'), encoding: 'base64' }
        : { text }),
    },
    redirectURL: '',
    headersSize: -1,
    bodySize: reply.body.length,
    // As browsers write them.
    _transferSize: delivery.bytes,
    ...omitUndefined({
      _error: delivery.complete ? undefined : `incomplete: closed by the ${delivery.endedBy}`,
    }),
  };
};

const pairs = (lines: readonly (readonly [name: string, value: string])[]) =>
  lines.map(([name, value]) => ({ name, value }));

/** A request to be written as a command. */
interface CurlRequest {
  /** The server's address, or the whole one when there is no `target`. */
  readonly url: string;
  /** As it was received: Node's one character a byte. */
  readonly target?: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** What curl says by itself, and better: where it connects to, and how long the body is. */
const hopByHopHeaders: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'expect',
  'keep-alive',
]);

/** Linux takes no longer word on a command line. */
const longestWord = 100_000;

/**
 * A command for a POSIX shell that sends exactly these bytes, and shows no control character to a
 * terminal.
 */
export const curlLine = ({ url, target, method, headers, body }: CurlRequest): string => {
  const text = decodeText(body);
  const isWord =
    text !== undefined && body.length <= longestWord && isPrintable(text.replaceAll('\r\n', '\n'));
  const words = [
    // No guessing at brackets or dots in the URL.
    `curl -sS -i -g --path-as-is -X ${shellQuote(method)} ${urlWords(url, target)}`,
    ...headerWords(headers),
    ...(body.length === 0 && method !== 'POST'
      ? []
      : [isWord ? `--data-raw ${shellQuote(text)}` : '--data-binary @-']),
  ];
  const line = words.join(' \\\n  ');
  return isWord || body.length === 0
    ? `${line}\n`
    : `printf %s ${shellQuote(body.toString('base64'))} | base64 -d | ${line}\n`;
};

/**
 * curl cuts a URL at `#`, and reads some other characters its own way; a request target goes out as
 * it is given.
 */
const urlWords = (url: string, target = ''): string => {
  if (/^(?:\/(?!\/)[!-"$-[\]-~]*)?$/.test(target)) return shellQuote(url + target);
  return `--request-target ${quotedBytes(target)} ${shellQuote(`${url}/`)}`;
};

const headerWords = (headers: CurlRequest['headers']): string[] => {
  const sent = headers.filter(([name]) => !hopByHopHeaders.has(name.toLowerCase()));
  const names = new Set(sent.map(([name]) => name.toLowerCase()));
  // curl makes these up where they are not given.
  const unwanted = ['Content-Type', 'Accept', 'User-Agent'].filter(
    (name) => !names.has(name.toLowerCase()),
  );
  return [
    ...sent.map(
      ([name, value]) => `-H ${quotedBytes(value === '' ? `${name};` : `${name}: ${value}`)}`,
    ),
    ...unwanted.map((name) => `-H ${shellQuote(`${name}:`)}`),
  ];
};

/**
 * Node gives each byte of a target or header as one character; what is not ASCII is written as the
 * byte it was.
 */
const quotedBytes = (word: string): string => {
  if (/^[ -~]*$/.test(word)) return shellQuote(word);
  const octals = Array.from(Buffer.from(word, 'latin1'), (byte) =>
    byte < 0x20 || byte > 0x7e || "'\\%!".includes(String.fromCharCode(byte))
      ? `\\${byte.toString(8).padStart(3, '0')}`
      : String.fromCharCode(byte),
  );
  return `"$(printf '${octals.join('')}')"`;
};

const shellQuote = (word: string): string =>
  /^[\w./:@%=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
