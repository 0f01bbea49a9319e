import { resolve } from 'node:path';
import { findConfigFile } from '../app/settings/config-file.ts';
import { isChineseTag, type Settings } from '../domain/settings/settings-table.ts';
import { formatProblem, type Problem } from '../problems/problem.ts';
import { readTextFile } from '../problems/read-file.ts';

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
