import { clipText } from '../problems/display-text.ts';

/**
 * Thrown when a request's target would not reach the server it is meant for, or not as it was
 * signed.
 */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly code = 'UNUSABLE_TARGET';
}

/**
 * The URL of a target at a server. Never `new URL(target, base)`: with `//host`, `/\host` and
 * absolute forms the target would choose the server.
 * @throws TargetError unless the target is a path and query that reach this server as they are
 * written.
 */
export const requestUrl = (base: string | URL, target: string): URL => {
  const { origin } = new URL(base);
  const shown = JSON.stringify(clipText(target, 120));
  if (!/^\/(?![/\\])/.test(target))
    throw new TargetError(`target ${shown} could name another server: it must start with one "/"`);
  const url = new URL(origin + target);
  if (url.origin !== origin || url.pathname + url.search !== target)
    throw new TargetError(
      `target ${shown} would be sent as ${JSON.stringify(url.pathname + url.search)}: ` +
        'percent-encode it, without "." and ".." segments',
    );
  return url;
};

/**
 * Aborts after so long, or when one of the signals does.
 *
 * Node 20 collects a timeout that only AbortSignal.any() refers to, and what waits then waits
 * forever. A timeout with a listener is kept until it has passed.
 */
export const abortAfter = (
  milliseconds: number,
  ...signals: readonly AbortSignal[]
): AbortSignal => {
  const timeout = AbortSignal.timeout(milliseconds);
  timeout.addEventListener('abort', () => {}, { once: true });
  return AbortSignal.any([timeout, ...signals]);
};
