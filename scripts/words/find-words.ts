import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface WordList {
  /** Regular expression of an unwanted word → what to write. */
  readonly words: Readonly<Record<string, string>>;
  /** Regular expressions of phrases in which such a word is right. */
  readonly allowed: readonly string[];
  /** Room → how many unwanted words it may still have. */
  readonly allowance: Readonly<Record<string, number>>;
}

export const wordListFile = join(import.meta.dirname, 'words.json');

export interface UnwantedWord {
  /** `path:line`. */
  readonly place: string;
  readonly word: string;
  readonly instead: string;
}

const searched = [
  'server',
  'sdk',
  'console',
  'docs',
  'openapi',
  'scenarios',
  'keys',
  'scripts',
  'bench',
  'examples',
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
];
const isText = (name: string): boolean =>
  /\.(?:tsx?|css|html|md|ya?ml)$/.test(name) && !name.includes('node_modules');

/** Unwanted words under a root, by `words.json`: where each is, and what to write instead. */
export const findUnwantedWords = (root: string): UnwantedWord[] => {
  const list: WordList = JSON.parse(readFileSync(wordListFile, 'utf8'));
  const allowed = list.allowed.map((phrase) => new RegExp(phrase, 'gi'));
  const words = Object.entries(list.words).map(
    ([pattern, instead]) => [new RegExp(`\\b(?:${pattern})\\b`, 'gi'), instead] as const,
  );
  return searched
    .flatMap((name) => textFiles(root, name))
    .flatMap((path) =>
      readFileSync(join(root, path), 'utf8')
        .split('\n')
        .flatMap((line, index) => {
          const checked = allowed.reduce((text, phrase) => text.replace(phrase, ''), line);
          return words.flatMap(([pattern, instead]) =>
            [...checked.matchAll(pattern)].map(([word]) => ({
              place: `${path}:${index + 1}`,
              word,
              instead,
            })),
          );
        }),
    );
};

const textFiles = (root: string, name: string): string[] => {
  const path = join(root, name);
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return [];
  if (entry.isFile()) return [name];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter(isText)
    .map((file) => join(name, file));
};
