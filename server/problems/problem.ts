/** Something about the user's own files or settings that keeps the simulator from starting. */
export interface Problem {
  /** File, flag or variable it stands in. */
  readonly where: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

export const formatProblem = ({ where, line, column, message, remedy }: Problem): string =>
  `${where}${line === undefined ? '' : `:${line}:${column ?? 1}`}: ${message}\n    ${remedy}`;

/** Everything that was found wrong at start-up, all at once. */
export class StartupError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'StartupError';
    this.problems = problems;
  }
}

/**
 * A value, or what kept it from being read. Readers gather problems instead of throwing at the
 * first.
 */
export interface Gathered<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}
