import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findConfigFile } from '../app/settings/resolve-settings.ts';
import { isChineseTag, type Settings } from '../domain/settings/settings-table.ts';
import { printable } from '../problems/display-text.ts';
import { formatProblem, type Problem, StartupError } from '../problems/problem.ts';
import { makeFolder, readFailure, readTextFile, writeFailure } from '../problems/read-file.ts';

/** Something of a command line that cannot be used: what it is, what is wrong, what to do. */
export const usageError = (where: string, message: string, remedy: string): StartupError =>
  new StartupError([{ where, message, remedy }]);

/** Prints an error as compilers do; a user's scripts find it by its first word. */
export const printError = (text: string): void => {
  process.stderr.write(`error: ${translateOutput(text)}\n`);
};

/** Prints where something is wrong, what, and what to do. */
export const printProblem = (problem: Problem): void => {
  process.stderr.write(`error: ${formatOutputProblem(problem)}\n`);
};

/** Prints what does not keep a command from its work. */
export const printWarning = (text: string): void => {
  process.stderr.write(`warning: ${translateOutput(text)}\n`);
};

export const errorMessage = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Writes to a file, or to standard output when none is named. */
export const writeOut = (text: string, file: string | undefined): void => {
  if (file === undefined) process.stdout.write(text);
  else writeNamed(file, text);
};

/** Writes a file and makes the folders above it. @throws StartupError that names the file */
export const writeNamed = (file: string, text: string, mode?: number): void => {
  try {
    makeFolder(dirname(file));
    writeFileSync(file, text, mode === undefined ? {} : { mode });
  } catch (error) {
    const message = `cannot be written: ${writeFailure(error).message}`;
    throw usageError(file, message, 'Name a file that this user may write.');
  }
};

export const formatJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Reads a file that a command line names, or standard input for `-`.
 * @throws StartupError that names it
 */
export const readInputFile = (
  file: string,
  remedy = 'Name a file, or - for standard input.',
): Buffer => {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw usageError(inputName(file), readFailure(error).message, remedy);
  }
};

/** The file as messages name it. */
export const inputName = (file: string): string => (file === '-' ? 'standard input' : file);

type StreamWrite = NodeJS.WriteStream['write'];

const unescaped = new WeakMap<NodeJS.WriteStream, StreamWrite>();

/**
 * Escapes control characters in every text that is written to the stream from now on. What the
 * command line prints comes from callers, files and servers; none of it may control the terminal.
 * Bytes, such as a key as DER, pass as they are.
 */
export const escapeOutput = (stream: NodeJS.WriteStream): void => {
  const write: StreamWrite = stream.write.bind(stream);
  unescaped.set(stream, write);
  stream.write = ((chunk: string | Uint8Array, ...rest: []) =>
    write(typeof chunk === 'string' ? printable(chunk) : chunk, ...rest)) as StreamWrite;
};

/** Writes text with colour codes whose other parts are escaped already. */
export const writeStyled = (text: string, stream: NodeJS.WriteStream = process.stdout): void => {
  const write: StreamWrite = unescaped.get(stream) ?? stream.write.bind(stream);
  write(text);
};

/** Exit codes of the process. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  unusable: 2,
  cannotListen: 3,
  notEnoughSeen: 4,
  storeUnusable: 5,
  bug: 70,
  cannotRun: 127,
} as const;

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done, or stopped as asked',
  failed:
    'a check failed: a response is not signed, a scenario differs from its `expect`, no simulator ' +
    'is ready, a diagnosis found a mistake, `certify` found a failure; with `send --fail`, a ' +
    'response is F or U',
  unusable: 'the command line, a setting or a file is unusable; all errors are printed at once',
  cannotListen:
    'the address cannot be listened on; `notify`, `query`: the merchant cannot be reached',
  notEnoughSeen: '`certify`, `report`, `coverage`: nothing failed, but not enough was seen',
  storeUnusable: 'the store that `store` names cannot be used',
  bug: 'unexpected error, a bug of the simulator; `NODE_DEBUG=alipayhk-mock` prints its stack',
  cannotRun:
    '`exec`, `certify`: the command cannot be run; otherwise `exec` ends with the command’s own code',
};

const asWritten = (text: string): string => text;

/** One process prints in one language, whichever part of it prints. */
let translate = asWritten;
let named: string | undefined;

