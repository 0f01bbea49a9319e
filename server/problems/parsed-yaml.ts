import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * The file in `dist/` for what the build has parsed beforehand: named after the SHA-256 of the
 * YAML's text.
 */
export const parsedYamlFile = (text: string): string =>
  `parsed-yaml/${createHash('sha256').update(text).digest('hex')}.json`;

/**
 * One of the package's own YAML files as the build parsed it: reading the contract anew takes a
 * tenth of a second of every start. A text that has changed by a byte is not found here, so nothing
 * can be stale; from source there is nothing to find.
 */
export const parsedAtBuild = (text: string): unknown => {
  try {
    return JSON.parse(readFileSync(new URL(parsedYamlFile(text), import.meta.url), 'utf8'));
  } catch {
    return undefined;
  }
};
