import { clipText } from '../problems/display-text.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import { findHeader, type RequestReading, splitUrl } from './read-http.ts';

type Role =
  | 'target'
  | 'header'
  | 'data'
  | 'data-raw'
  | 'data-binary'
  | 'json'
  | 'url'
  | 'method'
  | 'agent'
  | 'skipped-value';

/**
 * The options that shape the message. Options that do not matter but take a value are listed too,
 * so that the value is not read as the URL.
 */
const optionRoles: Readonly<Record<string, Role>> = {
  '-H': 'header',
  '--header': 'header',
  '-d': 'data',
  '--data': 'data',
  '--data-ascii': 'data',
  '--data-raw': 'data-raw',
  '--data-binary': 'data-binary',
  '--json': 'json',
  '--url': 'url',
  '--request-target': 'target',
  '-X': 'method',
  '--request': 'method',
  '-A': 'agent',
  '--user-agent': 'agent',
};
const skippedOptions = new Set([
  '-o',
  '--output',
  '-m',
  '--max-time',
  '--connect-timeout',
  '--cacert',
  '-E',
  '--cert',
  '--key',
  '-x',
  '--proxy',
  '-u',
  '--user',
  '-b',
  '--cookie',
  '-c',
  '--resolve',
  '--retry',
  '-w',
  '--write-out',
  '-e',
  '--referer',
  '-D',
  '--ciphers',
  '--tls-max',
]);
const unusableOptions: Readonly<Record<string, string>> = {
  '-F': 'The command sends a form (-F); a signed message carries JSON.',
  '--form': 'The command sends a form (--form); a signed message carries JSON.',
  '--data-urlencode': 'The command URL-encodes its data; a signed message carries JSON.',
  '-G': 'The command puts its data into the URL (-G); a signed message carries it in the body.',
  '--get':
    'The command puts its data into the URL (--get); a signed message carries it in the body.',
  '-T': 'The command uploads a file, which cannot be read here. Put its text into --data-raw.',
  '--upload-file':
    'The command uploads a file, which cannot be read here. Put its text into --data-raw.',
  '-K': 'The command reads its options from a file, which cannot be read here.',
  '--config': 'The command reads its options from a file, which cannot be read here.',
};

interface Argument {
  readonly role: Role;
  readonly value: string;
}

export const looksLikeCurl = (text: string): boolean =>
  /^\s*(?:\$\s+)?(?:\S*\/)?curl(?:\.exe)?\s/.test(text);

/** A curl command line, as curl itself would read it. */
export const readCurl = (text: string): RequestReading => {
  const split = splitShellWords(text.replace(/^\s*\$\s+/, ''));
  if ('problem' in split) return split;
  const parsed = readArguments(split.words.slice(1));
  if ('problem' in parsed) return parsed;
  return buildCurlRequest(parsed.args);
};

const readArguments = (
  words: readonly string[],
): { readonly args: readonly Argument[] } | { readonly problem: string } => {
  const args: Argument[] = [];
  for (let at = 0; at < words.length; at++) {
    const { option, attached } = splitOption(words[at] ?? '');
    const problem = unusableOptions[option];
    if (problem !== undefined) return { problem };
    const role = skippedOptions.has(option) ? 'skipped-value' : optionRoles[option];
    if (role === undefined) {
      if (!option.startsWith('-')) args.push({ role: 'url', value: option });
      continue;
    }
    const value = attached ?? words[++at];
    if (value === undefined) return { problem: `The option ${option} has no value.` };
    args.push({ role, value });
  }
  return { args };
};

/** `-XPOST` and `--header=...` carry their value with them. */
const splitOption = (word: string): { readonly option: string; readonly attached?: string } => {
  if (
    /^-[A-Za-z]./.test(word) &&
    (optionRoles[word.slice(0, 2)] !== undefined || skippedOptions.has(word.slice(0, 2)))
  )
    return { option: word.slice(0, 2), attached: word.slice(2) };
  const cut = word.indexOf('=');
  return word.startsWith('--') && cut > 0
    ? { option: word.slice(0, cut), attached: word.slice(cut + 1) }
    : { option: word };
};

const dataRoles: readonly Role[] = ['data', 'data-raw', 'data-binary', 'json'];

