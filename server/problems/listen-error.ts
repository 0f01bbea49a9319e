import { StartupError } from './problem.ts';

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
 */
export class ListenError extends StartupError {
  readonly code: string;
  readonly address: string;
  readonly port: number;
  readonly #attempt: ListenAttempt;

  constructor(cause: Error & { readonly code?: unknown }, attempt: ListenAttempt) {
    const code = String(cause.code ?? cause.message);
    const where = addressOf(attempt);
    const { why, remedy } = explain(code, attempt, (setting) => setting);
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
    const { why, remedy } = explain(this.code, this.#attempt, nameOf);
    return `cannot listen on ${addressOf(this.#attempt)}: ${why}. ${remedy}`;
  }
}

const addressOf = ({ host, port }: ListenAttempt): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

interface Explanation {
  readonly why: string;
  readonly remedy: string;
}

const explain = (
  code: string,
  { hostSetting, portSetting }: ListenAttempt,
  nameOf: (setting: string) => string,
): Explanation => {
  const [host, port] = [nameOf(hostSetting), nameOf(portSetting)];
  const explanations: Readonly<Record<string, Explanation>> = {
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
