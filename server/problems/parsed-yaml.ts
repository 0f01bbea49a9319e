import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What the build has parsed beforehand, by the SHA-256 of its text. */
export type ParsedYaml = Readonly<Record<string, unknown>>;

export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * The package's own YAML files as the build parsed them: reading the contract anew takes a tenth of a second of every start.
 * A text that has changed by a byte is not found here, so nothing can be stale; from source there is nothing to find.
 */
export const parsedAtBuild = (text: string): unknown => {
  known ??= load();
  const value = known[textHash(text)];
  return value === undefined ? undefined : structuredClone(value);
};

let known: ParsedYaml | undefined;

const load = (): ParsedYaml => {
  try {
    return JSON.parse(readFileSync(new URL('./parsed-yaml.json', import.meta.url), 'utf8'));
  } catch {
    return {};
  }
};
