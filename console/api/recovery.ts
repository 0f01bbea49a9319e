import { useEffect, useRef } from 'preact/hooks';

const listeners = new Set<() => void>();

/** Called when the simulator answers after it did not. */
export const announceRecovery = (): void => {
  for (const listener of [...listeners]) listener();
};

export const onRecovery = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Calls back, with the props and state of the latest render, when the simulator answers again. */
export const useRecovery = (callback: () => void): void => {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => onRecovery(() => latest.current()), []);
};
