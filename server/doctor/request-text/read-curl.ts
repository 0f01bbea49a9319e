import { clipText } from '../../problems/clip-text.ts';
import { findHeader, type ReadMessage, type RequestReading, splitUrl } from './message-text.ts';
import { splitShellWords } from './shell-words.ts';

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
 * The options that shape the message; options with a value that do not matter here are known so
 * that the value is not taken for the URL.
 */
const options: Readonly<Record<string, Role>> = {
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
const withValue = new Set([
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
const unusable: Readonly<Record<string, string>> = {
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
  return assemble(parsed.args);
};

const readArguments = (
  words: readonly string[],
): { readonly args: readonly Argument[] } | { readonly problem: string } => {
  const args: Argument[] = [];
  for (let at = 0; at < words.length; at++) {
    const { option, attached } = splitOption(words[at] ?? '');
    const problem = unusable[option];
    if (problem !== undefined) return { problem };
    const role = withValue.has(option) ? 'skipped-value' : options[option];
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
    (options[word.slice(0, 2)] !== undefined || withValue.has(word.slice(0, 2)))
  )
    return { option: word.slice(0, 2), attached: word.slice(2) };
  const cut = word.indexOf('=');
  return word.startsWith('--') && cut > 0
    ? { option: word.slice(0, cut), attached: word.slice(cut + 1) }
    : { option: word };
};

const dataRoles: readonly Role[] = ['data', 'data-raw', 'data-binary', 'json'];

const assemble = (args: readonly Argument[]): RequestReading => {
  const optionValues = (role: Role): readonly string[] =>
    args.filter((one) => one.role === role).map(({ value }) => value);
  const [url] = optionValues('url');
  if (url === undefined) return { problem: 'The command names no URL.' };
  const body = readData(args.filter(({ role }) => dataRoles.includes(role)));
  if ('problem' in body) return body;
  const headers = optionValues('header').flatMap(readHeader);
  const { target: urlTarget, host: urlHost } = splitUrl(url);
  const target = optionValues('target').at(-1) ?? urlTarget;
  const host = findHeader({ headers }, 'Host') ?? urlHost;
  const method = optionValues('method').at(-1) ?? (body.parts === 0 ? 'GET' : 'POST');
  const message: ReadMessage = {
    kind: 'request',
    method,
    target,
    ...(host === undefined ? {} : { host }),
    headers,
    body: body.bytes,
  };
  return { message };
};

const readHeader = (text: string): readonly (readonly [string, string])[] => {
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
        ? ' Mind that -d @file takes all line breaks out of the file; --data-binary @file keeps them.'
        : '';
    return {
      problem: `The body is in the file ${clipText(file.value.slice(1), 200)}, which cannot be read here. Put its text into --data-raw.${stripped}`,
    };
  }
  const joint = pieces.every(({ role }) => role === 'json') ? '' : '&';
  return { bytes: Buffer.from(pieces.map(({ value }) => value).join(joint)), parts: pieces.length };
};
