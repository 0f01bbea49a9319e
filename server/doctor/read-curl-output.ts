import { type RequestReading, readHttp } from './read-http.ts';

/** What `curl -v` prints before and among the messages, apart from `* …` lines. */
const progress = /^(?: {2}%|\s*\d+\s+[\d.]+[kMG]?\s|[{}] \[\d+ bytes data\]|\s+Dload)/;

export const looksLikeVerboseCurl = (text: string): boolean =>
  /^> [A-Z]+ \S+ HTTP\/\d/m.test(text) || /^=> Send header, \d+ bytes/m.test(text);

/**
 * What `curl -v` or `curl --trace` printed: the response, when it is signed, with the path of its
 * request; else the request. `curl -v` does not show the body of a request, `--trace` does.
 */
export const readCurlOutput = (bytes: Buffer): RequestReading => {
  // A character for each byte, so that bodies keep theirs.
  const text = bytes.toString('latin1');
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

/** The hexadecimal form has every byte; `--trace-ascii` has dots for what is not ASCII. */
const readTrace = (text: string): CurlOutput => {
  const parts = { requestHead: '', requestBody: '', responseHead: '', responseBody: '' };
  let section: keyof typeof parts | undefined;
  for (const line of text.split(/\r?\n/)) {
    const start = /^(?:=> Send|<= Recv) (?:header|data)/.exec(line)?.[0];
    if (start !== undefined) section = sections[start as keyof typeof sections];
    else if (/^[0-9a-f]{4,}: /.test(line)) {
      if (section !== undefined) parts[section] += readTraceLine(line);
    } else section = undefined;
  }
  return {
    request: { head: parts.requestHead, body: parts.requestBody },
    response: { head: parts.responseHead, body: parts.responseBody },
  };
};

/** Sixteen bytes in hexadecimal, then as text; in the ASCII form a line of the message. */
const readTraceLine = (line: string): string => {
  const rest = line.slice(line.indexOf(': ') + 2);
  const hex = rest.slice(0, 48);
  if (!/^(?:[0-9a-f]{2} ){1,16} *$/.test(hex)) return `${rest}\r\n`;
  return Buffer.from(hex.replaceAll(' ', ''), 'hex').toString('latin1');
};
