/** A sentence in the language of a report; the sentence itself where its text is not known. */
export type Translate = (text: string) => string;

export const inEnglish: Translate = (text) => text;

/** The width of a text on a terminal, where a Chinese character is as wide as two others. */
export const displayWidth = (text: string): number =>
  text.length + (text.match(/[\u2e80-\uffef]/g)?.length ?? 0);

export const padColumn = (text: string, width: number): string =>
  text.padEnd(width - displayWidth(text) + text.length);

/** How English and Chinese end a sentence, and join the parts of a list. */
const endings: Readonly<Record<string, string>> = { '.': '。', ':': '：' };
const separators: readonly (readonly [english: string, chinese: string])[] = [
  [' · ', ' · '],
  ['; ', '；'],
  [', ', '、'],
];

/**
 * Translates a text of a report: as a whole, without its full stop or colon, from its capital letter
 * on, or part by part.
 */
export const translateText = (text: string, translate: Translate): string => {
  const whole = translateSentence(text, translate);
  if (whole !== undefined) return whole;
  for (const [english, chinese] of separators) {
    const parts = text.split(english);
    const translated = parts.map((part) => translateSentence(part, translate));
    if (parts.length > 1 && translated.some((part) => part !== undefined))
      return parts.map((part, at) => translated[at] ?? part).join(chinese);
  }
  return text;
};

const translateSentence = (text: string, translate: Translate): string | undefined => {
  const candidates = [text, text.slice(0, 1).toUpperCase() + text.slice(1)];
  const found = candidates.map(translate).find((one, at) => one !== candidates[at]);
  if (found !== undefined) return found;
  const ending = endings[text.slice(-1)];
  const bare = text.slice(0, -1);
  const translated = translate(bare);
  return ending === undefined || translated === bare ? undefined : `${translated}${ending}`;
};
