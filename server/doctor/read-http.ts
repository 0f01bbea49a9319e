import * as z from 'zod';
import { omitUndefined } from '../problems/plain-object.ts';

/** A message read from text. */
export interface ReadMessage {
  readonly kind: 'request' | 'response';
  readonly method: string;
  /** Path and query; for a response those of its request, empty when it was copied alone. */
  readonly target: string;
  /** Host header, or the host of the URL. */
  readonly host?: string;
  readonly status?: number;
  /** Names as sent, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The message, or one sentence that says why the text is not a message. */
export type RequestReading = { readonly message: ReadMessage } | { readonly problem: string };

/** The first value of that header, whatever its letter case. */
export const findHeader = (
  { headers }: Pick<ReadMessage, 'headers'>,
  name: string,
): string | undefined => headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];

/** Path and query of a URL exactly as written: the URL class would normalise both. */
export const splitUrl = (url: string): { readonly target: string; readonly host?: string } => {
  const found =
    /^(?:https?:)?\/\/(?:[^/?#@]*@)?([^/?#]*)([^#]*)/i.exec(url) ?? /^([^/?#]+)([^#]*)/.exec(url);
  if (url.startsWith('/') && !url.startsWith('//')) return { target: url };
  const rest = found?.[2] ?? '';
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  return found?.[1] ? { target, host: found[1] } : { target };
};

type MessageHeaders = ReadMessage['headers'];

const requestLine = /^([A-Za-z]+) (\S+)(?: HTTP\/\d(?:\.\d)?)?$/;
const statusLine = /^HTTP\/\d(?:\.\d)? (\d{3})/;

/** Whether the text begins like a request or a response. */
export const looksLikeHttp = (bytes: Buffer): boolean => {
  const [first = ''] = bytes.toString('latin1', 0, 8192).trimStart().split(/\r?\n/, 1);
  return (
    statusLine.test(first) || (requestLine.test(first) && /^[A-Z]+ (?:\/|https?:)/.test(first))
  );
};

/**
 * A raw request or response. The head may have LF or CR LF, the body's bytes are kept as they are.
 */
export const readHttp = (bytes: Buffer): RequestReading => {
  const start = bytes.findIndex((byte) => byte > 0x20);
  const { head, body } = splitHead(bytes.subarray(Math.max(0, start)));
  const [first = '', ...lines] = head.split(/\r?\n/);
  const headers = parseHeaderLines(lines);
  if ('problem' in headers) return headers;
  const measured = cutToLength(body, headers.headers);
  if ('problem' in measured) return measured;
  return { message: buildHttpMessage(first, headers.headers, measured.body) };
};

const splitHead = (bytes: Buffer): { readonly head: string; readonly body: Buffer } => {
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1'));
  if (end === null)
    return { head: bytes.toString('utf8').replace(/(?:\r?\n)+$/, ''), body: Buffer.alloc(0) };
  return {
    head: bytes.toString('utf8', 0, end.index),
    body: bytes.subarray(end.index + end[0].length),
  };
};

const parseHeaderLines = (
  lines: readonly string[],
): { readonly headers: MessageHeaders } | { readonly problem: string } => {
  const headers: [string, string][] = [];
  for (const [index, line] of lines.entries()) {
    const cut = line.indexOf(':');
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) last[1] = `${last[1]} ${line.trim()}`;
    else if (cut <= 0)
      return { problem: `Line ${index + 2} of the head is no header: it has no colon.` };
    else headers.push([line.slice(0, cut).trim(), line.slice(cut + 1).trim()]);
  }
  return { headers };
};

/** Content-Length decides where the body ends: editors add a line feed to a saved message. */
const cutToLength = (
  body: Buffer,
  headers: MessageHeaders,
): { readonly body: Buffer } | { readonly problem: string } => {
  if (/chunked/i.test(findHeader({ headers }, 'Transfer-Encoding') ?? ''))
    return {
      problem:
        'The body is chunked; give the message with its body put together and without ' +
        'Transfer-Encoding.',
    };
  const length = findHeader({ headers }, 'Content-Length');
  if (length === undefined || !/^\d+$/.test(length)) return { body };
  const bytes = Number(length);
  if (bytes > body.length)
    return {
      problem:
        `Content-Length says ${bytes} bytes, but the body has ${body.length}: the text is ` +
        'incomplete or was changed when it was copied.',
    };
  return { body: body.subarray(0, bytes) };
};

const buildHttpMessage = (first: string, headers: MessageHeaders, body: Buffer): ReadMessage => {
  const status = statusLine.exec(first)?.[1];
  const host = findHeader({ headers }, 'Host');
  if (status !== undefined)
    return { kind: 'response', method: 'POST', target: '', status: Number(status), headers, body };
  const [, method = '', url = ''] = requestLine.exec(first) ?? [];
  const { target, host: urlHost } = splitUrl(url);
  return omitUndefined({
    kind: 'request' as const,
    method,
    target,
    host: host ?? urlHost,
    headers,
    body,
  });
};

const harHeaders = z.array(z.object({ name: z.string(), value: z.string() }));

/** What the doctor needs of an HTTP Archive. */
const harFile = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        request: z.object({
          method: z.string(),
          url: z.string(),
          headers: harHeaders,
          postData: z
            .object({ text: z.string().optional(), comment: z.string().optional() })
            .optional(),
        }),
      }),
    ),
  }),
});

