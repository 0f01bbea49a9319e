import { omitUndefined } from '../protocol/omit-undefined.ts';
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
