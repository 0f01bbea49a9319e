import { distance } from 'fastest-levenshtein';

/**
 * The nearest known word, when one is near enough to be meant: at most a third of its letters
 * differ.
 */
export const nearestWord = (word: string, known: Iterable<string>): string | undefined => {
  let best: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const edits = distance(word.slice(0, 200).toLowerCase(), candidate.toLowerCase());
    if (edits <= Math.ceil(candidate.length / 3) && edits < (best?.distance ?? Infinity))
      best = { word: candidate, distance: edits };
  }
  return best?.word;
};

/**
 * "Did you mean X?", or the list of what exists when nothing is near.
 * @param listedBy what lists them where there are too many for a sentence: a command, a request
 */
export const suggest = (word: string, known: readonly string[], listedBy?: string): string => {
  const nearest = nearestWord(word, known);
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  if (known.length <= 30) return `Known: ${known.join(', ')}.`;
  return (
    `There are ${known.length} to choose ` +
    `from${listedBy === undefined ? '' : `; ${listedBy} lists them`}.`
  );
};
