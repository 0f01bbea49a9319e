import { readFileSync } from 'node:fs';
import type { Problem } from '../problems/problem.ts';

/** An example of the contract breaks its own schema; the message is in our words. */
export class BrokenExample extends Error {
  override readonly name = 'BrokenExample';
}

interface Cause {
  /** Found in the library's text; its first group is the part of the document that is wrong. */
  readonly raw: RegExp;
  readonly message: (part: string) => string;
  readonly remedy: string;
}

const lint = 'npx @redocly/cli lint shows more.';

const causes: readonly Cause[] = [
  {
    raw: /\$ref pointer "([^"]*)"|can't resolve reference (\S+)/,
    message: (part) => `refers to "${part}", which is not in the document`,
    remedy: 'Correct the $ref, or add what it names.',
  },
  {
    raw: /Error (?:opening|reading|downloading|parsing) (?:file )?"?([^":]+)/,
    message: (part) => `refers to another file that cannot be read: ${part}`,
    remedy: 'Put what that file holds into the document itself.',
  },
  {
    raw: /Invalid regular expression: \/(.*)\/\w*: /s,
    message: (part) => `has a pattern that is not a regular expression: ${part}`,
    remedy: `Correct the pattern; ${lint}`,
  },
  {
    raw: /^(?:keyword )?"?(\w+)"? (?:keyword )?(?:value )?must be/,
    message: (part) => `has a value of the wrong type under ${part}`,
    remedy: `Write it as JSON Schema describes the keyword; ${lint}`,
  },
];

/** Says in our words, and with the place where it can be found, why a contract cannot be used. */
export const describeUncompilable = (file: string, error: unknown): Problem => {
  const raw = error instanceof Error ? error.message : '';
  if (error instanceof BrokenExample) {
    return {
      where: file,
      message: raw,
      remedy: `Correct the example, or the schema that it breaks; ${lint}`,
    };
  }
  for (const { raw: pattern, message, remedy } of causes) {
    const found = pattern.exec(raw);
    if (found === null) continue;
    const part = found[1] ?? found[2] ?? '';
    return { where: file, ...positionOf(part, file), message: message(part), remedy };
  }
  return {
    where: file,
    message: 'is not an OpenAPI 3.1 document that a validator can be built from',
    remedy: 'Correct the document; npx @redocly/cli lint names the places.',
  };
};

/**
 * Where the part is written. Of a part that is there more than once, nobody knows which one is
 * meant.
 */
const positionOf = (part: string, file: string): Pick<Problem, 'line' | 'column'> => {
  const text = readFileSync(file, 'utf8');
  const at = part === '' ? -1 : text.indexOf(part);
  if (at < 0 || text.indexOf(part, at + 1) >= 0) return {};
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
};
