import { useEffect, useRef } from 'preact/hooks';

const recoveryListeners = new Set<() => void>();

/** Notifies listeners that the simulator responds again. */
export const announceRecovery = (): void => {
  for (const listener of [...recoveryListeners]) listener();
};

export const onRecovery = (listener: () => void): (() => void) => {
  recoveryListeners.add(listener);
  return () => void recoveryListeners.delete(listener);
};

/** Calls the callback of the latest render when the simulator responds again. */
export const useRecovery = (callback: () => void): void => {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => onRecovery(() => latest.current()), []);
};

const caches = new Set<() => void>();

/**
 * Caches a request for one run of the simulator. Failures are not cached; a restart clears the
 * cache.
 */
export const oncePerRun = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | undefined;
  caches.add(() => {
    asked = undefined;
  });
  return () => {
    if (asked !== undefined) return asked;
    const own = ask();
    asked = own;
    own.catch(() => {
      if (asked === own) asked = undefined;
    });
    return own;
  };
};

/** Called after a restart: settings and contract may differ. */
export const clearRunCaches = (): void => {
  for (const clear of caches) clear();
};