/** The language of this run. */
export const outputLanguage = (): Settings['language'] =>
  isChineseTag(named ?? '') ? 'zh-hant' : 'en';

/** One line for a terminal in Hong Kong, Macau or Taiwan, unless a language was chosen. */
export const languageHint = (): string => {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const locale = LC_ALL || LC_MESSAGES || LANG || '';
  const isMeant = process.stdout.isTTY === true && named === undefined && isChineseTag(locale);
  return isMeant ? '\n以繁體中文顯示：加上 --lang zh-hant\n' : '';
};

/** What is printed for people, in the language of this run; a text that is not known stays. */
export const translateOutput = (text: string): string => translate(text);

/** A problem in the language of this run; a place of one word may be what the caller typed. */
export const formatOutputProblem = (problem: Problem): string =>
  formatProblem({
    ...problem,
    where: problem.where.includes(' ') ? translate(problem.where) : problem.where,
    message: translate(problem.message),
    remedy: translate(problem.remedy),
  });

/**
 * Chooses the language before anything else is read, so that an unusable setting is reported in it
 * too: by flag, variable, then config file, as for every setting.
 */
export const chooseOutputLanguage = async (argv: readonly string[]): Promise<void> => {
  translate = asWritten;
  named = findLanguage(argv);
  if (outputLanguage() === 'en') return;
  const { translateProblem } = await import('../domain/chinese/problem-texts.ts');
  const rules = await readLintTexts();
  translate = (text) => rules.get(text) ?? translateProblem(text) ?? text;
};

/** What the rules of lint say in Chinese, by its English text. */
const readLintTexts = async (): Promise<ReadonlyMap<string, string>> => {
  const [
    { isLintRule, lintConditions, lintRules },
    { lintConditionsInChinese, lintRulesInChinese },
  ] = await Promise.all([
    import('../conformance/lint/lint-rules.ts'),
    import('../conformance/lint/lint-rules-in-chinese.ts'),
  ]);
  return new Map(
    Object.keys(lintRules)
      .filter(isLintRule)
      .flatMap((id) => [
        [lintRules[id].title, lintRulesInChinese[id].title],
        [lintRules[id].why, lintRulesInChinese[id].why],
        [lintConditions[id].condition, lintConditionsInChinese[id].condition],
        [lintConditions[id].exempt, lintConditionsInChinese[id].exempt],
      ]),
  );
};

const findLanguage = (argv: readonly string[]): string | undefined => {
  const { ALIPAYHK_MOCK_LANGUAGE: language, ALIPAYHK_MOCK_LANG: lang } = process.env;
  return findFlag(argv, '--lang') ?? (language || lang || readConfiguredLanguage(argv));
};

/** The last value of a flag; what follows `--` is the command of others. */
const findFlag = (argv: readonly string[], flag: string): string | undefined => {
  const end = argv.indexOf('--');
  const own = end === -1 ? argv : argv.slice(0, end);
  return own
    .flatMap((word, at) => {
      if (word === flag) return own[at + 1] ?? [];
      return word.startsWith(`${flag}=`) ? word.slice(flag.length + 1) : [];
    })
    .at(-1);
};

/** Read as text: a config file with an error names its language all the same. */
const readConfiguredLanguage = (argv: readonly string[]): string | undefined => {
  const named = findFlag(argv, '--config') ?? process.env['ALIPAYHK_MOCK_CONFIG'];
  const folder = process.cwd();
  const file =
    named === undefined || named === '' ? findConfigFile(folder) : resolve(folder, named);
  const read = file === undefined ? undefined : readTextFile(file);
  if (read === undefined || !('text' in read)) return undefined;
  return /^[\s{,]*["']?language["']?\s*:\s*["']?([\w-]+)/m.exec(read.text)?.[1];
};
