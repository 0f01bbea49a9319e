import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutation } from './mutations.ts';

const sourceFolders = ['server', 'sdk', 'console'];

/** Where a mutation applies, and what the file holds then. */
export interface FoundMutation {
  readonly file: string;
  readonly original: string;
  readonly mutated: string;
}

/** @throws Error when its text is not in the sources exactly once */
export const findMutation = (root: string, { name, find, replace }: Mutation): FoundMutation => {
  const pattern = new RegExp(find.split(/\s+/).map(escapePattern).join('\\s+'), 'g');
  const found = readSources(root).flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ file, text, match })),
  );
  const [only, ...others] = found;
  if (only === undefined || others.length > 0)
    throw new Error(
      `mutation "${name}": its text is in the sources ${found.length} times instead of once ` +
        `(${found.map(({ file }) => file).join(', ')}). Correct "find" in mutations.ts:\n  ${find}`,
    );
  const { file, text, match } = only;
  const end = match.index + match[0].length;
  return { file, original: text, mutated: text.slice(0, match.index) + replace + text.slice(end) };
};

const escapePattern = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

let sources: readonly { readonly file: string; readonly text: string }[] | undefined;

const readSources = (root: string): NonNullable<typeof sources> => {
  sources ??= sourceFolders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.gen.ts'))
        .map((name) => join(folder, name)),
    )
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
  return sources;
};
