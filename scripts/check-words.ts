/**
 * Fails when words that `words.json` replaces occur in code, messages or pages: `npm run
 * lint:words`.
 *
 * A room may still have as many as its `allowance`, which can only shrink: `npm run lint:words --
 * --shrink` lowers it to what is left, and nothing raises it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findUnwantedWords, type UnwantedWord, wordListFile } from './words/find-words.ts';

const found = findUnwantedWords(join(import.meta.dirname, '..'));
const list: { allowance: Record<string, number> } = JSON.parse(readFileSync(wordListFile, 'utf8'));

/** `server/gateway` of `server/gateway/steps/receive.ts:3`; other folders as a whole. */
const roomOf = ({ place }: UnwantedWord): string =>
  /^(?:server\/[^/:]+|[^/:]+)/.exec(place)?.[0] ?? place;

const byRoom = new Map<string, UnwantedWord[]>();
for (const word of found) byRoom.set(roomOf(word), [...(byRoom.get(roomOf(word)) ?? []), word]);

for (const [room, words] of byRoom) {
  const allowed = list.allowance[room] ?? 0;
  if (words.length <= allowed) continue;
  for (const { place, word, instead } of words)
    console.error(`error: ${place} "${word}". Write: ${instead}`);
  console.error(`error: ${room} has ${words.length} words to replace, and ${allowed} are allowed.`);
  process.exitCode = 1;
}

const left = Object.entries(list.allowance).flatMap(([room, allowed]): [string, number][] => {
  const count = Math.min(byRoom.get(room)?.length ?? 0, allowed);
  return count === 0 ? [] : [[room, count]];
});
if (process.argv.includes('--shrink')) {
  const shrunk = { ...list, allowance: Object.fromEntries(left) };
  writeFileSync(wordListFile, `${JSON.stringify(shrunk, null, 2)}\n`);
} else if (JSON.stringify(Object.fromEntries(left)) !== JSON.stringify(list.allowance))
  console.error('warning: fewer words than allowed. Run: npm run lint:words -- --shrink');