const buildCurlRequest = (args: readonly Argument[]): RequestReading => {
  const optionValues = (role: Role): readonly string[] =>
    args.filter((one) => one.role === role).map(({ value }) => value);
  const [url] = optionValues('url');
  if (url === undefined) return { problem: 'The command names no URL.' };
  const body = readData(args.filter(({ role }) => dataRoles.includes(role)));
  if ('problem' in body) return body;
  const headers = optionValues('header').flatMap(splitHeader);
  const { target: urlTarget, host: urlHost } = splitUrl(url);
  const target = optionValues('target').at(-1) ?? urlTarget;
  const host = findHeader({ headers }, 'Host') ?? urlHost;
  const method = optionValues('method').at(-1) ?? (body.parts === 0 ? 'GET' : 'POST');
  return {
    message: omitUndefined({
      kind: 'request' as const,
      method,
      target,
      host,
      headers,
      body: body.bytes,
    }),
  };
};

const splitHeader = (text: string): readonly (readonly [string, string])[] => {
  const cut = text.indexOf(':');
  return cut <= 0 ? [] : [[text.slice(0, cut).trim(), text.slice(cut + 1).trim()]];
};

/** Several pieces are joined with "&", as curl does; `--json` pieces are not. */
const readData = (
  pieces: readonly Argument[],
): { readonly bytes: Buffer; readonly parts: number } | { readonly problem: string } => {
  const file = pieces.find(({ role, value }) => role !== 'data-raw' && value.startsWith('@'));
  if (file !== undefined) {
    const stripped =
      file.role === 'data'
        ? ' Note that -d @file strips all line breaks from the file; --data-binary @file keeps ' +
          'them.'
        : '';
    return {
      problem:
        `The body is in the file ${clipText(file.value.slice(1), 200)}, which cannot be read ` +
        `here. Put its text into --data-raw.${stripped}`,
    };
  }
  const joint = pieces.every(({ role }) => role === 'json') ? '' : '&';
  return { bytes: Buffer.from(pieces.map(({ value }) => value).join(joint)), parts: pieces.length };
};

/** The words of a command line, or why it cannot be read. */
export type ShellWords = { readonly words: readonly string[] } | { readonly problem: string };

const ansiEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  e: '\x1b',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '?': '?',
};

/**
 * One row for each token of a shell command: its pattern, and the text that it means.
 */
const shellPieces: readonly (readonly [
  pattern: RegExp,
  value: (found: RegExpExecArray) => string,
])[] = [
  [/\\\r?\n/y, () => ''],
  // The simulator's own curl lines write bytes outside ASCII like this. Nothing else is expanded.
  [/"\$\(printf '((?:[^'\\%]|\\[0-7]{3})*)'\)"/y, ([, text = '']) => ansi(text)],
  [/\$'([^'\\]*(?:\\[\s\S][^'\\]*)*)'/y, ([, text = '']) => ansi(text)],
  [
    /\$?"([^"\\]*(?:\\[\s\S][^"\\]*)*)"/y,
    ([, text = '']) =>
      text.replace(/\\(?:\r?\n|([$`"\\]))/g, (_, sign: string | undefined) => sign ?? ''),
  ],
  [/'([^']*)'/y, ([, text = '']) => text],
  [/\\([\s\S])/y, ([, sign = '']) => sign],
  [/[^\s'"\\]/y, ([sign]) => sign],
];

const ansi = (text: string): string =>
  text.replace(
    /\\(?:u([0-9a-fA-F]{1,4})|x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g,
    (_, unit?: string, byte?: string, octal?: string, sign?: string) => {
      const code = unit ?? byte;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return ansiEscapes[sign ?? ''] ?? `\\${sign ?? ''}`;
    },
  );

/**
 * Splits a command as a POSIX shell does: quotes of all three kinds, escapes, line continuations.
 * Nothing is expanded.
 */
export const splitShellWords = (text: string): ShellWords => {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < text.length) {
    const found = pieceAt(text, at);
    if (found === undefined && !/\s/.test(text[at] ?? ''))
      return { problem: 'A quotation mark in the command is not closed.' };
    if (found === undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at++;
    } else {
      if (found.text !== '' || found.isQuoted) word = (word ?? '') + found.text;
      at += found.length;
    }
  }
  return { words: word === undefined ? words : [...words, word] };
};

const pieceAt = (
  text: string,
  at: number,
): { readonly text: string; readonly length: number; readonly isQuoted: boolean } | undefined => {
  for (const [pattern, value] of shellPieces) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null)
      return { text: value(found), length: found[0].length, isQuoted: /^\$?['"]/.test(found[0]) };
  }
  return undefined;
};
