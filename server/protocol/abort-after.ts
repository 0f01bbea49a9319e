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
