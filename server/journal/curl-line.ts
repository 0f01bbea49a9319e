import { textOf } from './exchange-json.ts';

/** A request to be written as a command. */
export interface CurlRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** What curl says by itself, and better: where it connects to, and how long the body is. */
const ofTheConnection: ReadonlySet<string> = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'keep-alive']);

/** Linux takes no longer word on a command line. */
const longestWord = 100_000;

/** A command for a POSIX shell that sends exactly these bytes. */
export const curlLine = ({ url, method, headers, body }: CurlRequest): string => {
  const text = textOf(body);
  const isWord = text !== undefined && body.length <= longestWord && !text.includes('\0');
  const words = [
    // No guessing at brackets or dots in the URL.
    `curl -sS -i -g --path-as-is -X ${quoted(method)} ${quoted(url)}`,
    ...headerWords(headers),
    ...(body.length === 0 && method !== 'POST' ? [] : [isWord ? `--data-raw ${quoted(text)}` : '--data-binary @-']),
  ];
  const line = words.join(' \\\n  ');
  return isWord || body.length === 0 ? `${line}\n` : `printf %s ${quoted(body.toString('base64'))} | base64 -d | ${line}\n`;
};

const headerWords = (headers: CurlRequest['headers']): string[] => {
  const sent = headers.filter(([name]) => !ofTheConnection.has(name.toLowerCase()));
  const names = new Set(sent.map(([name]) => name.toLowerCase()));
  // curl makes these up where they are not given.
  const unwanted = ['Content-Type', 'Accept', 'User-Agent'].filter((name) => !names.has(name.toLowerCase()));
  return [
    ...sent.map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...unwanted.map((name) => `-H ${quoted(`${name}:`)}`),
  ];
};

const quoted = (word: string): string => (/^[\w./:@%=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
