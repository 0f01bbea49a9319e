/** An error in the user's files or settings that keeps the simulator from starting. */
export interface Problem {
  /** File, flag or variable that contains it. */
  readonly where: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

export const formatProblem = ({ where, line, column, message, remedy }: Problem): string =>
  `${where}${line === undefined ? '' : `:${line}:${column ?? 1}`}: ${message}\n    ${remedy}`;

/**
 * The settings or files keep the simulator from starting. `problems` has all their errors; `code` is
 * `INVALID_CONFIGURATION`.
 *
 * @example
 * try {
 *   await createMockServer({ scenarios: ['./scenarios'] });
 * } catch (error) {
 *   if (error instanceof StartupError) console.error(error.problems);
 * }
 */
export class StartupError extends Error {
  readonly code: string = 'INVALID_CONFIGURATION';
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

export interface ListenAttempt {
  readonly host: string;
  readonly port: number;
  /** The settings that the address comes from, as a config file names them. */
  readonly hostSetting: string;
  readonly portSetting: string;
}

/**
 * The simulator cannot listen on the address that the settings name.
 * `code` is Node's: `EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`, `ENOTFOUND` and so on.
 *
 * @example
 * try {
 *   await createMockServer({ port: 8852 });
 * } catch (error) {
 *   if (error instanceof ListenError && error.code === 'EADDRINUSE') console.error(error.port);
 * }
 */
export class ListenError extends StartupError {
  override readonly code: string;
  readonly address: string;
  readonly port: number;
  readonly #attempt: ListenAttempt;

  constructor(cause: Error & { readonly code?: unknown }, attempt: ListenAttempt) {
    const code = String(cause.code ?? cause.message);
    const where = formatAddress(attempt);
    const { why, remedy } = explainListenCode(code, attempt, (setting) => setting);
    super([{ where, message: `cannot listen here: ${why}`, remedy }]);
    this.name = 'ListenError';
    this.message = `cannot listen on ${where}: ${why}. ${remedy}`;
    this.cause = cause;
    this.code = code;
    this.address = attempt.host;
    this.port = attempt.port;
    this.#attempt = attempt;
  }

  /** The message with the settings as the reader writes them. @param nameOf e.g. port → --port */
  sentence(nameOf: (setting: string) => string): string {
    const { why, remedy } = explainListenCode(this.code, this.#attempt, nameOf);
    return `cannot listen on ${formatAddress(this.#attempt)}: ${why}. ${remedy}`;
  }
}

const formatAddress = ({ host, port }: ListenAttempt): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

interface ListenExplanation {
  readonly why: string;
  readonly remedy: string;
}

const explainListenCode = (
  code: string,
  { hostSetting, portSetting }: ListenAttempt,
  nameOf: (setting: string) => string,
): ListenExplanation => {
  const [host, port] = [nameOf(hostSetting), nameOf(portSetting)];
  const explanations: Readonly<Record<string, ListenExplanation>> = {
    EADDRINUSE: {
      why: 'the port is in use',
      remedy: `Stop what uses it, or choose another with ${port} (0 takes a free one).`,
    },
    EACCES: {
      why: 'this user may not use the port',
      remedy: `Choose one above 1023 with ${port}.`,
    },
    EADDRNOTAVAIL: {
      why: 'this machine has no such address',
      remedy: `Choose another with ${host}.`,
    },
    ENOTFOUND: { why: 'the host name is not known', remedy: `Choose another with ${host}.` },
  };
  const other = { why: code, remedy: `Choose another address with ${host} and ${port}.` };
  return explanations[code] ?? other;
};

/** What an error says, whatever was thrown. */
export const errorText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Node's name of a failure, such as `ENOENT`; empty when it has none. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
