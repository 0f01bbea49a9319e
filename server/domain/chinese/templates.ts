/** A sentence with `{}` for its parameters, and the same in Chinese. */
export interface Template {
  readonly id: string;
  readonly pattern: RegExp;
  readonly chinese: string;
  /** Whether it begins with a parameter. */
  readonly startsOpen: boolean;
}

/** A sentence of the simulator as an id with parameters. */
export interface ServerMessage {
  readonly id: string;
  readonly parameters: readonly string[];
  readonly chinese: string;
}

type Entry = readonly [id: string, texts: readonly [english: string, chinese: string]];

const escapePattern = (text: string): string => text.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&');

/** Of the words between parameters: a template with fewer fits almost anything. */
const maxShortLength = 10;

/** More literal text first: a general template must not take what a special one says better. */
export const compileTemplates = (entries: readonly Entry[]): readonly Template[] =>
  [...entries]
    .sort(([, [a]], [, [b]]) => b.replaceAll('{}', '').length - a.replaceAll('{}', '').length)
    .map(([id, [english, chinese]]) => {
      const startsOpen = english.startsWith('{} ');
      // `{} of {}` is a count, and not any sentence with "of" in it.
      const isShort = startsOpen && english.replaceAll('{}', '').length <= maxShortLength;
      const parameter = isShort ? '(\\S*?)' : '(.*?)';
      const pattern = english.split('{}').map(escapePattern).join(parameter);
      return { id, pattern: new RegExp(`^${pattern}$`, 's'), chinese, startsOpen };
    });

/** The sentence that a text was written with; undefined if none is known. */
export const findTemplate = (
  templates: readonly Template[],
  text: string,
): ServerMessage | undefined => {
  for (const { id, pattern, chinese, startsOpen } of templates) {
    const found = pattern.exec(text);
    // A field before the sentence is no part of it: `requestId: 40 characters, at most 32`.
    if (found === null || (startsOpen && found[1]?.includes(': ') === true)) continue;
    return { id, parameters: found.slice(1), chinese };
  }
  return undefined;
};

/** Writes the Chinese sentence; `{1}` is the second parameter, where Chinese has another order. */
export const fillTemplate = (
  { chinese, parameters }: ServerMessage,
  translate: (parameter: string) => string,
): string => {
  let at = 0;
  // What is in quotation marks is a name.
  return chinese.replace(/(\u300c?)\{(\d?)\}/g, (_, quote: string, place: string) => {
    const parameter = parameters[place === '' ? at++ : Number(place)] ?? '';
    return quote === '' ? translate(parameter) : `${quote}${parameter}`;
  });
};
