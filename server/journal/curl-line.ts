import { isPrintable } from '../problems/display-text.ts';
import { decodeText } from './exchange-json.ts';

/** A request to be written as a command. */
export interface CurlRequest {
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
