/** A string or template of TypeScript, also of several parts that `+` joins. */
const literal = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;

const isSentence = (text: string): boolean =>
  /[a-z]{2,},? [a-z]{1,}[^ ]* [a-z"$]/.test(text) && !/[{}=<>]|\\n/.test(text);

/** Sentences that a source writes, with 7 for each value in them. */
export const listSentences = (source: string): readonly string[] => {
  const code = source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const found: string[] = [];
  let end = -1;
  for (const match of code.matchAll(literal)) {
    const text = (match[1] ?? match[2] ?? '').replaceAll("\\'", "'");
    const isNext = end >= 0 && /^\s*\+\s*$/.test(code.slice(end, match.index));
    if (isNext) found.push((found.pop() ?? '') + text);
    else found.push(text);
    end = match.index + match[0].length;
  }
  return found.map((text) => text.replace(/\$\{[^{}]*\}/g, '7')).filter(isSentence);
};