/** The requests of an HTTP Archive, in its order; undefined: it is no HTTP Archive. */
export const readHar = (value: unknown): readonly ReadMessage[] | undefined => {
  const checked = harFile.safeParse(value);
  if (!checked.success) return undefined;
  return checked.data.log.entries.map(({ request }): ReadMessage => {
    // HTTP/2 names the host in a pseudo header.
    const sent = request.headers
      .filter(({ name }) => !name.startsWith(':'))
      .map((one) => [one.name, one.value] as const);
    const { target, host } = splitUrl(request.url);
    return {
      kind: 'request',
      method: request.method,
      target,
      ...omitUndefined({ host: findHeader({ headers: sent }, 'Host') ?? host }),
      headers: sent,
      body: readPostData(request.postData),
    };
  });
};

/** The format has no encoding for a request's body; the simulator's own files say base64. */
const readPostData = (
  data: { readonly text?: string | undefined; readonly comment?: string | undefined } | undefined,
): Buffer => Buffer.from(data?.text ?? '', data?.comment === 'base64' ? 'base64' : 'utf8');

/** What `curl -v` prints before and among the messages, apart from `* …` lines. */
const progress = /^(?: {2}%|\s*\d+\s+[\d.]+[kMG]?\s|[{}] \[\d+ bytes data\]|\s+Dload)/;

/** What `--trace-time` and `--trace-ids` print before each line. */
const stamps = /^(?:\d\d:\d\d:\d\d\.\d+ )?(?:\[\d+-\d+\] )?(?=[*<>={}] |[<=][=>] )/gm;

export const looksLikeVerboseCurl = (text: string): boolean =>
  /^[\d:.[\] -]*(?:> [A-Z]+ \S+ HTTP\/\d|=> Send header, \d+ bytes)/m.test(text);

/**
 * What `curl -v` or `curl --trace` printed: the response, when it is signed, with the path of its
 * request; else the request. `curl -v` does not show the body of a request, `--trace` does.
 */
export const readCurlOutput = (bytes: Buffer): RequestReading => {
  // A character for each byte, so that bodies keep theirs.
  const text = bytes.toString('latin1').replace(stamps, '');
  if (/^=> Send data/m.test(text) && hasAsciiDots(text)) return { problem: dotsAreNoBytes };
  const { request, response } = /^=> Send header/m.test(text) ? readTrace(text) : readVerbose(text);
  const asked = readHttp(Buffer.from(`${request.head}${request.body ?? ''}`, 'latin1'));
  if ('problem' in asked) return asked;
  const { target } = asked.message;
  if (/^signature:/im.test(response.head)) {
    const answered = readHttp(Buffer.from(`${response.head}${response.body}`, 'latin1'));
    return 'problem' in answered ? answered : { message: { ...answered.message, target } };
  }
  if (request.body === undefined)
    return {
      problem:
        'The output of curl -v does not show the body of the request, and the response is not ' +
        'signed. Give the output of curl --trace -, or the curl command itself.',
    };
  return asked;
};

interface CurlOutput {
  readonly request: { readonly head: string; readonly body: string | undefined };
  readonly response: { readonly head: string; readonly body: string };
}

/** Of several exchanges, such as a redirect or a continue, the last one. */
const readVerbose = (text: string): CurlOutput => {
  const lines = text.split(/\r?\n/);
  const lastStart = (start: RegExp): number => lines.findLastIndex((line) => start.test(line));
  const requestAt = lastStart(/^> [A-Z]+ \S+ HTTP\/\d/);
  const responseAt = lastStart(/^< HTTP\/\d/);
  const head = (from: number, mark: string): readonly string[] => {
    if (from < 0) return [];
    const rest = lines.slice(from);
    const end = rest.findIndex((line) => line.trimEnd() === mark);
    return rest
      .slice(0, end < 0 ? rest.length : end)
      .filter((line) => line.startsWith(`${mark} `))
      .map((line) => line.slice(2));
  };
  const answer = head(responseAt, '<');
  return {
    request: { head: joinHead(withoutLength(head(requestAt, '>'))), body: undefined },
    response: { head: joinHead(answer), body: bodyAfter(text, responseAt) },
  };
};

