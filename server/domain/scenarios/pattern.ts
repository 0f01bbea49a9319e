import { RE2JS } from 're2js';

/** The longest regular expression that is looked at, in characters. */
export const maxPatternLength = 500;

/** The largest program that one may become; a counted repetition counts as often as it repeats. */
export const maxProgramSize = 2500;

/**
 * The most steps, program size times length of the text, that the patterns of one request may take.
 */
export const maxPatternSteps = 5_000_000;

/** The same for a question about the journal, which may hold many exchanges. */
export const maxQuerySteps = 20_000_000;

/**
 * Counts the steps of patterns, and refuses those that are too many: time grows with the length of
 * the text and with the size of the program, and nothing else runs meanwhile.
 */
export class PatternMeter {
  #left: number;
  readonly #skipped = new Set<string>();

  constructor(steps = maxPatternSteps) {
    this.#left = steps;
  }

  /** Patterns that were not matched, because they would have taken too many steps. */
  get skipped(): readonly string[] {
    return [...this.#skipped];
  }

  /** @returns false when so many steps are too many. */
  take(source: string, steps: number): boolean {
    if (steps > this.#left) {
      this.#skipped.add(source);
      return false;
    }
    this.#left -= steps;
    return true;
  }
}

/** Whether a text has a match somewhere; it has none when the meter refuses the steps. */
export type PatternFits = (text: string, meter?: PatternMeter) => boolean;

/**
 * Compiles a regular expression whose time grows only with the length of the text and the size of
 * its program: the engine of JavaScript tries one way after the other, and a pattern like `(a+)+$`
 * would let a single field keep the process busy for years.
 * @throws Error when it is not a pattern, is too large, or needs look-arounds or back-references, which
 * cannot be matched that way.
 */
export const compilePattern = (source: string): PatternFits => {
  if (source.length > maxPatternLength)
    throw new Error(`it has ${source.length} characters; ${maxPatternLength} are allowed`);
  if (estimateProgram(source) > maxProgramSize) throw new Error(tooLarge);
  // The engine would take `\k<` as the text `k<`.
  if (unboundedPiece.exec(source)?.[1] === '\\k<') throw new Error('it has a back-reference');
  const pattern = RE2JS.compile(RE2JS.translateRegExp(source));
  const size = pattern.programSize();
  if (size > maxProgramSize) throw new Error(tooLarge);
  return (text, meter = new PatternMeter()) =>
    meter.take(source, size * text.length) && pattern.matcher(text).find();
};

const tooLarge =
  `its repetitions add up to more than ${maxProgramSize} steps for each character of a text; ` +
  'use smaller counts';

/** What is wrong with a regular expression, and what to do about it. */
export interface PatternProblem {
  readonly message: string;
  readonly remedy: string;
}

/** @returns undefined for a pattern that can be used */
export const patternProblem = (source: string): PatternProblem | undefined => {
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    const unbounded = unboundedPiece.exec(source)?.[1];
    return unbounded !== undefined
      ? {
          message:
            `is a regular expression with a look-around or a back-reference, "${unbounded}", ` +
            'which could run without end',
          remedy:
            'Write the condition without it: as prefix, equals or present, or as a rule of its ' +
            'own that comes first.',
        }
      : {
          message:
            'is not a regular expression that can be used: ' +
            `${error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)}`,
          remedy: 'Correct the regular expression.',
        };
  }
};

/** A look-around, or a back-reference by number or name, whose backslash is not escaped. */
const unboundedPiece = /(?<!\\)(?:\\\\)*(\(\?<?[=!]|\\[1-9]|\\k<)/;

/** What matches one character, or opens, closes and repeats. */
const pieces =
  /\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\{(\d+)(?:,(\d*))?\}|[\s\S]/gu;

/**
 * About how large the program will be, from the text alone: compiling one that is too large takes
 * too long itself.
 */
const estimateProgram = (source: string): number => {
  const groups = [{ total: 0, last: 0 }];
  for (const [piece, least, most] of source.matchAll(pieces)) {
    const group = groups.at(-1) ?? { total: 0, last: 0 };
    if (piece === '(') groups.push({ total: 2, last: 0 });
    else if (piece === ')' && groups.length > 1) {
      groups.pop();
      const outer = groups.at(-1) ?? group;
      outer.last = group.total;
      outer.total += group.total;
    } else if (least !== undefined) {
      const times = Math.max(1, Number(most === undefined || most === '' ? least : most));
      group.total += group.last * (times - 1);
      group.last *= times;
    } else {
      group.last = 1;
      group.total += 1;
    }
  }
  return groups.reduce((sum, { total }) => sum + total, 0);
};
