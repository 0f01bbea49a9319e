/**
 * Cuts a text to a number of Unicode code points, the last of which is then an ellipsis. A
 * character outside the basic plane is never cut in half, and a half that was there before becomes
 * U+FFFD, so that the result can be written as UTF-8.
 */
export const clipText = (text: string, maxCodePoints: number): string => {
  if (text.length <= maxCodePoints) return wellFormed(text);
  // A code point has at most two code units: what lies beyond these cannot be needed.
  const points = [...text.slice(0, 2 * maxCodePoints + 2)];
  return wellFormed(
    points.length <= maxCodePoints ? text : `${points.slice(0, maxCodePoints - 1).join('')}…`,
  );
};

/** What half a surrogate pair is to a pattern with the flag u. */
const halves = /\p{Surrogate}/gu;

const wellFormed = (text: string): string => text.replace(halves, '\uFFFD');
