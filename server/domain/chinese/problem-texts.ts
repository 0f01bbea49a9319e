import problems from './problems.json' with { type: 'json' };
import { translateServerText } from './server-texts.ts';
import { compileTemplates, fillTemplate, findTemplate } from './templates.ts';

/** What commands print when something is wrong, by its English text. */
export const problemsInChinese: Readonly<Record<string, string>> = problems;

const templates = compileTemplates(
  Object.entries(problemsInChinese).map(([english, chinese]) => [english, [english, chinese]]),
);

/** A problem, remedy or warning in Chinese; undefined if its text is not known. */
export const translateProblem = (text: string): string | undefined => {
  const known = problemsInChinese[text];
  if (known !== undefined) return known;
  const [, before = '', got = ''] = /^(.*) \(got (.*)\)$/s.exec(text) ?? [];
  if (got !== '') return `${translatePart(before)}（收到 ${got}）`;
  if (isChoice.test(text)) return text.replaceAll(', ', '、').replace(/ or (?=\S+$)/, ' 或 ');
  const message = findTemplate(templates, text);
  if (message !== undefined) return fillTemplate(message, translatePart);
  const [, field = '', sentence = ''] = /^([^:]*?): (.+)$/s.exec(text) ?? [];
  const rest = sentence === '' ? undefined : translateProblem(sentence);
  if (rest !== undefined) return `${translatePart(field)}：${rest}`;
  return translateServerText(text);
};

/** `"a", "b" or "c"`. */
const isChoice = /^("[^"]*"|[\w.-]+)(, ("[^"]*"|[\w.-]+))* or ("[^"]*"|[\w.-]+)$/;

const translatePart = (part: string): string => translateProblem(part) ?? part;
