import problems from './problems.json' with { type: 'json' };
import reports from './reports.json' with { type: 'json' };
import { certifyInChinese } from './sentences.ts';
import {
  compileTemplates,
  fillTemplate,
  findTemplate,
  translateServerText,
} from './server-texts.ts';

/** What commands print when something is wrong, and what their reports say, by its English text. */
export const problemsInChinese: Readonly<Record<string, string>> = { ...problems, ...reports };

const templates = compileTemplates(
  Object.entries(problemsInChinese).map(([english, chinese]) => [english, [english, chinese]]),
);

/** Reports say the same few sentences again and again. */
const translations = new Map<string, string | undefined>();
const maxKept = 5000;

/**
 * A problem, remedy, warning or sentence of a report in Chinese; undefined if its text is not known.
 */
export const translateProblem = (text: string): string | undefined => {
  if (translations.has(text)) return translations.get(text);
  const translated = translateUncached(text);
  if (translations.size >= maxKept) translations.clear();
  translations.set(text, translated);
  return translated;
};

const translateUncached = (text: string): string | undefined => {
  const known = problemsInChinese[text] ?? certifyInChinese(text);
  if (known !== undefined) return known;
  const [, before = '', got = ''] = /^(.*) \(got (.*)\)$/s.exec(text) ?? [];
  if (got !== '') return `${translatePart(before)}（收到 ${got}）`;
  if (isChoice.test(text)) return text.replaceAll(', ', '、').replace(/ or (?=\S+$)/, ' 或 ');
  const message = findTemplate(templates, text);
  if (message !== undefined) return fillTemplate(message, translatePart);
  const [, field = '', sentence = ''] = /^([^: ]*(?: [^: ]+)?): (.+)$/s.exec(text) ?? [];
  const rest = sentence === '' ? undefined : translateProblem(sentence);
  if (rest !== undefined) return `${translatePart(field)}：${rest}`;
  const translated = translateServerText(text);
  return translated === undefined || englishSentence.test(translated) ? undefined : translated;
};

/** What a general template has left of a sentence that is not known. */
const englishSentence = /(?:[a-z\u2019']{2,} ){3,}[a-z\u2019']{2,}/;

/** `"a", "b" or "c"`. */
const isChoice = /^("[^"]*"|[\w.-]+)(, ("[^"]*"|[\w.-]+))* or ("[^"]*"|[\w.-]+)$/;

const translatePart = (part: string): string => translateProblem(part) ?? part;
