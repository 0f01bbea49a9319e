import { useEffect, useRef } from 'preact/hooks';

const recoveryListeners = new Set<() => void>();

/** Called when the simulator answers after it did not. */
export const announceRecovery = (): void => {
  for (const listener of [...recoveryListeners]) listener();
};

export const onRecovery = (listener: () => void): (() => void) => {
  recoveryListeners.add(listener);
  return () => void recoveryListeners.delete(listener);
};

/** Calls back, with the props and state of the latest render, when the simulator answers again. */
export const useRecovery = (callback: () => void): void => {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => onRecovery(() => latest.current()), []);
};

const caches = new Set<() => void>();

/**
 * Asks at most once in a run of the simulator. A failed answer is not kept; a restart drops the
 * answer.
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

/** Another run may have other settings and another contract. */
export const clearRunCaches = (): void => {
  for (const clear of caches) clear();
};