const joinHead = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;

/** The body that it announces is not there. */
const withoutLength = (lines: readonly string[]): readonly string[] =>
  lines.filter((line) => !/^content-length:/i.test(line));

/**
 * What follows the response's head, without curl's own lines; Content-Length cuts the rest off. With
 * `-i` it begins with the head again.
 */
const bodyAfter = (text: string, responseAt: number): string => {
  if (responseAt < 0) return '';
  const from = text.search(/^< HTTP\/\d(?![\s\S]*^< HTTP\/\d)/m);
  const end = /^<[ \t]*\r?\n/m.exec(text.slice(from));
  if (end === null) return '';
  const lines = text.slice(from + end.index + end[0].length).split(/(?<=\n)/);
  const body = lines
    .filter((line) => !progress.test(line) && !line.startsWith('* '))
    .join('')
    .replace(/\* Connection #\d[^\n]*\n?/, '');
  return body.replace(/^HTTP\/\d[\s\S]*?\r?\n\r?\n/, '');
};

const sections = {
  '=> Send header': 'requestHead',
  '=> Send data': 'requestBody',
  '<= Recv header': 'responseHead',
  '<= Recv data': 'responseBody',
} as const;

const dotsAreNoBytes =
  'The output of curl --trace-ascii has a dot for each byte that is no printable ASCII, also for ' +
  'line feeds, so the body cannot be known. Give the output of curl --trace -, which has all bytes.';

const hexLine = /^(?:[0-9a-f]{2} ){1,16} *$/;

/** Whether the body of the request was printed as text, with dots. */
const hasAsciiDots = (text: string): boolean => {
  const [, body = ''] =
    /^=> Send data[^\n]*\n((?:[0-9a-f]{4,}: [^\n]*(?:\n|$))*)/m.exec(text) ?? [];
  return body
    .split(/\r?\n/)
    .map((line) => line.slice(line.indexOf(': ') + 2))
    .some((line) => !hexLine.test(line.slice(0, 48)) && line.includes('.'));
};

/**
 * Of several exchanges the last one. The hexadecimal form has every byte; of `--trace-ascii` the
 * offsets show where a line of the message ended.
 */
const readTrace = (text: string): CurlOutput => {
  const parts = { requestHead: '', requestBody: '', responseHead: '', responseBody: '' };
  let section: keyof typeof parts | undefined;
  let [length, end] = [0, 0];
  const add = (more: string): void => {
    if (section !== undefined) parts[section] += more;
    length += more.length;
  };
  /** A line of the message ends in CR LF, which its offset counts. */
  const endLine = (offset: number): void => {
    if (offset === length + 2) add('\r\n');
  };
  for (const line of text.split(/\r?\n/)) {
    const [start, kind, size] =
      /^((?:=> Send|<= Recv) (?:header|data)), (\d+) bytes/.exec(line) ?? [];
    const [, offset, rest = ''] = /^([0-9a-f]{4,}): (.*)$/.exec(line) ?? [];
    if (start !== undefined) {
      endLine(end);
      section = sections[kind as keyof typeof sections];
      [length, end] = [0, Number(size)];
      if (section === 'requestHead') Object.assign(parts, noParts);
    } else if (offset !== undefined) {
      endLine(Number.parseInt(offset, 16));
      // Before the answer that counts there may have been 100 Continue.
      if (section === 'responseHead' && length === 0 && /^(?:48 54 54 50 2f|HTTP\/)/.test(rest))
        parts.responseHead = '';
      add(readTraceLine(rest));
    } else {
      endLine(end);
      section = undefined;
    }
  }
  endLine(end);
  return {
    request: { head: parts.requestHead, body: parts.requestBody },
    response: { head: parts.responseHead, body: parts.responseBody },
  };
};

const noParts = { requestHead: '', requestBody: '', responseHead: '', responseBody: '' };

/** Sixteen bytes in hexadecimal, then as text; in the ASCII form at most 64 characters. */
const readTraceLine = (rest: string): string => {
  const hex = rest.slice(0, 48);
  return hexLine.test(hex) ? Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1') : rest;
};
