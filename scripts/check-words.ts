/**
 * Fails when a word that `words.json` replaces occurs in code, messages or docs: `npm run
 * lint:words`.
 */
import { join } from 'node:path';
import { findUnwantedWords } from './words/find-words.ts';

const found = findUnwantedWords(join(import.meta.dirname, '..'));
for (const { place, word, instead } of found)
  console.error(`error: ${place} "${word}". Write: ${instead}`);
if (found.length > 0) {
  console.error(`error: ${found.length} words to replace. See scripts/words/words.json.`);
  process.exitCode = 1;
}
